"""Scripts: fates dealt by the seed in their shares, and turns that the definitions really know."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.demo.script import PLAIN, Fate, Script, Turn, allot, days
from workflow.demo.stage import SCRIPTS

TURN, LATER = Turn(action="check", wait=(0, 1)), Turn(action="check", wait=(9, 9))
SCRIPT = Script(
    matter="m",
    prefix="M",
    cases=100,
    letter=(1, 1),
    plain={"review": (TURN,)},
    fates={
        "odd": Fate(count=10, turns={"review": ((LATER,),)}),
        "rare": Fate(count=1, lacks=(1, 2)),
        "silent": Fate(count=1, turns={"review": ((),)}),
    },
)


@given(st.integers(0, 400), st.text(max_size=5))
def test_everybody_has_a_fate_and_the_same_seed_deals_alike(total, seed):
    fates = allot(SCRIPT, total, seed)

    assert len(fates) == total
    assert set(fates) <= {PLAIN, "odd", "rare", "silent"}
    assert allot(SCRIPT, total, seed) == fates


@given(st.integers(0, 1000))
def test_a_rare_fate_befalls_just_its_number_of_the_whole(seed):
    dealt = Counter(allot(SCRIPT, 100, str(seed)))

    assert dealt["rare"] == dealt["silent"] == 1
    assert 8 <= dealt["odd"] <= 12


def test_another_seed_deals_otherwise():
    assert allot(SCRIPT, 100, "1") != allot(SCRIPT, 100, "2")


@pytest.mark.parametrize(
    ("fate", "stay", "turns"),
    [
        (PLAIN, 0, (TURN,)),
        (PLAIN, 3, (TURN,)),
        ("odd", 0, (LATER,)),
        ("odd", 1, (TURN,)),  # the second stay is a plain one
        ("rare", 0, (TURN,)),
        ("silent", 0, ()),  # nobody acts
    ],
)
def test_a_fate_changes_the_first_stays_in_a_state(fate, stay, turns):
    assert SCRIPT.visit(fate, "review", stay) == turns


def test_a_state_that_the_script_does_not_name_has_no_turns():
    assert SCRIPT.visit(PLAIN, "elsewhere", 0) == ()


def test_a_wait_in_days_ends_with_the_last_day():
    assert days(2, 3) == (8, 15)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.matter)
def test_scripts_name_states_actions_and_posts_that_there_are(script, definitions):
    definition = definitions[script.matter]
    visits = [(state, turns) for state, turns in script.plain.items()]
    for fate in script.fates.values():
        visits += [(state, turns) for state, stays in fate.turns.items() for turns in stays]

    for state, turns in visits:
        assert state in definition.states
        for turn in turns:
            assert state in definition.actions[turn.action].sources
            post = turn.by or definition.states[state].post
            assert post in definition.actions[turn.action].by
            assert set(turn.fields) <= set(definition.actions[turn.action].fields)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.matter)
def test_every_state_that_waits_for_a_post_has_a_plain_turn(script, definitions):
    waiting = {name for name, state in definitions[script.matter].states.items() if state.post}

    assert waiting <= set(script.plain)
