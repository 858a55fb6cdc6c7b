"""A word to the desk: urged (催办), ordered by a day (督办), answered (督办回复). None of it decides or moves the work."""

from __future__ import annotations

import pytest

from tests.unit.domain.desk.office import FRIDAY, THURSDAY, WEDNESDAY, Office, in_check, in_review
from workflow.testing.sample import at

WED = at(WEDNESDAY)
THU = at(THURSDAY)


@pytest.fixture
def office():
    return in_review()


def test_an_urging_is_told_to_whoever_has_the_work(office):
    version, clocks = office.case.version, office.case.clocks
    office.act("anna", "claim", WED)
    office.act("ella", "urge", THU, text="please")
    urged = office.events[-1]
    assert (urged.person, urged.post, urged.organ) == ("anna", "handler", "office")
    assert (office.case.version, office.case.clocks) == (version + 1, clocks), (
        "only the claim moved the version"
    )


def test_the_same_person_urges_again_after_three_working_days(office):
    office.act("ella", "urge", WED, text="please")
    error = office.refused("ella", "urge", THU, text="please")
    assert (error.code, error.fields["again_on"]) == ("urged_already", "2026-09-28")
    office.act("sven", "urge", THU, text="another may")
    assert office.refused("ella", "urge", at("2026-09-27"), text="please").code == "urged_already"
    office.act("ella", "urge", at("2026-09-28"), text="please")
    assert {one.by: one.times for one in office.case.desk.urgings} == {"ella": 2, "sven": 1}


def test_who_has_no_business_with_the_case_does_not_urge(office):
    assert [office.rule(actor, "urge", text="t") for actor in ("gus", "anna", "public:zhang")] == [
        "party"
    ] * 3
    assert office.rule("nobody", "urge", text="t") == "unknown_person"


def test_what_is_concluded_is_not_urged():
    office = Office()
    office.file()
    office.act("clerk", "accept", WED)
    office.act("ella", "withdraw", WED)
    assert office.rule("ella", "urge", THU, text="t") == "action_not_available"


@pytest.mark.parametrize("actor", ["hana", "sven"])
def test_head_and_supervisor_order_something_by_a_day(office, actor):
    version = office.case.version
    office.act(actor, "order", WED, text="decide it", due_on=FRIDAY)
    order = office.case.desk.orders[-1]
    assert (order.number, order.by, order.due_on.isoformat(), order.answered) == (1, actor, FRIDAY, False)
    assert office.case.version == version


def test_no_examiner_and_no_party_orders(office):
    assert [office.rule(a, "order", text="t", due_on=FRIDAY) for a in ("anna", "ella", "gus")] == [
        "supervisor"
    ] * 3


def test_the_day_lies_ahead(office):
    error = office.refused("sven", "order", THU, text="t", due_on=THURSDAY)
    assert (error.fields["rule"], error.fields["on"]) == ("later_day", THURSDAY)
    assert "YYYY-MM-DD" in office.refused("sven", "order", THU, text="t", due_on="soon").message


@pytest.fixture
def ordered(office):
    office.act("sven", "order", WED, text="decide it", due_on=FRIDAY)
    return office


def test_whoever_has_the_work_answers_in_writing_once(ordered):
    ordered.act("anna", "claim", WED)
    assert ordered.rule("bo", "answer_order", THU, order=1, reply="r") == "has_the_item"
    ordered.act("anna", "answer_order", THU, order=1, reply="on Friday")
    assert ordered.case.desk.orders[0].answered
    assert ordered.refused("anna", "answer_order", THU, order=1, reply="r").fields["rule"] == "open_order"
    assert ordered.folded() == ordered.case


def test_there_must_be_such_an_order(ordered):
    assert ordered.refused("anna", "answer_order", THU, order=2, reply="r").fields["number"] == 2


def test_nobody_answers_his_own_order(office):
    office.act("hana", "order", WED, text="t", due_on=FRIDAY)
    assert office.rule("hana", "answer_order", THU, order=1, reply="r") == "not_ones_own"


def test_the_head_answers_for_the_desk(ordered):
    ordered.act("hana", "answer_order", THU, order=1, reply="I have seen to it")


def test_who_was_ordered_answers_though_the_case_has_gone_on():
    office = in_check()
    office.act("chen", "claim", WED)
    office.act("sven", "order", WED, text="why so long", due_on=FRIDAY)
    office.act("chen", "agree", WED)
    office.act("chen", "answer_order", THU, order=1, reply="it is done")


def test_a_supervisor_decides_nothing(office):
    for verb, fields in (
        ("claim", {}),
        ("review", {"inspectors": ["a", "b"]}),
        ("assign", {"person": "bo"}),
        ("order_recusal", {"person": "bo", "ground": "other"}),
        ("transfer", {"person": "bo", "reason": "r"}),
    ):
        assert office.refused("sven", verb, **fields).status == 403
