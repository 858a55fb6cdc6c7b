"""A supervisor's order (督办) has a period of its own, which ends with the answer; its cards fall on whom it ordered."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.domain.walk import Walk
from workflow.domain import events as e
from workflow.domain.own_clocks import is_own, numbered, spec_of
from workflow.testing import sample
from workflow.testing.sample import at


@pytest.fixture
def ordered():
    walk = Walk()
    walk.file()
    walk.act("clerk", "accept", at("2026-09-22"))
    walk.act("anna", "claim", at("2026-09-22"))
    walk.act("sven", "order", at("2026-09-23"), text="请尽快办理", due_on="2026-09-29")
    return walk


def test_it_runs_to_the_day_that_the_order_names(ordered):
    clock = ordered.case.clock("order#1")

    assert clock.due.on == date(2026, 9, 29)
    assert {rung.rung for rung in clock.rungs} == {"one_day_left", "overdue", "uncured"}


def test_its_cards_fall_on_whoever_had_the_work_when_it_was_given(ordered):
    ordered.act("anna", "release", at("2026-09-24"))
    ordered.act("bo", "claim", at("2026-09-24"))

    ordered.fire("order#1", "overdue", at("2026-09-30"))

    finding = next(event for event in ordered.events if isinstance(event, e.FindingRaised))
    assert (finding.colour, finding.person, finding.post) == ("yellow", "anna", "handler")
    assert finding.rule == "cn.house.order.overdue"


def test_the_answer_ends_it(ordered):
    names = ordered.act("anna", "answer_order", at("2026-09-25"), order=1, reply="已经提出意见")

    assert names == ["OrderAnswered", "ClockEnded"]
    assert not ordered.case.clock("order#1").late


def test_orders_run_side_by_side(ordered):
    ordered.act("hana", "order", at("2026-09-23"), text="请说明原因", due_on="2026-09-25")

    assert {clock.clock for clock in ordered.case.open_clocks() if is_own(clock.clock)} == {
        "order#1",
        "order#2",
    }


def test_a_name_of_no_period_is_a_fault():
    with pytest.raises(KeyError):
        spec_of(sample.definition(), numbered("nothing", 1))
