"""Files that no command named: swept after a day of real time, whatever died on the way, and never one that is named."""

from __future__ import annotations

import pytest
from obstore.store import MemoryStore

from tests.integration.engine.window import Window, engine
from workflow import errors
from workflow.blobs.store import Blobs
from workflow.engine.materials import content, sweep_files
from workflow.testing import files


@pytest.fixture
def blobs():
    """A bucket, which memory stands for."""
    return Blobs(store=MemoryStore())


@pytest.fixture
def window(store, blobs):
    return Window(engine(store, blobs))


def test_an_orphan_is_swept_after_a_day_and_not_before(window, blobs):
    filed = window.file(materials=())
    digest = window.stage(filed, "charter")
    window.age(23)
    assert sweep_files(window.banjie).removed == 0
    assert len(blobs.addresses()) == 1

    window.age(2)
    swept = sweep_files(window.banjie)

    assert (swept.condemned, swept.removed, swept.waiting) == (1, 1, 0)
    assert blobs.addresses() == []
    with pytest.raises(errors.NotStaged):
        window.act(filed, "ella", "receive_material", material="charter", digest=digest)
    window.hand_in(filed, "charter")
    assert b"".join(content(window.banjie, filed.case_id, "charter").pieces) == files.PDF


def test_what_an_event_names_stays_for_ever(window, blobs):
    filed = window.file(materials=())
    window.hand_in(filed, "charter")
    window.age(1000)

    assert sweep_files(window.banjie).removed == 0
    assert len(blobs.addresses()) == 1


def test_sending_a_file_again_begins_its_day_anew(window):
    filed = window.file(materials=())
    window.stage(filed, "charter")
    window.age(25)
    digest = window.stage(filed, "charter")

    assert sweep_files(window.banjie).removed == 0
    window.act(filed, "ella", "receive_material", material="charter", digest=digest)


def test_a_refused_command_leaves_an_orphan(window, blobs):
    filed = window.file(materials=())
    digest = window.stage(filed, "charter")
    with pytest.raises(errors.NotAuthorised):
        window.act(filed, "gus", "receive_material", material="charter", digest=digest)
    window.age(25)

    assert sweep_files(window.banjie).removed == 1
    assert blobs.addresses() == []


class Broken(Blobs):
    """A store that dies at a chosen moment."""

    fails = ""

    def put(self, address, content):
        if self.fails == "before":
            raise KeyboardInterrupt
        super().put(address, content)
        if self.fails == "after":
            raise KeyboardInterrupt

    def delete(self, address):
        if self.fails == "delete":
            raise KeyboardInterrupt
        super().delete(address)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_dies_while_staging_leaves_nothing_for_ever(store, moment):
    blobs = Broken(store=MemoryStore())
    window = Window(engine(store, blobs))
    filed = window.file(materials=())
    blobs.fails = moment
    with pytest.raises(KeyboardInterrupt):
        window.stage(filed, "charter")
    blobs.fails = ""
    window.hand_in(filed, "charter")
    window.age(25)

    assert sweep_files(window.banjie).removed == 1
    assert len(blobs.addresses()) == 1
    assert b"".join(content(window.banjie, filed.case_id, "charter").pieces) == files.PDF


def test_a_sweep_that_dies_is_gone_on_with(store):
    blobs = Broken(store=MemoryStore())
    window = Window(engine(store, blobs))
    filed = window.file(materials=())
    window.stage(filed, "charter")
    window.age(25)
    blobs.fails = "delete"
    with pytest.raises(KeyboardInterrupt):
        sweep_files(window.banjie)
    blobs.fails = ""

    assert sweep_files(window.banjie).removed == 1
    assert blobs.addresses() == []
