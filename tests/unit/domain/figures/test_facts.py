"""What one case leaves behind, by hand: its days, whose they were, and that later events change none of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain import walk as walking
from workflow.domain import events as e
from workflow.domain.figures.facts import (
    Ending,
    concludes,
    facts_of,
    handling_clocks,
    overdue_since,
    until_concluded,
)
from workflow.testing.sample import at

FACTS = walking.FACTS


def left(walk):
    return facts_of(
        walk.definition,
        FACTS,
        walk.case,
        list(zip(walk.events, walk.actors, strict=True)),
        versions={walk.definition.hash: walk.definition},
    )


def withdrawn():
    walk = walking.Walk()
    walk.file(at("2026-09-14"))
    walk.act("ella", "withdraw", at("2026-09-16"))
    return walk


def test_a_case_that_goes_on_has_left_nothing():
    walk = walking.Walk()
    walk.file()

    with pytest.raises(ValueError, match="not concluded"):
        left(walk)


def test_a_withdrawn_case_is_named_apart_and_not_timed():
    facts = left(withdrawn())

    assert (facts.ending, facts.timed, facts.late, facts.used) == (Ending.WITHDRAWN, False, False, None)
    assert (facts.received_on.day, facts.concluded_on.day, facts.accepted_on) == (14, 16, None)
    assert sum(share.days for share in facts.shares) == facts.whole == 2


def test_the_handling_periods_are_those_that_the_decision_ends():
    # The sample's decision period ends with the conclusion: nothing of it ends with DecisionMade.
    assert handling_clocks(walking.DEFINITION) == ("decision",)


def test_facts_end_with_the_command_that_concluded():
    walk = withdrawn()
    before = len(walk.events)
    commands = [("k", event) for event in walk.events]
    later = e.FindingCancelled(at=at("2026-09-20"), finding=1, reason="-")

    assert until_concluded(commands) == before
    assert until_concluded([*commands, ("other", later)]) == before
    assert (
        until_concluded([(key, event) for key, event in commands if not isinstance(event, e.CaseConcluded)])
        == 0
    )


def test_only_the_step_that_concludes_leaves_facts():
    case = withdrawn().case
    running = replace(case, concluded_at=None)

    assert concludes(running, case)
    assert concludes(None, case)
    assert not concludes(case, case)
    assert not concludes(running, running)


def test_overdue_since_the_last_day_of_the_period_that_ran_out():
    walk = walking.Walk()
    walking.to_review(walk)
    due = walk.due_on("decision")

    assert overdue_since(walk.definition, walk.case, at("2026-09-23")) is None
    assert overdue_since(walk.definition, walk.case, at("2026-12-31")) == due
