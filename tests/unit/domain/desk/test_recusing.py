"""Who has an interest in a case stands aside: he says so, somebody asks for it, or the head of his organ orders it."""

from __future__ import annotations

import pytest

from tests.unit.domain.desk.office import THURSDAY, WEDNESDAY, in_check, in_review
from workflow.domain.directory import Organ
from workflow.testing.sample import at

WED = at(WEDNESDAY)
THU = at(THURSDAY)


@pytest.fixture
def office():
    return in_review()


# --- self-reported ----------------------------------------------------------------------------------------------------


def test_who_stands_aside_acts_no_more_whatever_he_has(office):
    office.act("anna", "claim", WED)
    names = office.act("anna", "recuse", WED, ground="relative")
    assert names == ["Recused", "WorkAssigned"]
    assert office.has_it() == "bo"
    assert office.rule("anna", "review", inspectors=["anna", "bo"]) == "person_recused"
    assert office.rule("anna", "claim") == "not_recused"


def test_in_the_same_breath_the_work_goes_to_the_next_in_line_or_back_to_the_post(office):
    for person in ("bo", "chen", "dora", "hana"):
        office.away(person)
    office.act("anna", "claim", WED)
    names = office.act("anna", "recuse", WED, ground="interest")
    assert names == ["Recused", "WorkReleased"]
    assert office.has_it() is None


def test_work_that_nobody_has_stays_with_the_post_while_somebody_can_claim_it(office):
    assert office.act("anna", "recuse", WED, ground="interest") == ["Recused"]
    office.act("bo", "claim", WED)


def test_work_that_nobody_could_claim_any_more_goes_to_the_deputy(office):
    """Nobody is absent, so the deputy could not take it by himself; without this it would wait for nobody."""
    for person in ("anna", "bo"):
        assert office.act(person, "recuse", WED, ground="interest") == ["Recused"]
    assert office.act("chen", "recuse", WED, ground="interest") == ["Recused", "WorkAssigned"]
    assert (office.has_it(), office.case.desk.assignment.how) == ("dora", "recusal")
    office.act("dora", "review", THU, inspectors=["dora", "bo"])


def test_a_delegate_who_stands_aside_gives_the_work_back_without_an_opinion(office):
    office.act("anna", "claim", WED)
    office.act("anna", "delegate", WED, person="bo", instructions="i")
    names = office.act("bo", "recuse", WED, ground="interest")
    assert names == ["Recused", "DelegationReturned"]
    assert (office.has_it(), office.events[-1].opinion) == ("anna", None)


def test_a_principal_who_stands_aside_takes_back_what_he_lent_out(office):
    office.act("anna", "claim", WED)
    office.act("anna", "delegate", WED, person="bo", instructions="i")
    names = office.act("anna", "recuse", WED, ground="interest")
    assert names == ["Recused", "DelegationReturned", "WorkAssigned"]


def test_once_is_enough(office):
    office.act("anna", "recuse", WED, ground="other")
    assert office.rule("anna", "recuse", ground="other") == "not_yet_recused"


@pytest.mark.parametrize("actor", ["ella", "gus"])
def test_only_who_may_come_to_act_says_so_not_the_applicant(office, actor):
    assert office.rule(actor, "recuse", ground="other") == "own_post"


def test_who_has_acted_and_left_may_still_say_so(office):
    office.act("anna", "consult", WED, ground="testing")
    office.leaves("anna")
    office.act("anna", "recuse", THU, ground="interest")
    assert office.case.desk.recused("anna")


def test_the_grounds_are_those_of_the_law(office):
    assert "relative, interest, other" in office.refused("anna", "recuse", ground="tired").message


# --- ordered ----------------------------------------------------------------------------------------------------------


def test_the_head_orders_it(office):
    office.act("hana", "order_recusal", WED, person="anna", ground="relative")
    assert [(r.person, r.how) for r in office.case.desk.recusals] == [("anna", "ordered")]
    assert office.rule("hana", "order_recusal", person="anna", ground="relative") == "not_yet_recused"


