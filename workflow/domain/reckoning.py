"""Reckoning (期间计算): from a start and a period to a due date, and from two dates to a length.

The day of the event is not counted; months and years end on the corresponding day or the last of the month; a period
whose last day is a rest day may roll; the last day ends at an instant that the end-of-day rule gives (Civil Code
民法典 arts 200-204). Civil dates live in the zone of the rule; a `Due.at` is an exclusive UTC instant.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from workflow.domain.calendar import FIRST_YEAR, LAST_YEAR, Calendar
from workflow.domain.instants import DAY, aware, civil_date, end_instant, start_of_day, zone_info
from workflow.domain.law import EndOfDayRule, RollRule
from workflow.domain.period import Days, Hours, Months, Period, Weeks, WorkingDays, Years
from workflow.errors import InstantNeeded, OutOfCalendar

__all__ = [
    "DAY",
    "Between",
    "DateRange",
    "Due",
    "add",
    "between",
    "civil_date",
    "corresponding_day",
    "due_after_hours",
    "end_instant",
    "in_doubt",
    "last_day",
    "merge",
    "rolled",
    "start_of_day",
    "working_days_before",
    "zone_info",
]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class DateRange:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a period ends: the civil date `on`, inclusive; the UTC instant `at`, exclusive (overdue from it on);
    whether that rests on days no notice has arranged yet; and the version of the calendar it rests on.
    """

    on: date
    at: datetime
    provisional: bool
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """The time after `first` up to and including `last`; all negative when `last` lies before."""

    first: date
    last: date
    working_days: int
    calendar_days: int
    provisional: bool
    calendar: str


def add(  # noqa: PLR0913 - every rule of the reckoning is named at the call; none has a default
    start: date | datetime,
    period: Period,
    calendar: Calendar,
    *,
    zone: str,
    roll: RollRule,
    end_of_day: EndOfDayRule,
    excluded: Sequence[DateRange] = (),
    backward: bool = False,
    closing_time: time | None = None,
) -> Due:
    """The end of a period that runs from `start` (not counted), or backward to it, without the `excluded` days.

    Hours need `start` as an aware datetime, and so does the end-of-day rule `same_time`. `roll` is taken literally in
    either direction. Raises InstantNeeded, UnknownZone, OutOfCalendar.
    """
    begin = aware(start) if isinstance(start, datetime) else None
    if isinstance(period, Hours):
        return _add_hours(begin, period, calendar, zone, excluded, backward=backward)
    day = civil_date(begin, zone) if begin is not None else start
    without = merge(excluded)
    last = last_day(day, (period,), calendar, without, backward=backward)
    on = last if isinstance(period, WorkingDays) else rolled(last, roll, calendar, without)
    return Due(
        on=on,
        at=end_instant(on, zone, end_of_day, begin, closing_time, calendar),
        provisional=in_doubt(day, last, on, period, calendar, roll),
        calendar=calendar.version,
    )


def between(a: date, b: date, calendar: Calendar) -> Between:
    """The length from `a` (not counted) to `b` (counted), in working days and in calendar days."""
    return Between(
        first=a,
        last=b,
        working_days=calendar.working_days_between(a, b),
        calendar_days=(b - a).days,
        provisional=calendar.any_provisional(*((a, b) if a <= b else (b - DAY, a - DAY))),
        calendar=calendar.version,
    )


def working_days_before(due: date, n: int, calendar: Calendar, zone: str) -> datetime:
    """The UTC instant at which the day n working days before `due` begins: when the rung T-n of a ladder fires."""
    return start_of_day(calendar.add_working_days(due, -n), zone)


# --- days ----------------------------------------------------------------------------------------------------------


def last_day(
    start: date,
    periods: Iterable[Period],
    calendar: Calendar,
    excluded: Sequence[DateRange] = (),
    *,
    backward: bool = False,
    inclusive: bool = False,
) -> date:
    """The last day of the periods laid end to end after `start`, before any roll. `excluded` is merged and sorted.

    `inclusive` counts the start day itself as the first. Hours are not days: TypeError.
    """
    day, sign = start, -1 if backward else 1
    for period in periods:
        if isinstance(period, Hours):
            raise TypeError("hours have no last day")
        zero = day - sign * DAY if inclusive else day
        inclusive = False
        if isinstance(period, WorkingDays):
            day = _push(zero, period.amount, calendar, excluded, sign, working=True)
            continue
        if isinstance(period, Days | Weeks):
            amount = period.amount * (7 if isinstance(period, Weeks) else 1)
        else:
            amount = abs((corresponding_day(day, period, sign) - day).days)
        day = _push(zero, amount, calendar, excluded, sign, working=False)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OutOfCalendar(what=day.isoformat(), first=FIRST_YEAR, last=LAST_YEAR)
    return day


