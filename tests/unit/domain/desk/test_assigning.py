"""Whose work it is: claimed by one, given by him or by the head, lent out and brought back."""

from __future__ import annotations

import pytest

from tests.unit.domain.desk.office import THURSDAY, WEDNESDAY, Office, in_check, in_review
from workflow.testing.sample import at

WED = at(WEDNESDAY)
THU = at(THURSDAY)


@pytest.fixture
def office():
    return in_review()


@pytest.fixture
def claimed(office):
    office.act("anna", "claim", WED)
    return office


# --- claim and release ------------------------------------------------------------------------------------------------


def test_the_first_who_claims_has_it_and_the_next_is_told_who_and_since_when(claimed):
    error = claimed.refused("bo", "claim")
    assert error.code == "already_claimed"
    assert error.fields == {"holder": "anna", "since": "2026-09-23T09:00:00+08:00"}


def test_what_one_has_cannot_be_claimed_again(claimed):
    assert claimed.rule("anna", "claim") == "has_it_already"


@pytest.mark.parametrize(
    ("actor", "rule"),
    [
        ("clerk", "holds_the_post"),
        ("ella", "holds_the_post"),
        ("dora", "stands_in"),
        ("nobody", "holds_the_post"),
    ],
)
def test_only_a_holder_of_the_post_claims(office, actor, rule):
    assert office.rule(actor, "claim") == rule


def test_a_deputy_claims_while_a_principal_is_away(office):
    office.away("anna")
    office.act("dora", "claim", WED)
    assert office.has_it() == "dora"


def test_who_acted_in_another_role_cannot_claim():
    office = in_check()
    office.joins("anna", "checker")
    assert office.rule("anna", "claim") == "no_other_role"


def test_where_the_case_waits_for_nobody_there_is_nothing_to_claim():
    office = Office()
    office.file()
    office.act("clerk", "accept", WED)
    office.act("ella", "withdraw", WED)
    assert office.rule("anna", "claim", THU) == "action_not_available"


def test_released_it_waits_for_the_post_again(claimed):
    claimed.act("anna", "release", THU, reason="away tomorrow")
    assert claimed.has_it() is None
    claimed.act("bo", "claim", THU)
    assert claimed.has_it() == "bo"


def test_only_who_has_it_releases_it(claimed):
    error = claimed.refused("bo", "release")
    assert (error.fields["rule"], error.fields["holder"]) == ("has_the_item", "anna")


def test_what_nobody_has_cannot_be_released(office):
    assert office.rule("anna", "release") == "nobody_has_it"


def test_nobody_else_acts_on_what_one_has(claimed):
    error = claimed.refused("bo", "review", inspectors=["anna", "bo"])
    assert (error.code, error.fields["holder"]) == ("held_by_another", "anna")
    claimed.act("anna", "review", THU, inspectors=["anna", "bo"])


def test_a_new_step_begins_with_nobodys_work_item(claimed):
    claimed.act("anna", "review", THU, inspectors=["anna", "bo"])
    assert claimed.has_it() is None


# --- assign and transfer ----------------------------------------------------------------------------------------------


def test_the_head_gives_work_out_and_takes_it_from_one_to_another(office):
    office.act("hana", "assign", WED, person="bo")
    assert (office.has_it(), office.case.desk.assignment.how) == ("bo", "distributed")
    office.act("hana", "assign", THU, person="anna", reason="load")
    assert (office.events[-1].previous, office.events[-1].reason) == ("bo", "load")


def test_nobody_but_a_head_assigns(office):
    assert [office.rule(actor, "assign", person="bo") for actor in ("anna", "sven", "ella", "dong")] == [
        "head"
    ] * 4


def test_a_head_who_is_recused_does_not_assign(office):
    office.joins("dong", "head")
    office.act("dong", "order_recusal", WED, person="hana", ground="interest")
    assert office.rule("hana", "assign", person="bo") == "person_recused"


@pytest.mark.parametrize(
    ("to", "rule"),
    [("clerk", "holds_the_post"), ("nobody", "holds_the_post"), ("bo", "is_there"), ("chen", "not_recused")],
)
def test_work_goes_only_to_somebody_who_can_do_it(claimed, to, rule):
    claimed.away("bo")
    claimed.act("chen", "recuse", WED, ground="relative")
    assert claimed.rule("anna", "transfer", person=to, reason="r") == rule


def test_work_does_not_go_to_who_acted_in_another_role():
    office = in_check()
    office.joins("anna", "checker")
    assert office.rule("chen", "transfer", person="anna", reason="r") == "no_other_role"


def test_a_transfer_needs_a_reason_and_a_person(claimed):
    error = claimed.refused("anna", "transfer")
    assert "person: required" in error.message
    assert "reason: required" in error.message


def test_a_transfer_to_who_has_it_is_none(claimed):
    assert claimed.rule("anna", "transfer", person="anna", reason="r") == "has_it_already"


def test_to_take_it_oneself_is_to_claim_it(office):
    assert office.rule("anna", "transfer", person="anna", reason="r") == "claim_it"


def test_a_deputy_to_whom_work_is_transferred_acts_though_nobody_is_away(claimed):
    assert claimed.rule("dora", "review", inspectors=["anna", "bo"]) == "held_by_another"
    claimed.act("anna", "transfer", WED, person="dora", reason="load")
    claimed.act("dora", "review", THU, inspectors=["anna", "bo"])
    assert claimed.case.acts[-1].person == "dora"


def test_a_leaver_who_still_has_it_can_do_nothing_with_it(claimed):
    claimed.leaves("anna")
    for verb, fields in (("release", {}), ("transfer", {"person": "bo", "reason": "r"})):
        assert claimed.rule("anna", verb, **fields) == "holds_the_post"
    assert claimed.rule("anna", "review", inspectors=["anna", "bo"]) == "not_authorised"


