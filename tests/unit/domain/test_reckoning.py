"""Reckoning: the vectors of the law, months and rolls, ends of days, hours, and clocks that are put forward and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from workflow.catalog.calendars import load_calendar
from workflow.domain.law import EndOfDayRule, RollRule
from workflow.domain.period import Months, Period, Years, parse_period
from workflow.domain.reckoning import (
    Between,
    DateRange,
    Due,
    add,
    between,
    civil_date,
    corresponding_day,
    merge,
    start_of_day,
    working_days_before,
)
from workflow.errors import InstantNeeded, OutOfCalendar, UnknownZone

CN, NL = load_calendar("cn"), load_calendar("nl")
SHANGHAI, AMSTERDAM = "Asia/Shanghai", "Europe/Amsterdam"
DAY = timedelta(days=1)


def reckon(start: str | date | datetime, period: str | Period, **how) -> Due:
    """A sum in China: online (24:00), rolling forward."""
    begin = date.fromisoformat(start) if isinstance(start, str) else start
    length = parse_period(period) if isinstance(period, str) else period
    calendar = how.pop("calendar", CN)
    how = {"zone": SHANGHAI, "roll": RollRule.NEXT, "end_of_day": EndOfDayRule.MIDNIGHT, **how}
    return add(begin, length, calendar, **how)


def span(first: str, last: str) -> DateRange:
    return DateRange(first=date.fromisoformat(first), last=date.fromisoformat(last))


@pytest.mark.parametrize(
    ("start", "period", "due"),
    [
        ("2007-04-25", "20wd", "2007-05-28"),  # golden week, 28 and 29 April worked
        ("2007-09-26", "5wd", "2007-10-08"),  # 29 and 30 September worked, 1 to 7 October off
        ("2007-09-26", "20wd", "2007-10-29"),  # accepted back to the day of receipt
        ("2007-09-26", "30wd", "2007-11-12"),  # with the extension of ten
        ("2007-10-03", "20wd", "2007-11-02"),  # received online on a holiday
        ("2007-12-20", "7wd", "2007-12-29"),  # a working Saturday by the notice for the next year
        ("2007-03-01", "20wd", "2007-03-29"),
        ("2007-04-26", "5wd", "2007-05-08"),  # a notice period over the golden week
        ("2007-08-03", "60d", "2007-10-08"),  # 2 October rolls
        ("2007-07-02", "3mo", "2007-10-08"),
        ("2025-08-31", "6mo", "2026-02-28"),  # no corresponding day; that Saturday is worked, so no roll
        ("2026-04-01", "6mo", "2026-10-08"),
        ("2020-01-10", "20wd", "2020-02-14"),  # after the Spring Festival was prolonged
        ("2015-08-20", "15wd", "2015-09-11"),  # after the paper of May 2015
        ("2025-09-15", "20wd", "2025-10-17"),
        ("2026-12-10", "20wd", "2027-01-08"),  # provisional: 1 January assumed off
    ],
)
def test_the_vectors_of_the_law(start, period, due):
    assert reckon(start, period).on == date.fromisoformat(due)


def test_a_hearing_notice_counts_working_days_backward():
    assert reckon("2007-10-12", "7wd", backward=True).on == date(2007, 9, 28)
    assert reckon("2007-10-12", "7d", backward=True, roll=RollRule.NONE).on == date(2007, 10, 5)


def test_expert_review_is_left_out_with_both_its_ends():
    assert reckon("2007-03-01", "20wd", excluded=[span("2007-03-08", "2007-03-22")]).on == date(2007, 4, 13)


@pytest.mark.parametrize(
    ("start", "period", "known", "then", "now"),
    [
        ("2020-01-10", "20wd", "2020-01-26", "2020-02-12", "2020-02-14"),
        ("2015-08-20", "15wd", "2015-05-12", "2015-09-10", "2015-09-11"),
    ],
)
def test_what_was_known_then_and_what_is_known_now(start, period, known, then, now):
    first = reckon(start, period, calendar=CN.as_of(date.fromisoformat(known)))
    assert first.on == date.fromisoformat(then)
    assert not first.provisional
    assert reckon(start, period).on == date.fromisoformat(now)
    assert first.calendar != reckon(start, period).calendar


@pytest.mark.parametrize(
    ("start", "period", "roll", "provisional"),
    [
        ("2026-12-10", "20wd", RollRule.NONE, True),
        ("2026-12-01", "20wd", RollRule.NONE, False),
        ("2026-12-31", "1wd", RollRule.NONE, True),
        ("2026-12-10", "60d", RollRule.NEXT, True),  # whether it rolls depends on a notice to come
        ("2026-12-10", "60d", RollRule.NONE, False),  # this date no notice can move
        ("2026-11-01", "2mo", RollRule.NEXT, True),
        ("2026-11-01", "1mo", RollRule.NEXT, False),
    ],
)
def test_a_date_is_provisional_when_a_notice_to_come_could_move_it(start, period, roll, provisional):
    assert reckon(start, period, roll=roll).provisional is provisional


def test_the_civil_due_date_ends_at_the_next_midnight_of_its_zone():
    due = reckon("2007-09-26", "5wd")
    assert due.at == datetime(2007, 10, 8, 16, tzinfo=UTC)
    assert due.at.tzinfo is UTC
    assert due.calendar == CN.version


def test_at_a_window_the_day_ends_when_it_closes():
    due = reckon("2007-09-26", "5wd", end_of_day=EndOfDayRule.CLOSING_TIME, closing_time=time(17, 30))
    assert due.at == datetime(2007, 10, 8, 9, 30, tzinfo=UTC)
    assert reckon("2007-09-26", "5wd", end_of_day=EndOfDayRule.CLOSING_TIME) == reckon("2007-09-26", "5wd")


@pytest.mark.parametrize(
    ("start", "period", "due"),
    [
        (date(2024, 1, 31), Months(1), date(2024, 2, 29)),
        (date(2023, 1, 31), Months(1), date(2023, 2, 28)),
        (date(2024, 1, 30), Months(1), date(2024, 2, 29)),
        (date(2024, 1, 29), Months(1), date(2024, 2, 29)),
        (date(2024, 2, 29), Years(1), date(2025, 2, 28)),
        (date(2024, 2, 29), Years(4), date(2028, 2, 29)),
        (date(2023, 12, 31), Months(2), date(2024, 2, 29)),
        (date(2023, 10, 31), Months(13), date(2024, 11, 30)),
        (date(2024, 5, 15), Months(0), date(2024, 5, 15)),
    ],
)
def test_months_and_years_end_on_the_corresponding_day_or_the_last_of_the_month(start, period, due):
    assert corresponding_day(start, period) == due


def test_months_backward_end_on_the_corresponding_day_too():
    assert corresponding_day(date(2024, 3, 31), Months(1), -1) == date(2024, 2, 29)
    assert corresponding_day(date(2024, 1, 15), Months(2), -1) == date(2023, 11, 15)
    assert corresponding_day(date(2024, 2, 29), Years(1), -1) == date(2023, 2, 28)


def test_a_period_rolls_only_where_the_rule_says():
    saturday = "2007-08-04"
    assert reckon("2007-07-05", "30d", roll=RollRule.NONE).on == date.fromisoformat(saturday)
    assert reckon("2007-07-05", "30d", roll=RollRule.NEXT).on == date(2007, 8, 6)
    assert reckon("2007-07-05", "30d", roll=RollRule.PREVIOUS).on == date(2007, 8, 3)


def test_a_make_up_sunday_is_a_working_day_and_stops_a_roll():
    assert reckon("2007-08-31", "30d").on == date(2007, 9, 30)


def test_excluded_days_lengthen_calendar_days_and_months_day_by_day():
    out = [span("2007-03-08", "2007-03-22")]
    assert reckon("2007-03-01", "30d", roll=RollRule.NONE, excluded=out).on == date(2007, 4, 15)
    assert reckon("2007-03-01", "1mo", roll=RollRule.NONE, excluded=out).on == date(2007, 4, 16)
    assert reckon("2007-03-01", "2w", roll=RollRule.NONE, excluded=out).on == date(2007, 3, 30)


def test_a_day_left_out_at_the_end_of_a_long_month_is_owed_only_by_those_who_lost_it():
    """Months are of unequal length, so with time left out an earlier start may end later: this is the law's, not ours."""
    out = [span("2023-01-31", "2023-01-31")]
    assert reckon("2023-01-30", "1mo", roll=RollRule.NONE, excluded=out).on == date(2023, 3, 1)
    assert reckon("2023-01-31", "1mo", roll=RollRule.NONE, excluded=out).on == date(2023, 2, 28)


