"""The machine of a definition as a graph: where a case can go, and where a period runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from workflow.domain.definition import Action, ClockSpec, Definition, Trigger
from workflow.domain.period import WorkingDays, parse_period

EVENT_OF: Final[Mapping[str, str]] = {
    "check_materials": "MaterialsChecked",
    "request_supplement": "SupplementRequested",
    "receive_supplement": "MaterialsSupplemented",
    "accept": "FilingAccepted",
    "decide": "DecisionMade",
    "conclude": "CaseConcluded",
    "issue": "DocumentIssued",
    "deliver": "DocumentsDelivered",
    "publish": "NoticePublished",
    "take_down": "NoticeTakenDown",
    "raise_objection": "ObjectionRaised",
    "decide_objection": "ObjectionDecided",
    "report_arrival": "ArrivalReported",
    "archive": "CaseArchived",
}
"""The event that each word of `do` brings about (`extend` moves a clock and starts none)."""


def edges(definition: Definition) -> Iterator[tuple[str, str, str]]:
    """Every way from one state to another: source, action, target. Acts that stay where they are make no edge."""
    for name, action in definition.actions.items():
        for source in action.sources:
            if action.to is not None and action.to != source:
                yield source, name, action.to


def reachable(definition: Definition, starts: Iterable[str]) -> set[str]:
    """The states that can be reached from `starts`, themselves included."""
    return _spread(starts, [(source, target) for source, _, target in edges(definition)])


def leading_to(definition: Definition, ends: Iterable[str]) -> set[str]:
    """The states from which one of `ends` can be reached, themselves included."""
    return _spread(ends, [(target, source) for source, _, target in edges(definition)])


def reachable_by(start: str, ways: Iterable[tuple[str, str]]) -> set[str]:
    """The states that can be reached from `start` by these ways only."""
    return _spread([start], list(ways))


def running_states(definition: Definition, clock: ClockSpec) -> set[str]:
    """The states in which a case can be while the clock runs."""
    running: set[str] = set()
    fresh = set(_started_in(definition, clock))
    while fresh:
        running |= fresh
        fresh = {
            target
            for source, name, target in edges(definition)
            if source in running and not _moves(clock.end, definition.actions[name], name, source, target)
        } - running
    return running


def longest_steps(definition: Definition, clock: ClockSpec) -> tuple[int, tuple[str, ...]]:
    """The longest way through the states where the clock runs, in working days of step limits, and its states.

    Each state is passed once; days in states where the clock is stopped are not counted.
    """
    running = running_states(definition, clock)
    stopped = {state for pause in clock.pauses for state in pause.states}
    days = {state: 0 if state in stopped else _step_days(definition, state) for state in running}
    onward: dict[str, set[str]] = {state: set() for state in running}
    for source, name, target in edges(definition):
        goes_on = not _moves(clock.end, definition.actions[name], name, source, target)
        if goes_on and source in running and target in running:
            onward[source].add(target)
    return max((_longest(state, (), days, onward) for state in sorted(running)), default=(0, ()))


def _longest(
    state: str, passed: tuple[str, ...], days: Mapping[str, int], onward: Mapping[str, set[str]]
) -> tuple[int, tuple[str, ...]]:
    here = (*passed, state)
    further = [_longest(after, here, days, onward) for after in sorted(onward[state]) if after not in here]
    best, way = max(further, default=(0, ()))
    return days[state] + best, ((state, *way) if days[state] else way)


def _step_days(definition: Definition, state: str) -> int:
    clock = definition.clocks.get(f"step_{state}")
    period = parse_period(clock.promise) if clock is not None and clock.promise else None
    return period.amount if isinstance(period, WorkingDays) else 0


def _started_in(definition: Definition, clock: ClockSpec) -> Iterator[str]:
    if "FilingSubmitted" in clock.start.events or definition.initial in clock.start.enter:
        yield definition.initial
    for name, action in definition.actions.items():
        for source in action.sources:
            target = action.to or source
            starts = _moves(clock.start, action, name, source, target)
            if starts and not _moves(clock.end, action, name, source, target):
                yield target


def _moves(trigger: Trigger, action: Action, name: str, source: str, target: str) -> bool:
    """Whether taking the action from `source` is one of the trigger's moments."""
    moved = source != target
    return (
        name in trigger.actions
        or (moved and target in trigger.enter)
        or (moved and source in trigger.leave)
        or any(EVENT_OF.get(effect.do) in trigger.events for effect in action.effects)
    )


def _spread(starts: Iterable[str], ways: list[tuple[str, str]]) -> set[str]:
    found = set(starts)
    fresh = set(found)
    while fresh:
        fresh = {target for source, target in ways if source in fresh} - found
        found |= fresh
    return found