def corresponding_day(start: date, period: Months | Years, sign: int = 1) -> date:
    """The day of the same number so many months or years on, or the last of that month (Civil Code art. 202)."""
    months = (
        start.year * 12 + start.month - 1 + sign * period.amount * (12 if isinstance(period, Years) else 1)
    )
    year, month = divmod(months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OutOfCalendar(what=f"{start} {period}", first=FIRST_YEAR, last=LAST_YEAR)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def rolled(last: date, roll: RollRule, calendar: Calendar, excluded: Sequence[DateRange] = ()) -> date:
    """The last day moved off a rest day as the rule says; never onto a day that is excluded."""
    if roll is RollRule.NONE or calendar.is_working(last):
        return last
    step = 1 if roll is RollRule.NEXT else -1
    day = calendar.add_working_days(last, step)
    while any(day in span for span in excluded):
        day = calendar.add_working_days(day, step)
    return day


def in_doubt(start: date, last: date, on: date, period: Period, calendar: Calendar, roll: RollRule) -> bool:
    """Whether any day that was asked of the calendar is provisional: all of a working-day period, else the roll."""
    if isinstance(period, WorkingDays):
        return calendar.any_provisional(*((start, last) if start <= last else (last - DAY, start - DAY)))
    if roll is RollRule.NONE:
        return False
    return calendar.any_provisional(min(last, on) - DAY, max(last, on))


def merge(ranges: Iterable[DateRange]) -> tuple[DateRange, ...]:
    """The union of ranges: sorted, disjoint, not touching; empty ones dropped."""
    union: list[DateRange] = []
    for span in sorted(ranges):
        if span.last < span.first:
            continue
        if union and span.first <= union[-1].last + DAY:
            if span.last > union[-1].last:
                union[-1] = DateRange(first=union[-1].first, last=span.last)
        else:
            union.append(span)
    return tuple(union)


def _push(
    zero: date, amount: int, calendar: Calendar, excluded: Sequence[DateRange], sign: int, *, working: bool
) -> date:
    """The day with `amount` counted days after (before) `zero`, the excluded ones not counted."""

    def reach(count: int) -> date:
        if working:
            return calendar.add_working_days(zero, sign * count)
        try:
            return zero + sign * count * DAY
        except OverflowError as wrong:
            raise OutOfCalendar(what=f"{zero} {sign * count:+}d", first=FIRST_YEAR, last=LAST_YEAR) from wrong

    day = reach(amount)
    for span in excluded if sign > 0 else reversed(excluded):
        near, far = (span.first, span.last) if sign > 0 else (span.last, span.first)
        if (far - zero).days * sign <= 0:
            continue
        # The last day before the range that could still count.
        edge = near - sign * DAY if (near - zero).days * sign > 0 else zero
        if (day - edge).days * sign <= 0:
            break
        amount += abs(calendar.working_days_between(edge, far) if working else (far - edge).days)
        day = reach(amount)
    return day


# --- hours -------------------------------------------------------------------------------------------------------


def _add_hours(
    begin: datetime | None,
    period: Hours,
    calendar: Calendar,
    zone: str,
    excluded: Sequence[DateRange],
    *,
    backward: bool,
) -> Due:
    if begin is None:
        raise InstantNeeded(what=str(period))
    spans = [
        (start_of_day(span.first, zone), start_of_day(span.last + DAY, zone)) for span in merge(excluded)
    ]
    return due_after_hours(begin, period, calendar, zone, spans, backward=backward)


def due_after_hours(
    begin: datetime,
    period: Hours,
    calendar: Calendar,
    zone: str,
    excluded: Sequence[tuple[datetime, datetime]],
    *,
    backward: bool = False,
) -> Due:
    """The instant so many elapsed hours after (before) `begin`, the excluded instants (sorted, disjoint) left out."""
    length, sign = timedelta(hours=period.amount), -1 if backward else 1
    end = begin + sign * length
    for first, last in excluded if sign > 0 else reversed(excluded):
        near, far = (max(first, begin), last) if sign > 0 else (min(last, begin), first)
        if (far - near) * sign <= timedelta(0):
            continue
        if (end - near) * sign <= timedelta(0):
            break
        end += far - near
    # A period that ends at 24:00 belongs to the day that ends, not to the one that begins.
    on = civil_date(end - timedelta(microseconds=1), zone)
    return Due(on=on, at=end, provisional=False, calendar=calendar.version)
