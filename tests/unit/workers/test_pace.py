"""Loops look often while there is work and hardly ever when there is none."""

from __future__ import annotations

from tests.unit.workers.fakes import HandClock
from workers.pace import BackOff, Pace, Waning


def test_it_is_busy_for_a_while_after_work_and_then_slows_down_to_idle():
    clock = HandClock()
    pace = Pace(busy=0.01, idle=0.1, linger=1.0, clock=clock)

    assert pace.worked() == 0.01
    clock.tick(0.9)
    assert pace.rested() == 0.01
    clock.tick(0.1)
    assert [pace.rested() for _ in range(5)] == [0.02, 0.04, 0.08, 0.1, 0.1]
    assert pace.worked() == 0.01


def test_it_begins_idle_bound():
    pace = Pace(busy=0.01, idle=0.02, clock=HandClock())

    assert pace.rested() == 0.02


def test_a_waning_pace_waits_for_a_part_of_the_silence():
    clock = HandClock()
    pace = Waning(busy=0.002, idle=0.1, part=0.01, clock=clock)

    assert pace.rested() == 0.1
    assert pace.worked() == 0.002
    pauses = []
    for seconds in (0.1, 0.9, 4.0, 5.0, 90.0):
        clock.tick(seconds)
        pauses.append(round(pace.rested(), 9))
    assert pauses == [0.002, 0.01, 0.05, 0.1, 0.1]


def test_pauses_between_failures_double_to_a_limit_and_start_again_after_success():
    back_off = BackOff(first=0.5, longest=1.5)

    assert [back_off.failed() for _ in range(4)] == [0.5, 1.0, 1.5, 1.5]
    back_off.succeeded()
    assert back_off.failed() == 0.5
