"""What a command means on the sample licence: told as commands in, events out."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.domain.desk.office import TUESDAY, WEDNESDAY, in_review
from tests.unit.domain.walk import Walk, to_notice, to_review
from workflow.domain.commands import SYSTEM, RunJob
from workflow.domain.events import FindingRaised
from workflow.errors import (
    ActionNotAvailable,
    BadFields,
    CaseHasMoved,
    GuardRefused,
    NotAuthorised,
    SamePerson,
    UnknownCase,
    UnknownPerson,
)
from workflow.testing.sample import at


@pytest.fixture
def walk():
    return Walk()


def test_filing_starts_the_five_days_from_receipt(walk):
    assert walk.file() == ["FilingSubmitted", "ClockStarted"]
    assert walk.case.state == "received"
    assert walk.due_on("acceptance") == date(2026, 9, 28)


def test_precheck_names_every_missing_material(walk):
    walk.file(materials=("funds", "extra"))
    assert walk.case.missing == ("charter",)


def test_acceptance_ends_one_clock_and_starts_the_other(walk):
    walk.file()
    names = walk.act("clerk", "accept", at("2026-09-22"))
    assert names == ["ActionTaken", "FilingAccepted", "ClockEnded", "ClockStarted", "DocumentIssued"]
    # 20 working days after Tuesday 22 September, across the October holidays and the worked Saturday the 10th.
    assert walk.due_on("decision") == date(2026, 10, 27)


def test_an_incomplete_filing_cannot_be_accepted(walk):
    walk.file(materials=("funds",))
    with pytest.raises(GuardRefused) as refused:
        walk.act("clerk", "accept", at("2026-09-22"))
    assert refused.value.fields["rule"] == "materials_complete"


def test_silence_for_five_days_is_acceptance_back_to_receipt(walk):
    walk.file()
    names = walk.fire("acceptance", "expiry", at("2026-09-29", "00:00"))
    assert "FilingAccepted" in names
    assert walk.case.deemed
    assert walk.case.accepted_at == at("2026-09-21")
    assert walk.case.clock("decision").entries[0].on == date(2026, 9, 21)
    assert walk.case.clock("acceptance").late, (
        "the window missed it, although the filing counts as accepted in time"
    )


def test_deemed_acceptance_never_fires_before_its_instant(walk):
    walk.file()
    assert walk.fire("acceptance", "expiry", at("2026-09-28", "23:59")) == []
    assert walk.case.state == "received"


def test_an_act_after_the_expiry_finds_the_case_already_accepted(walk):
    walk.file(materials=("funds",))
    with pytest.raises(ActionNotAvailable):
        walk.act("clerk", "request_supplement", at("2026-09-29", "00:00"), defects=["charter"])
    assert walk.case.state == "received", "a refused command decides nothing"


def test_supplement_is_told_once_and_completely(walk):
    walk.file(materials=())
    walk.act("clerk", "request_supplement", at("2026-09-22"), defects=["seal missing"])
    assert walk.case.defects == ("charter", "funds", "seal missing")
    walk.act("ella", "supplement", at("2026-09-24"), materials=["charter"])
    walk.job("precheck", at("2026-09-24"))
    assert walk.case.clock("acceptance").generation == 2
    with pytest.raises(GuardRefused, match="supplement_not_yet_requested"):
        walk.act("clerk", "request_supplement", at("2026-09-25"), defects=["funds"])


def test_handler_checker_and_approver_are_different_persons(walk):
    to_review(walk)
    walk.act("chen", "review", at("2026-09-23"), inspectors=["anna", "bo"])
    with pytest.raises(SamePerson):
        walk.act("chen", "agree", at("2026-09-24"))


@pytest.mark.parametrize(
    ("actor", "error"), [("dong", NotAuthorised), ("nobody", UnknownPerson), ("public", NotAuthorised)]
)
def test_who_holds_no_such_post_is_refused(walk, actor, error):
    walk.file()
    with pytest.raises(error):
        walk.act(actor, "accept", at("2026-09-22"))


def test_one_inspector_is_not_enough(walk):
    to_review(walk)
    with pytest.raises(GuardRefused, match="two_inspectors"):
        walk.act("anna", "review", at("2026-09-23"), inspectors=["anna", "anna"])


def test_hearing_is_excluded_time_with_its_notice(walk):
    to_review(walk)
    assert "CountingStopped" in walk.act("anna", "order_hearing", at("2026-09-24"))
    assert walk.case.clock("decision").due is None
    names = walk.act("anna", "hold_hearing", at("2026-09-28"), chair="dong", record="heard")
    assert "CountingResumed" in names
    # 24 and 25 September are two working days that were not counted.
    assert walk.due_on("decision") == date(2026, 10, 29)


def test_the_chair_of_the_hearing_has_not_examined_the_case(walk):
    to_review(walk)
    walk.act("anna", "order_hearing", at("2026-09-24"))
    with pytest.raises(GuardRefused, match="chair_is_not_examiner"):
        walk.act("bo", "hold_hearing", at("2026-09-28"), chair="anna", record="heard")


def test_extension_once_before_expiry_with_the_reason(walk):
    to_review(walk)
    walk.act("dong", "extend", at("2026-10-20"), reason="complex")
    assert walk.due_on("decision") == date(2026, 11, 10)
    with pytest.raises(GuardRefused, match="not_extended_before"):
        walk.act("dong", "extend", at("2026-10-21"), reason="again")


def test_extension_after_expiry_is_refused(walk):
    to_review(walk)
    with pytest.raises(GuardRefused, match="before_due"):
        walk.act("dong", "extend", at("2026-10-28"), reason="too late")


def test_reminder_and_red_card_fall_on_the_post_that_holds_the_case(walk):
    to_review(walk)
    assert walk.fire("decision", "reminder", at("2026-10-26", "00:00")) == ["RungFired", "FindingRaised"]
    assert walk.fire("decision", "reminder", at("2026-10-26", "00:01")) == [], "once per revision"
    walk.fire("decision", "overdue", at("2026-10-28", "00:00"))
    red = next(event for event in reversed(walk.events) if isinstance(event, FindingRaised))
    assert (red.colour, red.post, red.organ, red.person, red.basis) == (
        "red",
        "handler",
        "office",
        "anna",
        "statute",
    )


def test_a_moved_due_date_makes_the_old_wake_up_mean_nothing(walk):
    to_review(walk)
    walk.act("dong", "extend", at("2026-10-20"), reason="complex")
    assert walk.fire("decision", "overdue", at("2026-10-28", "00:00"), revision=0) == []
    assert walk.fire("decision", "overdue", at("2026-11-11", "00:00"), revision=0) == [], "it was withdrawn"
    assert walk.fire("decision", "overdue", at("2026-11-11", "00:00"), revision=1) == [
        "RungFired",
        "FindingRaised",
        "ClockStarted",
        "ClockStarted",
    ], "to be acknowledged and explained"


def test_notice_ends_by_itself_and_an_open_objection_stops_only_the_signing(walk):
    to_notice(walk)
    assert walk.due_on("publicity") == date(2026, 10, 9)
    walk.act("public:somebody", "object", at("2026-09-28"), grounds="false certificate")
    walk.fire("publicity", "expiry", at("2026-10-10", "00:00"))
    assert walk.case.state == "signing"
    assert walk.case.notices == ()
    assert not walk.case.clock("publicity").late, "a notice period is meant to run out"
    with pytest.raises(GuardRefused, match="no_open_objection"):
        walk.act("dong", "sign", at("2026-10-12"))
    walk.act("anna", "answer_objection", at("2026-10-13"), upheld=False, finding="the certificate is genuine")
    names = walk.act("dong", "sign", at("2026-10-14"))
    assert names == ["ActionTaken", "DecisionMade", "CaseConcluded", "ClockEnded", "DocumentIssued"]
    walk.job("archive", at("2026-10-14"))
    assert walk.case.state == "archived"
    assert walk.case.delivered == ("notice", "licence")
    assert walk.case.open_clocks() == ()


def test_a_deemed_outcome_waits_when_the_date_is_provisional(walk):
    walk.file(now=at("2026-12-30"))
    assert walk.case.clock("acceptance").due.provisional
    assert walk.fire("acceptance", "expiry", at("2027-01-08", "00:00")) == ["OutcomeWithheld"]
    assert walk.case.state == "received"
    assert walk.fire("acceptance", "expiry", at("2027-01-09", "00:00")) == []


def test_a_job_for_a_visit_that_is_over_means_nothing(walk):
    walk.file()
    late = RunJob(case_id="c1", key="j", actor=SYSTEM, job=1, action="precheck", visit=1)
    assert walk.do(late, at("2026-09-21")) == []


def test_a_stale_version_is_refused(walk):
    walk.file()
    with pytest.raises(CaseHasMoved):
        walk.act("clerk", "accept", at("2026-09-22"), seen_version=1)
    walk.act("clerk", "accept", at("2026-09-22"), seen_version=walk.case.version)


def test_timers_do_not_move_the_version_that_people_see(walk):
    to_review(walk)
    version = walk.case.version
    walk.fire("decision", "reminder", at("2026-10-26", "00:00"))
    assert walk.case.version == version


@pytest.mark.parametrize(
    "fields",
    [{"wrong": 1}, {"inspectors": "anna"}, {"inspectors": [1, 2]}, {}],
    ids=["extra", "text", "ints", "none"],
)
def test_fields_are_checked_before_anything_happens(walk, fields):
    to_review(walk)
    with pytest.raises(BadFields):
        walk.act("anna", "review", at("2026-09-23"), **fields)


def test_a_back_dated_act_counts_from_its_legal_day(walk):
    walk.file()
    walk.act("clerk", "accept", at("2026-09-24"), effective_at=at("2026-09-22"))
    assert walk.case.clock("decision").entries[0].on == date(2026, 9, 22)


@pytest.mark.parametrize("when", ["2026-09-25", "2026-09-18"], ids=["future", "before receipt"])
def test_an_act_is_not_dated_into_the_future_nor_before_receipt(walk, when):
    walk.file()
    with pytest.raises(BadFields, match="effective_at"):
        walk.act("clerk", "accept", at("2026-09-24"), effective_at=at(when))


def test_there_must_be_a_case_to_act_on(walk):
    with pytest.raises(UnknownCase):
        walk.act("clerk", "accept", at("2026-09-24"))


def test_after_a_supplement_silence_is_acceptance_back_to_the_supplement(walk):
    walk.file(materials=())
    walk.act("clerk", "request_supplement", at("2026-09-22"))
    walk.act("ella", "supplement", at("2026-09-24"), materials=["charter", "funds"])
    walk.job("precheck", at("2026-09-24"))
    walk.fire("acceptance", "expiry", at("2026-10-11", "00:00"), generation=2)
    assert walk.case.accepted_at == at("2026-09-24")


def test_who_has_left_does_not_reach_back_nor_who_has_come_to_before_he_was_there():
    """A back-dated act needs the right on both days: today, and on the day on which it takes effect."""
    office = in_review()
    reviewed = {"inspectors": ["anna", "bo"], "effective_at": at(TUESDAY, "15:00")}
    office.leaves("anna", until=TUESDAY)

    with pytest.raises(NotAuthorised):
        office.act("anna", "review", at(WEDNESDAY), **reviewed)

    office.joins("fay", "handler", since=date.fromisoformat(WEDNESDAY))
    with pytest.raises(NotAuthorised):
        office.act("fay", "review", at(WEDNESDAY), **reviewed)
    office.act("bo", "review", at(WEDNESDAY), **reviewed)
