"""A later notice moves open dates, cures findings, warns of earlier dates, and never touches what is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from workflow.domain.calendar import Notice, NoticeDay
from workflow.domain.commands import SYSTEM, FireRung, Reproject, RunJob, SubmitFiling, TakeAction
from workflow.domain.decide import decide
from workflow.domain.definition import Colour, Rung
from workflow.domain.evolve import evolve
from workflow.testing import sample
from workflow.testing.sample import at

DEFINITION = sample.definition()
LATER = Rung(name="uncured", offset=3, colour=Colour.RED)
"""A rung three working days after the due date, as the shipped promises have one."""

OWN_PERIODS_END = ("ClockEnded", "ClockEnded")
"""Nobody need acknowledge or explain what has been cancelled."""


def with_later_rung():
    decision = DEFINITION.clocks["decision"]
    return replace(
        DEFINITION,
        clocks={**DEFINITION.clocks, "decision": replace(decision, rungs=(*decision.rungs, LATER))},
    )


def paper(number, *days, confirms=None):
    return Notice(
        id=f"cn-{number}",
        number=number,
        issued_on=date(2026, 9, 20),
        source="test",
        title=number,
        days=tuple(NoticeDay(date=date.fromisoformat(day), off=off, name="调整") for day, off in days),
        confirms=confirms,
    )


class Desk:
    def __init__(self, definition=DEFINITION):
        self.definition = definition
        self.facts = sample.facts()
        self.case = None
        self.events = []

    def notice(self, notice):
        self.facts = replace(self.facts, calendar=self.facts.calendar.with_notice(notice))

    def do(self, command, now):
        decided = decide(self.definition, self.case, command, self.facts, now)
        for item in decided:
            self.case = evolve(self.case, item.event, case_id="c", actor=item.actor)
        self.events = [item.event for item in decided]
        return [type(event).__name__ for event in self.events]

    def act(self, actor, action, now, **fields):
        return self.do(TakeAction(case_id="c", key="k", actor=actor, action=action, fields=fields), now)

    def fire(self, rung, now, revision=0, clock="decision"):
        command = FireRung(
            case_id="c", key="r", actor=SYSTEM, clock=clock, generation=1, rung=rung, revision=revision
        )
        return self.do(command, now)

    def reproject(self, now):
        return self.do(Reproject(case_id="c", key="p", actor=SYSTEM), now)

    @property
    def due(self):
        return self.case.clock("decision").due


@pytest.fixture
def desk():
    """Accepted on 22 September 2026, to be decided by 27 October."""
    return accepted(Desk())


def accepted(desk):
    filing = SubmitFiling(
        case_id="c", key="k", actor="ella", matter="sample-licence", form={}, materials=("charter", "funds")
    )
    desk.do(filing, at("2026-09-21"))
    desk.do(RunJob(case_id="c", key="j", actor=SYSTEM, job=1, action="precheck", visit=1), at("2026-09-21"))
    desk.act("clerk", "accept", at("2026-09-22"))
    assert desk.due.on == date(2026, 10, 27)
    return desk


def instant(desk, rung):
    return next(state.at for state in desk.case.clock("decision").rungs if state.rung == rung)


def test_a_later_date_is_recorded_with_the_old_one_and_the_notice(desk):
    desk.notice(paper("7号", ("2026-10-26", True)))
    assert desk.reproject(at("2026-10-01")) == ["DueDateReprojected"]
    moved = desk.events[0]
    assert (moved.old.on, moved.due.on, moved.reason) == (date(2026, 10, 27), date(2026, 10, 28), "7号")


def test_an_earlier_date_warns_the_post_that_holds_the_case(desk):
    desk.notice(paper("8号", ("2026-10-17", False)))
    assert desk.reproject(at("2026-10-01")) == ["DueDateReprojected", "FindingRaised"]
    assert desk.due.on == date(2026, 10, 26)
    warning = desk.events[1]
    assert (warning.colour, warning.rule, warning.post) == ("reminder", "calendar.moved_earlier", "handler")


def test_doing_it_again_changes_nothing(desk):
    desk.notice(paper("8号", ("2026-10-17", False)))
    desk.reproject(at("2026-10-01"))
    assert desk.reproject(at("2026-10-01")) == []


def test_a_notice_about_other_days_moves_nothing(desk):
    desk.notice(paper("9号", ("2026-12-25", True)))
    assert desk.reproject(at("2026-10-01")) == []


def test_a_red_card_cured_by_the_notice_is_cancelled_with_its_number_and_can_come_again(desk):
    desk.fire("overdue", at("2026-10-28", "00:00"))
    assert desk.case.findings[0].colour == "red"
    desk.notice(paper("10号", ("2026-10-27", True), ("2026-10-28", True)))
    assert desk.reproject(at("2026-10-28", "10:00")) == [
        "DueDateReprojected",
        "FindingCancelled",
        *OWN_PERIODS_END,
    ]
    assert desk.events[1].reason == "10号"
    assert desk.case.findings[0].cancelled
    assert desk.due.on == date(2026, 10, 29)
    assert desk.fire("overdue", at("2026-10-30", "00:00"), revision=0) == []
    assert desk.fire("overdue", at("2026-10-30", "00:00"), revision=1)[:2] == [
        "RungFired",
        "FindingRaised",
    ]
    assert desk.case.findings[1].number == 2


def test_the_periods_of_a_cured_finding_end_and_do_not_move(desk):
    desk.fire("overdue", at("2026-10-28", "00:00"))
    desk.notice(paper("10号", *((f"2026-10-{day}", True) for day in (27, 28, 29, 30))))

    assert desk.reproject(at("2026-10-28", "10:00")) == [
        "DueDateReprojected",
        "FindingCancelled",
        *OWN_PERIODS_END,
    ]
    assert [clock.clock for clock in desk.case.open_clocks()] == ["decision"]


def test_what_was_found_because_nobody_explained_a_cured_finding_is_cancelled_with_it(desk):
    desk.fire("overdue", at("2026-10-28", "00:00"))
    desk.fire("overdue", at("2026-11-05", "00:00"), clock="explanation#1")
    assert [one.colour for one in desk.case.findings] == ["red", "yellow"]
    desk.notice(paper("11号", ("2026-10-27", True), *((f"2026-11-0{day}", True) for day in range(1, 7))))
    desk.notice(paper("12号", *((f"2026-10-{day}", True) for day in (28, 29, 30))))

    assert desk.reproject(at("2026-11-05", "10:00"))[:3] == [
        "DueDateReprojected",
        "FindingCancelled",
        "ClockEnded",
    ]
    assert [(one.cancelled, one.number) for one in desk.case.findings] == [(True, 1), (True, 2)]
    assert desk.reproject(at("2026-11-05", "11:00")) == []


def test_a_wake_up_under_the_old_date_looks_at_the_new_calendar_first(desk):
    desk.notice(paper("10号", ("2026-10-27", True)))
    assert desk.fire("overdue", at("2026-10-28", "00:00")) == ["DueDateReprojected"]
    assert desk.case.findings == ()


def test_a_closed_period_never_moves(desk):
    closed = desk.case.clock("acceptance")
    assert not closed.open
    desk.notice(paper("11号", ("2026-09-22", True), ("2026-09-23", True)))
    desk.reproject(at("2026-10-01"))
    assert desk.case.clock("acceptance") == closed


def test_a_withheld_outcome_takes_effect_once_the_date_is_confirmed():
    desk = Desk()
    filing = SubmitFiling(
        case_id="c", key="k", actor="ella", matter="sample-licence", form={}, materials=("charter", "funds")
    )
    desk.do(filing, at("2026-12-30"))
    desk.do(RunJob(case_id="c", key="j", actor=SYSTEM, job=1, action="precheck", visit=1), at("2026-12-30"))
    late = at("2027-01-08", "00:00")
    assert desk.fire("expiry", late, clock="acceptance") == ["OutcomeWithheld"]
    desk.notice(paper("2027", ("2027-01-01", True), confirms=2027))
    assert desk.reproject(late)[0] == "DueDateReprojected"
    assert not desk.case.clock("acceptance").due.provisional
    assert "FilingAccepted" in desk.fire("expiry", late, clock="acceptance", revision=1)


def test_a_card_that_holds_at_the_corrected_date_too_is_neither_cancelled_nor_raised_again(desk):
    desk.fire("overdue", at("2026-10-28", "00:00"))
    desk.notice(paper("12号", ("2026-10-27", True)))
    assert desk.reproject(at("2026-11-05")) == ["DueDateReprojected"]
    assert desk.due.on == date(2026, 10, 28)
    rung = next(state for state in desk.case.clock("decision").rungs if state.rung == "overdue")
    assert rung.fired
    assert [finding.cancelled for finding in desk.case.findings] == [False]


def test_a_rung_after_the_due_date_moves_though_the_date_stays():
    desk = accepted(Desk(with_later_rung()))
    assert instant(desk, "uncured") == at("2026-10-31", "00:00")
    desk.notice(paper("13号", ("2026-10-28", True)))
    assert desk.reproject(at("2026-10-01")) == ["DueDateReprojected"]
    moved = desk.events[0]
    assert (moved.old.on, moved.due.on, moved.reason) == (date(2026, 10, 27), date(2026, 10, 27), "13号")
    assert instant(desk, "uncured") == at("2026-11-03", "00:00")
    assert desk.reproject(at("2026-10-01")) == []


def test_the_limit_of_a_ground_moves_while_time_is_out(desk):
    desk.act("anna", "consult", at("2026-09-23"), ground="appraisal")
    assert desk.due is None
    limit = instant(desk, "limit:appraisal-1")
    desk.notice(paper("14号", ("2026-09-25", True)))
    assert desk.reproject(at("2026-09-24")) == ["DueDateReprojected"]
    assert (desk.events[0].old, desk.events[0].due, desk.events[0].reason) == (None, None, "14号")
    assert instant(desk, "limit:appraisal-1") > limit
    assert desk.reproject(at("2026-09-24")) == []


def test_an_alarm_of_a_ground_that_lies_ahead_again_is_cured(desk):
    desk.act("anna", "consult", at("2026-09-23"), ground="appraisal")
    alarm = instant(desk, "alarm:appraisal-1")
    assert desk.fire("alarm:appraisal-1", alarm, revision=1) == ["RungFired", "FindingRaised"]
    desk.notice(paper("15号", ("2026-09-24", True), ("2026-09-25", True)))
    assert desk.reproject(alarm) == ["DueDateReprojected", "FindingCancelled"]


def test_time_that_was_out_before_the_date_came_cures_the_card(desk):
    desk.fire("reminder", at("2026-10-26", "00:00"))
    desk.fire("overdue", at("2026-10-28", "00:00"))
    desk.act("anna", "consult", at("2026-10-28", "10:00"), ground="testing")
    assert desk.due.on == date(2026, 10, 27), "stopped too late to help"
    desk.notice(paper("16号", ("2026-10-26", True), ("2026-10-27", True)))
    assert desk.reproject(at("2026-10-28", "11:00")) == [
        "DueDateReprojected",
        "FindingCancelled",
        *OWN_PERIODS_END,
    ]
    assert desk.due is None
    assert {finding.colour: finding.cancelled for finding in desk.case.findings} == {
        "reminder": False,
        "red": True,
    }