# --- delegate and hand back -------------------------------------------------------------------------------------------


@pytest.fixture
def lent(claimed):
    claimed.act("anna", "delegate", WED, person="dong", instructions="compare the accounts")
    return claimed


def test_lent_work_stays_with_its_principal_and_waits_for_the_opinion(lent):
    assert (lent.has_it(), lent.case.desk.delegation().delegate) == ("anna", "dong")
    assert lent.refused("anna", "review", inspectors=["a", "b"]).fields["holder"] == "dong"
    assert lent.rule("dong", "hand_back") == "opinion_needed"
    lent.act("dong", "hand_back", THU, opinion="they agree")
    assert lent.case.desk.delegation() is None
    lent.act("anna", "review", THU, inspectors=["anna", "bo"])


def test_who_gave_an_opinion_has_examined_and_may_not_approve(lent):
    lent.act("dong", "hand_back", THU, opinion="they agree")
    assert lent.rule("dong", "extend", THU, reason="complex") == "same_person"


def test_who_approved_something_meanwhile_gives_no_opinion_any_more(lent):
    """He holds the post of approver too: whichever of the two comes first shuts out the other."""
    lent.act("dong", "extend", WED, reason="complex")
    assert lent.rule("dong", "hand_back", THU, opinion="they agree") == "same_person"
    lent.act("anna", "hand_back", THU)
    assert {(act.post, act.person) for act in lent.case.acts} >= {("approver", "dong")}
    assert ("handler", "dong") not in {(act.post, act.person) for act in lent.case.acts}


def test_the_principal_calls_it_back_and_nobody_has_given_an_opinion(lent):
    lent.act("anna", "hand_back", THU)
    assert [act.person for act in lent.case.acts] == ["clerk"]


def test_what_was_lent_out_comes_back_when_the_work_goes_to_another(lent):
    names = lent.act("hana", "assign", THU, person="bo")
    assert names == ["DelegationReturned", "WorkAssigned"]


def test_lent_once_at_a_time_and_only_by_who_has_it(lent):
    assert lent.refused("anna", "delegate", person="bo", instructions="i").fields["rule"] == "lent_already"
    assert lent.rule("bo", "hand_back", opinion="o") == "has_the_item"


@pytest.mark.parametrize(
    ("to", "rule"),
    [
        ("anna", "of_the_organ"),
        ("ella", "of_the_organ"),
        ("sven", "of_the_organ"),
        ("nobody", "of_the_organ"),
        ("bo", "not_recused"),
        ("dong", "is_there"),
        ("clerk", "no_other_role"),
    ],
)
def test_work_is_lent_only_to_somebody_of_the_organ_who_may_examine(claimed, to, rule):
    """Not to oneself, a stranger, a supervisor; nor to who stands aside, is away, or acted in a role apart from it."""
    claimed.act("bo", "recuse", WED, ground="interest")
    claimed.away("dong")
    if to == "clerk":
        claimed.joins("clerk", "approver")
        claimed.act("clerk", "extend", WED, reason="complex")
    assert claimed.rule("anna", "delegate", person=to, instructions="i") == rule


def test_nothing_comes_back_that_was_not_lent(claimed):
    assert claimed.rule("anna", "hand_back", opinion="o") == "nothing_lent"


# --- handed over by the system ----------------------------------------------------------------------------------------


def test_the_system_hands_over_what_somebody_absent_has(claimed):
    assert claimed.act("system", "hand_over", WED) == []
    claimed.away("anna")
    assert claimed.act("system", "hand_over", WED) == ["WorkAssigned"]
    assert claimed.has_it() == "bo"


def test_of_several_in_line_the_one_who_acted_before_has_it_then_a_deputy_then_the_head(claimed):
    claimed.away("bo")
    claimed.away("chen")
    claimed.away("anna")
    claimed.act("system", "hand_over", WED)
    assert (claimed.has_it(), claimed.case.desk.assignment.how) == ("dora", "deputy")
    claimed.away("dora")
    claimed.act("system", "hand_over", WED)
    assert (claimed.has_it(), claimed.case.desk.assignment.how) == ("hana", "head")


def test_a_head_who_has_it_gives_it_on_but_does_not_act(claimed):
    for person in ("anna", "bo", "chen", "dora"):
        claimed.away(person)
    claimed.act("system", "hand_over", WED)
    assert claimed.rule("hana", "review", inspectors=["a", "b"]) == "not_authorised"
    claimed.joins("gus", "handler")
    claimed.act("hana", "transfer", THU, person="gus", reason="all are away")
    assert claimed.has_it() == "gus"


def test_no_person_hands_over(claimed):
    assert claimed.rule("hana", "hand_over") == "system"


# --- the version that people see --------------------------------------------------------------------------------------


def test_acts_on_the_work_move_the_version(office):
    version = office.case.version
    for actor, verb, fields in (
        ("anna", "claim", {}),
        ("anna", "delegate", {"person": "bo", "instructions": "i"}),
        ("bo", "hand_back", {"opinion": "o"}),
        ("anna", "transfer", {"person": "bo", "reason": "r"}),
        ("bo", "release", {}),
    ):
        office.act(actor, verb, WED, **fields)
        assert office.case.version == (version := version + 1)
    assert office.refused("anna", "claim", seen_version=version - 1).code == "case_has_moved"


def test_no_verb_about_the_work_moves_a_clock(lent):
    clocks = lent.case.clocks
    lent.act("dong", "hand_back", THU, opinion="o")
    lent.act("anna", "transfer", THU, person="bo", reason="r")
    assert lent.case.clocks == clocks
    assert lent.folded() == lent.case
