"""What a concluded case (办结) leaves behind for the figures: a pure function of its events up to its conclusion.

What comes after (delivery, archiving, a notice on holidays, a cancelled finding) changes none of it; only the applicant's
rating is added. So the tables can be thrown away and filled again from the events, and must come out the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from workflow.domain import events as e
from workflow.domain.accountability.attribution import Attribution, Whose, attribution
from workflow.domain.calendar import Calendar
from workflow.domain.case import Case, CaseClock
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import ClockSpec, Definition, Holder
from workflow.domain.holding import Held, held
from workflow.domain.ledger import Stop, excluded_days, read
from workflow.domain.reckoning import DAY, civil_date, merge
from workflow.domain.scene import Facts
from workflow.domain.timekeeping import ledger, rule_of

WITHDRAWN = ("withdrawn", "abandoned")
"""Outcomes by which the applicant ended the case himself."""


class Ending(StrEnum):
    """How a case ended: only completed ones count for the on-time rate; the others are named apart."""

    COMPLETED = "completed"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """Working days that one ground took out of the case's handling period."""

    ground: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDays:
    """Working days that one of them held the case, those beyond the limits of its steps, and its part of the overrun."""

    whose: Whose
    days: int
    excess: int
    overrun: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """A concluded case in figures. Days are working days of the matter's calendar.

    `organ` and `post` had it last before it was concluded. `used` and `allowed` are of the handling period that ends
    first (excluded days counted in neither, extensions in `allowed`); both are None and `timed` is false where none ran.
    `promise_kept` and `statute_kept` say how each kind of handling period ended; None where there was none. A case is
    `late` if it missed one of them, and `early` if it was done before the last day of all of them. `whole` is every
    working day from filing to conclusion.
    """

    case_id: str
    no: str
    matter: str
    definition: str
    organ: str
    post: str
    outcome: str
    ending: Ending
    received_on: date
    accepted_on: date | None
    concluded_on: date
    deemed: bool
    timed: bool
    late: bool
    early: bool
    promise_kept: bool | None
    statute_kept: bool | None
    used: int | None
    allowed: int | None
    due_on: date | None
    whole: int
    overrun: int
    extensions: int
    provisional: bool
    excluded: tuple[Excluded, ...]
    shares: tuple[HeldDays, ...]
    rating: int | None = None


def concludes(before: Case | None, after: Case) -> bool:
    """Whether a step from `before` to `after` concluded the case; it does so once."""
    return after.concluded_at is not None and (before is None or before.concluded_at is None)


def handling_clocks(definition: Definition) -> tuple[str, ...]:
    """The periods by which a case is in time or late: those that the decision ends; where nothing is decided, those of the
    case that its conclusion ends.
    """
    decided = tuple(name for name, spec in definition.clocks.items() if "DecisionMade" in spec.end.events)
    return decided or tuple(name for name, spec in definition.clocks.items() if _to_the_end(spec))


def overdue_since(definition: Definition, case: Case, now: datetime) -> date | None:
    """The last day of the handling period that ran out first, of a case that is, or was, late; None where none did."""
    names = handling_clocks(definition)
    return min(
        (
            clock.due.on
            for clock in case.clocks
            if clock.clock in names and clock.due and (clock.late or (clock.open and now >= clock.due.at))
        ),
        default=None,
    )


def facts_of(
    definition: Definition,
    facts: Facts,
    case: Case,
    history: Sequence[tuple[e.Event, str]],
    *,
    versions: Mapping[str, Definition],
) -> CaseFacts:
    """The facts of `case` as the step that concluded it left it; `history` are its events until then with their actors.

    `definition` is what the case is under, `versions` all that it was under, by hash. Raises ValueError for a case that
    is not concluded.
    """
    if case.concluded_at is None:
        raise ValueError("a case that is not concluded leaves no facts")
    concluded_on = civil_date(case.concluded_at, definition.zone)
    filed_under = versions.get(_filed_under(history), definition)
    stretches = held(
        filed_under,
        facts.law,
        [event for event, _ in history],
        case.concluded_at,
        versions=versions,
        actors=[actor for _, actor in history],
    )
    ending = _ending(definition, case)
    clocks = _handling(definition, case) if ending is Ending.COMPLETED else ()
    tightest = min(clocks, key=lambda clock: clock.due.on if clock.due else date.max, default=None)
    late = any(clock.late for clock in clocks)
    due_on = tightest.due.on if tightest and tightest.due else None
    told = attribution(stretches, definition, facts.law, facts.calendar, due_on=due_on if late else None)
    used, allowed = _days(tightest, facts)
    organ, post = _last(stretches)
    return CaseFacts(
        case_id=case.id,
        no=case.no,
        matter=case.matter,
        definition=case.definition,
        organ=organ,
        post=post,
        outcome=case.outcome or "",
        ending=ending,
        received_on=civil_date(case.received_at, definition.zone),
        accepted_on=civil_date(case.accepted_at, definition.zone) if case.accepted_at else None,
        concluded_on=concluded_on,
        deemed=case.deemed,
        timed=bool(clocks),
        late=late,
        early=bool(clocks) and all(_before_its_end(clock) for clock in clocks),
        promise_kept=_kept(clocks, facts, "promise"),
        statute_kept=_kept(clocks, facts, "statute"),
        used=used,
        allowed=allowed,
        due_on=due_on,
        whole=told.days,
        overrun=told.overrun,
        extensions=tightest.extensions if tightest else 0,
        provisional=any(clock.due is not None and clock.due.provisional for clock in clocks),
        excluded=_excluded(tightest, facts),
        shares=_shares(told),
    )


