"""The calendar (日历): which days are working days, who said so, and how sure that is.

A calendar is made of *notices* (放假通知): each fixes some days off and some weekend days worked (调休上班); a later
notice overrides an earlier one for the same date. Days that no notice names are working days or weekly rest. A year
that no notice arranges is *provisional*: the fixed holidays of the regulation in force and the weekends are assumed.
Above the nation lie layers: a region, an organ, an emergency. A calendar never changes; `as_of` and `with_layer` give
another one, and `version` names exactly what an answer rests on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from workflow.domain.day_table import DayTable
from workflow.domain.notices import (
    CalendarDay,
    Layer,
    LayerDay,
    LayerKind,
    Notice,
    NoticeDay,
    Reason,
    WeeklyRest,
)
from workflow.domain.regulation import Feast, Regulation, assumed_holidays
from workflow.errors import OutOfCalendar

__all__ = [
    "Calendar",
    "CalendarDay",
    "Layer",
    "LayerDay",
    "LayerKind",
    "Notice",
    "NoticeDay",
    "WeeklyRest",
]

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2400
"""No calendar answers for days outside these years; deadlines of the law do not reach them."""

USUAL_YEARS: Final = range(2000, 2041)
"""The years tabled from the start; others are when they are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calendar:
    """A calendar of working days; see the module. `settled` means that the regulation alone decides (no yearly notice
    is issued, as in the Netherlands), so no day is provisional. Two calendars are equal when their versions are.
    """

    code: str
    zone: str
    notices: tuple[Notice, ...] = ()
    regulations: tuple[Regulation, ...] = ()
    almanac: Mapping[str, Mapping[int, date]] = field(default_factory=dict)
    weekly_rest: tuple[WeeklyRest, ...] = (WeeklyRest(valid_from=date.min, weekdays=frozenset({5, 6})),)
    layers: tuple[Layer, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    settled: bool = False
    version: str = field(init=False, compare=False)
    confirmed_until: date = field(init=False, compare=False)
    _ruled: dict[date, tuple[NoticeDay, Notice]] = field(init=False, repr=False, compare=False)
    _layered: dict[date, list[tuple[LayerDay, Layer]]] = field(init=False, repr=False, compare=False)
    _confirmed: frozenset[int] = field(init=False, repr=False, compare=False)
    _assumed: dict[date, tuple[Feast, Regulation]] = field(init=False, repr=False, compare=False)
    _table: DayTable = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        papers = tuple(sorted(self.notices, key=lambda paper: (paper.issued_on, paper.id)))
        years = frozenset(paper.confirms for paper in papers if paper.confirms is not None)
        last = date.max if self.settled else date(max(years), 12, 31) if years else date.min
        self._set("notices", papers)
        self._set("confirmed_until", last)
        self._set("_ruled", {day.date: (day, paper) for paper in papers for day in paper.days})
        self._set("_layered", _by_date(self.layers))
        self._set("_confirmed", years)
        self._set("version", _version(self))
        self._tabulate(USUAL_YEARS)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and other.version == self.version

    def __hash__(self) -> int:
        return hash(self.version)

    # --- one day ---------------------------------------------------------------------------------------------------

    def day(self, on: date) -> CalendarDay:
        """What is known of one day. Raises OutOfCalendar outside the years 1900 to 2400."""
        self._cover(on)
        provisional = self._is_provisional(on)
        below = self._national_day(on, provisional=provisional)
        for entry, layer in self._layered.get(on, ()):
            below = _overlaid(below, entry, layer)
        return below

    def days(self, first: date, last: date) -> Iterator[CalendarDay]:
        """Every day from `first` to `last`, both included."""
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            yield self.day(date.fromordinal(ordinal))

    def is_working(self, on: date) -> bool:
        """Whether the day is a working day (a half day is)."""
        self._cover(on)
        return self._table.is_working(on)

    def any_provisional(self, after: date, until: date) -> bool:
        """Whether any day after `after` up to and including `until` rests on an assumption."""
        if self.settled or until <= after:
            return False
        self._cover(after, until)
        return self._table.doubts(after, until) > 0

    def notice(self, notice_id: str) -> Notice | None:
        """The notice of that id, if this calendar holds it."""
        return next((paper for paper in self.notices if paper.id == notice_id), None)

    def latest_notice(self, first: date, last: date) -> Notice | None:
        """Of the notices that arrange a day from `first` to `last` (both included), the one issued last."""
        days = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
        papers = (self._ruled[day][1] for day in days if day in self._ruled)
        return max(papers, key=lambda paper: (paper.issued_on, paper.id), default=None)

    def cited(self, notice_id: str | None) -> str:
        """How the paper that decided a day is cited: its document number, else its title or source."""
        if notice_id is None:
            return ""
        for paper in self.notices:
            if paper.id == notice_id:
                return paper.number or paper.title
        for text in self.regulations:
            if text.id == notice_id:
                return text.number or text.title
        return notice_id.partition(":")[2] or notice_id

    def called(self, name: str) -> dict[str, str]:
        """A feast's name in Chinese and English; what nobody translated stays as it is."""
        return {"zh-CN": name, "en": self.names.get(name, name)}

    # --- counting --------------------------------------------------------------------------------------------------

    def add_working_days(self, start: date, n: int) -> date:
        """The nth working day after `start` (before it, if n is negative); `start` itself never counts and n = 0 gives
        it back. Raises OutOfCalendar when the answer lies outside the years 1900 to 2400.
        """
        found = self._table.add(start, n)
        while found is None:
            self._widen(start, n)
            found = self._table.add(start, n)
        return found

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; when b is earlier, minus those from `b` to before `a`."""
        self._cover(a, b)
        return self._table.between(a, b)

    # --- other calendars -------------------------------------------------------------------------------------------

    def as_of(self, on: date) -> Calendar:
        """The calendar as it was known on that day: papers issued, texts promulgated and days decided until then."""
        return replace(
            self,
            notices=tuple(paper for paper in self.notices if paper.issued_on <= on),
            regulations=tuple(text for text in self.regulations if text.promulgated_on <= on),
            layers=tuple(
                replace(layer, days=tuple(day for day in layer.days if day.decided_on <= on))
                for layer in self.layers
            ),
        )

    def known_as(self, version: str) -> Calendar:
        """This calendar as it was under that version, if leaving out its latest notices gives it; else as it is."""
        return self if version == self.version else _known_as(self, version)

    def with_layer(self, layer: Layer) -> Calendar:
        """This calendar with a region's or an organ's days on top."""
        return replace(self, layers=(*self.layers, layer))

    def with_notice(self, paper: Notice) -> Calendar:
        """This calendar with one more notice; one of the same id is replaced."""
        return self.with_notices([paper])

    def with_notices(self, papers: Iterable[Notice]) -> Calendar:
        """This calendar with more notices; those of the same ids are replaced."""
        known = {paper.id: paper for paper in self.notices} | {paper.id: paper for paper in papers}
        return replace(self, notices=tuple(known.values()))

    # --- inside ----------------------------------------------------------------------------------------------------

    def _national_day(self, on: date, *, provisional: bool) -> CalendarDay:
        reason: Reason
        name, notice = "", None
        if (ruled := self._ruled.get(on)) is not None:
            entry, paper = ruled
            off, name, notice = entry.off, entry.name, paper.id
            # A notice may also confirm an ordinary working day (3 February 2020).
            reason = "holiday" if off else "make_up" if on.weekday() in self._rest_on(on) else "workday"
        elif (assumed := self._assumed.get(on)) is not None:
            off, reason, name, notice = (
                True,
                "holiday" if self.settled else "assumed_holiday",
                *_names(assumed),
            )
        else:
            off = on.weekday() in self._rest_on(on)
            reason = "weekend" if off else "workday"
        return CalendarDay(
            date=on, working=not off, reason=reason, name=name, notice=notice, provisional=provisional
        )

    def _is_provisional(self, on: date) -> bool:
        return not self.settled and on.year not in self._confirmed and on not in self._ruled

    def _rest_on(self, on: date) -> frozenset[int]:
        rest: frozenset[int] = frozenset()
        for entry in self.weekly_rest:
            if entry.valid_from <= on:
                rest = entry.weekdays
        return rest

    def _cover(self, *days: date) -> None:
        if not all(self._table.covers(day) for day in days):
            years = [day.year for day in days]
            self._tabulate(_within(min(*years, self._table.first_year), max(*years, self._table.last_year)))

    def _widen(self, start: date, n: int) -> None:
        # A year holds about 250 working days; 200 makes each step reach far enough, then the loop tries again.
        reach = abs(n) // 200 + 5
        first, last = self._table.first_year, self._table.last_year
        wanted = (min(first, start.year - reach * (n < 0)), max(last, start.year + reach * (n > 0)))
        clipped = _within(max(wanted[0], FIRST_YEAR), min(wanted[1], LAST_YEAR))
        if not FIRST_YEAR <= start.year <= LAST_YEAR or (clipped.start == first and clipped.stop == last + 1):
            raise OutOfCalendar(what=f"{start} {n:+}wd", first=FIRST_YEAR, last=LAST_YEAR)
        self._tabulate(clipped)

    def _tabulate(self, years: range) -> None:
        assumed = {
            day: (feast, text)
            for day, feast, text in assumed_holidays(self.regulations, self.almanac, years)
            if self.settled or day.year not in self._confirmed
        }
        marks: dict[date, bool] = dict.fromkeys(assumed, False)
        marks.update((day, not entry.off) for day, (entry, _) in self._ruled.items())
        for layers in self._layered.values():
            # A half day opens nothing and closes nothing.
            marks.update(
                (entry.date, entry.kind == "open") for entry, _ in layers if entry.kind != "half_day"
            )
        doubtful = () if self.settled else tuple(year for year in years if year not in self._confirmed)
        rest = tuple((entry.valid_from, entry.weekdays) for entry in self.weekly_rest)
        table = DayTable(years, rest, marks, doubtful, frozenset(self._ruled))
        self._set("_assumed", assumed)
        self._set("_table", table)

    def _set(self, name: str, value: object) -> None:
        # What is derived is set once, or (the table) replaced whole by the same over more years.
        object.__setattr__(self, name, value)


@lru_cache(maxsize=64)
def _known_as(calendar: Calendar, version: str) -> Calendar:
    days = sorted({paper.issued_on for paper in calendar.notices}, reverse=True)
    earlier = (calendar.as_of(day - timedelta(days=1)) for day in days)
    return next((found for found in earlier if found.version == version), calendar)


def _by_date(layers: tuple[Layer, ...]) -> dict[date, list[tuple[LayerDay, Layer]]]:
    found: dict[date, list[tuple[LayerDay, Layer]]] = {}
    for layer in layers:
        for entry in layer.days:
            found.setdefault(entry.date, []).append((entry, layer))
    return found


def _overlaid(below: CalendarDay, entry: LayerDay, layer: Layer) -> CalendarDay:
    """A day with what one layer says of it; a half day needs a day that is worked."""
    if entry.kind == "half_day" and not below.working:
        return below
    return replace(
        below,
        working=entry.kind in {"open", "half_day"},
        reason=entry.kind,
        name=entry.name,
        notice=f"{layer.code}:{entry.source}",
        closes_at=entry.closes_at,
    )


def _names(assumed: tuple[Feast, Regulation]) -> tuple[str, str]:
    feast, text = assumed
    return feast.name, text.id


def _within(first: int, last: int) -> range:
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise OutOfCalendar(what=f"{first}..{last}", first=FIRST_YEAR, last=LAST_YEAR)
    return range(first, last + 1)


def _version(calendar: Calendar) -> str:
    """`cn@2025-11-04.1a2b3c4d`: code and layers, day of the last paper, and a digest of everything that counts."""
    content = repr(
        (
            calendar.code,
            calendar.zone,
            calendar.settled,
            calendar.notices,
            calendar.regulations,
            calendar.layers,
            [(entry.valid_from, sorted(entry.weekdays)) for entry in calendar.weekly_rest],
            sorted((name, sorted(table.items())) for name, table in calendar.almanac.items()),
        )
    )
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    code = "+".join([calendar.code, *(layer.code for layer in calendar.layers)])
    last = calendar.notices[-1].issued_on.isoformat() if calendar.notices else "none"
    return f"{code}@{last}.{digest}"
