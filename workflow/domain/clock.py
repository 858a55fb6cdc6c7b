"""The legal clock (期限): from the ledger of a period to what stands today.

Nothing here reads a clock. What is stored is the entries; the due date is always derived from them, the rule and the
calendar, and a `Due` names the version of the calendar it rests on. The reckoning of dates lives in `reckoning`, the
reading of entries in `ledger`; this module joins them and is what the rest of the engine imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from workflow.domain.calendar import Calendar
from workflow.domain.law import EndOfDayRule, ExtensionRule, Ground, Rule, StartKind
from workflow.domain.ledger import Entry, EntryKind, Ledger, Stop, excluded_days, read
from workflow.domain.period import UNITS, Hours, Period, WorkingDays
from workflow.domain.reckoning import (
    DAY,
    Between,
    DateRange,
    Due,
    add,
    between,
    due_after_hours,
    end_instant,
    in_doubt,
    last_day,
    merge,
    rolled,
    start_of_day,
    working_days_before,
    zone_info,
)
from workflow.domain.values import replace
from workflow.errors import BadInput, InstantNeeded

__all__ = [
    "Between",
    "DateRange",
    "Due",
    "Entry",
    "EntryKind",
    "Ledger",
    "Projection",
    "Stop",
    "add",
    "between",
    "extension_refusal",
    "ground_refusal",
    "instants_out",
    "project",
    "working_days_before",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What the ledger of a clock comes to.

    `due` is None before the start and while time is out (then no day can be named). `running`: started, not ended and
    no ground open. `zero` is day zero of the current generation, `last` the last day before any roll, `total` the
    periods laid end to end (the rule's, then extensions), `excluded` the union of days taken out.
    """

    due: Due | None
    running: bool
    open_grounds: tuple[str, ...]
    generation: int
    ended_on: date | None
    zero: date | None = None
    last: date | None = None
    total: tuple[Period, ...] = ()
    excluded: tuple[DateRange, ...] = ()
    stops: tuple[Stop, ...] = ()


def project(
    entries: Sequence[Entry], rule: Rule, calendar: Calendar, *, closing_time: time | None = None
) -> Projection:
    """Derive a clock from its entries, given in any order. `closing_time` is that of the window, in local time.

    Raises InstantNeeded when the start of a period in hours, or of one that ends at the time of day it began, has none.
    """
    ledger = read(entries, rule, calendar)
    if ledger.start is None:
        return Projection(due=None, running=False, open_grounds=(), generation=0, ended_on=None)
    end = ledger.end
    stops = tuple(stop for stop in ledger.stops if end is None or stop.first <= end.on)
    zero, inclusive = day_zero(ledger.start, rule, calendar)
    total = total_period(rule.period, (entry.period for entry in ledger.extensions))
    state = Projection(
        due=None,
        running=end is None and not ledger.open_grounds,
        open_grounds=ledger.open_grounds if end is None else (),
        generation=ledger.generation,
        ended_on=end.on if end is not None else None,
        zero=zero,
        total=total,
        stops=stops,
    )
    if isinstance(total[0], Hours):
        return _project_hours(state, ledger.start, total[0], rule, calendar)
    return _project_days(state, ledger.start, rule, calendar, closing_time, inclusive=inclusive)


def day_zero(start: Entry, rule: Rule, calendar: Calendar) -> tuple[date, bool]:
    """The day from which the rule counts, and whether that day itself is the first."""
    day, how = start.on, rule.start
    if how.cutoff is not None and start.at is not None:
        local = start.at.astimezone(zone_info(rule.zone))
        if local.date() == day and local.time() >= how.cutoff:
            day += DAY
    if how.kind is StartKind.NEXT_WORKING_DAY and not calendar.is_working(day):
        day = calendar.add_working_days(day, 1)
    return day, how.kind is StartKind.SAME_DAY


def total_period(period: Period, extensions: Iterable[Period | None]) -> tuple[Period, ...]:
    """The period with its extensions: those of its own unit added to it, others after it in the order of the units.

    Hours and days cannot be laid end to end: BadInput.
    """
    sums: dict[str, Period] = {period.unit: period}
    for more in extensions:
        if more is None:
            continue
        known = sums.get(more.unit)
        sums[more.unit] = more if known is None else UNITS[more.unit](known.amount + more.amount)
    if len(sums) > 1 and Hours.unit in sums:
        raise BadInput(reason="a period in hours cannot be extended by another unit, nor another by hours")
    first = sums.pop(period.unit)
    return (first, *(sums[unit] for unit in UNITS if unit in sums))


