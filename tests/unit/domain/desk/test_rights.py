"""Who has a right to a verb, and that less never allows more: one recusal more, one holding or one absence less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.domain.desk.office import THURSDAY, WEDNESDAY, Office, in_review
from workflow.domain import authority
from workflow.domain.authority import Allowed
from workflow.domain.desk import verbs
from workflow.domain.desk.state import Assignment, Delegation, Move, Order, Recusal
from workflow.domain.directory import Absence, Directory, Holding
from workflow.domain.scene import Scene
from workflow.errors import BanjieError
from workflow.testing import sample
from workflow.testing.sample import LONG_AGO, at

DEFINITION, FACTS = sample.definition(), sample.facts()
PEOPLE = sorted(FACTS.directory.persons)
KINDS = ("window", "handler", "checker", "approver", "head", "supervisor", "auditor", "applicant")
EVERYBODY = (*PEOPLE, "system", "public", "public:zhang", "nobody")
NOW, ON = at(THURSDAY), date.fromisoformat(THURSDAY)
BEFORE = date.fromisoformat(WEDNESDAY)

# --- who acts for whom ------------------------------------------------------------------------------------------------


def test_a_deputy_head_acts_only_while_the_head_is_away():
    office = in_review()
    office.joins("gus", "head", deputy=True)
    assert office.rule("gus", "assign", person="bo") == "head"
    office.away("hana")
    office.act("gus", "assign", at(WEDNESDAY), person="bo")


def test_nothing_is_done_on_a_case_that_is_over_but_what_may_be():
    office = Office()
    office.file()
    office.act("ella", "withdraw", at("2026-09-21", "10:00"))
    error = office.refused("hana", "assign", person="bo")
    assert error.code == "action_not_available"
    assert "answer_order" in error.fields["available"]


# --- less never allows more -------------------------------------------------------------------------------------------

people = st.sampled_from(PEOPLE)
holdings = st.builds(
    Holding,
    person=people,
    kind=st.sampled_from(KINDS),
    organ=st.sampled_from(("office", "agency")),
    since=st.just(LONG_AGO),
    deputy=st.booleans(),
)
absences = st.builds(Absence, person=people, since=st.just(ON), until=st.just(ON))
directories = st.builds(
    lambda held, away: replace(FACTS.directory, holdings=tuple(held), absences=tuple(away)),
    st.lists(holdings, min_size=1, max_size=8),
    st.lists(absences, max_size=4),
)


@st.composite
def cases(draw):
    """A case of the sample licence in some state, with whatever may lie on its desks."""
    base = in_review().case
    who, other = draw(people), draw(people)
    assignment = draw(
        st.sampled_from(
            (None, Assignment(person=who, how=draw(st.sampled_from(("claimed", "head"))), by=who, since=NOW))
        )
    )
    lent = () if assignment is None or not draw(st.booleans()) else (
        Delegation(number=1, principal=who, delegate=other, visit=base.visit),
    )  # fmt: skip
    moved = Move(action="review", source="review", person=who, post="handler", visit=base.visit, seq=1)
    desk = replace(
        base.desk,
        assignment=assignment,
        delegations=lent,
        recusals=tuple(Recusal(person=p, ground="other", how="ordered") for p in draw(st.lists(people, max_size=2))),
        orders=(Order(number=1, by="sven", due_on=ON, post="handler", organ="office", person=draw(people)),),
        move=draw(st.sampled_from((None, moved))),
    )  # fmt: skip
    done = tuple(
        replace(
            base.acts[0], post=draw(st.sampled_from(("handler", "checker", "approver"))), person=draw(people)
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    state = draw(
        st.sampled_from(("received", "supplementing", "review", "check", "signing", "granted", "archived"))
    )
    return replace(base, state=state, desk=desk, acts=done)


def allowed(case, directory):
    """Everything that anybody may do: (person, action or verb)."""
    facts = replace(FACTS, directory=directory)
    found = {
        (actor, action)
        for actor in EVERYBODY
        for action in DEFINITION.actions
        if isinstance(
            authority.may(DEFINITION, case, action, actor=actor, directory=directory, on=ON), Allowed
        )
    }
    for actor in EVERYBODY:
        scene = Scene(definition=DEFINITION, case_id="c1", case=case, facts=facts, now=NOW, actor=actor)
        found |= {(actor, verb) for verb in verbs.VERBS if isinstance(verbs.right_to(scene, verb), Allowed)}
    return found


@settings(max_examples=60)
@given(case=cases(), directory=directories, data=st.data())
def test_less_never_allows_more(case, directory, data):
    before = allowed(case, directory)
    held, away = directory.holdings, directory.absences
    which = data.draw(st.integers(0, len(held) - 1))
    ended = tuple(replace(h, until=BEFORE) if n == which else h for n, h in enumerate(held))
    assert allowed(case, replace(directory, holdings=held[:which] + held[which + 1 :])) <= before
    assert allowed(case, replace(directory, holdings=ended)) <= before
    if away:
        assert allowed(case, replace(directory, absences=away[1:])) <= before
    recusal = Recusal(person=data.draw(people), ground="other", how="ordered")
    aside = replace(case, desk=replace(case.desk, recusals=(*case.desk.recusals, recusal)))
    assert allowed(aside, directory) <= before


@settings(max_examples=40)
@given(case=cases())
def test_an_empty_directory_allows_nobody_but_the_system_and_the_public(case):
    empty = Directory(version="0", organs={}, persons={}, holdings=())
    assert {actor.partition(":")[0] for actor, _ in allowed(case, empty)} <= {"system", "public"}


@settings(max_examples=40)
@given(case=cases(), directory=directories)
def test_whoever_holds_nothing_may_do_nothing_that_moves_a_case(case, directory):
    """Known, but of no post: neither an action nor a verb on the work, whatever he has on his desk."""
    gone = replace(directory, holdings=tuple(h for h in directory.holdings if h.person != "bo"))
    left = {verb for actor, verb in allowed(case, gone) if actor == "bo"}
    assert left <= {"recuse", "answer_order", "object"}


# --- three persons, in every history ----------------------------------------------------------------------------------

VERBS = {
    "claim": {},
    "release": {},
    "transfer": {"person": people, "reason": st.just("r")},
    "assign": {"person": people},
    "delegate": {"person": people, "instructions": st.just("i")},
    "hand_back": {"opinion": st.just("o")},
    "hand_over": {},
    "take_back": {},
    "recuse": {"ground": st.just("other")},
    "review": {"inspectors": st.just(["x", "y"])},
    "consult": {"ground": st.just("testing")},
    "send_back": {},
    "agree": {},
    "extend": {"reason": st.just("r")},
    "sign": {},
}


@settings(max_examples=60)
@given(data=st.data(), extra=st.lists(holdings, max_size=6), away=st.lists(people, max_size=3))
def test_handler_checker_and_approver_are_different_persons_in_every_history(data, extra, away):
    office = in_review()
    for held in extra:
        office.joins(held.person, held.kind, organ=held.organ, deputy=held.deputy)
    for person in away:
        office.away(person)
    for _ in range(14):
        verb = data.draw(st.sampled_from(sorted(VERBS)))
        fields = {name: data.draw(values) for name, values in VERBS[verb].items()}
        likely = [actor for actor in (*PEOPLE, "system") if _may(office, actor, verb)]
        actor = data.draw(st.sampled_from(likely or PEOPLE))
        try:
            office.act(actor, verb, NOW, **fields)
        except BanjieError:
            continue
        roles = {}
        for act in office.case.acts:
            if act.post in DEFINITION.distinct[0]:
                roles.setdefault(act.person, set()).add(act.post)
        assert all(len(posts) == 1 for posts in roles.values()), roles
        assert not any(act.seq > _recused_at(office, act.person) for act in office.case.acts)
    assert office.folded() == office.case


def _may(office, actor, verb):
    scene = Scene(
        definition=DEFINITION, case_id="c1", case=office.case, facts=office.facts, now=NOW, actor=actor
    )
    if verb in verbs.VERBS:
        return isinstance(verbs.right_to(scene, verb), Allowed)
    right = authority.may(DEFINITION, office.case, verb, actor=actor, directory=office.facts.directory, on=ON)
    return isinstance(right, Allowed)


def _recused_at(office, person):
    """The number of the event by which somebody stood aside; without one, later than all."""
    return next(
        (
            n
            for n, event in enumerate(office.events, 1)
            if type(event).__name__ == "Recused" and event.person == person
        ),
        len(office.events) + 1,
    )


@pytest.mark.parametrize("verb", sorted(verbs.VERBS))
def test_every_verb_has_a_right_and_asks_for_fields_by_name(verb):
    assert callable(verbs.VERBS[verb].right)
    assert all(name.isidentifier() for name in verbs.VERBS[verb].fields)
