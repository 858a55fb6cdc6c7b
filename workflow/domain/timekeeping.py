"""How a case's clocks follow what happens to it: started, stopped, resumed, extended and ended by the events themselves.

The arithmetic is in `clock`; here stands only which clock moves when. What is kept is the ledger of intervals, and the
due date in each event is derived from it with the calendar's version (design: idea 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from workflow.domain import events as e
from workflow.domain.case import CaseClock, LedgerEntry
from workflow.domain.clock import Entry, EntryKind, Projection, project
from workflow.domain.definition import ClockSpec, Definition, Expiry, OnRestart, Trigger
from workflow.domain.law import Rule
from workflow.domain.period import parse_period
from workflow.domain.reckoning import DAY, start_of_day
from workflow.domain.scene import Facts, Intent, Scene
from workflow.errors import ClockRefused

EXPIRY = "expiry"
"""The rung at which a clock's declared outcome (deemed acceptance, the end of a notice period) takes effect."""


def follow(scene: Scene, event: e.Event) -> Iterator[e.Event]:
    """The clock events that `event` brings, one clock after another in the definition's order."""
    for name, spec in scene.definition.clocks.items():
        yield from _follow_one(scene, name, spec, event)


def extend(scene: Scene, intent: Intent, name: str) -> e.ExtensionGranted:
    """Extend an open clock by its rule's own length. Raises ClockRefused if it is not open or the rule knows none."""
    clock = scene.here.clock(name)
    if clock is None or not clock.open:
        raise ClockRefused(clock=name, reason="it is not running")
    rule = rule_of(clock, scene.facts)
    if rule.extension is None:
        raise ClockRefused(clock=name, reason=f"the rule {rule.id} knows no extension")
    on = scene.civil(intent.at)
    period = str(rule.extension.period)
    entry = LedgerEntry(kind="extend", on=on, at=intent.at, period=period)
    due = due_of(replace(clock, entries=(*clock.entries, entry)), scene.facts)
    return e.ExtensionGranted(
        at=intent.at,
        clock=name,
        generation=clock.generation,
        period=period,
        reason=str(intent.fields.get("reason", "")),
        on=on,
        due=due,
        rungs=ladder(scene.definition, name, due, scene.facts),
    )


def ladder(definition: Definition, name: str, due: e.DueDate | None, facts: Facts) -> tuple[e.RungTime, ...]:
    """When each rung of a clock fires for a due date: before it at the start of a civil day, after it at its end."""
    if due is None:
        return ()
    spec = definition.clocks[name]
    times = [e.RungTime(rung=r.name, at=_instant(due, r.offset, definition.zone, facts)) for r in spec.rungs]
    if spec.expiry is not Expiry.ALERT:
        times.append(e.RungTime(rung=EXPIRY, at=due.at))
    return tuple(times)


def rule_of(clock: CaseClock, facts: Facts) -> Rule:
    """The rule a running clock rests on: the very version it started under, with the matter's own promised length."""
    rule = facts.law.rule_version(clock.rule, clock.rule_version)
    if clock.period == str(rule.period):
        return rule
    return rule.promised(parse_period(clock.period), rule.citation)


def projection(clock: CaseClock, facts: Facts) -> Projection:
    """Where a clock stands, derived afresh from its ledger."""
    return project(ledger(clock), rule_of(clock, facts), facts.calendar)


def ledger(clock: CaseClock) -> tuple[Entry, ...]:
    """The stored interval events as the clock's arithmetic reads them."""
    return tuple(
        Entry(
            kind=EntryKind(entry.kind),
            on=entry.on,
            at=entry.at,
            ground=entry.ground,
            ref=entry.ref,
            period=parse_period(entry.period) if entry.period else None,
        )
        for entry in clock.entries
    )


def _follow_one(scene: Scene, name: str, spec: ClockSpec, event: e.Event) -> Iterator[e.Event]:
    clock = scene.here.clock(name)
    started_again = _matches(spec.start, event)
    if clock is not None and clock.open:
        restarts = started_again and spec.on_restart is OnRestart.RESTART
        if _matches(spec.end, event) or restarts:
            yield _ended(scene, clock, spec, event)
            clock = replace(clock, ended_on=scene.civil(event.at))
        else:
            yield from _paused_or_resumed(scene, clock, spec, event)
    if started_again and (clock is None or not clock.open):
        generation = 1 if clock is None else clock.generation + 1
        yield _started(scene, name, spec, generation, event)


