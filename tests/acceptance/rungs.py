"""What is to fire: every rung of every period of a matter, read from its definition, and where those periods begin."""

from __future__ import annotations

from collections.abc import Iterator

from tests.acceptance.walking import Edge
from workflow.domain.accountability.periods import HOUSE_CALENDAR
from workflow.domain.case import Case
from workflow.domain.definition import ClockSpec, Colour, Definition, Expiry, Trigger
from workflow.domain.own_clocks import NUMBERED, ORDER, OWN
from workflow.domain.timekeeping import ALARM, EXPIRY, LIMIT
from workflow.engine.banjie import Banjie

Point = tuple[str, str, str]
"""A matter, a period (of the house: its kind) and a rung (of a ground: `alarm:<ground>`, `limit:<ground>`)."""

CAUSES = {
    "FilingAccepted": "accept",
    "DecisionMade": "decide",
    "CaseConcluded": "conclude",
    "SupplementRequested": "request_supplement",
    "MaterialsSupplemented": "receive_supplement",
}
"""Events that begin a period, and the effect that brings them."""


def points(banjie: Banjie, definition: Definition) -> set[Point]:
    """Everything that is to fire on some case of a matter."""
    found = {
        (definition.code, name, rung)
        for name in definition.clocks
        for rung in _ladder(banjie, definition, name)
    }
    if definition.calendar != HOUSE_CALENDAR:
        return found
    cards = any(rung.colour != Colour.REMINDER for spec in definition.clocks.values() for rung in spec.rungs)
    kinds = OWN if cards else (ORDER,)
    return found | {(definition.code, kind, rung.name) for kind in kinds for rung in OWN[kind].rungs}


def point(case: Case, clock: str, generation: int, rung: str) -> Point:
    """Which of them a rung of a case is."""
    kind, of_ground, ref = rung.partition(":")
    if of_ground:
        (there,) = (one for one in case.clocks if (one.clock, one.generation) == (clock, generation))
        ground = next(entry.ground for entry in there.entries if entry.ref == ref)
        rung = f"{kind}:{ground}"
    return case.matter, clock.partition(NUMBERED)[0], rung


def _ladder(banjie: Banjie, definition: Definition, name: str) -> Iterator[str]:
    spec = definition.clocks[name]
    yield from (rung.name for rung in spec.rungs)
    if spec.expiry is not Expiry.ALERT:
        yield EXPIRY
    rule = banjie.catalog.law.rules[spec.rule][-1]
    for ground in rule.grounds:
        if ground.id in _opened(definition, name):
            yield from (f"{ALARM}{ground.id}" for _ in (ground.alarm,) if ground.alarm is not None)
            yield from (f"{LIMIT}{ground.id}" for _ in (ground.limit,) if ground.limit is not None)


def _opened(definition: Definition, name: str) -> set[str]:
    """The grounds on which the definition ever takes time out of a period."""
    paused = {pause.ground for pause in definition.clocks[name].pauses}
    acted = {
        effect.ground
        for action in definition.actions.values()
        for effect in action.effects
        if effect.do == "stop_counting" and effect.clock == name and effect.ground
    }
    return paused | acted


def beginnings(definition: Definition, spec: ClockSpec) -> set[Edge]:
    """The transitions that begin a period, or take time out of it."""
    states = {state for pause in spec.pauses for state in pause.states}
    begin = Trigger(
        enter=(*spec.start.enter, *states),
        leave=spec.start.leave,
        actions=spec.start.actions,
        events=spec.start.events,
    )
    effects = {CAUSES[name] for name in begin.events if name in CAUSES}
    return {
        (source, name)
        for name, action in definition.actions.items()
        for source in action.sources
        if name in begin.actions
        or (action.to != source and action.to in begin.enter)
        or (action.to not in (None, source) and source in begin.leave)
        or any(effect.do in effects for effect in action.effects)
    }
