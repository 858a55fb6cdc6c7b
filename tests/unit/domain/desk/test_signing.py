"""Countersigning on a case: who may ask, who may sign, what stops the case, and what a recusal strikes out."""

from __future__ import annotations

import pytest

from tests.unit.domain.desk.asking import SIGNERS, Asking, away
from workflow.domain.commands import TakeAction
from workflow.domain.desk.opinions import countersigned
from workflow.domain.directory import Holding
from workflow.errors import (
    BadFields,
    BanjieError,
    NotOnThisCase,
    PersonRecused,
    UnknownPerson,
    VerbRefused,
)
from workflow.testing.sample import LONG_AGO, at

TWO = {"inspectors": ["anna", "bo"]}


@pytest.fixture
def desk():
    return Asking()


def rule(caught):
    return caught.value.fields["rule"]


def test_all_sign_and_the_round_ends_by_itself_once(desk):
    assert desk.ask() == ["CountersignOpened"]
    assert desk.cosign("hu") == ["CountersignSigned"]
    assert desk.cosign("ivy") == ["CountersignSigned"]
    assert desk.cosign("jin") == ["CountersignSigned", "CountersignEnded"]
    assert countersigned(desk.case) == "agreed"
    with pytest.raises(VerbRefused) as caught:
        desk.cosign("jin")
    assert rule(caught) == "open_round"


def test_the_first_disagreement_ends_a_round_of_all(desk):
    desk.ask()
    assert desk.cosign("ivy", "disagree") == ["CountersignSigned", "CountersignEnded"]
    assert countersigned(desk.case) == "rejected"


def test_a_disagreement_says_why(desk):
    desk.ask()
    with pytest.raises(VerbRefused) as caught:
        desk.act("ivy", "cosign", vote="disagree")
    assert rule(caught) == "words_of_disagreement"


def test_one_of_any_is_enough(desk):
    desk.ask("any")
    assert "CountersignEnded" not in desk.cosign("hu", "disagree")
    assert "CountersignEnded" in desk.cosign("jin")
    assert countersigned(desk.case) == "agreed"


def test_a_ratio_ends_as_soon_as_it_is_reached_or_out_of_reach(desk):
    desk.ask("ratio", numerator=2, denominator=3)
    desk.cosign("hu")
    assert "CountersignEnded" in desk.cosign("ivy")
    desk.ask("ratio", percent=67)
    desk.cosign("hu", "abstain")
    assert countersigned(desk.case) == "rejected"


def test_votes_have_weights(desk):
    desk.ask("weighted", weights={"hu": 3, "ivy": 2})
    assert "CountersignEnded" not in desk.cosign("hu")
    ended = desk.cosign("jin")
    assert ended[-1] == "CountersignEnded"
    tally = desk.history[-1][0]
    assert (tally.agree, tally.disagree, tally.unsigned) == (4, 0, 2)


def test_in_a_sequence_each_waits_for_his_turn(desk):
    desk.ask("sequential")
    with pytest.raises(VerbRefused) as caught:
        desk.cosign("ivy")
    assert rule(caught) == "ones_turn"
    assert "hu" in caught.value.message
    for person in SIGNERS:
        desk.cosign(person)
    assert countersigned(desk.case) == "agreed"


def test_nobody_signs_before_he_is_asked(desk):
    desk.ask()
    command = TakeAction(
        case_id="c1",
        key="k",
        actor="hu",
        action="cosign",
        fields={"vote": "agree"},
        effective_at=at("2026-09-22"),
    )
    with pytest.raises(VerbRefused) as caught:
        desk.do(command, at("2026-09-24"))
    assert rule(caught) == "after_being_asked"


def test_nobody_signs_twice_and_only_who_is_asked(desk):
    desk.ask()
    desk.cosign("hu")
    for actor, expected in (("hu", "signs_once"), ("chen", "signer"), ("anna", "signer")):
        with pytest.raises(BanjieError) as caught:
            desk.cosign(actor)
        assert rule(caught) == expected


def test_the_opener_signs_when_he_is_listed(desk):
    desk.ask(signers=("anna", "hu"))
    desk.cosign("anna")
    assert desk.round.signed_by("anna")


@pytest.mark.parametrize(
    ("actor", "error"), [("chen", NotOnThisCase), ("bo", NotOnThisCase), ("hu", BanjieError)]
)
def test_only_whoever_has_the_work_asks(desk, actor, error):
    with pytest.raises(error):
        desk.act(actor, "countersign", question="?", mode="all", signers=["hu"])


