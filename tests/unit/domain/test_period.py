"""Periods: six units that are six types."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.period import (
    LONGEST,
    UNITS,
    Days,
    Hours,
    Months,
    Period,
    Weeks,
    WorkingDays,
    Years,
    parse_period,
)
from workflow.errors import BadPeriod

amounts = st.integers(0, LONGEST)
periods = st.builds(lambda kind, amount: kind(amount), st.sampled_from(list(UNITS.values())), amounts)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("20wd", WorkingDays(20)),
        ("60d", Days(60)),
        ("8w", Weeks(8)),
        ("3mo", Months(3)),
        ("1y", Years(1)),
        ("48h", Hours(48)),
        ("0wd", WorkingDays(0)),
    ],
)
def test_reads_every_unit(text, period):
    assert parse_period(text) == period
    assert str(period) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "20", "wd", "20 wd", " 20wd", "20wd\n", "-5d", "+5d", "1.5d", "1m", "20WD", "5d5d", "1e3d"),
        *("007d", "100000d", "二十日", "٢٠d"),
    ],
)
def test_refuses_anything_else_with_the_value_in_the_message(text):
    with pytest.raises(BadPeriod) as refused:
        parse_period(text)
    assert refused.value.fields["value"] == text
    assert repr(text) in str(refused.value)


@given(periods)
def test_written_and_read_again_is_the_same(period: Period):
    assert parse_period(str(period)) == period


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(UNITS.values(), 2)))
def test_two_units_are_never_added_compared_or_equal(one, other):
    with pytest.raises(TypeError):
        one(1) + other(1)
    with pytest.raises(TypeError):
        one(2) - other(1)
    with pytest.raises(TypeError):
        _ = one(1) < other(2)
    assert one(1) != other(1)


@given(st.sampled_from(list(UNITS.values())), st.integers(0, 500), st.integers(0, 500))
def test_one_unit_adds_and_compares_by_its_amounts(kind, a, b):
    assert kind(a) + kind(b) == kind(a + b)
    assert (kind(a) < kind(b)) == (a < b)
    assert kind(a + b) - kind(b) == kind(a)


@pytest.mark.parametrize("amount", [-1, 1.0, "3", True, None, LONGEST + 1])
def test_an_amount_is_a_whole_number_of_reasonable_size(amount):
    with pytest.raises(BadPeriod):
        Days(amount)


def test_a_period_is_a_value():
    assert {WorkingDays(5), WorkingDays(5), Days(5)} == {WorkingDays(5), Days(5)}
    assert not Days(0)
    assert Days(1)
    with pytest.raises(AttributeError):
        Days(5).amount = 6  # type: ignore[misc]
