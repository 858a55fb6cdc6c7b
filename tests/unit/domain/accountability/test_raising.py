"""On whom a card falls: whoever has the work, who stands in for him, who answers for the matter; never who is away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.walk import Walk
from workflow.domain.accountability.raising import finding
from workflow.domain.directory import Absence
from workflow.domain.scene import Scene
from workflow.testing import sample
from workflow.testing.sample import at

LATE = at("2026-10-28", "00:00")


@pytest.fixture
def accepted():
    walk = Walk()
    walk.file()
    walk.act("clerk", "accept", at("2026-09-22"))
    return walk


def falls_on(walk, directory=None, clock="decision", definition=None):
    facts = sample.facts()
    definition = definition or walk.definition
    scene = Scene(
        definition=definition,
        case_id="c1",
        case=walk.case,
        facts=replace(facts, directory=directory or facts.directory),
        now=LATE,
        actor="system",
    )
    raised = finding(scene, walk.case.clock(clock), definition.clocks[clock].rungs[-1])
    return raised.post, raised.organ, raised.person


def changed(*, away=(), holdings=None):
    known = sample.directory()
    absences = tuple(Absence(person=who, since=LATE.date(), until=at("2026-11-30").date()) for who in away)
    return replace(known, absences=absences, holdings=holdings or known.holdings)


def test_unclaimed_it_falls_on_the_first_who_holds_the_post(accepted):
    assert falls_on(accepted) == ("handler", "office", "anna")


def test_claimed_it_falls_on_whoever_claimed_it_though_he_has_done_nothing(accepted):
    accepted.act("bo", "claim", at("2026-09-23"))

    assert falls_on(accepted) == ("handler", "office", "bo")


def test_lent_out_it_falls_on_who_stays_responsible(accepted):
    accepted.act("bo", "claim", at("2026-09-23"))
    accepted.act("bo", "delegate", at("2026-09-24"), person="anna", instructions="请协助核查")

    assert falls_on(accepted)[2] == "bo"


def test_who_is_away_has_it_no_longer(accepted):
    accepted.act("bo", "claim", at("2026-09-23"))

    assert falls_on(accepted, changed(away=["bo"]))[2] == "anna"
    assert falls_on(accepted, changed(away=["anna", "bo", "chen"]))[2] == "dora", "the deputy stands in"
    assert falls_on(accepted, changed(away=["anna", "bo", "chen", "dora"]))[2] == "hana", "else the head"


def test_a_holder_for_other_matters_does_not_answer_for_this_one(accepted):
    others = tuple(
        replace(held, matters=("another",)) if held.person == "anna" else held
        for held in sample.directory().holdings
    )

    assert falls_on(accepted, changed(holdings=others))[2] == "bo"


def test_the_post_that_a_period_names_answers_wherever_the_case_lies(accepted):
    spec = replace(accepted.definition.clocks["decision"], answerable="window")
    definition = replace(accepted.definition, clocks={**accepted.definition.clocks, "decision": spec})

    assert falls_on(accepted, definition=definition) == ("window", "office", "clerk")
    assert falls_on(accepted, changed(away=["clerk"]), definition=definition)[2] == "clerk", (
        "nobody else is there"
    )
