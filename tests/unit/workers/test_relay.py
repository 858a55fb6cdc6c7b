"""The relay sends what is due and nobody was told of, a little at a time, and loses nothing when the broker is away."""

from __future__ import annotations

import pytest

from tests.unit.workers.fakes import FakeBroker, FakeStore, HandClock
from workers.relay import BUSY, IDLE, IN_FLIGHT, TOGETHER, Relay


class Bench:
    def __init__(self, *silent):
        self.clock = HandClock()
        self.store = FakeStore(self.clock, *silent)
        self.broker = FakeBroker()
        self.changed = True
        self.relay = Relay(
            self.store,
            self.broker,
            backlog=self.broker.backlog,
            changed=lambda: self.changed,
            clock=self.clock,
        )


def test_what_is_due_is_sent_once_each():
    bench = Bench("a", "b")

    assert bench.relay.step() == BUSY
    bench.relay.step()

    assert bench.broker.messages == [("a",), ("b",)]
    assert bench.store.silent == []


def test_nothing_changed_means_no_question_to_the_database_until_time_itself_may_have_brought_work():
    bench = Bench()
    bench.relay.step()
    bench.changed = False
    bench.store.silent = ["fell due with time"]

    bench.clock.tick(IDLE / 2)
    bench.relay.step()
    assert bench.broker.messages == []

    bench.clock.tick(IDLE)
    bench.relay.step()
    assert bench.broker.messages == [("fell due with time",)]


def test_what_there_is_room_for_has_a_message_each():
    cases = [str(number) for number in range(IN_FLIGHT)]
    bench = Bench(*cases)

    bench.relay.step()

    assert bench.broker.messages == [(case_id,) for case_id in cases]


def test_in_a_rush_a_message_names_several_cases():
    cases = [str(number) for number in range(IN_FLIGHT + 1)]
    bench = Bench(*cases)

    bench.relay.step()

    assert {len(message) for message in bench.broker.messages} == {1, 2}
    assert [case_id for message in bench.broker.messages for case_id in message] == cases


def test_few_messages_lie_in_the_broker_and_the_rest_waits_in_the_database():
    cases = [str(number) for number in range(3 * IN_FLIGHT * TOGETHER)]
    bench = Bench(*cases)
    bench.relay.step()
    bench.changed = False
    bench.relay.step()
    assert len(bench.broker.messages) == IN_FLIGHT

    del bench.broker.messages[:10]
    assert bench.relay.step() == BUSY

    sent = [case_id for message in bench.broker.messages for case_id in message]
    assert len(bench.broker.messages) == IN_FLIGHT
    assert sent == cases[10 * TOGETHER : (IN_FLIGHT + 10) * TOGETHER]
    assert bench.store.silent == cases[(IN_FLIGHT + 10) * TOGETHER :]


def test_a_broker_that_is_down_is_asked_with_growing_pauses_and_nothing_is_taken():
    bench = Bench("a")
    bench.broker.down = True

    assert [bench.relay.step() for _ in range(5)] == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.0])
    assert bench.store.silent == ["a"]

    bench.broker.down, bench.changed = False, False
    assert bench.relay.step() == BUSY
    assert bench.broker.messages == [("a",)]


def test_what_could_not_be_sent_is_given_back():
    bench = Bench("a", "b")
    bench.broker.breaks_on_send = True

    bench.relay.step()

    assert bench.store.silent == ["a", "b"]
    assert bench.store.hinted == {}


def test_a_database_that_is_away_is_waited_for():
    bench = Bench("a")
    bench.store.away = True
    assert bench.relay.step() == 0.1
    bench.store.away = False

    bench.relay.step()

    assert bench.broker.messages == [("a",)]
