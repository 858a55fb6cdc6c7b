"""The pulse does by itself what was hinted and is still undone, and everything while no hint can come."""

from __future__ import annotations

import threading

from tests.unit.workers.fakes import FakeBroker, FakeStore, HandClock
from workers.pulse import BEHIND, BUSY, IDLE, PATIENCE, Pulse
from workflow.testing.waiting import wait_until


class Bench:
    def __init__(self, *silent):
        self.clock = HandClock()
        self.store = FakeStore(self.clock, *silent)
        self.broker = FakeBroker()
        self.looked = []
        self.pulse = Pulse(self.store, self.look_at_all, backlog=self.broker.seen, clock=self.clock)

    def look_at_all(self, case_ids, stopping):
        for case_id in case_ids:
            self.looked.append(case_id)
            self.store.done(case_id)
        return len(case_ids)


def test_work_just_hinted_is_left_to_the_tasks():
    bench = Bench("a")
    bench.store.take_due(1)
    bench.clock.tick(PATIENCE * 0.9)

    bench.pulse.beat()

    assert bench.looked == []


def test_work_hinted_long_ago_is_taken_counted_and_done():
    bench = Bench("a")
    bench.store.take_due(1)
    bench.clock.tick(PATIENCE)

    assert bench.pulse.beat() == BUSY

    assert bench.looked == ["a"]
    assert bench.store.tries == {"a": 1}


def test_all_work_is_taken_at_once_when_the_broker_is_down():
    bench = Bench("a", "b")
    bench.broker.down = True

    bench.pulse.beat()

    assert bench.looked == ["a", "b"]


def test_work_that_no_relay_takes_is_taken_after_a_while():
    bench = Bench("a")
    bench.pulse.beat()
    bench.clock.tick(PATIENCE * 0.9)
    bench.pulse.beat()
    assert bench.looked == []

    bench.clock.tick(PATIENCE * 0.2)
    bench.pulse.beat()

    assert bench.looked == ["a"]


def test_a_long_queue_in_the_broker_is_no_sign_of_a_sleeping_relay():
    bench = Bench("a")
    bench.broker.messages = ["others"]
    for _ in range(5):
        bench.pulse.beat()
        bench.clock.tick(PATIENCE)

    assert bench.looked == []


def test_other_work_on_each_beat_is_no_sign_of_a_sleeping_relay():
    bench = Bench()
    for number in range(5):
        bench.store.silent = [str(number)]
        bench.pulse.beat()
        bench.clock.tick(PATIENCE)

    assert bench.looked == []


def test_it_slows_down_when_tasks_do_everything():
    bench = Bench()

    pauses = [bench.pulse.beat() for _ in range(8)]

    assert pauses == sorted(pauses)
    assert pauses[-1] == IDLE


def test_the_thread_outlives_faults_and_stops_when_told():
    """Neither a database that is away nor a fault of ours ends it."""
    bench = Bench("a")
    bench.broker.down = True
    bench.store.away = True
    faults = iter([KeyError("ours")])
    looked = threading.Event()

    def look(case_ids, stopping):
        for fault in faults:
            raise fault
        looked.set()
        return 0

    pulse = Pulse(bench.store, look, backlog=bench.broker.seen)
    pulse.start()
    bench.store.away = False

    def work_again():
        bench.store.silent = ["a"]
        return looked.is_set()

    wait_until(work_again, 10)
    pulse.stop(timeout=5)

    assert not pulse._thread.is_alive()


def test_a_pulse_of_an_older_program_lets_newer_ones_take_first():
    clock = HandClock()
    store = FakeStore(clock)
    asked = []
    store.take_overlooked = lambda seconds, limit, *, attempts: asked.append(seconds) or []
    behind = []
    pulse = Pulse(store, lambda *_: 0, backlog=lambda: 1, behind=lambda: bool(behind), clock=clock)

    pulse.beat()
    behind.append(True)
    pulse.beat()

    assert asked == [PATIENCE, PATIENCE * BEHIND]