def test_work_that_nobody_has_is_claimed_by_asking(desk):
    desk.act("anna", "release")
    assert desk.ask() == ["WorkClaimed", "CountersignOpened"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"signers": ["hu", "hu"]}, "each once"),
        ({"mode": "all", "weights": {"hu": 2}}, "only in the modes weighted"),
        ({"mode": "weighted", "weights": {"hu": 0}}, "less than 1"),
        ({"mode": "weighted", "weights": {"zoe": 2}}, "not a signer"),
        ({"mode": "weighted", "weights": {"hu": "2"}}, "whole numbers"),
        ({"mode": "ratio"}, "a share above nothing"),
        ({"mode": "ratio", "percent": 101}, "a share above nothing"),
        ({"mode": "ratio", "percent": 50, "numerator": 1}, "not both"),
        ({"mode": "ratio", "percent": 100, "over": True}, "more than the whole"),
        ({"mode": "any", "percent": 50}, "only in the modes"),
        ({"quorum": 4}, "from 0 to 3"),
        ({"mode": "most"}, "must be one of"),
    ],
)
def test_what_cannot_be_asked(desk, fields, problem):
    with pytest.raises(BadFields, match=problem):
        desk.act(
            "anna", "countersign", **{"question": "?", "mode": "all", "signers": list(SIGNERS), **fields}
        )


@pytest.mark.parametrize(
    ("signer", "error"),
    [
        ("ella", VerbRefused),
        ("nobody", UnknownPerson),
        ("budget:auditor", VerbRefused),
        ("bo", PersonRecused),
    ],
)
def test_who_cannot_be_asked(desk, signer, error):
    desk.act("bo", "recuse", ground="relative")
    with pytest.raises(error):
        desk.ask(signers=(signer,))


def test_only_one_round_at_a_time(desk):
    desk.ask()
    with pytest.raises(VerbRefused) as caught:
        desk.ask()
    assert rule(caught) == "no_open_round"


# --- posts, deputies -------------------------------------------------------------------------------------------------


def test_a_post_signs_through_its_holder(desk):
    desk.ask(signers=("budget:officer", "hu"))
    desk.cosign("hu", signer="budget:officer")
    with pytest.raises(VerbRefused) as caught:
        desk.cosign("hu")
    assert rule(caught) == "signs_once", "one person, one signature in a round"


def test_the_deputy_signs_for_an_absent_signer_with_both_names_on_the_act():
    desk = Asking(away("jin"))
    desk.ask(signers=("jin",))
    desk.cosign("kim")
    signed = desk.history[-2][0]
    assert (signed.signer, signed.person) == ("jin", "kim")


def test_the_deputy_of_somebody_present_does_not_sign(desk):
    desk.ask(signers=("jin",))
    with pytest.raises(NotOnThisCase):
        desk.cosign("kim")


def test_an_absent_signer_without_a_deputy_is_not_asked():
    with pytest.raises(VerbRefused) as caught:
        Asking(away("hu")).ask()
    assert rule(caught) == "signer_there"


def test_a_signature_of_an_examining_post_keeps_the_person_in_his_role():
    desk = Asking(more=(Holding(person="dong", kind="checker", organ="office", since=LONG_AGO),))
    desk.ask("any", signers=("chen", "hu"))
    desk.cosign("hu")
    assert not any(act.person == "hu" for act in desk.case.acts), "an organ that is asked bars nobody"
    desk.ask("any", signers=("clerk",))
    desk.cosign("clerk")
    assert [act.post for act in desk.case.acts if act.person == "clerk"] == ["window"]


def test_a_checker_who_signed_cannot_approve_and_may_check():
    desk = Asking(more=(Holding(person="pia", kind="checker", organ="office", since=LONG_AGO),))
    desk.ask("any", signers=("pia",))
    desk.cosign("pia")
    assert [(act.post, act.person) for act in desk.case.acts][-1] == ("checker", "pia")
    desk.act("anna", "review", **TWO)
    assert desk.act("pia", "agree")[0] == "ActionTaken"


# --- adding and removing ---------------------------------------------------------------------------------------------


def test_the_opener_adds_and_removes(desk):
    desk.ask()
    assert desk.act("anna", "add_signer", signer="kim", reason="专业") == ["SignerAdded"]
    assert desk.act("anna", "remove_signer", signer="jin", reason="与本事项无关") == ["SignerRemoved"]
    assert [one.name for one in desk.round.signers] == ["hu", "ivy", "kim"]


@pytest.mark.parametrize(("position", "first"), [("before", "kim"), ("after", "hu"), ("parallel", "kim")])
def test_a_signer_adds_beside_himself(desk, position, first):
    desk.ask("sequential")
    desk.act("hu", "add_signer", signer="kim", position=position, reason="请其先看")
    desk.cosign(first)
    if position == "before":
        assert not desk.round.ahead_of(desk.round.signer("hu"))
    assert desk.round.ahead_of(desk.round.signer("ivy"))
    assert desk.round.signer("kim").added_by == "hu"


def test_what_a_signer_may_not_add_or_remove(desk):
    desk.ask()
    for fields, expected in (
        ({"signer": "kim", "beside": "ivy"}, "beside_oneself"),
        ({"signer": "kim", "weight": 2}, "beside_oneself"),
        ({"signer": "ivy"}, "new_signer"),
        ({"signer": "ella"}, "not_of_the_filers"),
    ):
        with pytest.raises(VerbRefused) as caught:
            desk.act("hu", "add_signer", reason="x", **fields)
        assert rule(caught) == expected
    with pytest.raises(VerbRefused) as caught:
        desk.act("hu", "remove_signer", signer="ivy", reason="x")
    assert rule(caught) == "own_addition"
    desk.act("hu", "add_signer", signer="kim", reason="x")
    desk.cosign("hu")
    assert desk.act("hu", "remove_signer", signer="kim", reason="x") == ["SignerRemoved"]


