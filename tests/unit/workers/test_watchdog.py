"""The watchdog restarts workers when work stands still, and a relay that has fallen silent."""

from __future__ import annotations

import pytest

from tests.unit.workers.fakes import HandClock
from workers.watchdog import MERCY, RELAY_SILENT, Watchdog


class FakeChild:
    def __init__(self):
        self.pid, self.running, self.killed = 1, True, 0

    def kill(self):
        self.killed += 1


class Bench:
    def __init__(self):
        self.clock = HandClock()
        self.relay, self.workers = FakeChild(), [FakeChild(), FakeChild()]
        self.watchdog = Watchdog(self.relay, self.workers, clock=self.clock)
        self.watchdog.begin()

    def relay_says(self, **report):
        self.watchdog.heard(self.relay, [report])

    def killed(self):
        return [worker.killed for worker in self.workers]


@pytest.fixture
def bench():
    return Bench()


def test_work_that_moves_leaves_everybody_alone(bench):
    for _ in range(20):
        bench.clock.tick(5)
        bench.relay_says(stalled=False)
        bench.watchdog.judge()

    assert bench.killed() == [0, 0]
    assert bench.relay.killed == 0


def test_work_that_stands_still_restarts_all_workers_once_and_then_gives_them_time(bench):
    bench.relay_says(stalled=True)
    bench.clock.tick(MERCY - 1)
    bench.relay_says(stalled=True)
    assert bench.killed() == [1, 1]

    bench.clock.tick(1)
    bench.relay_says(stalled=True)
    assert bench.killed() == [2, 2]


def test_only_the_relay_speaks_for_the_work(bench):
    bench.watchdog.heard(bench.workers[0], [{"stalled": True}])

    assert bench.killed() == [0, 0]


def test_a_silent_relay_is_restarted_and_given_time_to_speak(bench):
    bench.clock.tick(RELAY_SILENT)
    bench.watchdog.judge()
    assert bench.relay.killed == 0

    bench.clock.tick(0.1)
    bench.watchdog.judge()
    bench.watchdog.judge()
    assert bench.relay.killed == 1


def test_a_relay_that_is_not_there_is_not_killed(bench):
    bench.relay.running = False
    bench.clock.tick(RELAY_SILENT + 1)
    bench.watchdog.judge()

    assert bench.relay.killed == 0
