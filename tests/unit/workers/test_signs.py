"""A worker tells what of it does not come round: work without end, threads that are gone, ears that hear nothing."""

from __future__ import annotations

import threading

import pytest

from tests.unit.workers.fakes import HandClock
from workers.signs import DEAF, Signs, Teller


@pytest.fixture
def clock():
    return HandClock()


def test_work_that_comes_to_its_end_is_no_sign_of_trouble(clock):
    signs = Signs(clock=clock)
    look = signs.watched("look", 10, lambda case, *, done_by: f"{case} by {done_by}")

    assert look("case 1", done_by="task") == "case 1 by task"
    clock.tick(11)
    assert signs.stuck() == []


def test_work_that_takes_too_long_is_named(clock):
    signs = Signs(clock=clock)
    with signs.doing("look", 10), signs.doing("sender", 20):
        clock.tick(10)
        assert signs.stuck() == []
        clock.tick(1)
        assert signs.stuck() == ["look"]
        clock.tick(10)
        assert signs.stuck() == ["look", "sender"]
    assert signs.stuck() == []


def test_work_that_fails_has_ended(clock):
    signs = Signs(clock=clock)

    def fails():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        signs.watched("look", 10, fails)()
    clock.tick(11)
    assert signs.stuck() == []


def test_a_thread_that_is_gone_is_named(clock):
    assert Signs([threading.current_thread().name, "pulse"], clock=clock).stuck() == ["pulse"]


class Ears:
    def __init__(self, clock, backlog):
        self.backlog = backlog
        self.signs = Signs(backlog=lambda: self.backlog, clock=clock)


def test_who_takes_no_hint_while_some_lie_there_is_deaf(clock):
    ears = Ears(clock, 3)
    assert ears.signs.stuck() == []
    clock.tick(DEAF)
    assert ears.signs.stuck() == []
    clock.tick(0.1)

    assert ears.signs.stuck() == ["ears"]


@pytest.mark.parametrize("backlog", [0, None])
def test_nobody_is_deaf_where_there_is_nothing_to_hear(clock, backlog):
    ears = Ears(clock, backlog)
    for _ in range(10):
        clock.tick(DEAF / 2)
        assert ears.signs.stuck() == []

    ears.backlog = 1
    clock.tick(DEAF / 2)
    assert ears.signs.stuck() == []


def test_who_takes_a_hint_now_and_then_hears(clock):
    ears = Ears(clock, 3)
    hear = ears.signs.hearing(lambda: clock.tick(DEAF / 2))
    for _ in range(10):
        hear()
        assert ears.signs.stuck() == []


def test_who_is_at_a_hint_is_not_deaf(clock):
    ears = Ears(clock, 3)
    found = []

    def long_task():
        clock.tick(DEAF * 2)
        found.extend(ears.signs.stuck())

    ears.signs.hearing(long_task)()
    assert found == []


def test_the_supervisor_is_told(clock):
    said = []

    class Reporter:
        def say(self, **facts):
            said.append(facts)

    Teller(Signs(["pulse"], clock=clock), Reporter()).beat()

    assert said == [{"stuck": ["pulse"]}]
