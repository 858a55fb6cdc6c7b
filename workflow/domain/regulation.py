"""The fixed holidays of a regulation (全国年节及纪念日放假办法 and its like), for years that no notice arranges.

A regulation names its feasts; a feast falls on a fixed date, on a day that an almanac tables (lunar days 农历,
solar terms 节气), or at a distance from Easter. From these come the days that may be *assumed* off when the notice of
the year (放假通知) has not been issued; what is assumed is never presented as certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from workflow.errors import BadInput

EASTER = "easter"
"""The anchor of feasts that move with Easter Sunday."""

_SUNDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Feast:
    """One feast of a regulation, lasting `days` days from its anchor plus `offset`.

    `anchor` is `MM-DD`, the name of an almanac's table, or `easter`. `if_sunday` moves a feast that falls on a Sunday
    by so many days (the Dutch King's Day moves by -1).
    """

    name: str
    anchor: str
    offset: int = 0
    days: int = 1
    if_sunday: int = 0

    def dates(self, year: int, almanac: Mapping[str, Mapping[int, date]]) -> Iterator[date]:
        """The feast's dates in `year`; none when the almanac's table does not reach that year."""
        first = _anchor(self.anchor, year, almanac)
        if first is None:
            return
        first += timedelta(days=self.offset)
        if self.if_sunday and first.weekday() == _SUNDAY:
            first += timedelta(days=self.if_sunday)
        for nth in range(self.days):
            yield first + timedelta(days=nth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulation:
    """One text of the regulation: in force from a day until the next one's, known since it was promulgated."""

    id: str
    title: str
    number: str
    promulgated_on: date
    in_force_from: date
    feasts: tuple[Feast, ...] = field(default=())


def assumed_holidays(
    regulations: tuple[Regulation, ...], almanac: Mapping[str, Mapping[int, date]], years: range
) -> Iterator[tuple[date, Feast, Regulation]]:
    """Every day off that the regulations fix in the given years, each under the text in force on that day."""
    by_force = sorted(regulations, key=lambda text: (text.in_force_from, text.promulgated_on, text.id))
    for place, text in enumerate(by_force):
        until = by_force[place + 1].in_force_from if place + 1 < len(by_force) else date.max
        first = max(text.in_force_from.year, years.start)
        # A feast may reach over the turn of a year (New Year's Eve of the lunar year never does, but data may).
        for year in range(first, min(until.year + 1, years.stop)):
            for feast in text.feasts:
                for day in feast.dates(year, almanac):
                    if text.in_force_from <= day < until:
                        yield day, feast, text


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the Meeus/Jones/Butcher rule, in whole numbers)."""
    golden, century, in_century = year % 19, year // 100, year % 100
    leap_centuries, rest = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap_centuries - correction + 15) % 30
    leaps, left = divmod(in_century, 4)
    weekday = (32 + 2 * rest + 2 * leaps - moon - left) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _anchor(anchor: str, year: int, almanac: Mapping[str, Mapping[int, date]]) -> date | None:
    if anchor == EASTER:
        return easter_sunday(year)
    if anchor in almanac:
        return almanac[anchor].get(year)
    try:
        month, day = anchor.split("-")
        return date(year, int(month), int(day))
    except ValueError as wrong:
        raise BadInput(
            reason=f"a feast is anchored on {anchor!r}, which is neither MM-DD nor a table"
        ) from wrong
