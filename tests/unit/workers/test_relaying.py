"""The relay tells its supervisor every few seconds whether work stands still."""

from __future__ import annotations

import pytest

from tests.unit.workers.fakes import FakeStore, HandClock
from workers.relaying import RELAY_STUCK, REPORT_EVERY, STALLED_AFTER, SUSPECT, Progress
from workflow.testing.waiting import wait_until


class Reports(list):
    def progress(self, *, stalled):
        self.append(stalled)


class Bench:
    def __init__(self, *silent):
        self.clock, self.reports = HandClock(), Reports()
        self.store = FakeStore(self.clock, *silent)
        self.progress = Progress(self.store, self.reports, clock=self.clock)

    def report(self, times, meanwhile=lambda: None):
        for _ in range(times):
            self.clock.tick(REPORT_EVERY)
            self.progress.relay_is_alive()
            self.progress.tell()
            meanwhile()


ROUNDS = int(STALLED_AFTER / REPORT_EVERY)


@pytest.mark.parametrize("hinted", [True, False])
def test_it_says_that_work_stands_still_when_nothing_is_done_for_long(hinted):
    """Hinted or not: whoever is frozen with the database's lock in its hand keeps the relay from hinting as well."""
    bench = Bench("a")
    if hinted:
        bench.store.take_due(1)

    bench.report(2 * ROUNDS)

    longest = STALLED_AFTER + (SUSPECT if hinted else 0)
    assert bench.reports.index(True) * REPORT_EVERY <= longest
    assert True not in bench.reports[: ROUNDS - 1]


def test_a_long_queue_that_gets_shorter_does_not_stand_still():
    bench = Bench(*map(str, range(100)))

    bench.report(3 * ROUNDS, meanwhile=lambda: bench.store.done(bench.store.silent[-1]))

    assert set(bench.reports) == {False}


def test_short_work_one_after_another_does_not_stand_still():
    bench = Bench()
    names = iter(range(100))

    def next_one():
        bench.store.silent = [str(next(names))]

    bench.report(3 * ROUNDS, meanwhile=next_one)

    assert set(bench.reports) == {False}


def test_without_the_database_nobody_is_blamed():
    bench = Bench("a")
    bench.report(ROUNDS)
    bench.store.away = True

    bench.report(1)
    bench.store.away = False
    bench.report(1)

    assert set(bench.reports) == {False}


def test_a_stuck_relay_falls_silent():
    bench = Bench()
    bench.report(1)

    bench.clock.tick(RELAY_STUCK)
    bench.progress.tell()

    assert bench.reports == [False]


def test_the_thread_tells_by_itself_and_stops_when_told(monkeypatch):
    monkeypatch.setattr("workers.relaying.REPORT_EVERY", 0.001)
    reports = Reports()
    progress = Progress(FakeStore(HandClock()), reports)

    progress.start()
    wait_until(lambda: reports, 10, what="a report")
    progress.stop()

    assert not progress._thread.is_alive()
