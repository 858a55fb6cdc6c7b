"""The keeper of files sweeps, says what it removed, and survives what fails."""

from __future__ import annotations

import logging
import threading

from workers import files
from workers.files import FileKeeper
from workflow.engine.materials import Swept
from workflow.errors import BlobsUnavailable


def test_it_says_what_it_removed(caplog):
    caplog.set_level(logging.INFO)
    FileKeeper(lambda: Swept(condemned=2, removed=2, waiting=1)).beat()
    FileKeeper(lambda: Swept(condemned=0, removed=0, waiting=1)).beat()

    assert [record.getMessage() for record in caplog.records] == ["files_swept"]


def test_what_fails_is_tried_again(caplog):
    def unavailable():
        raise BlobsUnavailable(reason="no bucket")

    def broken():
        raise ZeroDivisionError

    FileKeeper(unavailable).beat()
    FileKeeper(broken).beat()

    assert [record.getMessage() for record in caplog.records] == ["files_postponed", "files_failed"]


def test_it_sweeps_until_it_is_stopped(monkeypatch):
    monkeypatch.setattr(files, "PAUSE", 0.001)
    twice = threading.Semaphore(0)

    def sweep():
        twice.release()
        return Swept(condemned=0, removed=0, waiting=0)

    keeper = FileKeeper(sweep)
    keeper.start()
    for _ in range(2):
        assert twice.acquire(timeout=10)
    keeper.stop(10)
