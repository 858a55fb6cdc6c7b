"""The keeper of the desks: looks, tells of what failed, and outlives every fault."""

from __future__ import annotations

import threading

from workers.desks import DeskKeeper
from workflow.engine.absences import Followed
from workflow.errors import DatabaseUnavailable


def test_it_looks_until_it_is_told_to_stop():
    looked = threading.Event()

    def follow():
        looked.set()
        return Followed()

    keeper = DeskKeeper(follow)
    keeper.start()
    assert looked.wait(10)
    keeper.stop(10)

    assert not keeper._thread.is_alive()


def test_neither_a_database_that_is_away_nor_a_fault_of_ours_ends_it(caplog):
    faults = [DatabaseUnavailable(reason="test"), RuntimeError("test")]

    def follow():
        if faults:
            raise faults.pop(0)
        return Followed(moved=1, failed={"case-1": "verb_refused: test"})

    keeper = DeskKeeper(follow)
    with caplog.at_level("WARNING"):
        for _ in range(3):
            keeper.beat()

    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR", "ERROR"]
