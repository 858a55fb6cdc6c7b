"""One case told as a story: what happened, who did it, and how every period of it was kept, with the days that moved it.

The dates are derived again from the ledger and the calendar, as everywhere (design: idea 5); nothing is told that the
events do not hold, and personal values are not told at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from workflow.domain import events as e
from workflow.domain.case import Case, CaseClock
from workflow.domain.definition import Expiry
from workflow.domain.own_clocks import spec_of
from workflow.domain.timekeeping import projection

if TYPE_CHECKING:
    from workflow.domain.calendar import Calendar
    from workflow.domain.definition import Definition
    from workflow.domain.envelope import Envelope
    from workflow.domain.events import Event
    from workflow.domain.scene import Facts
    from workflow.storage.store import Store

_LONG_REST = 3
"""Days of a holiday from which on a story is richer for having crossed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened: the act and who took it from which post, with everything it brought about at once."""

    at: datetime
    actor: str
    post: str
    act: Event
    brought: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a due date is not where plain counting of weekdays would put it.

    `kind`: holiday (rest days by a notice), make_up (a weekend day worked), excluded (time out on a ground), extended.
    `name` is the holiday, the ground's id, or the length of the extension.
    """

    kind: str
    name: str
    first: date
    last: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One period of the case; `planned_on` is the due date when it began, `due_on` the one that held in the end.
    `runs_out` marks a notice period, which is meant to be over before anything goes on.
    """

    clock: str
    period: str
    started_on: date
    planned_on: date
    due_on: date | None
    reasons: tuple[Reason, ...]
    ended_on: date | None
    late: bool
    runs_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A case, its moments in order, and its periods in the order in which they began."""

    case: Case
    moments: tuple[Moment, ...]
    dates: tuple[DateRow, ...]


def tell(
    case: Case, history: Sequence[tuple[Envelope, Event]], definition: Definition, facts: Facts
) -> Story:
    """The story of a case from its events."""
    planned = {
        (event.clock, event.generation): event.due.on
        for _, event in history
        if isinstance(event, e.ClockStarted)
    }
    return Story(
        case=case,
        moments=tuple(_moments(history)),
        dates=tuple(
            _row(
                clock,
                planned[clock.clock, clock.generation],
                facts,
                runs_out=spec_of(definition, clock.clock).expiry is Expiry.PROCEED,
            )
            for clock in case.clocks
        ),
    )


def chosen(store: Store, calendar: Calendar) -> Case | None:
    """The case with most to tell; among equals the first by number. None when there is no case."""
    cases = (case for case_id in _all_ids(store) if (case := store.case(case_id)) is not None)
    return max(
        cases, key=lambda case: (interest(case, calendar), [-ord(char) for char in case.no]), default=None
    )


def interest(case: Case, calendar: Calendar) -> int:
    """How much a case has to tell: holidays crossed, supplements, objections, hearings, extensions, cards."""
    crossed = sum(
        1
        for clock in case.clocks
        if clock.due is not None
        and any(
            reason.kind == "holiday" and reason.days >= _LONG_REST
            for reason in _rests(calendar, clock.entries[0].on, clock.due.on)
        )
    )
    return (
        4 * min(crossed, 2)
        + 7 * bool(case.supplements)
        + 7 * bool(case.objections)
        + 5 * any(clock.extensions for clock in case.clocks)
        + 5 * any(entry.kind == "stop" for clock in case.clocks for entry in clock.entries)
        + 3 * any(clock.late for clock in case.clocks)
        + 2 * min(len(case.findings), 2)
        + 3 * bool(case.documents)
        - 8 * (case.outcome in ("withdrawn", "not_accepted", "not_reported"))
    )


def _all_ids(store: Store) -> Iterator[str]:
    after = ""
    while ids := store.case_ids(after):
        yield from ids
        after = ids[-1]


def _moments(history: Sequence[tuple[Envelope, Event]]) -> Iterator[Moment]:
    """A command's events are one moment; a timer's are one too."""
    for (at, actor, _), steps in groupby(
        history, key=lambda step: (step[0].recorded_at, step[0].actor, step[0].command_id)
    ):
        events = [event for _, event in steps]
        act = next(
            (event for event in events if isinstance(event, (e.FilingSubmitted, e.ActionTaken))), events[0]
        )
        post = act.post if isinstance(act, e.ActionTaken) else ""
        yield Moment(
            at=at,
            actor=actor,
            post=post,
            act=act,
            brought=tuple(event for event in events if event is not act),
        )


def _row(clock: CaseClock, planned_on: date, facts: Facts, *, runs_out: bool) -> DateRow:
    return DateRow(
        clock=clock.clock,
        period=clock.period,
        started_on=clock.entries[0].on,
        planned_on=planned_on,
        due_on=clock.due.on if clock.due else None,
        reasons=tuple(_reasons(clock, facts)),
        ended_on=clock.ended_on,
        late=clock.late,
        runs_out=runs_out,
    )


def _reasons(clock: CaseClock, facts: Facts) -> Iterator[Reason]:
    started_on = clock.entries[0].on
    if clock.due is not None:
        yield from _rests(facts.calendar, started_on, clock.due.on)
    for stop in projection(clock, facts).stops:
        last = stop.last or stop.first
        days = (last - stop.first).days + 1
        yield Reason(kind="excluded", name=stop.ground, first=stop.first, last=last, days=days)
    for entry in clock.entries:
        if entry.kind == "extend":
            yield Reason(kind="extended", name=entry.period or "", first=entry.on, last=entry.on, days=0)


def _rests(calendar: Calendar, after: date, until: date) -> Iterator[Reason]:
    """The holidays and the weekend days worked between two days, each run of days once."""
    if after >= until:
        return
    days = calendar.days(after + timedelta(days=1), until)
    for (kind, name), run in groupby(days, key=lambda day: (_kind(day.reason), day.name)):
        if kind:
            first, *more = list(run)
            last = more[-1] if more else first
            yield Reason(kind=kind, name=name, first=first.date, last=last.date, days=1 + len(more))


def _kind(reason: str) -> str:
    if reason in ("holiday", "assumed_holiday"):
        return "holiday"
    return "make_up" if reason == "make_up" else ""
