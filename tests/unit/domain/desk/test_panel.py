"""Expert panels: the draw that can be repeated, seats and alternates, the secret ballot, the count, the minutes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.desk.asking import EXPERTS, Asking, away
from workflow.domain.desk import urn
from workflow.domain.desk.opinions import has_minutes, panel_for, panel_not_for, panel_result
from workflow.domain.desk.panel_state import Stage
from workflow.domain.directory import Holding
from workflow.domain.events import BallotCast, BallotsCounted, PanelConvened, PanelDrawn
from workflow.errors import BadFields, BanjieError, NotOnThisCase, PersonRecused, VerbRefused
from workflow.storage.codec import encode_case, encode_event
from workflow.testing.sample import LONG_AGO

TWO = {"inspectors": ["anna", "bo"]}
HALF = {"numerator": 1, "denominator": 2, "over": False}


@pytest.fixture
def desk():
    return Asking()


@pytest.fixture
def drawn(desk):
    desk.convene()
    desk.act("anna", "draw_panel")
    return desk


def rule(caught):
    return caught.value.fields["rule"]


def last(desk, kind):
    return next(event for event, _ in reversed(desk.history) if isinstance(event, kind))


# --- the draw --------------------------------------------------------------------------------------------------------


def test_the_candidates_and_the_seed_are_fixed_before_the_draw_and_anybody_can_repeat_it(desk):
    assert desk.convene(size=5, alternates=3) == ["PanelConvened"]
    convened = last(desk, PanelConvened)
    assert desk.secrets[1, "seed"].value not in repr(convened)
    desk.act("anna", "draw_panel")
    told = last(desk, PanelDrawn)
    assert urn.sealed(told.seed) == convened.seal
    order = urn.drawn(convened.candidates, told.seed)
    assert (told.seats, told.alternates) == (order[:5], order[5:8])
    assert desk.secrets[1, "seed"].value == "", "what has served is not kept"


def test_who_may_not_judge_is_left_out_with_the_ground():
    unit = Holding(person="expert-03", kind="staff", organ="agency", since=LONG_AGO)
    desk = Asking(away("expert-04"), more=(unit,))
    desk.act("lee", "order_recusal", person="expert-01", ground="relative")
    desk.act("anna", "countersign", question="?", mode="any", signers=["expert-02"])
    desk.cosign("expert-02")
    desk.convene()
    convened = last(desk, PanelConvened)
    assert {one.person: one.ground for one in convened.left_out} == {
        "expert-01": "recused",
        "expert-02": "acted",
        "expert-03": "party",
        "expert-04": "absent",
    }
    assert convened.candidates == EXPERTS[4:]


def test_a_pool_that_is_too_small(desk):
    with pytest.raises(VerbRefused) as caught:
        desk.convene(size=13)
    assert rule(caught) == "experts_enough"


@pytest.mark.parametrize("fields", [{"size": 0}, {"quorum": 6}, {"alternates": -1}, {"percent": 0}])
def test_what_cannot_be_convened(desk, fields):
    with pytest.raises(BadFields):
        desk.convene(**fields)


def test_a_seed_that_was_changed_draws_nobody(desk):
    desk.convene()
    secret = desk.secrets[1, "seed"]
    desk.secrets[1, "seed"] = urn.PanelSecret(panel=1, kind="seed", value="00" * 32, salt=secret.salt)
    with pytest.raises(VerbRefused) as caught:
        desk.act("anna", "draw_panel")
    assert rule(caught) == "seed_as_sealed"


@given(st.sets(st.text(min_size=1, max_size=8), min_size=1, max_size=20), st.binary(min_size=32, max_size=32))
def test_the_draw_does_not_depend_on_how_the_candidates_are_listed(people, seed):
    listed = sorted(people)
    order = urn.drawn(listed, seed.hex())
    assert order == urn.drawn(reversed(listed), seed.hex())
    assert set(order) == people
    without = urn.drawn((person for person in listed if person != order[0]), seed.hex())
    assert without == order[1:], "who is left out moves nobody else"


# --- seats -----------------------------------------------------------------------------------------------------------


def test_who_declines_makes_room_for_the_next_alternate(drawn):
    first, spare = drawn.seats()[0], drawn.panel.spare
    drawn.act(first, "decline_panel", reason="出差")
    assert drawn.seats()[-1] == spare[0]
    assert drawn.panel.spare == spare[1:]
    drawn.act("anna", "decline_panel", person=drawn.seats()[0], reason="联系不上")
    drawn.act(drawn.seats()[0], "decline_panel", reason="生病")
    assert len(drawn.seats()) == 4, "when there are no alternates left the seat is empty"


def test_a_recused_member_is_replaced_and_an_alternate_who_is_recused_is_passed_over(drawn):
    spare = drawn.panel.spare
    drawn.act("lee", "order_recusal", person=spare[0], ground="relative")
    first = drawn.seats()[0]
    assert drawn.act(first, "recuse", ground="interest") == ["Recused", "PanelSeatChanged"]
    assert drawn.seats()[-1] == spare[1]
    with pytest.raises(PersonRecused):
        drawn.act(first, "cast_ballot", vote="agree")


# --- the ballot ------------------------------------------------------------------------------------------------------


def test_the_record_never_says_how_somebody_voted(drawn):
    drawn.vote("agree", "disagree", "abstain", "agree", "agree")
    cast = [event for event, _ in drawn.history if isinstance(event, BallotCast)]
    assert len({event.urn for event in cast}) == 5, "each ballot binds the urn anew"
    for event in cast:
        written = encode_event(event)
        assert not any(vote.encode() in written for vote in ("agree", "disagree", "abstain"))
    assert '"agree":null' in encode_case(drawn.case), "and nothing is counted before the count"
    assert set(drawn.secrets) == {(1, "seed"), (1, "urn")}, "one value for all ballots together"


def test_a_ballot_is_remembered_without_the_vote(drawn):
    from workflow.domain.commands import TakeAction  # noqa: PLC0415

    command = TakeAction(case_id="c1", key="k", actor="x", action="cast_ballot", fields={"vote": "agree"})
    assert urn.without_the_vote(command).fields == {}


def test_who_votes_and_how_often(drawn):
    with pytest.raises(NotOnThisCase):
        drawn.act("anna", "cast_ballot", vote="agree")
    with pytest.raises(BadFields, match="one of agree"):
        drawn.act(drawn.seats()[0], "cast_ballot", vote="perhaps")
    drawn.vote("agree")
    with pytest.raises(VerbRefused) as caught:
        drawn.vote("agree")
    assert rule(caught) == "not_voted_yet"
    with pytest.raises(VerbRefused) as caught:
        drawn.act("anna", "decline_panel", person=drawn.seats()[0], reason="x")
    assert rule(caught) == "not_voted_yet"


def test_nothing_is_counted_without_the_quorum_of_two_thirds(drawn):
    assert drawn.panel.quorum == 4
    drawn.vote("agree", "agree", "agree")
    with pytest.raises(VerbRefused) as caught:
        drawn.act("anna", "count_ballots")
    assert rule(caught) == "quorum_of_the_panel"


@pytest.mark.parametrize(
    ("votes", "fields", "outcome"),
    [
        (("agree", "agree", "agree", "disagree"), {}, "agreed"),
        (("agree", "agree", "disagree", "disagree"), {}, "rejected"),
        (("agree", "agree", "disagree", "disagree"), HALF, "agreed"),
        (("agree", "agree", "abstain", "abstain", "abstain"), HALF, "rejected"),
        (("agree", "agree", "agree", "abstain", "abstain"), {"percent": 60}, "agreed"),
    ],
)
def test_the_outcome_by_the_share_of_the_convening(desk, votes, fields, outcome):
    desk.convene(**fields)
    desk.act("anna", "draw_panel")
    desk.vote(*votes)
    desk.act("anna", "count_ballots")
    counted = last(desk, BallotsCounted)
    assert (counted.outcome, counted.agree) == (outcome, votes.count("agree"))
    assert counted.present == tuple(sorted(desk.seats()[: len(votes)]))
    assert desk.secrets[1, "urn"].value == "", "the urn is emptied with the count"


def test_the_last_commitment_opens_to_the_tally(drawn):
    drawn.vote("agree", "agree", "disagree", "agree")
    bound = last(drawn, BallotCast).urn
    drawn.act("anna", "count_ballots")
    counted = last(drawn, BallotsCounted)
    value = f'{{"abstain": {counted.abstain}, "agree": {counted.agree}, "disagree": {counted.disagree}}}'
    assert urn.bound(urn.PanelSecret(panel=1, kind="urn", value=value, salt=counted.salt)) == bound


@pytest.mark.parametrize("value", ['{"abstain": 0, "agree": 4, "disagree": 0}', ""])
def test_an_urn_that_was_changed_is_not_counted(drawn, value):
    drawn.vote("agree", "agree", "disagree", "agree")
    kept = drawn.secrets[1, "urn"]
    drawn.secrets[1, "urn"] = urn.PanelSecret(panel=1, kind="urn", value=value, salt=kept.salt)
    with pytest.raises(VerbRefused) as caught:
        drawn.act("anna", "count_ballots")
    assert rule(caught) == "urn_as_bound"
    assert drawn.act("anna", "dissolve_panel", reason="票箱不符") == ["PanelDissolved"]


def test_somebody_recused_after_voting_makes_all_vote_again(drawn):
    drawn.vote("agree", "agree")
    happened = drawn.act(drawn.seats()[0], "recuse", ground="interest")
    assert happened == ["Recused", "BallotAnnulled", "PanelSeatChanged"]
    assert drawn.panel.voted() == ()
    assert drawn.secrets[1, "urn"].value == ""
    drawn.vote("disagree", "disagree", "disagree", "disagree")
    drawn.act("anna", "count_ballots")
    assert (drawn.panel.agree, drawn.panel.not_agree) == (0, 4)


# --- minutes, and what rests on them ---------------------------------------------------------------------------------


@pytest.fixture
def counted(drawn):
    drawn.vote("agree", "agree", "agree", "disagree")
    drawn.act("anna", "count_ballots")
    return drawn


def test_only_the_minutes_make_a_result(counted):
    assert panel_result(counted.case) == "open"
    assert not has_minutes(counted.case)
    counted.act("anna", "panel_minutes", attendees=counted.seats()[:4], text="评审意见")
    assert panel_result(counted.case) == "agreed"
    assert (panel_for(counted.case), panel_not_for(counted.case)) == (3, 1)


def test_the_minutes_name_all_who_voted_and_no_stranger(counted):
    for attendees in (counted.seats()[:3], [*counted.seats()[:4], "bo"]):
        with pytest.raises(VerbRefused) as caught:
            counted.act("anna", "panel_minutes", attendees=attendees, text="x")
        assert rule(caught) == "attendees_of_the_panel"


def test_a_counted_panel_is_not_dissolved(counted):
    with pytest.raises(VerbRefused) as caught:
        counted.act("anna", "dissolve_panel", reason="结果不好")
    assert rule(caught) == "not_counted_yet"


@pytest.mark.parametrize(
    ("stage", "expected"), [("convened", "count_of_the_panel"), ("counted", "minutes_of_the_panel")]
)
def test_a_panel_that_is_not_done_holds_the_case(desk, stage, expected):
    desk.convene()
    if stage == "counted":
        desk.act("anna", "draw_panel")
        desk.vote("agree", "agree", "agree", "agree")
        desk.act("anna", "count_ballots")
    with pytest.raises(VerbRefused) as caught:
        desk.act("anna", "review", **TWO)
    assert rule(caught) == expected
    assert desk.act("ella", "withdraw")[0] == "PanelDissolved"
    assert desk.panel.stage is Stage.DISSOLVED


def test_a_case_that_comes_back_has_a_new_panel(counted):
    counted.act("anna", "panel_minutes", attendees=counted.seats()[:4], text="评审意见")
    counted.act("anna", "review", **TWO)
    assert has_minutes(counted.case)
    counted.act("chen", "send_back")
    assert panel_result(counted.case) == "void"
    counted.act("anna", "claim")
    assert counted.convene() == ["PanelConvened"]
    assert counted.panel.number == 2


def test_a_member_who_is_recused_later_takes_the_result_with_him(counted):
    counted.act("anna", "panel_minutes", attendees=counted.seats()[:4], text="评审意见")
    counted.act("lee", "order_recusal", person=counted.seats()[0], ground="interest")
    assert panel_result(counted.case) == "void"


def test_the_chair_presides_and_whoever_has_the_work_while_the_chair_cannot(desk):
    desk.convene(chair="jin")
    with pytest.raises(NotOnThisCase) as caught:
        desk.act("anna", "draw_panel")
    assert rule(caught) == "chair_of_the_panel"
    desk.act("lee", "order_recusal", person="jin", ground="relative")
    assert desk.act("anna", "draw_panel") == ["PanelDrawn"]


@pytest.mark.parametrize(
    ("verb", "fields", "expected"),
    [
        ("count_ballots", {}, "panel_drawn"),
        ("panel_minutes", {"attendees": ["x"], "text": "x"}, "panel_counted"),
        ("convene_panel", {"pool": "pool", "size": 3}, "no_open_panel"),
    ],
)
def test_each_step_in_its_order(desk, verb, fields, expected):
    desk.convene()
    with pytest.raises(VerbRefused) as caught:
        desk.act("anna", verb, **fields)
    assert rule(caught) == expected


@pytest.mark.parametrize("verb", ["draw_panel", "count_ballots", "cast_ballot", "dissolve_panel"])
def test_without_a_panel_there_is_nothing_to_do(desk, verb):
    with pytest.raises(BanjieError) as caught:
        desk.act(
            "anna",
            verb,
            **(
                {"vote": "agree"}
                if verb == "cast_ballot"
                else {"reason": "x"}
                if verb == "dissolve_panel"
                else {}
            ),
        )
    assert rule(caught) == "open_panel"
