"""The watchdog restarts workers when work stands still, one of them when a loop of it is stuck, and whoever is silent."""

from __future__ import annotations

import pytest

from tests.unit.workers.fakes import HandClock
from workers.watchdog import (
    BEFORE_ITS_FIRST_WORD,
    MERCY,
    RECONCILER_SILENT,
    RELAY_SILENT,
    WORKER_SILENT,
    Watchdog,
)


class FakeChild:
    def __init__(self, name):
        self.name, self.pid, self.running, self.killed = name, 1, True, 0

    def kill(self):
        self.killed += 1

    def start_again(self):
        self.pid += 1


class Bench:
    def __init__(self):
        self.clock = HandClock()
        self.relay, self.reconciler = FakeChild("relay"), FakeChild("reconciler")
        self.workers = [FakeChild("worker 1"), FakeChild("worker 2")]
        self.watchdog = Watchdog(self.relay, self.workers, self.reconciler, clock=self.clock)
        self.watchdog.begin()

    def relay_says(self, **report):
        self.watchdog.heard(self.relay, [report])

    def all_well(self):
        self.relay_says(stalled=False)
        for worker in self.workers:
            self.watchdog.heard(worker, [{"stuck": []}])
        self.watchdog.heard(self.reconciler, [{"reconciled": True}])

    def killed(self):
        return [worker.killed for worker in self.workers]


@pytest.fixture
def bench():
    return Bench()


def test_work_that_moves_leaves_everybody_alone(bench):
    for _ in range(20):
        bench.clock.tick(5)
        bench.all_well()
        bench.watchdog.judge()

    assert bench.killed() == [0, 0]
    assert bench.relay.killed == bench.reconciler.killed == 0


def test_work_that_stands_still_restarts_all_workers_once_and_then_gives_them_time(bench):
    bench.relay_says(stalled=True)
    bench.clock.tick(MERCY - 1)
    bench.relay_says(stalled=True)
    assert bench.killed() == [1, 1]

    bench.clock.tick(1)
    bench.relay_says(stalled=True)
    assert bench.killed() == [2, 2]


def test_a_relay_that_hands_nothing_on_is_restarted(bench, caplog):
    bench.relay_says(stalled=False)
    bench.relay_says(idle=True)

    assert bench.relay.killed == 1
    assert bench.killed() == [0, 0]
    assert [record.getMessage() for record in caplog.records] == ["relay_idle"]


def test_only_the_relay_speaks_for_the_work(bench):
    bench.watchdog.heard(bench.workers[0], [{"stalled": True}])

    assert bench.killed() == [0, 0]


def test_a_worker_of_which_a_loop_is_stuck_is_restarted_and_no_other(bench, caplog):
    bench.watchdog.heard(bench.workers[1], [{"stuck": []}, {"stuck": ["sender"]}])

    assert bench.killed() == [0, 1]
    assert [record.getMessage() for record in caplog.records] == ["thread_stuck"]


@pytest.mark.parametrize(
    ("who", "patience", "event"),
    [
        ("relay", RELAY_SILENT, "relay_silent"),
        ("worker", WORKER_SILENT, "worker_silent"),
        ("reconciler", RECONCILER_SILENT, "reconciler_silent"),
    ],
)
def test_whoever_is_silent_is_restarted_and_given_time_to_speak(bench, caplog, who, patience, event):
    silent = bench.workers[0] if who == "worker" else getattr(bench, who)
    others = [one for one in (bench.relay, bench.reconciler, *bench.workers) if one is not silent]

    def passes(seconds):
        bench.clock.tick(seconds)
        for one in others:
            bench.watchdog.heard(one, [{}])
        bench.watchdog.judge()

    passes(patience)
    assert silent.killed == 0

    passes(0.1)
    bench.watchdog.judge()
    assert silent.killed == 1
    assert [one.killed for one in others] == [0, 0, 0]
    assert [record.getMessage() for record in caplog.records] == [event]


def test_a_process_that_has_just_been_started_may_take_its_time(bench):
    worker = bench.workers[0]
    worker.start_again()
    bench.watchdog.judge()
    for _ in range(BEFORE_ITS_FIRST_WORD):
        bench.clock.tick(WORKER_SILENT)
        bench.watchdog.heard(bench.workers[1], [{}])
        bench.relay_says()
        bench.watchdog.judge()
    assert worker.killed == 0

    bench.clock.tick(0.1)
    bench.watchdog.judge()
    assert worker.killed == 1


def test_who_is_not_there_is_not_killed(bench):
    for one in (bench.relay, bench.reconciler, *bench.workers):
        one.running = False
    bench.clock.tick(RECONCILER_SILENT + 1)
    bench.watchdog.judge()

    assert bench.relay.killed == bench.reconciler.killed == 0
    assert bench.killed() == [0, 0]
