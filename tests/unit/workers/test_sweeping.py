"""The sweeper works in batches that take a fifth of a second, rests where others need it, and survives what fails."""

from __future__ import annotations

import threading

import pytest

from tests.unit.workers.fakes import HandClock
from workers.sweeping import BATCH_SECONDS, BUSY, FEWEST, FIRST, IDLE, MOST, Sweeper
from workflow.engine.sweep import Swept
from workflow.errors import DatabaseUnavailable
from workflow.testing.waiting import wait_until


class Bench:
    """A sweep of so many cases that takes so many seconds for each."""

    def __init__(self, behind, *, seconds=0.001, rest=0.0):
        self.clock = HandClock()
        self.behind, self.seconds = behind, seconds
        self.batches = []
        self.sweeper = Sweeper(self.sweep, rest=rest, clock=self.clock)

    def sweep(self, *, limit):
        cases = min(limit, self.behind)
        self.behind -= cases
        self.clock.tick(cases * self.seconds)
        if cases:
            self.batches.append(cases)
        return Swept(cases=cases, looked=cases)

    def beats(self, count):
        return [self.sweeper.beat() for _ in range(count)]


@pytest.mark.parametrize(
    ("seconds", "batch"), [(0.001, round(BATCH_SECONDS / 0.001)), (0.5, FEWEST), (1e-6, MOST)]
)
def test_batches_grow_or_shrink_to_what_takes_a_fifth_of_a_second(seconds, batch):
    bench = Bench(10_000, seconds=seconds)
    bench.beats(4)
    assert bench.batches[0] == FIRST
    assert bench.batches[-1] == batch


def test_a_last_batch_that_is_small_changes_nothing():
    bench = Bench(FIRST + 1)
    bench.beats(2)
    assert bench.batches == [FIRST, 1]
    assert bench.sweeper._limit == round(BATCH_SECONDS / 0.001)


def test_it_rests_as_long_as_it_is_told_to():
    assert Bench(1000, rest=1.0).sweeper.beat() == pytest.approx(FIRST * 0.001)
    assert Bench(1000).sweeper.beat() == BUSY


def test_it_looks_less_often_when_nothing_is_behind():
    bench = Bench(0)
    pauses = bench.beats(12)
    assert pauses == sorted(pauses)
    assert pauses[-1] == IDLE


def test_what_failed_is_logged(caplog):
    failed = {"case-7": "RecordBroken: parted"}
    Sweeper(lambda *, limit: Swept(cases=1, failed=failed), rest=0.0).beat()
    (record,) = caplog.records
    assert record.getMessage() == "reprojection_failed"
    assert record.fields == {"case_id": "case-7", "reason": "RecordBroken"}


def test_it_goes_on_after_the_database_was_away_and_after_a_fault_of_ours(monkeypatch):
    monkeypatch.setattr("workers.sweeping.IDLE", 0.001)
    answers = [DatabaseUnavailable(reason="away"), RuntimeError("ours"), Swept(cases=1)]
    swept = threading.Event()

    def sweep(*, limit):
        answer = answers.pop(0) if answers else Swept()
        if isinstance(answer, Exception):
            raise answer
        if answer.cases:
            swept.set()
        return answer

    sweeper = Sweeper(sweep, rest=0.0)
    sweeper.start()
    wait_until(swept.is_set, 5, what="the sweep to be done")
    sweeper.stop(5.0)
    assert not sweeper._thread.is_alive()
