"""When a notice on holidays comes out, open due dates move (重新推算期限): each with its old and new value and the reason.

Every command looks at its case's clocks under the present calendar before anything else, so no decision ever rests on a
calendar that has been overtaken; sweeping over all cases only makes it happen soon. Closed periods never move.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from workflow.domain import accountability
from workflow.domain import events as e
from workflow.domain.case import CaseClock
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Colour
from workflow.domain.scene import Scene
from workflow.domain.timekeeping import standing

RULE = "calendar.notice"
MOVED_EARLIER = "calendar.moved_earlier"
"""The rule under which the holder of a case is warned that a due date now comes sooner than it was told."""


def reproject(scene: Scene) -> None:
    """Move every open due date of the case that the present calendar puts elsewhere."""
    current = scene.facts.calendar.version
    for clock in scene.here.open_clocks():
        if clock.due is None or clock.due.calendar == current:
            continue
        due, rungs = standing(scene.definition, clock, scene.facts)
        if due is None or _same(clock.due, due):
            continue
        scene.actor, scene.rule = SYSTEM, RULE
        for event in _moved(scene, clock, clock.due, due, rungs):
            scene.happened(event)


def _same(old: e.DueDate, new: e.DueDate) -> bool:
    return (old.on, old.at, old.provisional) == (new.on, new.at, new.provisional)


def _moved(
    scene: Scene, clock: CaseClock, old: e.DueDate, due: e.DueDate, rungs: tuple[e.RungTime, ...]
) -> Iterator[e.Event]:
    reason = _reason(scene, clock, old, due)
    yield e.DueDateReprojected(
        at=scene.now,
        clock=clock.clock,
        generation=clock.generation,
        old=old,
        due=due,
        reason=reason,
        rungs=rungs,
    )
    again = {rung.rung for rung in rungs if rung.at > scene.now}
    for finding in scene.here.findings:
        of_this = (finding.clock, finding.generation) == (clock.clock, clock.generation)
        # Its rung lies ahead again, so what it found was never so: cured by the notice, and never deleted.
        if of_this and not finding.cancelled and finding.rule.removeprefix(f"{clock.rule}.") in again:
            yield e.FindingCancelled(at=scene.now, finding=finding.number, reason=reason)
    if due.at < old.at:
        yield accountability.raised(
            scene, clock, colour=Colour.REMINDER, rule=MOVED_EARLIER, basis="notice", due_on=due.on
        )


def _reason(scene: Scene, clock: CaseClock, old: e.DueDate, due: e.DueDate) -> str:
    """The number of the latest notice that arranges a day of the period; else the calendar's version."""
    calendar = scene.facts.calendar
    first = clock.entries[0].on + timedelta(days=1)
    named = {day.notice for day in calendar.days(first, max(old.on, due.on)) if day.notice is not None}
    papers = [paper for name in named if (paper := calendar.notice(name)) is not None]
    if not papers:
        return due.calendar
    latest = max(papers, key=lambda paper: (paper.issued_on, paper.id))
    return latest.number or latest.id
