"""Excluded time, extension and returns on a running case: several grounds at once, back-dated, with limits of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from tests.unit.domain.walk import FACTS, Walk, to_review
from workflow.domain.commands import SubmitFiling
from workflow.domain.decide import decide
from workflow.domain.law import EndOfDayRule
from workflow.domain.timekeeping import standing
from workflow.errors import ClockRefused
from workflow.testing import sample
from workflow.testing.sample import at

DUE = date(2026, 10, 27)
"""Twenty working days after Tuesday 22 September 2026, across the October holidays."""


@pytest.fixture
def walk():
    walk = Walk()
    to_review(walk)
    assert walk.due_on("decision") == DUE
    return walk


def test_two_grounds_open_at_once_are_one_stretch_of_excluded_time(walk):
    walk.act("anna", "consult", at("2026-10-12"), ground="testing")
    walk.act("anna", "consult", at("2026-10-13"), ground="hearing")
    assert walk.act("anna", "hear_back", at("2026-10-14"), ground="testing")[-1] == "CountingResumed"
    assert walk.case.clock("decision").due is None, "the second ground is still open"
    walk.act("anna", "hear_back", at("2026-10-16"), ground="hearing")
    # 12, 13, 14 and 15 October were not counted.
    assert walk.due_on("decision") == date(2026, 11, 2)


def test_a_second_hold_does_not_forget_the_first(walk):
    for first, last in (("2026-10-12", "2026-10-13"), ("2026-10-15", "2026-10-16")):
        walk.act("anna", "consult", at(first), ground="testing")
        walk.act("anna", "hear_back", at(last), ground="testing")
    assert walk.due_on("decision") == date(2026, 10, 29)


def test_resuming_continues_the_period_and_never_gives_a_whole_new_one(walk):
    walk.act("anna", "consult", at("2026-10-26"), ground="testing")
    walk.act("anna", "hear_back", at("2026-10-26", "15:00"), ground="testing")
    assert walk.due_on("decision") == DUE


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_in_which_entries_are_made_does_not_matter(walk, order):
    entries = [
        ("consult", "2026-10-12", "testing"),
        ("consult", "2026-10-13", "hearing"),
        ("extend", "2026-10-14", None),
    ]
    now = at("2026-10-20")
    for index in order:
        action, day, ground = entries[index]
        if ground is None:
            walk.act("dong", action, now, reason="complex", effective_at=at(day))
        else:
            walk.act("anna", action, now, ground=ground, effective_at=at(day))
    for ground, day in (("hearing", "2026-10-16"), ("testing", "2026-10-14")):
        walk.act("anna", "hear_back", now, ground=ground, effective_at=at(day))
    assert walk.due_on("decision") == date(2026, 11, 16)


def test_while_time_is_out_no_rung_fires(walk):
    walk.act("anna", "consult", at("2026-10-12"), ground="testing")
    assert walk.fire("decision", "overdue", at("2026-10-28", "00:00")) == []
    walk.act("anna", "hear_back", at("2026-11-02"), ground="testing")
    revision = walk.case.clock("decision").rungs[0].revision
    assert revision > 0
    assert walk.fire("decision", "overdue", at("2026-12-01", "00:00"), revision=revision) == [
        "RungFired",
        "FindingRaised",
        "ClockStarted",
        "ClockStarted",
    ], "to be acknowledged and explained"


def test_a_ground_that_its_rule_does_not_list_stops_nothing(walk):
    with pytest.raises(ClockRefused, match="publicity"):
        walk.act("anna", "consult", at("2026-10-12"), ground="publicity")


def test_the_same_ground_is_not_opened_twice_nor_resumed_when_closed(walk):
    with pytest.raises(ClockRefused):
        walk.act("anna", "hear_back", at("2026-10-12"), ground="testing")
    walk.act("anna", "consult", at("2026-10-12"), ground="testing")
    with pytest.raises(ClockRefused):
        walk.act("anna", "consult", at("2026-10-13"), ground="testing")


def test_excluded_time_has_a_limit_and_a_holder_who_is_reminded_of_it(walk):
    walk.act("anna", "consult", at("2026-10-12"), ground="appraisal")
    rungs = {rung.rung: rung for rung in walk.case.clock("decision").rungs}
    assert set(rungs) == {"alarm:appraisal-1", "limit:appraisal-1"}
    walk.fire("decision", "alarm:appraisal-1", rungs["alarm:appraisal-1"].at, revision=1)
    walk.fire("decision", "limit:appraisal-1", rungs["limit:appraisal-1"].at, revision=1)
    found = [(finding.colour, finding.rule) for finding in walk.case.findings]
    assert found == [("reminder", "ground.appraisal.alarm"), ("yellow", "ground.appraisal.limit")]
    assert walk.case.clock("decision").due is None, "it goes on until somebody ends it"


def test_a_ground_that_ends_by_itself_is_resumed_at_its_limit(walk):
    walk.act("anna", "consult", at("2026-10-12"), ground="expert_review")
    # Five working days after Monday the 12th: out up to and including the 19th.
    assert walk.due_on("decision") == date(2026, 11, 4)
    limit = next(rung for rung in walk.case.clock("decision").rungs if rung.rung == "limit:expert_review-1")
    assert limit.at == at("2026-10-20", "00:00")
    assert walk.fire("decision", limit.rung, limit.at, revision=limit.revision) == [
        "RungFired",
        "CountingResumed",
    ]
    assert walk.due_on("decision") == date(2026, 11, 4)


def test_an_extension_taken_back_gives_the_old_date_again(walk):
    walk.act("dong", "extend", at("2026-10-20"), reason="complex")
    assert walk.due_on("decision") == date(2026, 11, 10)
    walk.act("dong", "take_extension_back", at("2026-10-21"), reason="not needed")
    assert walk.due_on("decision") == DUE
    with pytest.raises(ClockRefused, match="not been extended"):
        walk.act("dong", "take_extension_back", at("2026-10-22"), reason="again")


def test_a_return_continues_or_begins_anew_as_its_edge_declares(walk):
    walk.act("anna", "review", at("2026-09-23"), inspectors=["anna", "bo"])
    walk.act("chen", "send_back", at("2026-09-24"))
    assert (walk.case.clock("decision").generation, walk.due_on("decision")) == (1, DUE)
    walk.act("anna", "review", at("2026-09-25"), inspectors=["anna", "bo"])
    walk.act("chen", "start_over", at("2026-09-28"))
    assert walk.case.clock("decision").generation == 2
    assert walk.case.clock("decision").entries[0].on == date(2026, 9, 28)
    assert walk.fire("decision", "overdue", at("2026-10-28", "00:00"), generation=1) == []


def test_withdrawn_in_the_instant_of_expiry_has_one_outcome(walk):
    walk.act("ella", "withdraw", at("2026-10-28", "00:00"))
    assert walk.case.state == "withdrawn"
    assert [finding.colour for finding in walk.case.findings] == ["reminder", "red"]
    assert walk.case.clock("decision").late
    assert walk.fire("decision", "overdue", at("2026-10-28", "00:00")) == []


def test_what_is_stored_is_what_the_ledger_derives(walk):
    walk.act("anna", "consult", at("2026-10-12"), ground="testing")
    walk.act("anna", "hear_back", at("2026-10-14"), ground="testing")
    walk.act("dong", "extend", at("2026-10-20"), reason="complex")
    for clock in walk.case.open_clocks():
        due, rungs = standing(sample.definition(), clock, sample.facts())
        assert due == clock.due
        assert {(rung.rung, rung.at) for rung in rungs} == {(rung.rung, rung.at) for rung in clock.rungs}


@pytest.mark.parametrize(("channel", "ends"), [("window", "17:00"), ("online", "00:00")])
def test_the_last_day_ends_when_the_window_closes_for_what_was_filed_there(channel, ends):
    rules = {
        **FACTS.law.rules,
        "accept": (replace(sample.rule("accept", 5), end_of_day=EndOfDayRule.CLOSING_TIME),),
    }
    facts = replace(FACTS, law=replace(FACTS.law, rules=rules))
    definition = replace(sample.definition(), hash="with-window", closing_time="17:00")
    filing = SubmitFiling(
        case_id="c", key="k", actor="ella", matter="sample-licence", form={}, channel=channel
    )
    filed = decide(definition, None, filing, facts, at("2026-09-21"))
    started = next(item.event for item in filed if type(item.event).__name__ == "ClockStarted")
    assert started.due.on == date(2026, 9, 28)
    assert started.due.at == at("2026-09-28" if channel == "window" else "2026-09-29", ends)
