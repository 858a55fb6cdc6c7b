"""A finding is acknowledged, explained, confirmed or cancelled by a second person, measured, answered for and struck off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.walk import Walk
from workflow.domain import events as e
from workflow.domain.accountability.state import Standing
from workflow.errors import NotOnThisCase, VerbRefused
from workflow.testing.sample import at


@pytest.fixture
def found():
    """A case in review whose statutory period has run out while Anna had it: finding 1 is a reminder, 2 the red card."""
    walk = Walk()
    walk.file()
    walk.act("clerk", "accept", at("2026-09-22"))
    walk.act("anna", "claim", at("2026-09-22"))
    walk.fire("decision", "reminder", at("2026-10-26", "00:00"))
    walk.fire("decision", "overdue", at("2026-10-28", "00:00"))
    return walk


def red(walk):
    return next(one for one in walk.case.findings if one.colour == "red")


def explain(walk, day="2026-10-29"):
    walk.act("anna", "explain_finding", at(day), finding=red(walk).number, text="材料真实性核查费时")


def confirm(walk, day="2026-10-30", by="arno"):
    explain(walk)
    walk.act(by, "confirm_finding", at(day), finding=red(walk).number, reason="逾期属实")


def test_a_card_has_a_day_to_be_acknowledged_and_five_to_be_explained(found):
    number = red(found).number

    assert found.case.clock(f"acknowledgement#{number}").due.on.isoformat() == "2026-10-29"
    assert found.case.clock(f"explanation#{number}").due.on.isoformat() == "2026-11-04"


def test_a_reminder_needs_no_answer(found):
    assert found.case.clock("explanation#1") is None


def test_acknowledged_it_climbs_no_further(found):
    found.act("anna", "acknowledge_finding", at("2026-10-28"), finding=red(found).number)

    assert not found.case.clock(f"acknowledgement#{red(found).number}").open
    assert red(found).standing is Standing.ACKNOWLEDGED


def test_unacknowledged_it_goes_up_to_the_head(found):
    clock = f"acknowledgement#{red(found).number}"

    assert found.fire(clock, "level_1", at("2026-10-30", "00:00")) == ["RungFired", "FindingEscalated"]

    event = found.events[-1]
    assert (event.level, event.organ, event.person) == (1, "office", "hana")
    assert red(found).level == 1
    assert found.fire(clock, "level_2", at("2026-10-31", "00:00")) == ["RungFired"], "there is nobody above"


def test_it_never_climbs_to_whom_it_was_raised_against():
    walk = Walk()
    walk.file()
    walk.act("clerk", "accept", at("2026-09-22"))
    walk.fire("decision", "overdue", at("2026-10-28", "00:00"))
    against = tuple(replace(one, person="hana") for one in walk.case.findings)
    walk.case = replace(walk.case, findings=against)

    assert walk.fire("acknowledgement#1", "level_1", at("2026-10-30", "00:00")) == ["RungFired"]


def test_explained_it_waits_for_the_auditor(found):
    explain(found)

    assert red(found).standing is Standing.EXPLAINED
    assert not [clock for clock in found.case.open_clocks() if "#" in clock.clock]


def test_unexplained_in_five_days_it_brings_a_card_of_its_own_that_wants_no_answer(found):
    clock = f"explanation#{red(found).number}"

    assert found.fire(clock, "overdue", at("2026-11-05", "00:00")) == ["RungFired", "FindingRaised"]

    card = found.case.findings[-1]
    assert (card.colour, card.person, card.rule) == (
        "yellow",
        "anna",
        "cn.accountability.explanation.overdue",
    )


def test_nothing_is_confirmed_before_the_respondent_was_heard_or_let_his_time_pass(found):
    number = red(found).number
    with pytest.raises(VerbRefused, match="respondent_heard"):
        found.act("arno", "confirm_finding", at("2026-10-29"), finding=number, reason="逾期属实")

    found.act("arno", "confirm_finding", at("2026-11-05"), finding=number, reason="逾期属实，未作说明")

    assert red(found).standing is Standing.CONFIRMED


@pytest.mark.parametrize("who", ["anna", "bo", "hana"])
def test_who_answers_for_it_does_not_judge_it(found, who):
    explain(found)
    with pytest.raises((NotOnThisCase, VerbRefused)):
        found.act(who, "confirm_finding", at("2026-10-30"), finding=red(found).number, reason="…")
    with pytest.raises((NotOnThisCase, VerbRefused)):
        found.act(who, "propose_cancel", at("2026-10-30"), finding=red(found).number, reason="…")


def test_it_takes_two_to_cancel(found):
    number = red(found).number
    found.act("arno", "propose_cancel", at("2026-10-29"), finding=number, reason="系统故障")
    with pytest.raises(VerbRefused, match="not_oneself"):
        found.act("arno", "cancel_finding", at("2026-10-29"), finding=number, reason="系统故障")

    names = found.act("axel", "cancel_finding", at("2026-10-29"), finding=number, reason="系统故障属实")

    assert names == ["FindingCancelled", "ClockEnded", "ClockEnded"]
    assert red(found).cancelled
    with pytest.raises(VerbRefused, match="open_finding"):
        explain(found)


def test_from_confirmed_to_struck_off(found):
    confirm(found)
    number = red(found).number
    found.act(
        "arno", "take_measure", at("2026-11-02"), finding=number, measure="rectification", text="限期整改"
    )
    found.act("arno", "record_result", at("2026-11-09"), finding=number, result="talk", text="已谈话提醒")
    found.act("arno", "strike_off", at("2026-11-10"), finding=number, reason="整改到位")

    assert red(found).standing is Standing.STRUCK_OFF
    assert not red(found).open


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("take_measure", {"measure": "order", "text": "…"}),
        ("record_result", {"result": "none", "text": "…"}),
        ("strike_off", {"reason": "…"}),
    ],
)
def test_nothing_follows_from_what_is_not_confirmed(found, verb, fields):
    with pytest.raises(VerbRefused, match="finding_stands"):
        found.act("arno", verb, at("2026-10-29"), finding=red(found).number, **fields)


def test_an_appeal_is_decided_by_another_than_who_confirmed(found):
    confirm(found)
    number = red(found).number
    found.act("anna", "appeal_finding", at("2026-11-02"), finding=number, text="期间应当扣除检测时间")
    with pytest.raises(VerbRefused, match="not_oneself"):
        found.act("arno", "decide_appeal", at("2026-11-03"), finding=number, upheld=True, reason="…")

    found.act("axel", "decide_appeal", at("2026-11-03"), finding=number, upheld=True, reason="申诉成立")

    assert red(found).cancelled
    assert [type(event).__name__ for event in found.events[-2:]] == ["AppealDecided", "FindingCancelled"]


def test_a_dismissed_appeal_leaves_it_confirmed(found):
    confirm(found)
    number = red(found).number
    found.act("anna", "appeal_finding", at("2026-11-02"), finding=number, text="…")
    found.act("axel", "decide_appeal", at("2026-11-03"), finding=number, upheld=False, reason="不成立")

    assert red(found).standing is Standing.CONFIRMED
    assert not red(found).appealed


def test_findings_are_not_acts_on_the_case(found):
    version = found.case.version
    confirm(found)

    assert found.case.version == version


def test_a_frozen_case_stands_still_but_for_time_and_the_audit(found):
    found.act("arno", "freeze", at("2026-10-29"), reason="专项检查")
    with pytest.raises(VerbRefused, match="unfrozen"):
        found.act("anna", "review", at("2026-10-29"), inspectors=["anna", "bo"])
    explain(found)
    assert found.fire("acknowledgement#9", "level_1", at("2026-10-30")) == []

    found.act("axel", "unfreeze", at("2026-10-30"), reason="检查完毕")
    assert found.act("anna", "review", at("2026-10-30"), inspectors=["anna", "bo"])[0] == "ActionTaken"


def test_an_open_card_is_told_by_its_number(found):
    with pytest.raises(VerbRefused, match="open_finding") as refused:
        found.act("anna", "acknowledge_finding", at("2026-10-29"), finding=99)
    assert refused.value.fields["number"] == 99
    assert isinstance(found.events[-1], e.ClockStarted)
