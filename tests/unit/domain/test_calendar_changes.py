"""What one calendar says otherwise than another."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.catalog.calendars import load_calendar
from workflow.domain.calendar_changes import changes

CN = load_calendar("cn")


def test_the_extension_of_the_spring_festival_took_two_days_out_of_work():
    found = list(changes(CN.as_of(date(2020, 1, 26)), CN.as_of(date(2020, 1, 27))))
    assert [change.after.date.isoformat() for change in found if change.moves_dates] == [
        "2020-01-31",
        "2020-02-01",
    ]
    # Sunday and Monday are as they were, but another paper says so now.
    assert [change.after.date.isoformat() for change in found if not change.moves_dates] == [
        "2020-02-02",
        "2020-02-03",
    ]
    assert {change.after.notice for change in found} == {"cn-2020-spring-festival"}


def test_a_year_newly_arranged_is_compared_whole():
    found = list(changes(CN.as_of(date(2025, 11, 3)), CN.as_of(date(2025, 11, 4))))
    assert len(found) == 365  # every day of 2026 became certain
    moved = {change.after.date for change in found if change.moves_dates}
    assert date(2026, 1, 4) in moved  # a Sunday that is worked
    assert date(2026, 1, 2) in moved  # a Friday off
    assert date(2026, 1, 1) not in moved  # assumed off before, off now


def test_a_new_text_of_the_regulation_changes_the_years_to_come():
    found = list(changes(CN.as_of(date(2024, 11, 9)), CN.as_of(date(2024, 11, 10))))
    moved = [change.after.date for change in found if change.moves_dates and change.after.date.year == 2026]
    # New Year's Eve of the lunar year is a holiday now; 2 May 2026 is a Saturday anyway.
    assert moved == [date(2026, 2, 16)]


def test_nothing_changes_between_a_calendar_and_itself():
    assert list(changes(CN, CN)) == []


@settings(max_examples=30)
@given(st.dates(date(2006, 1, 1), date(2026, 12, 31)), st.dates(date(2006, 1, 1), date(2026, 12, 31)))
def test_working_days_differ_exactly_by_the_changes(one, other):
    before, after = CN.as_of(one), CN.as_of(other)
    first, last = date(2005, 12, 31), date(2028, 12, 31)
    difference = after.working_days_between(first, last) - before.working_days_between(first, last)
    assert difference == sum(
        (change.after.working - change.before.working)
        for change in changes(before, after)
        if first < change.after.date <= last
    )