def test_nobody_but_a_head_orders_it(office):
    assert [
        office.rule(a, "order_recusal", person="anna", ground="other") for a in ("bo", "sven", "ella")
    ] == ["head"] * 3


def test_an_unknown_person_cannot_be_ordered_aside(office):
    assert office.rule("hana", "order_recusal", person="nobody", ground="other") == "unknown_person"


def test_a_head_orders_only_his_own_people_aside(office):
    """The organ of a person decides (公务员法 art. 78): the applicant's staff are none of the office's."""
    assert office.rule("hana", "order_recusal", person="ella", ground="other") == "heads_the_person"


def test_the_applicants_head_never_orders_an_examiner_aside_even_while_the_case_waits_for_the_applicant():
    office = in_review()
    office.joins("gus", "head", organ="agency")
    assert office.rule("gus", "order_recusal", person="anna", ground="other") == "head"
    office = type(office)()
    office.joins("gus", "head", organ="agency")
    office.file(materials=("funds",))
    office.act("clerk", "request_supplement", at("2026-09-22"))
    assert office.case.state == "supplementing"
    assert office.rule("gus", "order_recusal", person="anna", ground="other") == "head"
    office.act("hana", "order_recusal", WED, person="anna", ground="other")


def test_the_head_of_the_organ_above_orders_it_too(office):
    ministry = Organ(code="ministry", kind="ministry", names={"zh-CN": "部", "en": "Ministry"})
    organs = dict(office.facts.directory.organs)
    organs |= {
        "ministry": ministry,
        "office": type(ministry)(code="office", kind="bureau", names={}, parent="ministry"),
    }
    office._directory(organs=organs)
    office.joins("gus", "head", organ="ministry")
    office.act("gus", "order_recusal", WED, person="hana", ground="interest")
    assert office.case.desk.recused("hana")


# --- asked for and decided --------------------------------------------------------------------------------------------


def test_a_party_asks_and_the_head_decides_with_a_reason(office):
    version = office.case.version
    office.act("ella", "ask_recusal", WED, person="anna", ground="her brother owns a rival")
    assert office.case.version == version, "a word from outside makes nobody's act fail"
    assert "reason: required" in office.refused("hana", "decide_recusal", request=1, granted=True).message
    names = office.act("hana", "decide_recusal", WED, request=1, granted=True, reason="it is so")
    assert names == ["RecusalDecided", "Recused"]
    assert office.case.desk.recused("anna")


def test_refused_nothing_changes_and_it_is_decided_once(office):
    office.act("ella", "ask_recusal", WED, person="anna", ground="g")
    office.act("hana", "decide_recusal", WED, request=1, granted=False, reason="no relation")
    assert not office.case.desk.recused("anna")
    error = office.refused("hana", "decide_recusal", request=1, granted=True, reason="r")
    assert (error.fields["rule"], error.fields["number"]) == ("open_request", 1)


def test_one_open_request_about_a_person_at_a_time(office):
    office.act("ella", "ask_recusal", WED, person="anna", ground="g")
    assert office.rule("ella", "ask_recusal", person="anna", ground="g") == "not_yet_recused"


def test_nobody_decides_about_himself(office):
    office.act("ella", "ask_recusal", WED, person="hana", ground="g")
    assert office.rule("hana", "decide_recusal", request=1, granted=False, reason="r") == "not_oneself"


def test_who_has_no_business_with_the_case_does_not_ask(office):
    assert [office.rule(a, "ask_recusal", person="anna", ground="g") for a in ("gus", "public:zhang")] == [
        "party"
    ] * 2


def test_the_machine_of_the_clocks_does_not_notice(office):
    clocks = office.case.clocks
    office.act("anna", "claim", WED)
    office.act("anna", "recuse", WED, ground="other")
    assert office.case.clocks == clocks
    assert office.folded() == office.case


def test_a_checker_who_stands_aside_stays_aside_in_every_later_step():
    office = in_check()
    office.joins("gus", "checker")
    office.act("chen", "recuse", THU, ground="other")
    office.act("gus", "send_back", THU)
    assert office.rule("chen", "review", THU, inspectors=["a", "b"]) == "person_recused"
