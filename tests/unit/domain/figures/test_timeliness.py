"""Lines that add up, and percentiles that are values which occurred."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.figures.numbers import percent, percentile, tenths
from workflow.domain.figures.timeliness import COUNTS, Group, Line, line_of, lines


def groups():
    def made(key, ending, late, early, used, extensions, cases):
        (matter, organ, month), timed = key, ending == "completed"
        return Group(
            matter=matter,
            organ=organ,
            month=month,
            ending=ending,
            timed=timed,
            late=timed and late,
            early=timed and early and not late,
            promise_kept=not late if timed else None,
            statute_kept=None,
            used=used if timed else None,
            extensions=extensions if timed else 0,
            provisional=False,
            deemed=False,
            cases=cases,
        )

    return st.lists(
        st.builds(
            made,
            st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from(["2026-09", "2026-10"])),
            st.sampled_from(["completed", "not_accepted", "withdrawn"]),
            st.booleans(),
            st.booleans(),
            st.integers(0, 30),
            st.integers(0, 2),
            st.integers(1, 9),
        ),
        max_size=12,
    )


@given(groups())
def test_every_breakdown_adds_up_to_the_same_total(given_):
    whole = sum((line_of(group) for group in given_), Line())
    for by in (lambda g: g.matter, lambda g: g.organ, lambda g: g.month, lambda g: (g.matter, g.month)):
        assert sum(lines(given_, by).values(), Line()) == whole


@given(groups())
def test_the_parts_of_a_line_add_up(given_):
    whole = sum((line_of(group) for group in given_), Line())

    assert whole.concluded == sum(group.cases for group in given_)
    assert whole.on_time + whole.late == whole.timed == sum(whole.used.values())
    assert whole.completed + whole.not_accepted + whole.withdrawn == whole.concluded
    assert all(getattr(whole, name) >= 0 for name in COUNTS)


@pytest.mark.parametrize(
    ("values", "median", "ninetieth"),
    [
        ([], None, None),
        ([7], 7, 7),
        ([1, 2], 1, 2),
        ([1, 2, 3], 2, 3),
        ([4, 1, 3, 2], 2, 4),
        (range(1, 11), 5, 9),
    ],
)
def test_percentiles_by_nearest_rank(values, median, ninetieth):
    counts = dict.fromkeys(values, 1)

    assert (percentile(counts, 50), percentile(counts, 90)) == (median, ninetieth)


@given(st.dictionaries(st.integers(0, 60), st.integers(1, 5), min_size=1), st.integers(1, 100))
def test_at_least_that_share_is_not_greater(counts, share):
    found, whole = percentile(counts, share), sum(counts.values())

    assert found in counts
    assert 100 * sum(n for value, n in counts.items() if value <= found) >= share * whole
    assert 100 * sum(n for value, n in counts.items() if value < found) < share * whole


def test_shares_are_rounded_half_up_and_of_nothing_there_is_none():
    assert (percent(1, 3), percent(2, 3), percent(1, 8), percent(0, 5), percent(1, 0)) == (
        "33.3", "66.7", "12.5", "0.0", None,
    )  # fmt: skip
    assert (tenths(Fraction(-5, 100)), tenths(Fraction(-1, 100)), tenths(Fraction(5, 100))) == (
        "-0.1",
        "0.0",
        "0.1",
    )
