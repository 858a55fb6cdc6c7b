"""A relay that is awake and hands nothing on is told from one that has nothing to do, or nobody to send to."""

from __future__ import annotations

import pytest

from tests.unit.workers.fakes import FakeBroker, FakeStore, HandClock
from workers.idling import IDLE_AFTER, Idling
from workflow.errors import BrokerUnavailable


class Bench:
    def __init__(self, *silent):
        self.clock, self.broker = HandClock(), FakeBroker()
        self.store = FakeStore(self.clock, *silent)
        self.idling = Idling(self.broker, self.store.unhinted, self.broker.backlog, clock=self.clock)

    def asked_for(self, seconds, meanwhile=lambda: None):
        found = []
        for _ in range(round(seconds / 5)):
            found.append(self.idling())
            self.clock.tick(5)
            meanwhile()
        return [*found, self.idling()]


def test_work_that_lies_there_while_nothing_is_sent():
    assert Bench("a").asked_for(IDLE_AFTER) == [False, False, False, True]


def test_nothing_to_do_is_no_idleness():
    assert not any(Bench().asked_for(IDLE_AFTER * 3))


def test_who_sends_is_not_idle():
    bench = Bench("a", "b")

    def send():
        bench.idling.send(["a"], 1)
        bench.broker.messages.clear()

    assert not any(bench.asked_for(IDLE_AFTER * 3, send))


def test_a_broker_that_is_full_or_away_is_not_the_relays_fault():
    bench = Bench("a")
    bench.broker.messages.append(("b",))
    assert not any(bench.asked_for(IDLE_AFTER * 2))

    bench.broker.down = True
    assert not any(bench.asked_for(IDLE_AFTER * 2))
    with pytest.raises(BrokerUnavailable):
        bench.idling.send(["a"], 1)


def test_a_database_that_is_away_says_nothing_of_the_relay():
    bench = Bench("a")
    bench.store.away = True

    assert not any(bench.asked_for(IDLE_AFTER * 2))
