"""Instants keep their order and their zone in both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from workflow.storage.columns import Instant, in_utc, instant_text

DIALECTS = [sqlite.dialect(), postgresql.dialect()]
instants = st.builds(
    lambda passed, hours: datetime(1990, 1, 1, tzinfo=timezone(timedelta(hours=hours))) + passed,
    st.timedeltas(timedelta(0), timedelta(days=40_000)),
    st.integers(-11, 12),
)


@given(instants, instants)
def test_the_order_of_texts_is_the_order_of_time(one, other):
    assert (instant_text(one) < instant_text(other)) == (one < other)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@given(moment=instants)
def test_an_instant_comes_back_in_utc(dialect, moment):
    column = Instant()

    back = column.process_result_value(column.process_bind_param(moment, dialect), dialect)

    assert back == moment
    assert back.tzinfo is UTC


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_none_stays_none_and_a_naive_time_is_refused(dialect):
    column = Instant()

    assert column.process_bind_param(None, dialect) is None
    assert column.process_result_value(None, dialect) is None
    with pytest.raises(ValueError, match="zone"):
        column.process_bind_param(datetime(2026, 9, 7), dialect)  # noqa: DTZ001 - that is the point


@given(instants)
def test_the_zone_becomes_utc(moment):
    assert in_utc(moment) == moment
    assert in_utc(moment).tzinfo is UTC
