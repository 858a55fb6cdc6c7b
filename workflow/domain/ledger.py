"""The ledger of a clock (计时台账): what happened to a period, as entries in legal time, read to one answer.

The entries may have been recorded in any order, back-dated or not; only their effective days and instants count. On
one day, entries that carry an instant are read in the order of their instants; otherwise a stop or an end counts as
after a restart of the same day. A stop on day S takes S out; a resumption on day R puts R back in; the days taken out
by several grounds are one union.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from workflow.domain.calendar import Calendar
from workflow.domain.law import Rule
from workflow.domain.period import Period
from workflow.domain.reckoning import DAY, DateRange, last_day, start_of_day
from workflow.domain.values import replace


class EntryKind(StrEnum):
    """What an entry does to the clock."""

    START = "start"
    STOP = "stop"
    RESUME = "resume"
    EXTEND = "extend"
    REMOVE_EXTENSION = "remove_extension"
    END = "end"
    RESTART = "restart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. `on` is its civil day in the zone of the rule, `at` its aware UTC instant (needed for hours and where
    the time of day counts). `ref` names a stop or an extension, and on a resumption or a removal the one meant; a
    resumption without `ref` is of its `ground`, without either of everything that is open.
    """

    kind: EntryKind
    on: date
    at: datetime | None = None
    ground: str | None = None
    ref: str | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop of the clock. `last` is the last day taken out (None while it is open); `automatic` says that the
    ground's own limit ended it. `limit_on` and `alarm_on` are the days of the ground's limit and alarm.
    """

    ground: str
    ref: str | None
    first: date
    first_at: datetime | None
    last: date | None
    last_at: datetime | None
    automatic: bool = False
    limit_on: date | None = None
    alarm_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether time is still out, as far as the entries tell."""
        return self.last is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The reading of the entries: generation 0 has not started, each start or restart begins another. A new
    generation begins clean: a ground that goes on is opened again in it.
    """

    generation: int
    start: Entry | None
    stops: tuple[Stop, ...]
    extensions: tuple[Entry, ...]
    end: Entry | None

    @property
    def open_grounds(self) -> tuple[str, ...]:
        """The grounds on which time is out now, each once, sorted."""
        return tuple(sorted({stop.ground for stop in self.stops if stop.is_open}))


def read(entries: Iterable[Entry], rule: Rule, calendar: Calendar) -> Ledger:
    """Read entries, given in any order. Entries before the start of the current generation do not count in it."""
    known = sorted(entries, key=_order)
    starts = [entry for entry in known if entry.kind in (EntryKind.START, EntryKind.RESTART)]
    if not starts:
        return Ledger(generation=0, start=None, stops=(), extensions=(), end=None)
    start = starts[-1]
    current = [entry for entry in known if entry not in starts and not _precedes(entry, start)]
    ends = [entry for entry in current if entry.kind is EntryKind.END]
    return Ledger(
        generation=len(starts),
        start=start,
        stops=_stops(current, rule, calendar),
        extensions=_extensions(current),
        end=ends[0] if ends else None,
    )


def excluded_days(stops: Iterable[Stop], until: date) -> list[DateRange]:
    """The days that closed stops take out; open ones up to `until`."""
    return [DateRange(first=stop.first, last=until if stop.last is None else stop.last) for stop in stops]


_PLACES = {kind: place for place, kind in enumerate(EntryKind)}


def _order(entry: Entry) -> tuple[date, bool, float, int, str, str, str]:
    # Total, and blind to the order of entry. Days first; instants within the day; then what the entry says.
    at = entry.at.timestamp() if entry.at is not None else 0.0
    text = (entry.ground or "", entry.ref or "", str(entry.period or ""))
    return (entry.on, entry.at is not None, at, _PLACES[entry.kind], *text)


def _precedes(entry: Entry, start: Entry) -> bool:
    if entry.on != start.on:
        return entry.on < start.on
    return entry.at is not None and start.at is not None and entry.at < start.at


def _stops(entries: Sequence[Entry], rule: Rule, calendar: Calendar) -> tuple[Stop, ...]:
    stops = [_opened(entry, rule, calendar) for entry in entries if entry.kind is EntryKind.STOP]
    resumes = [entry for entry in entries if entry.kind is EntryKind.RESUME]
    # The most exact resumptions choose first: by reference, then by ground, then those that mean everything.
    for entry in (resume for resume in resumes if resume.ref is not None):
        _close(stops, entry)
    for entry in (resume for resume in resumes if resume.ref is None and resume.ground is not None):
        _close(stops, entry)
    for entry in (resume for resume in resumes if resume.ref is None and resume.ground is None):
        while _close(stops, entry):
            pass
    return tuple(_limited(stop, rule) for stop in stops)


def _opened(entry: Entry, rule: Rule, calendar: Calendar) -> Stop:
    ground = rule.ground(entry.ground or "")
    limit_on = alarm_on = None
    if ground is not None and ground.limit is not None:
        limit_on = last_day(entry.on, (ground.limit,), calendar)
        if ground.alarm is not None:
            alarm_on = last_day(limit_on, (ground.alarm,), calendar, backward=True)
    return Stop(
        ground=entry.ground or "",
        ref=entry.ref,
        first=entry.on,
        first_at=entry.at,
        last=None,
        last_at=None,
        automatic=ground is not None and ground.automatic_end and limit_on is not None,
        limit_on=limit_on,
        alarm_on=alarm_on,
    )


def _close(stops: list[Stop], by: Entry) -> bool:
    """Close the earliest open stop that the resumption can mean; False when there is none."""
    for place, stop in enumerate(stops):
        if not stop.is_open or by.ref not in (None, stop.ref) or by.ground not in (None, stop.ground):
            continue
        if _before_stop(by, stop) or (stop.automatic and stop.limit_on is not None and stop.limit_on < by.on):
            continue
        stops[place] = replace(stop, last=by.on - DAY, last_at=by.at, automatic=False)
        return True
    return False


def _before_stop(by: Entry, stop: Stop) -> bool:
    if by.on != stop.first or by.at is None or stop.first_at is None:
        return by.on < stop.first
    return by.at < stop.first_at


def _limited(stop: Stop, rule: Rule) -> Stop:
    # A ground that ends by itself is closed on its last day, unless somebody closed it before.
    if stop.is_open and stop.automatic and stop.limit_on is not None:
        return replace(stop, last=stop.limit_on, last_at=start_of_day(stop.limit_on + DAY, rule.zone))
    return replace(stop, automatic=False) if stop.is_open else stop


def _extensions(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    granted = [entry for entry in entries if entry.kind is EntryKind.EXTEND and entry.period is not None]
    for removal in (entry for entry in entries if entry.kind is EntryKind.REMOVE_EXTENSION):
        granted = [
            entry for entry in granted if entry.on > removal.on or removal.ref not in (None, entry.ref)
        ]
    return tuple(granted)
