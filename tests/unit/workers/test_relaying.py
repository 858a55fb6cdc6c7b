"""The relay tells its supervisor every few seconds whether work stands still."""

from __future__ import annotations

from tests.unit.workers.fakes import FakeStore, HandClock
from workers.relaying import REPORT_EVERY, STALLED_AFTER, Progress


class Reports(list):
    def progress(self, *, stalled):
        self.append(stalled)


def test_it_says_that_work_stands_still_when_nobody_has_touched_it_for_long():
    clock, reports = HandClock(), Reports()
    store = FakeStore(clock, "a")
    progress = Progress(store, reports, clock=clock)
    store.take_due(1)

    for _ in range(int(STALLED_AFTER / REPORT_EVERY)):
        progress.tell()
        clock.tick(REPORT_EVERY)
        progress.tell()

    assert reports == [False] * 5 + [True]


def test_without_the_database_nobody_is_blamed():
    clock, reports = HandClock(), Reports()
    store = FakeStore(clock)
    store.away = True
    progress = Progress(store, reports, clock=clock)

    clock.tick(REPORT_EVERY)
    progress.tell()

    assert reports == [False]
