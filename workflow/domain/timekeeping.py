"""How a case's clocks follow what happens to it: started, stopped, resumed, extended and ended by the events themselves.

The arithmetic is in `clock`; here stands only which clock moves when. What is kept is the ledger of intervals, and the
due date in each event is derived from it with the calendar's version (design: idea 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from workflow.domain import events as e
from workflow.domain.case import Case, CaseClock, LedgerEntry
from workflow.domain.clock import Entry, EntryKind, Projection, Stop, project
from workflow.domain.definition import ClockSpec, Definition, Expiry, OnRestart, OnReturn, Trigger
from workflow.domain.law import Rule
from workflow.domain.own_clocks import spec_of
from workflow.domain.period import parse_period
from workflow.domain.reckoning import DAY, start_of_day
from workflow.domain.scene import Facts, Scene
from workflow.domain.values import replace
from workflow.domain.window.hours import counts_on
from workflow.errors import ClockRefused

EXPIRY = "expiry"
"""The rung at which a clock's declared outcome (deemed acceptance, the end of a notice period) takes effect."""

ALARM, LIMIT = "alarm:", "limit:"
"""How the rungs of a ground begin, before the reference of its stop: excluded time that is nearing, or at, its own limit."""


def follow(scene: Scene, event: e.Event) -> Iterator[e.Event]:
    """The clock events that `event` brings, one clock after another in the definition's order."""
    if not isinstance(event, _MOVING) and type(event).__name__ not in _listened_to(scene.definition):
        return
    for name, spec in scene.definition.clocks.items():
        yield from _follow_one(scene, name, spec, event)


_MOVING = (*e.MOVES, e.FilingSubmitted)
_listens: dict[str, tuple[object, frozenset[str]]] = {}


def _listened_to(definition: Definition) -> frozenset[str]:
    """The types of events by which any clock of a definition begins or ends."""
    clocks, known = _listens.get(definition.hash, (None, frozenset()))
    if clocks is not definition.clocks:
        triggers = (trigger for spec in definition.clocks.values() for trigger in (spec.start, spec.end))
        known = frozenset(name for one in triggers for name in one.events)
        _listens[definition.hash] = definition.clocks, known
    return known


def standing(
    definition: Definition, clock: CaseClock, facts: Facts
) -> tuple[e.DueDate | None, tuple[e.RungTime, ...]]:
    """Where a clock stands by its ledger: its due date, none while time is out, and when each of its rungs fires.

    A rung before the due date fires at the start of a civil day, one after it at a day's end. A ground on which time is
    out has rungs of its own, for its alarm and its limit.
    """
    found = projection(clock, facts)
    due = _due(found)
    times = [rung for stop in found.stops for rung in _of_ground(stop, definition.zone)]
    if due is not None:
        spec = spec_of(definition, clock.clock)
        times += [
            e.RungTime(rung=r.name, at=_instant(due, r.offset, definition.zone, facts)) for r in spec.rungs
        ]
        if spec.expiry is not Expiry.ALERT:
            times.append(e.RungTime(rung=EXPIRY, at=due.at))
    return due, tuple(times)


def stopped(
    scene: Scene, clock: CaseClock, at: datetime, ground: str, notice: str | None
) -> e.CountingStopped:
    """Take time out of a clock on a ground from the civil day of `at` on."""
    on = scene.civil(at)
    ref = f"{ground}-{sum(entry.kind == 'stop' for entry in clock.entries) + 1}"
    entry = LedgerEntry(kind="stop", on=on, at=at, ground=ground, ref=ref)
    due, rungs = standing(scene.definition, replace(clock, entries=(*clock.entries, entry)), scene.facts)
    return e.CountingStopped(
        at=at,
        clock=clock.clock,
        generation=clock.generation,
        ground=ground,
        on=on,
        ref=ref,
        notice=notice,
        due=due,
        rungs=rungs,
    )


