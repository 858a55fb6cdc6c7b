"""When a notice on holidays comes out, open due dates move (重新推算期限): each with its old and new value and the reason.

Every command looks at its case's clocks under the present calendar before anything else, so no decision ever rests on a
calendar that has been overtaken; sweeping over all cases only makes it happen soon. Closed periods never move.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from workflow.domain import events as e
from workflow.domain.accountability import periods, raising
from workflow.domain.accountability.state import Finding
from workflow.domain.case import CaseClock
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Colour
from workflow.domain.own_clocks import EXPLANATION, numbered, spec_of
from workflow.domain.scene import Scene
from workflow.domain.timekeeping import ALARM, LIMIT, standing

RULE = "calendar.notice"
MOVED_EARLIER = "calendar.moved_earlier"
"""The rule under which the holder of a case is warned that a due date now comes sooner than it was told."""


def reproject(scene: Scene) -> None:
    """Move every open due date of the case that the present calendar puts elsewhere, and every rung beside it."""
    current = scene.facts.calendar.version
    for stood in scene.here.open_clocks():
        # A finding that the notice has cured by now takes its own periods with it.
        clock = next(one for one in scene.here.clocks if _same_run(one, stood))
        if not clock.open or (clock.due is not None and clock.due.calendar == current):
            continue
        due, rungs = standing(scene.definition, clock, scene.facts)
        if _same(clock.due, due) and not _ladder_moved(clock, rungs):
            continue
        scene.actor, scene.rule = SYSTEM, RULE
        for event in _moved(scene, clock, due, rungs):
            scene.happened(event)
            for tick in periods.follow(scene, event):
                scene.happened(tick)


def _same_run(one: CaseClock, other: CaseClock) -> bool:
    return (one.clock, one.generation) == (other.clock, other.generation)


def _same(old: e.DueDate | None, new: e.DueDate | None) -> bool:
    if old is None or new is None:
        return old is new
    return (old.on, old.at, old.provisional) == (new.on, new.at, new.provisional)


def _ladder_moved(clock: CaseClock, rungs: tuple[e.RungTime, ...]) -> bool:
    """Whether a rung lies elsewhere although the due date stays: one after it (超期三个工作日), or a ground's own limit."""
    known = {rung.rung: rung for rung in clock.rungs}
    return any(
        (old := known.get(rung.rung)) is None or (old.at != rung.at and not (old.fired and rung.at < old.at))
        for rung in rungs
    )


def _moved(
    scene: Scene, clock: CaseClock, due: e.DueDate | None, rungs: tuple[e.RungTime, ...]
) -> Iterator[e.Event]:
    old = clock.due
    reason = _reason(scene, clock, due, rungs)
    yield e.DueDateReprojected(
        at=scene.now,
        clock=clock.clock,
        generation=clock.generation,
        old=old,
        due=due,
        reason=reason,
        rungs=rungs,
    )
    void = _void(scene, clock, due, rungs)
    for finding in scene.here.findings:
        # What it found was never so: cured by the notice, and never deleted.
        if _is_of(finding, clock) and not finding.cancelled and finding.rule in void:
            yield from _cancelled(scene, finding, reason)
    if old is not None and due is not None and due.at < old.at:
        yield raising.raised(
            scene, clock, colour=Colour.REMINDER, rule=MOVED_EARLIER, basis="notice", due_on=due.on
        )


def _cancelled(scene: Scene, finding: Finding, reason: str) -> Iterator[e.FindingCancelled]:
    """The finding is cancelled, and so is what was found because nobody explained it: there was nothing to explain."""
    yield e.FindingCancelled(at=scene.now, finding=finding.number, reason=reason)
    unexplained = numbered(EXPLANATION, finding.number)
    for other in scene.here.findings:
        if other.clock == unexplained and not other.cancelled:
            yield e.FindingCancelled(at=scene.now, finding=other.number, reason=reason)


def _is_of(finding: Finding, clock: CaseClock) -> bool:
    return (finding.clock, finding.generation) == (clock.clock, clock.generation)


def _void(
    scene: Scene, clock: CaseClock, due: e.DueDate | None, rungs: tuple[e.RungTime, ...]
) -> frozenset[str]:
    """The rules of findings that no longer hold: their rung lies ahead again; or time was out before the date came, and
    so the period cannot have run out.
    """
    ahead = {_rule(clock, rung.rung) for rung in rungs if rung.at > scene.now}
    held = {_rule(clock, rung.rung) for rung in rungs if rung.at <= scene.now}
    if clock.due is not None and due is None:
        ladder = spec_of(scene.definition, clock.clock).rungs
        ahead |= {_rule(clock, rung.name) for rung in ladder if rung.offset >= 0}
    return frozenset(ahead - held)


def _rule(clock: CaseClock, rung: str) -> str:
    """The rule under which a rung raises its finding (`decide`)."""
    kind, of_ground, ref = rung.partition(":")
    if not of_ground or f"{kind}:" not in {ALARM, LIMIT}:
        return f"{clock.rule}.{rung}"
    ground = next((entry.ground for entry in clock.entries if entry.ref == ref and entry.ground), "")
    return f"ground.{ground}.{kind}"


def _reason(scene: Scene, clock: CaseClock, due: e.DueDate | None, rungs: tuple[e.RungTime, ...]) -> str:
    """The number of the latest notice that arranges a day of the period or of its ladder; else the calendar's version."""
    days = [clock.entries[0].on + timedelta(days=1), *(scene.civil(rung.at) for rung in rungs)]
    days += [date.on for date in (clock.due, due) if date is not None]
    paper = scene.facts.calendar.latest_notice(min(days), max(days))
    return scene.facts.calendar.version if paper is None else paper.number or paper.id
