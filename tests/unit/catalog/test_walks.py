"""Every shipped matter can be walked: along random legal paths to an end, every action taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.catalog.walking import CATALOG, Walk, take_a_step
from workflow.domain.events import ActionTaken
from workflow.domain.evolve import fold
from workflow.domain.papers import for_the_applicant


@pytest.mark.parametrize("code", sorted(CATALOG.matters))
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_a_random_legal_path_leads_to_an_end(code, seed):
    chance = Random(seed)
    walk = Walk(code, datetime(2011, 5, 9, 1, tzinfo=UTC))
    walk.file_somehow(chance, chance.choice([0.2, 0.8, 1]))

    for step in range(300):
        if walk.over:
            break
        walk.to(walk.now + timedelta(hours=chance.randint(1, 96)))
        # Where acts may be repeated without end, somebody ends the case after a while.
        take_a_step(walk, chance, all_but_the_end(walk) if step > 100 else frozenset())

    assert walk.over, walk.here.state
    assert walk.here.outcome or walk.here.concluded_at
    issued = for_the_applicant(walk.definition, (paper.document for paper in walk.here.documents))
    assert set(issued) <= set(walk.here.delivered) | {"extension_notice"}
    assert fold(walk.history, case_id="c") == walk.here


def all_but_the_end(walk: Walk) -> set[str]:
    """The actions that do not bring the case nearer to its end: first it is concluded, then archived."""
    last = "archive" if walk.here.concluded_at else "conclude"
    actions = walk.definition.actions
    return {name for name, action in actions.items() if all(effect.do != last for effect in action.effects)}


@pytest.mark.parametrize("code", sorted(CATALOG.matters))
def test_random_paths_cover_every_action(code):
    taken: set[str] = set()
    definition = CATALOG.matter(code).definition
    for seed in range(60):
        chance = Random(seed)
        # Some steps came with a later law.
        walk = Walk(code, datetime(2011 if seed % 2 else 2022, 5, 9, 1, tzinfo=UTC))
        walk.file_somehow(chance, 0.9)
        for _ in range(60):
            if walk.over:
                break
            walk.to(walk.now + timedelta(hours=chance.choice([1, 5, 24, 48, 300, 700])))
            take_a_step(walk, chance, taken)
            taken |= {event.action for event, _ in walk.history if isinstance(event, ActionTaken)}
        if taken == definition.actions.keys():
            break

    assert definition.actions.keys() - taken == set()