def resumed(scene: Scene, clock: CaseClock, at: datetime, ground: str, ref: str) -> e.CountingResumed:
    """Count again from the civil day of `at` on, as far as the ground `ref` is concerned."""
    on = scene.civil(at)
    entry = LedgerEntry(kind="resume", on=on, at=at, ground=ground, ref=ref)
    due, rungs = standing(scene.definition, replace(clock, entries=(*clock.entries, entry)), scene.facts)
    return e.CountingResumed(
        at=at,
        clock=clock.clock,
        generation=clock.generation,
        ground=ground,
        on=on,
        ref=ref,
        due=due,
        rungs=rungs,
    )


def begun(scene: Scene, name: str, at: datetime, *, period: str | None = None) -> e.ClockStarted:
    """Begin a period at an instant, whatever its triggers are; another generation if it has run before. `period` is its
    length where neither the rule nor the matter gives it.
    """
    before = scene.here.clock(name)
    generation = 1 if before is None else before.generation + 1
    spec = spec_of(scene.definition, name)
    if period is not None:
        spec = replace(spec, promise=period)
    return _started(scene, name, spec, generation, at)


def ended(scene: Scene, name: str, at: datetime) -> e.ClockEnded:
    """End a running period at an instant, whatever its triggers are. Raises ClockRefused if it does not run."""
    clock = scene.here.clock(name)
    if clock is None or not clock.open:
        raise ClockRefused(clock=name, reason="it is not running")
    late = clock.due is not None and at >= clock.due.at
    return e.ClockEnded(at=at, clock=name, generation=clock.generation, on=scene.civil(at), late=late)


def open_stop(clock: CaseClock, ground: str) -> str | None:
    """The reference of the latest stop on `ground` that nobody has resumed, or None."""
    closed = {entry.ref for entry in clock.entries if entry.kind == "resume"}
    stops = (entry for entry in reversed(clock.entries) if entry.kind == "stop" and entry.ground == ground)
    return next((stop.ref for stop in stops if stop.ref not in closed), None)


def rule_of(clock: CaseClock, facts: Facts) -> Rule:
    """The rule a running clock rests on: the very version it started under, with the matter's own promised length."""
    rule = facts.law.rule_version(clock.rule, clock.rule_version)
    if clock.period == str(rule.period):
        return rule
    return rule.promised(parse_period(clock.period), rule.citation)


def projection(clock: CaseClock, facts: Facts) -> Projection:
    """Where a clock stands, derived afresh from its ledger."""
    closes = time.fromisoformat(clock.closing_time) if clock.closing_time else None
    return project(ledger(clock), rule_of(clock, facts), facts.calendar, closing_time=closes)


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
        begins_anew = _returned(scene, spec, event)
        restarts = started_again and spec.on_restart is OnRestart.RESTART
        if _matches(spec.end, event) or restarts or begins_anew:
            yield _ended(scene, clock, spec, event)
            clock = replace(clock, ended_on=scene.civil(event.at))
            started_again = started_again or begins_anew
        else:
            yield from _paused_or_resumed(scene, clock, spec, event)
    if started_again and (clock is None or not clock.open):
        generation = 1 if clock is None else clock.generation + 1
        if isinstance(event, e.ActTakenBack) and clock is not None and spec.scope == "step":
            # Taken back, the step has as much time left as if the case had never been out of it, and no card falls twice.
            since = clock.entries[0].at or event.at
            started = _started(scene, name, spec, generation, since)
            fired = {rung.rung for one in _same_run(scene.here, clock) for rung in one.rungs if rung.fired}
            left = tuple(rung for rung in started.rungs if rung.rung not in fired)
            yield replace(started, rungs=left)
        else:
            yield _started(scene, name, spec, generation, event.at, on=_brought_in(scene, event))


def _same_run(case: Case, clock: CaseClock) -> Iterator[CaseClock]:
    """The generations of a period that began in the same instant: one run, however often its end was taken back."""
    began = clock.entries[0].at
    return (one for one in case.clocks if one.clock == clock.clock and one.entries[0].at == began)