def extension_refusal(
    entries: Sequence[Entry],
    rule: Rule,
    calendar: Calendar,
    more: Period,
    on: date,
) -> str | None:
    """Why an extension may not be granted on a day, or None: `not_provided`, `not_running`, `other_unit`, `too_often`,
    `too_long`, `after_expiry`. Who grants it and with what reasons is for the case to check."""
    terms: ExtensionRule | None = rule.extension
    if terms is None:
        return "not_provided"
    now = project(entries, rule, calendar)
    granted = [entry.period.amount for entry in read(entries, rule, calendar).extensions if entry.period]
    faults = {
        "not_running": now.generation == 0 or now.ended_on is not None,
        "other_unit": more.unit != terms.period.unit,
        "too_often": len(granted) >= terms.times,
        "too_long": sum(granted) + more.amount > terms.period.amount,
        "after_expiry": terms.before_expiry and now.due is not None and on > now.due.on,
    }
    return next((fault for fault, found in faults.items() if found), None)


def ground_refusal(rule: Rule, ground_id: str) -> str | None:
    """Why time may not be taken out on a ground, or None: `not_listed` when the rule does not list it."""
    ground: Ground | None = rule.ground(ground_id)
    return "not_listed" if ground is None else None


def _project_days(
    state: Projection,
    start: Entry,
    rule: Rule,
    calendar: Calendar,
    closing_time: time | None,
    *,
    inclusive: bool,
) -> Projection:
    assert state.zero is not None  # noqa: S101 - set by project, for every clock that has started
    ended = state.ended_on
    out = [stop for stop in state.stops if stop.is_open]
    closed = merge(excluded_days((stop for stop in state.stops if not stop.is_open), date.max))
    if ended is not None:
        # Ended while time was out: those days are out up to the end, so the due date lies after it.
        closed = merge([*closed, *excluded_days(out, ended)])
        out = []

    main = state.total[0]
    first = state.zero
    last = last_day(first, state.total, calendar, closed, backward=rule.backward, inclusive=inclusive)
    on = last if isinstance(state.total[-1], WorkingDays) else rolled(last, rule.roll, calendar, closed)
    if out and on >= min(stop.first for stop in out):
        return replace(state, excluded=closed)
    begin = start.at if rule.end_of_day is EndOfDayRule.SAME_TIME else None
    counted: Period = next((part for part in state.total if isinstance(part, WorkingDays)), main)
    due = Due(
        on=on,
        at=end_instant(on, rule.zone, rule.end_of_day, begin, closing_time, calendar),
        provisional=in_doubt(first, last, on, counted, calendar, rule.roll),
        calendar=calendar.version,
    )
    return replace(state, due=due, last=last, excluded=closed)


def _project_hours(
    state: Projection, start: Entry, period: Hours, rule: Rule, calendar: Calendar
) -> Projection:
    if start.at is None:
        raise InstantNeeded(what=str(period))
    spans = [instants_out(stop, rule.zone, state.ended_on) for stop in state.stops]
    out = [begins for begins, ends in spans if ends is None]
    closed = [(begins, ends) for begins, ends in spans if ends is not None]
    due = due_after_hours(start.at, period, calendar, rule.zone, _merged(closed), backward=rule.backward)
    if out and due.at > min(out):
        return state
    return replace(state, due=due, last=due.on)


def instants_out(stop: Stop, zone: str, ended_on: date | None) -> tuple[datetime, datetime | None]:
    """From which instant to which a stop takes time out; None while it is open. Whole days where no instant is known."""
    begins = stop.first_at or start_of_day(stop.first, zone)
    if stop.last is not None:
        return begins, max(begins, stop.last_at or start_of_day(stop.last + DAY, zone))
    if ended_on is not None:
        return begins, max(begins, start_of_day(ended_on + DAY, zone))
    return begins, None


def _merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    union: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted(spans):
        if ends <= begins:
            continue
        if union and begins <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], ends))
        else:
            union.append((begins, ends))
    return union
