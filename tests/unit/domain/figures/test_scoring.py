"""Points by hand, what never counts, and that a score of two sets of findings is the sum of what each costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.catalog.scoring import load_scoring
from workflow.domain.figures.scoring import Card, Merits, score
from workflow.testing.sample import at

RULES = load_scoring()
FIRST = at("2026-10-08")


def card(number, colour="yellow", **more):
    return Card(
        no="A-1",
        finding=number,
        colour=colour,
        rule=more.pop("rule", "cn.promise.working_days.overdue"),
        raised_at=FIRST + timedelta(hours=number),
        **more,
    )


def test_nothing_known_is_the_base():
    found = score(RULES, Merits())

    assert (found.points, found.grade, found.entries) == (100, "excellent", ())


def test_cards_cost_what_the_rules_say_and_each_names_its_finding():
    found = score(RULES, Merits(cards=(card(1), card(2, "red"), card(3, "red", procedural=True))))

    assert found.points == 100 - 5 - 10 - 10
    assert (found.heads["time"], found.heads["procedure"]) == (14 - 15, 14 - 10)
    assert [(entry.rule, entry.findings) for entry in found.entries] == [
        ("yellow_card", (("A-1", 1),)),
        ("red_card", (("A-1", 2),)),
        ("procedural_red", (("A-1", 3),)),
    ]


def test_a_red_card_keeps_a_subject_from_the_best_grade():
    bonus = {"timed": 10, "early": 10}

    assert score(RULES, Merits(cards=(card(1, "red"),), **bonus)).points == 100
    assert score(RULES, Merits(cards=(card(1, "red"),), **bonus)).grade == "good"
    assert score(RULES, Merits(cards=(card(1), card(2)), **bonus)).grade == "excellent"


def test_cancelled_findings_never_count_and_appealed_ones_are_pending():
    found = score(RULES, Merits(cards=(card(1, cancelled=True), card(2, appealed=True))))

    assert found.points == 100
    assert [(entry.findings, entry.pending) for entry in found.entries] == [((("A-1", 2),), True)]


def test_where_only_confirmed_cards_count_the_others_are_pending():
    rules = replace(RULES, counts="confirmed")
    found = score(rules, Merits(cards=(card(1), card(2, confirmed=True))))

    assert found.points == 95
    assert [entry.pending for entry in found.entries] == [True, False]


@pytest.mark.parametrize(
    ("missed", "runs"),
    [
        ((True, True, True), 1),
        ((True, True, False, True), 0),
        ((True, True, None, True), 1),
        ((True,) * 7, 2),
        ((False,) * 7, 0),
    ],
)
def test_three_reminders_in_a_row_that_nobody_heeded(missed, runs):
    reminders = tuple(card(n, "reminder", missed=one) for n, one in enumerate(missed, 1))

    assert score(RULES, Merits(cards=reminders)).points == 100 - 3 * runs


@pytest.mark.parametrize(("early", "points"), [(0, 0), (9, 0), (10, 1), (19, 1), (20, 2), (95, 9), (100, 10)])
def test_the_bonus_for_early_completion(early, points):
    assert score(RULES, Merits(timed=100, early=early)).bonus == points


@pytest.mark.parametrize(
    ("promised", "points"), [(20, 0), (15, 0), (14, 3), (13, 3), (12, 4), (10, 5), (2, 5)]
)
def test_the_bonus_for_promises_shorter_than_the_statute(promised, points):
    assert score(RULES, Merits(promised=promised, statutory=20)).bonus == points


def test_ratings_cost_the_part_they_are_short_of_a_hundred():
    found = score(RULES, Merits(ratings={5: 4, 1: 1}))

    assert found.heads["satisfaction"] == 8
    assert score(RULES, Merits(ratings={1: 4})).points == 100  # too few


def cards():
    one = st.builds(
        card,
        st.integers(1, 50),
        st.sampled_from(["yellow", "red"]),
        procedural=st.booleans(),
        cancelled=st.booleans(),
        appealed=st.booleans(),
        confirmed=st.booleans(),
    )
    return st.lists(one, max_size=3).map(tuple)


@given(cards(), cards())
def test_the_cost_of_a_union_is_the_sum_of_the_costs(some, others):
    cost = [100 - score(RULES, Merits(cards=each)).points for each in (some, others, some + others)]

    assert cost[0] + cost[1] == cost[2]


@given(cards(), st.integers(0, 30), st.integers(0, 30), st.dictionaries(st.integers(1, 5), st.integers(1, 9)))
def test_heads_and_bonus_add_up_to_the_points(some, timed, early, ratings):
    found = score(RULES, Merits(cards=some, timed=timed, early=min(early, timed), ratings=ratings))
    traced = sum((entry.points for entry in found.entries if not entry.pending), Fraction(0))

    assert found.points == max(sum(found.heads.values()) + found.bonus, 0)
    assert found.points == max(100 + traced, 0)
