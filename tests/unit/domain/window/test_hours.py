"""When what comes in at the window counts as received."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.window.clerks import window_posts
from workflow.domain.window.hours import counts_on
from workflow.testing import sample
from workflow.testing.sample import at

CALENDAR = sample.calendar()
CLOSES = replace(sample.definition(), closing_time="17:00")
DAYS = st.dates(date(2026, 1, 5), date(2026, 12, 20))


def test_a_window_without_a_closing_time_takes_things_in_all_day():
    assert counts_on(sample.definition(), CALENDAR, at("2026-09-05", "23:59")) == (date(2026, 9, 5), False)


def test_after_closing_on_the_last_day_before_a_holiday_it_is_the_first_day_after():
    assert counts_on(CLOSES, CALENDAR, at("2026-09-30", "16:59")) == (date(2026, 9, 30), False)
    assert counts_on(CLOSES, CALENDAR, at("2026-09-30", "17:00")) == (date(2026, 10, 9), True)


@given(DAYS, st.times())
def test_it_is_a_working_day_and_never_an_earlier_one(day, clock):
    on, late = counts_on(CLOSES, CALENDAR, at(day.isoformat(), clock.strftime("%H:%M")))

    assert on >= day
    assert CALENDAR.is_working(on)
    assert late == (on != day)


def test_the_window_is_where_filings_are_accepted_and_not_whoever_files():
    assert window_posts(sample.definition()) == ("window",)