def test_a_removal_never_ends_a_round(desk):
    desk.ask()
    desk.cosign("hu")
    desk.cosign("ivy")
    with pytest.raises(VerbRefused) as caught:
        desk.act("anna", "remove_signer", signer="jin", reason="催不到")
    assert rule(caught) == "removal_decides_nothing"
    with pytest.raises(VerbRefused) as caught:
        desk.act("anna", "remove_signer", signer="hu", reason="x")
    assert rule(caught) == "unsigned_signer"
    assert desk.act("anna", "close_countersign", reason="重新征求意见") == ["CountersignEnded"]
    assert countersigned(desk.case) == "void"


def test_neither_the_last_signer_nor_one_of_the_quorum_is_removed(desk):
    desk.ask("any", signers=("hu", "ivy"), quorum=2)
    with pytest.raises(VerbRefused) as caught:
        desk.act("anna", "remove_signer", signer="hu", reason="x")
    assert rule(caught) == "removal_decides_nothing"


# --- what an open round does to the case -----------------------------------------------------------------------------


def test_while_signatures_are_missing_the_case_goes_no_further(desk):
    desk.ask()
    desk.cosign("hu")
    with pytest.raises(VerbRefused) as caught:
        desk.act("anna", "review", **TWO)
    assert rule(caught) == "signed_by_all"
    assert "ivy, jin" in caught.value.message
    assert desk.act("anna", "consult", ground="testing")[0] == "ActionTaken", (
        "what stays in the state is free"
    )


def test_a_withdrawal_voids_the_round(desk):
    desk.ask()
    assert desk.act("ella", "withdraw")[:2] == ["CountersignEnded", "ActionTaken"]
    assert countersigned(desk.case) == "void"


def test_a_return_voids_what_is_open_and_asks_anew_where_it_was_asked(desk):
    desk.ask("any")
    desk.cosign("hu")
    assert countersigned(desk.case) == "agreed"
    desk.act("anna", "review", **TWO)
    assert countersigned(desk.case) == "agreed", "what was agreed holds on the way forward"
    desk.act("chen", "countersign", question="?", mode="all", signers=["hu"])
    assert "CountersignEnded" in desk.act("chen", "send_back")
    assert [one.outcome for one in desk.case.signing] == ["agreed", "void"]
    assert desk.case.signing[0].lapsed
    assert countersigned(desk.case) == "void"


def test_an_act_taken_back_voids_the_round_of_the_next(desk):
    desk.act("anna", "review", **TWO)
    desk.act("chen", "countersign", question="?", mode="all", signers=["hu"])
    happened = desk.act("anna", "take_back")
    assert happened == ["CountersignEnded", "ActTakenBack"]


# --- recusal ---------------------------------------------------------------------------------------------------------


def test_a_recused_signer_is_out_and_the_round_is_counted_again(desk):
    desk.ask()
    desk.cosign("hu")
    desk.cosign("ivy")
    happened = desk.act("jin", "recuse", ground="interest")
    assert happened == ["Recused", "SignatureStruck", "CountersignEnded"]
    assert countersigned(desk.case) == "agreed"


def test_a_vote_before_the_recusal_is_struck_out(desk):
    desk.ask("ratio", numerator=1, denominator=2, over=True)
    desk.cosign("hu")
    desk.act("hu", "recuse", ground="interest")
    assert [one.name for one in desk.round.signers] == ["ivy", "jin"]
    assert desk.round.weight("agree") == 0
    with pytest.raises(PersonRecused):
        desk.cosign("hu")


def test_a_signature_put_for_another_is_struck_out_and_he_signs_himself():
    desk = Asking(away("jin"))
    desk.ask(signers=("jin", "hu"))
    desk.cosign("kim")
    desk.act("kim", "recuse", ground="interest")
    assert desk.round.signer("jin").vote is None
    desk.cosign("jin")
    assert desk.round.signed_by("jin")


def test_without_signers_or_quorum_a_round_is_void(desk):
    desk.ask(signers=("hu",))
    assert desk.act("hu", "recuse", ground="interest")[-1] == "CountersignEnded"
    assert desk.history[-1][0].because == "no_signers"
    desk.ask("any", signers=("ivy", "jin"), quorum=2)
    desk.act("ivy", "recuse", ground="interest")
    assert desk.history[-1][0].because == "quorum"


def test_what_somebody_recused_later_signed_supports_nothing(desk):
    desk.ask("any", signers=("bo", "hu"))
    desk.cosign("bo")
    assert countersigned(desk.case) == "agreed"
    desk.act("bo", "recuse", ground="relative")
    assert countersigned(desk.case) == "void"


def test_a_signature_leaves_the_version_that_people_see(desk):
    desk.ask()
    seen = desk.case.version
    desk.cosign("hu")
    assert desk.case.version == seen
    desk.cosign("ivy", "disagree")
    assert desk.case.version == seen + 1
