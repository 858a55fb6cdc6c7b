"""What one calendar says otherwise than another (历法变更): for the preview of a new notice, and for who it moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflow.domain.calendar import USUAL_YEARS, Calendar
from workflow.domain.notices import CalendarDay


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One day on which two calendars differ: in whether it is worked, in how sure that is, or in who says so."""

    before: CalendarDay
    after: CalendarDay

    @property
    def moves_dates(self) -> bool:
        """Whether a period that counts this day may end on another date now."""
        return self.before.working != self.after.working

    @property
    def touches_dates(self) -> bool:
        """Whether a due date that was asked about this day may be another now, or surer, or end at another hour."""
        return self.moves_dates or (
            (self.before.provisional, self.before.closes_at) != (self.after.provisional, self.after.closes_at)
        )


def changes(before: Calendar, after: Calendar, *, years: range = USUAL_YEARS) -> Iterator[Change]:
    """Every day on which `after` differs from `before`, in order of time.

    Days that notices or layers name are compared wherever they lie, and years newly arranged whole; when the fixed
    holidays or the weekly rest changed, every day of `years` is.
    """
    for day in sorted(_named(before) | _named(after) | _of_years(_years(before, after, years))):
        old, new = before.day(day), after.day(day)
        if old != new:
            yield Change(before=old, after=new)


def first_touched(before: Calendar, after: Calendar) -> date | None:
    """The first day that may give an open period another end; none when only names or sources changed."""
    return next((change.after.date for change in changes(before, after) if change.touches_dates), None)


def _named(calendar: Calendar) -> set[date]:
    papers = {day.date for paper in calendar.notices for day in paper.days}
    return papers | {day.date for layer in calendar.layers for day in layer.days}


def _years(before: Calendar, after: Calendar, years: range) -> set[int]:
    ground = [(of.regulations, of.almanac, of.weekly_rest, of.settled) for of in (before, after)]
    if ground[0] != ground[1]:
        return set(years)
    old, new = ({paper.confirms for paper in of.notices} for of in (before, after))
    return {year for year in old ^ new if year is not None}


def _of_years(years: set[int]) -> set[date]:
    return {
        date.fromordinal(day)
        for year in years
        for day in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    }
