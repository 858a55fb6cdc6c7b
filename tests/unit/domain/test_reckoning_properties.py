"""Reckoning, for all dates and periods: against a day-by-day walk, monotone, indifferent to order and overlap."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflow.catalog.calendars import load_calendar
from workflow.domain.law import EndOfDayRule, RollRule
from workflow.domain.period import Days, Hours, Months, Period, Weeks, WorkingDays, Years
from workflow.domain.reckoning import DateRange, Due, add, corresponding_day

CN = load_calendar("cn")
SHANGHAI, AMSTERDAM = "Asia/Shanghai", "Europe/Amsterdam"
DAY = timedelta(days=1)


def reckon(start: date | datetime, period: Period, **how) -> Due:
    """A sum in China: online (24:00), rolling forward."""
    how = {"zone": SHANGHAI, "roll": RollRule.NEXT, "end_of_day": EndOfDayRule.MIDNIGHT, **how}
    return add(start, period, CN, **how)


days = st.dates(date(2006, 1, 1), date(2028, 12, 31))
spans = st.builds(
    lambda first, length: DateRange(first=first, last=first + DAY * length), days, st.integers(0, 40)
)
out = st.lists(spans, max_size=5)
civil = st.one_of(
    st.builds(WorkingDays, st.integers(0, 80)),
    st.builds(Days, st.integers(0, 120)),
    st.builds(Weeks, st.integers(0, 16)),
    st.builds(Months, st.integers(0, 14)),
    st.builds(Years, st.integers(0, 2)),
)
fixed = st.one_of(
    st.builds(WorkingDays, st.integers(0, 80)),
    st.builds(Days, st.integers(0, 120)),
    st.builds(Weeks, st.integers(0, 16)),
)
rolls = st.sampled_from([RollRule.NONE, RollRule.NEXT])


def walked(start: date, period: Period, excluded: list[DateRange], sign: int) -> date:
    """The last day found by walking: every day is asked, none is skipped."""
    if isinstance(period, WorkingDays):
        left = period.amount
    else:
        step = period if isinstance(period, Months | Years) else None
        weeks = 7 if isinstance(period, Weeks) else 1
        left = abs((corresponding_day(start, step, sign) - start).days) if step else period.amount * weeks
    day = start
    while left:
        day += sign * DAY
        counts = CN.is_working(day) if isinstance(period, WorkingDays) else True
        left -= counts and not any(day in range_ for range_ in excluded)
    return day


@given(days, civil, out, st.booleans())
def test_agrees_with_walking_day_by_day(start, period, excluded, backward):
    found = reckon(start, period, roll=RollRule.NONE, excluded=excluded, backward=backward)
    assert found.on == walked(start, period, excluded, -1 if backward else 1)


@given(days, days, fixed, rolls, out)
def test_the_due_date_is_monotone_in_its_start(a, b, period, roll, excluded):
    first, second = sorted((a, b))
    early = reckon(first, period, roll=roll, excluded=excluded)
    assert early.at <= reckon(second, period, roll=roll, excluded=excluded).at


@given(days, days, civil, rolls)
def test_months_and_years_are_monotone_in_their_start_too(a, b, period, roll):
    first, second = sorted((a, b))
    assert reckon(first, period, roll=roll).at <= reckon(second, period, roll=roll).at


@given(days, civil, st.integers(0, 10), rolls, out)
def test_the_due_date_is_monotone_in_its_length(start, period, more, roll, excluded):
    longer = type(period)(period.amount + more)
    assert (
        reckon(start, period, roll=roll, excluded=excluded).at
        <= reckon(start, longer, roll=roll, excluded=excluded).at
    )


@given(days, civil, rolls, out, spans)
def test_the_due_date_is_monotone_in_the_time_left_out(start, period, roll, excluded, more):
    fewer = reckon(start, period, roll=roll, excluded=excluded)
    assert fewer.at <= reckon(start, period, roll=roll, excluded=[*excluded, more]).at


@given(days, civil, out, st.randoms(use_true_random=False))
def test_the_order_and_overlap_of_excluded_ranges_do_not_matter(start, period, excluded, chance):
    pieces = [DateRange(first=day, last=day) for one in excluded for day in _each(one)] + excluded
    chance.shuffle(pieces)
    assert reckon(start, period, excluded=pieces) == reckon(start, period, excluded=excluded)


def _each(one: DateRange) -> list[date]:
    return [one.first + DAY * nth for nth in range((one.last - one.first).days + 1)]


@given(days, civil, rolls)
def test_excluding_nothing_changes_nothing(start, period, roll):
    nothing = [DateRange(first=start + DAY * 3, last=start + DAY * 2)]
    assert reckon(start, period, roll=roll, excluded=nothing) == reckon(start, period, roll=roll)


@given(days, st.integers(1, 60), out)
def test_a_working_day_period_ends_on_a_working_day_that_is_counted(start, amount, excluded):
    due = reckon(start, WorkingDays(amount), excluded=excluded)
    assert CN.is_working(due.on)
    assert not any(due.on in one for one in excluded)


instants = st.integers(0, 42 * 365 * 24 * 60).map(
    lambda m: datetime(1986, 1, 1, tzinfo=UTC) + timedelta(minutes=m)
)


@given(instants, st.integers(0, 300))
def test_hours_are_elapsed_time_whatever_the_wall_clock_does(begin, amount):
    for zone in (SHANGHAI, AMSTERDAM):
        due = reckon(begin, Hours(amount), zone=zone)
        assert due.at - begin == timedelta(hours=amount)