def _matches(trigger: Trigger, event: e.Event) -> bool:
    if type(event).__name__ in trigger.events:
        return True
    if isinstance(event, e.FilingSubmitted):
        return event.state in trigger.enter
    if not isinstance(event, e.ActionTaken):
        return False
    moved = event.source != event.target
    return (
        event.action in trigger.actions
        or (moved and event.target in trigger.enter)
        or (moved and event.source in trigger.leave)
    )


def _started(scene: Scene, name: str, spec: ClockSpec, generation: int, event: e.Event) -> e.ClockStarted:
    on = scene.civil(event.at)
    rule = scene.facts.law.rule(spec.rule, on)
    clock = CaseClock(
        clock=name,
        generation=generation,
        rule=rule.id,
        rule_version=rule.version,
        period=spec.promise or str(rule.period),
        entries=(LedgerEntry(kind="start", on=on, at=event.at),),
        due=None,
    )
    due = due_of(clock, scene.facts)
    if due is None:
        raise ClockRefused(clock=name, reason="a period that has just begun has no end")
    return e.ClockStarted(
        at=event.at,
        clock=name,
        generation=generation,
        rule=rule.id,
        rule_version=rule.version,
        period=clock.period,
        on=on,
        due=due,
        rungs=ladder(scene.definition, name, due, scene.facts),
    )


def _ended(scene: Scene, clock: CaseClock, spec: ClockSpec, event: e.Event) -> e.ClockEnded:
    # A notice period is meant to run out; any other that did was missed, even where acceptance is deemed back to receipt.
    ran_out = any(rung.rung == EXPIRY and rung.fired for rung in clock.rungs)
    passed = ran_out or (clock.due is not None and event.at >= clock.due.at)
    late = passed and spec.expiry is not Expiry.PROCEED
    return e.ClockEnded(
        at=event.at, clock=clock.clock, generation=clock.generation, on=scene.civil(event.at), late=late
    )


def _paused_or_resumed(scene: Scene, clock: CaseClock, spec: ClockSpec, event: e.Event) -> Iterator[e.Event]:
    if not isinstance(event, e.ActionTaken) or event.source == event.target:
        return
    on = scene.civil(event.at)
    for pause in spec.pauses:
        was, is_now = event.source in pause.states, event.target in pause.states
        if is_now and not was:
            yield e.CountingStopped(
                at=event.at,
                clock=clock.clock,
                generation=clock.generation,
                ground=pause.ground,
                on=on,
                ref=f"{pause.ground}-{scene.here.visit}",
                notice=pause.notice,
            )
        elif was and not is_now:
            ref = (
                next(x.ref for x in reversed(clock.entries) if x.kind == "stop" and x.ground == pause.ground)
                or ""
            )
            entry = LedgerEntry(kind="resume", on=on, at=event.at, ground=pause.ground, ref=ref)
            due = due_of(replace(clock, entries=(*clock.entries, entry)), scene.facts)
            yield e.CountingResumed(
                at=event.at,
                clock=clock.clock,
                generation=clock.generation,
                ground=pause.ground,
                on=on,
                ref=ref,
                due=due,
                rungs=ladder(scene.definition, clock.clock, due, scene.facts),
            )


def due_of(clock: CaseClock, facts: Facts) -> e.DueDate | None:
    """The due date of a clock under these facts, derived from its ledger; None while counting is stopped."""
    due = projection(clock, facts).due
    if due is None:
        return None
    return e.DueDate(on=due.on, at=due.at, provisional=due.provisional, calendar=due.calendar)


def _instant(due: e.DueDate, offset: int, zone: str, facts: Facts) -> datetime:
    if offset == 0:
        return due.at
    day = facts.calendar.add_working_days(due.on, offset)
    return start_of_day(day if offset < 0 else day + DAY, zone)