def _matches(trigger: Trigger, event: e.Event) -> bool:
    if type(event).__name__ in trigger.events:
        return True
    if isinstance(event, e.FilingSubmitted):
        return event.state in trigger.enter
    if not isinstance(event, e.MOVES):
        return False
    moved = event.source != event.target
    return (
        (isinstance(event, e.ActionTaken) and event.action in trigger.actions)
        or (moved and event.target in trigger.enter)
        or (moved and event.source in trigger.leave)
    )


def _returned(scene: Scene, spec: ClockSpec, event: e.Event) -> bool:
    """Whether the event is a return to an earlier step that declares a new generation of the case's own clocks."""
    if not isinstance(event, e.ActionTaken) or spec.scope != "case":
        return False
    return scene.definition.actions[event.action].on_return is OnReturn.RESTART


def _brought_in(scene: Scene, event: e.Event) -> date | None:
    """The day on which what came in at the window counts as received; none for what did not come in there."""
    if scene.here.channel != "window":
        return None
    by_filer = isinstance(event, e.ActionTaken) and event.post in scene.definition.filed_by
    if not by_filer and not isinstance(event, (e.FilingSubmitted, e.MaterialsSupplemented)):
        return None
    return counts_on(scene.definition, scene.facts.calendar, event.at)[0]


def _started(
    scene: Scene, name: str, spec: ClockSpec, generation: int, at: datetime, *, on: date | None = None
) -> e.ClockStarted:
    on = on or scene.civil(at)
    rule = scene.facts.law.rule(spec.rule, on)
    clock = CaseClock(
        clock=name,
        generation=generation,
        rule=rule.id,
        rule_version=rule.version,
        period=spec.promise or str(rule.period),
        entries=(LedgerEntry(kind="start", on=on, at=at),),
        due=None,
        closing_time=scene.definition.closing_time if scene.here.channel == "window" else None,
    )
    due, rungs = standing(scene.definition, clock, scene.facts)
    if due is None:
        raise ClockRefused(clock=name, reason="a period that has just begun has no end")
    return e.ClockStarted(
        at=at,
        clock=name,
        generation=generation,
        rule=rule.id,
        rule_version=rule.version,
        period=clock.period,
        on=on,
        due=due,
        rungs=rungs,
        closing_time=clock.closing_time,
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
    if not isinstance(event, e.MOVES) or event.source == event.target:
        return
    for pause in spec.pauses:
        was, is_now = event.source in pause.states, event.target in pause.states
        if is_now and not was and leaves_out(clock, pause.ground, scene.facts):
            yield stopped(scene, clock, event.at, pause.ground, pause.notice)
        elif was and not is_now and (ref := open_stop(clock, pause.ground)) is not None:
            yield resumed(scene, clock, event.at, pause.ground, ref)


def leaves_out(clock: CaseClock, ground: str, facts: Facts) -> bool:
    """Whether days may be left out: a period of law goes on where the version it started under lists no such ground."""
    rule = rule_of(clock, facts)
    return rule.basis == "promise" or rule.ground(ground) is not None


def _due(found: Projection) -> e.DueDate | None:
    due = found.due
    if due is None:
        return None
    return e.DueDate(on=due.on, at=due.at, provisional=due.provisional, calendar=due.calendar)


def _of_ground(stop: Stop, zone: str) -> Iterator[e.RungTime]:
    """The rungs of a ground that time is out on: nobody resumed it, or its own limit ends it."""
    if not stop.is_open and not stop.automatic:
        return
    if stop.alarm_on is not None:
        yield e.RungTime(rung=f"{ALARM}{stop.ref}", at=start_of_day(stop.alarm_on, zone))
    if stop.limit_on is not None:
        yield e.RungTime(rung=f"{LIMIT}{stop.ref}", at=start_of_day(stop.limit_on + DAY, zone))


def _instant(due: e.DueDate, offset: int, zone: str, facts: Facts) -> datetime:
    if offset == 0:
        return due.at
    day = facts.calendar.add_working_days(due.on, offset)
    return start_of_day(day if offset < 0 else day + DAY, zone)
