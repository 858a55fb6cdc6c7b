"""The periods of a case as they stand now: due when, provisional or not, stopped on what ground, and who holds the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from workflow.domain.authority import organ_of
from workflow.domain.explanation import Explanation, explain
from workflow.domain.own_clocks import spec_of
from workflow.domain.reckoning import civil_date
from workflow.domain.timekeeping import ledger, projection, rule_of

if TYPE_CHECKING:
    from workflow.domain.calendar import Calendar
    from workflow.domain.case import Case, CaseClock
    from workflow.domain.definition import Definition
    from workflow.domain.scene import Facts

Standing = Literal["running", "stopped", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Who answers for a running period now: the post, and the organ it belongs to on this case."""

    post: str
    organ: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """One period of a case. `due_on` is the last day, `due_at` the instant after which it is overdue; both are None
    while counting is stopped. `days_left` counts working days after today up to and including the last one; below zero
    it counts those since the last one, up to and including today.
    """

    clock: str
    generation: int
    standing: Standing
    rule: str
    rule_version: str
    period: str
    basis: str
    started_on: date
    due_on: date | None
    due_at: datetime | None
    provisional: bool
    calendar: str | None
    ended_on: date | None
    late: bool
    days_left: int | None
    grounds: tuple[str, ...]
    held: Held | None
    explanation: Explanation


def clocks(definition: Definition, case: Case, facts: Facts, now: datetime) -> list[ClockView]:
    """Every period of the case, in the order they began. Raises UnknownRule when the law no longer has a rule's version."""
    today = civil_date(now, definition.zone)
    return [_view(definition, case, clock, facts, now, today) for clock in case.clocks]


def _view(
    definition: Definition, case: Case, clock: CaseClock, facts: Facts, now: datetime, today: date
) -> ClockView:
    rule = rule_of(clock, facts)
    due = clock.due
    # What is closed stays as it was reckoned, whatever notices have come out since.
    calendar = facts.calendar.known_as(due.calendar) if due and not clock.open else facts.calendar
    return ClockView(
        clock=clock.clock,
        generation=clock.generation,
        standing="ended" if not clock.open else "stopped" if clock.stopped else "running",
        rule=clock.rule,
        rule_version=clock.rule_version,
        period=clock.period,
        basis=str(rule.basis),
        started_on=clock.entries[0].on,
        due_on=due.on if due else None,
        due_at=due.at if due else None,
        provisional=due.provisional if due else False,
        calendar=due.calendar if due else None,
        ended_on=clock.ended_on,
        late=clock.late or (clock.open and due is not None and now >= due.at),
        days_left=_days_left(facts.calendar, today, due.on) if due and clock.open else None,
        grounds=projection(clock, facts).open_grounds if clock.open else (),
        held=_held(definition, case, clock) if clock.open else None,
        explanation=explain(ledger(clock), rule, calendar),
    )


def _days_left(calendar: Calendar, today: date, due_on: date) -> int:
    if today <= due_on:
        return calendar.working_days_between(today, due_on)
    return -calendar.working_days_between(due_on, today)


def _held(definition: Definition, case: Case, clock: CaseClock) -> Held | None:
    post = spec_of(definition, clock.clock).answerable or definition.states[case.state].post
    if post is None or post not in definition.posts:
        return None
    return Held(post=post, organ=organ_of(definition, case.parties, post))
