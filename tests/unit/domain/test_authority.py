"""Default deny, posts on the day, and pairwise different persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain import authority
from workflow.domain.authority import Allowed, Refused
from workflow.domain.case import Act, Case
from workflow.domain.directory import Holding
from workflow.testing import sample
from workflow.testing.sample import at

DEFINITION = sample.definition()
DIRECTORY = sample.directory()
TODAY = date(2026, 9, 21)
EVERYBODY = (*DIRECTORY.persons, "system", "public", "public:zhang", "nobody")


def case(acts=()):
    return Case(
        id="c",
        no="SL-2026-00001",
        matter="sample-licence",
        definition="sample",
        state="review",
        entered_at=at("2026-09-21"),
        received_at=at("2026-09-21"),
        materials_at=at("2026-09-21"),
        parties={"filer": "agency"},
        form={},
        acts=acts,
    )


def may(actor, action, *, acts=(), directory=DIRECTORY, on=TODAY):
    return authority.may(DEFINITION, case(acts), action, actor=actor, directory=directory, on=on)


@pytest.mark.parametrize(
    ("actor", "action", "post"),
    [
        ("clerk", "accept", "window"),
        ("anna", "review", "handler"),
        ("chen", "review", "handler"),
        ("chen", "agree", "checker"),
        ("dong", "sign", "approver"),
        ("ella", "withdraw", "applicant"),
        ("system", "precheck", "system"),
        ("public:zhang", "object", "public"),
        ("ella", "object", "public"),
    ],
)
def test_a_post_gives_the_right(actor, action, post):
    assert may(actor, action) == Allowed(post=post, rule=may(actor, action).rule)


@pytest.mark.parametrize(
    ("actor", "action"),
    [("clerk", "sign"), ("anna", "agree"), ("ella", "accept"), ("system", "accept"), ("public", "withdraw")],
)
def test_without_the_post_it_is_refused_with_what_is_needed(actor, action):
    refused = may(actor, action)
    assert isinstance(refused, Refused)
    assert all(post in refused.error.message for post in DEFINITION.actions[action].by)


def test_who_handled_may_neither_check_nor_approve():
    handled = (Act(post="handler", person="chen", action="review", seq=3),)
    refused = may("chen", "agree", acts=handled)
    assert isinstance(refused, Refused)
    assert refused.rule == "authority.different_persons"


@pytest.mark.parametrize(
    ("acted", "wants"),
    [
        (acted, wants)
        for acted in ("handler", "checker", "approver")
        for wants in ("handler", "checker", "approver")
        if acted != wants
    ],
)
def test_the_three_roles_are_apart_pairwise(acted, wants):
    """Whichever came first and whichever comes next: one person, one role (design 6)."""
    everything = tuple(
        Holding(person="dong", kind=kind, organ="office", since=sample.LONG_AGO)
        for kind in ("handler", "checker")
    )
    directory = replace(DIRECTORY, holdings=(*DIRECTORY.holdings, *everything))
    action = {"handler": "review", "checker": "agree", "approver": "sign"}[wants]
    before = (Act(post=acted, person="dong", action="x", seq=3),)

    refused = may("dong", action, acts=before, directory=directory)

    assert isinstance(may("dong", action, directory=directory), Allowed)
    assert isinstance(refused, Refused)
    assert refused.rule == "authority.different_persons"


def test_a_post_counts_on_the_day_only():
    ended = tuple(replace(h, until=date(2026, 9, 20)) for h in DIRECTORY.holdings)
    assert isinstance(may("clerk", "accept", directory=replace(DIRECTORY, holdings=ended)), Refused)


@given(
    actor=st.sampled_from(EVERYBODY),
    action=st.sampled_from(sorted(DEFINITION.actions)),
    removed=st.integers(0, len(DIRECTORY.holdings) - 1),
    acts=st.lists(
        st.builds(
            Act,
            post=st.sampled_from(("handler", "checker", "approver")),
            person=st.sampled_from(sorted(DIRECTORY.persons)),
            action=st.just("x"),
            seq=st.just(1),
        ),
        max_size=4,
    ),
)
def test_taking_a_post_away_never_allows_more(actor, action, removed, acts):
    fewer = tuple(h for i, h in enumerate(DIRECTORY.holdings) if i != removed)
    poorer = replace(DIRECTORY, holdings=fewer)
    if isinstance(may(actor, action, acts=tuple(acts), directory=poorer), Allowed):
        assert isinstance(may(actor, action, acts=tuple(acts)), Allowed)


def test_parties_follow_from_the_post_that_the_filer_holds():
    parties = authority.parties_of(DEFINITION, "ella", {}, DIRECTORY, TODAY)
    assert parties == {"filer": "agency", "unit": "agency"}
    assert isinstance(
        authority.may_file(DEFINITION, parties, actor="ella", directory=DIRECTORY, on=TODAY), Allowed
    )
    assert isinstance(
        authority.may_file(DEFINITION, parties, actor="anna", directory=DIRECTORY, on=TODAY), Refused
    )