def until_concluded(commands: Sequence[tuple[str, e.Event]]) -> int:
    """How many of a case's events belong to its facts: all up to the end of the command that concluded it, or 0 when none
    did. Each event comes with the key of its command, or whatever else tells one command from the next.
    """
    for place, (command, event) in enumerate(commands):
        if isinstance(event, e.CaseConcluded):
            end = place + 1
            while end < len(commands) and commands[end][0] == command:
                end += 1
            return end
    return 0


# --- inside ----------------------------------------------------------------------------------------------------------


def _to_the_end(spec: ClockSpec) -> bool:
    ends = spec.end.events
    return spec.scope == "case" and "CaseConcluded" in ends and "FilingAccepted" not in ends


def _filed_under(history: Sequence[tuple[e.Event, str]]) -> str:
    first = history[0][0] if history else None
    return first.definition if isinstance(first, e.FilingSubmitted) else ""


def _ending(definition: Definition, case: Case) -> Ending:
    if case.outcome in WITHDRAWN:
        return Ending.WITHDRAWN
    accepts = any(
        effect.do == "accept" for action in definition.actions.values() for effect in action.effects
    )
    if accepts and case.accepted_at is None and case.decided_at is None:
        return Ending.NOT_ACCEPTED
    return Ending.COMPLETED


def _handling(definition: Definition, case: Case) -> tuple[CaseClock, ...]:
    """Every run of the handling periods that has ended; one that ran twice was missed if it was missed once."""
    names = handling_clocks(definition)
    return tuple(clock for clock in case.clocks if clock.clock in names and clock.ended_on is not None)


def _before_its_end(clock: CaseClock) -> bool:
    return clock.ended_on is not None and clock.due is not None and clock.ended_on < clock.due.on


def _kept(clocks: Sequence[CaseClock], facts: Facts, basis: str) -> bool | None:
    of_this = [clock for clock in clocks if rule_of(clock, facts).basis == basis]
    return None if not of_this else not any(clock.late for clock in of_this)


def _days(clock: CaseClock | None, facts: Facts) -> tuple[int | None, int | None]:
    if clock is None or clock.due is None or clock.ended_on is None:
        return None, None
    start, calendar, stops = clock.entries[0].on, facts.calendar, _stops(clock, facts)
    used = calendar.working_days_between(start, clock.ended_on) - _out(stops, calendar, start, clock.ended_on)
    allowed = calendar.working_days_between(start, clock.due.on) - _out(stops, calendar, start, clock.due.on)
    return max(used, 0), max(allowed, 0)


def _stops(clock: CaseClock, facts: Facts) -> tuple[Stop, ...]:
    return read(ledger(clock), rule_of(clock, facts), facts.calendar).stops


def _out(stops: Sequence[Stop], calendar: Calendar, start: date, until: date) -> int:
    """The working days after the start, which is not counted, up to `until`, that all grounds together took out."""
    days = merge(excluded_days(stops, until))
    return sum(_working(calendar, max(one.first, start + DAY), min(one.last, until)) for one in days)


def _excluded(clock: CaseClock | None, facts: Facts) -> tuple[Excluded, ...]:
    """Working days by ground; on days that two grounds took out together each of them stands."""
    if clock is None or clock.ended_on is None:
        return ()
    by_ground: dict[str, int] = {}
    for stop in _stops(clock, facts):
        last = min(stop.last or clock.ended_on, clock.ended_on)
        days = _working(facts.calendar, max(stop.first, clock.entries[0].on + DAY), last)
        by_ground[stop.ground] = by_ground.get(stop.ground, 0) + days
    return tuple(Excluded(ground=ground, days=days) for ground, days in sorted(by_ground.items()))


def _working(calendar: Calendar, first: date, last: date) -> int:
    if last < first:
        return 0
    return calendar.working_days_between(first, last) + calendar.is_working(first)


def _last(stretches: Sequence[Held]) -> tuple[str, str]:
    for stretch in reversed(stretches):
        if stretch.holder == Holder.ORGAN and stretch.organ is not None:
            return stretch.organ, stretch.post or ""
    return "", SYSTEM


def _shares(told: Attribution) -> tuple[HeldDays, ...]:
    return tuple(_in_order(told))


def _in_order(told: Attribution) -> Iterator[HeldDays]:
    def key(whose: Whose) -> tuple[str, str, str, str, str]:
        return whose.holder, whose.organ or "", whose.post or "", whose.person or "", whose.ground or ""

    for share in sorted(told.shares, key=lambda one: key(one.whose)):
        yield HeldDays(whose=share.whose, days=share.days, excess=share.excess, overrun=share.overrun)