def test_a_roll_never_lands_on_an_excluded_day():
    out = [span("2007-08-06", "2007-08-07")]
    assert reckon("2007-07-05", "30d", excluded=out).on == date(2007, 8, 8)


def test_excluded_days_before_the_start_or_after_the_end_change_nothing():
    plain = reckon("2007-03-01", "20wd")
    assert reckon("2007-03-01", "20wd", excluded=[span("2007-02-01", "2007-03-01")]) == plain
    assert reckon("2007-03-01", "20wd", excluded=[span("2007-03-30", "2007-12-01")]) == plain


def test_backward_counting_leaves_out_excluded_days_as_well():
    out = [span("2007-09-29", "2007-10-08")]
    assert reckon("2007-10-12", "7wd", backward=True, excluded=out).on == date(2007, 9, 25)
    assert reckon("2007-10-12", "7d", backward=True, roll=RollRule.NONE, excluded=out).on == date(2007, 9, 25)


# --- hours ---------------------------------------------------------------------------------------------------------


def test_hours_run_from_the_instant_itself():
    begin = datetime(2026, 11, 6, 2, 30, tzinfo=UTC)
    due = reckon(begin, "48h")
    assert due.at == datetime(2026, 11, 8, 2, 30, tzinfo=UTC)
    assert due.on == date(2026, 11, 8)
    assert not due.provisional


def test_hours_that_end_at_midnight_end_on_the_day_that_ends():
    begin = datetime(2026, 11, 5, 16, tzinfo=UTC)  # 00:00 on the 6th in Shanghai
    assert reckon(begin, "24h").on == date(2026, 11, 6)


def test_hours_leave_out_excluded_days_and_run_backward():
    begin = datetime(2026, 11, 6, 2, tzinfo=UTC)
    assert reckon(begin, "24h", excluded=[span("2026-11-07", "2026-11-08")]).at == begin + timedelta(days=3)
    assert reckon(begin, "24h", backward=True).at == begin - DAY
    back = reckon(begin, "24h", backward=True, excluded=[span("2026-11-05", "2026-11-05")])
    assert back.at == begin - timedelta(days=2)


def test_hours_without_an_instant_are_refused():
    with pytest.raises(InstantNeeded):
        reckon("2026-11-06", "48h")
    with pytest.raises(InstantNeeded):
        reckon(datetime(2026, 11, 6, 9), "48h")  # noqa: DTZ001 - naive on purpose


# --- clocks put forward and back -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # 1986-05-04: clocks forward in China; the period is 60 civil days, whatever their hours.
        ("1986-03-10", datetime(1986, 5, 9, 15, tzinfo=UTC)),
        # 1986-09-14: clocks back again.
        ("1986-08-01", datetime(1986, 9, 30, 16, tzinfo=UTC)),
        # 1991: the last summer time.
        ("1991-03-05", datetime(1991, 5, 4, 15, tzinfo=UTC)),
        ("1991-07-20", datetime(1991, 9, 18, 16, tzinfo=UTC)),
    ],
)
def test_sixty_days_across_chinas_summer_time_of_1986_to_1991(start, due):
    found = reckon(start, "60d", roll=RollRule.NONE)
    assert found.at == due
    assert found.on == date.fromisoformat(start) + timedelta(days=60)


def test_months_across_chinas_summer_time_end_on_the_corresponding_day():
    assert reckon("1988-02-29", "3mo", roll=RollRule.NONE).at == datetime(1988, 5, 29, 15, tzinfo=UTC)
    assert reckon("1990-08-17", "1mo", roll=RollRule.NONE).at == datetime(1990, 9, 17, 16, tzinfo=UTC)


def test_a_last_day_of_twenty_three_or_twenty_five_hours_is_whole():
    for day, hours in ((date(1986, 5, 4), 23), (date(1986, 9, 14), 25)):
        end = reckon(day - timedelta(days=60), "60d", roll=RollRule.NONE).at
        assert end - start_of_day(day, SHANGHAI) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        # Eight weeks over the end of summer time (2010-10-31) and over its beginning (2011-03-27): same wall-clock minute.
        ("2010-10-11T11:45", "2010-12-06T11:45"),
        ("2011-02-21T09:07", "2011-04-18T09:07"),
        # 02:30 does not exist on 2011-03-27; it is one hour later on the clock that day.
        ("2011-01-30T02:30", "2011-03-27T03:30"),
        # 02:30 exists twice on 2010-10-31; the first counts.
        ("2010-09-05T02:30", "2010-10-31T02:30"),
    ],
)
def test_dutch_weeks_keep_the_wall_clock_minute_and_do_not_roll(begin, end):
    zone = ZoneInfo(AMSTERDAM)
    wall = datetime.fromisoformat(end)
    due = reckon(
        datetime.fromisoformat(begin).replace(tzinfo=zone),
        "8w",
        calendar=NL,
        zone=AMSTERDAM,
        roll=RollRule.NONE,
        end_of_day=EndOfDayRule.SAME_TIME,
    )
    assert due.at.astimezone(zone).replace(tzinfo=None) == wall
    assert due.at == wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    assert due.on == wall.date()


def test_a_start_late_in_the_evening_belongs_to_its_local_day_not_to_the_utc_day():
    # 23:30 on 25 September in Shanghai is still the 25th in UTC; 00:30 on the 26th is the 25th in UTC.
    assert civil_date(datetime(2007, 9, 25, 16, 30, tzinfo=UTC), SHANGHAI) == date(2007, 9, 26)
    assert reckon(datetime(2007, 9, 25, 16, 30, tzinfo=UTC), "5wd").on == date(2007, 10, 8)
    assert reckon(datetime(2007, 9, 25, 15, 30, tzinfo=UTC), "5wd").on == date(2007, 9, 30)


def test_the_end_at_the_time_of_the_start_needs_that_time():
    with pytest.raises(InstantNeeded):
        reckon("2010-10-11", "8w", end_of_day=EndOfDayRule.SAME_TIME)


def test_an_unknown_zone_is_refused():
    with pytest.raises(UnknownZone):
        reckon("2010-10-11", "8w", zone="Asia/Nowhere")
    with pytest.raises(UnknownZone):
        reckon("2010-10-11", "8w", zone="../etc/passwd")


@pytest.mark.parametrize("period", ["9999y", "99999y", "400y", "99999mo", "99999w", "99999wd"])
@pytest.mark.parametrize("backward", [True, False])
def test_periods_that_leave_the_calendar_are_refused(period, backward):
    with pytest.raises(OutOfCalendar):
        reckon("2026-01-01", period, backward=backward, roll=RollRule.NONE)


@pytest.mark.parametrize("start", ["0001-01-01", "9999-12-31"])
def test_starts_outside_the_calendar_are_refused(start):
    for period in ("0d", "1d", "1mo", "1wd", "0wd"):
        for backward in (True, False):
            with pytest.raises(OutOfCalendar):
                reckon(start, period, backward=backward, roll=RollRule.NONE)
    with pytest.raises(OutOfCalendar):
        between(date.fromisoformat(start), date(2026, 1, 1), CN)


# --- ladders and lengths -------------------------------------------------------------------------------------------


def test_a_rung_fires_when_its_working_day_begins():
    assert working_days_before(date(2007, 10, 8), 1, CN, SHANGHAI) == datetime(2007, 9, 29, 16, tzinfo=UTC)
    assert working_days_before(date(2007, 10, 8), 3, CN, SHANGHAI) == datetime(2007, 9, 27, 16, tzinfo=UTC)
    assert working_days_before(date(2007, 10, 8), 0, CN, SHANGHAI) == datetime(2007, 10, 7, 16, tzinfo=UTC)


def test_between_counts_after_the_first_day_up_to_and_including_the_last():
    found = between(date(2007, 9, 26), date(2007, 10, 8), CN)
    assert found == Between(
        first=date(2007, 9, 26),
        last=date(2007, 10, 8),
        working_days=5,
        calendar_days=12,
        provisional=False,
        calendar=CN.version,
    )
    assert between(date(2026, 12, 30), date(2027, 1, 5), CN).provisional
    assert between(date(2027, 1, 5), date(2026, 12, 30), CN).provisional
    assert between(date(2007, 10, 8), date(2007, 9, 26), CN).working_days == -5


def test_merge_is_the_union():
    assert merge([span("2020-01-05", "2020-01-09"), span("2020-01-01", "2020-01-04")]) == (
        span("2020-01-01", "2020-01-09"),
    )
    assert merge([span("2020-01-09", "2020-01-05")]) == ()
    assert merge([span("2020-01-01", "2020-01-31"), span("2020-01-05", "2020-01-06")]) == (
        span("2020-01-01", "2020-01-31"),
    )
