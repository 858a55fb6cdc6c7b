"""The periods of a finding's own life: to acknowledge it, or it climbs; to explain it (情况说明), within five working days.

They are periods of the house (`own_clocks`), started and ended by what happens to the finding. A reminder needs no answer;
neither does a finding for not having explained another, or one would follow the other for ever.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.domain import events as e
from workflow.domain import timekeeping
from workflow.domain.definition import Colour
from workflow.domain.own_clocks import ACKNOWLEDGEMENT, EXPLANATION, number_of, numbered, spec_of
from workflow.domain.scene import Scene

HOUSE_CALENDAR = "cn"
"""The rules of the house are of the country whose calendar this is; a matter counted by another has none of them."""


def follow(scene: Scene, event: e.Event) -> Iterator[e.Event]:
    """The events of a finding's own periods that `event` brings."""
    match event:
        case e.FindingRaised() if wants_answer(scene, event):
            for kind in (ACKNOWLEDGEMENT, EXPLANATION):
                yield timekeeping.begun(scene, numbered(kind, event.finding), event.at)
        case e.FindingAcknowledged():
            yield from _over(scene, event, event.finding, ACKNOWLEDGEMENT)
        case e.FindingExplained() | e.FindingConfirmed() | e.FindingCancelled():
            yield from _over(scene, event, event.finding, ACKNOWLEDGEMENT, EXPLANATION)


def wants_answer(scene: Scene, event: e.FindingRaised) -> bool:
    """Whether somebody must answer for a finding."""
    if scene.definition.calendar != HOUSE_CALENDAR or event.colour == Colour.REMINDER:
        return False
    return not event.rule.startswith(spec_of(scene.definition, numbered(EXPLANATION, 0)).rule)


def escalated(scene: Scene, clock: str, at_level: int) -> Iterator[e.Event]:
    """A finding that nobody has acknowledged goes to the head of the organ, then to those of the organs above it, each as
    the directory has them today, an acting head included; never to whom it was raised against. At the top it climbs no
    further.
    """
    found = next((f for f in scene.here.findings if f.number == number_of(clock)), None)
    if found is None or not found.open:
        return
    directory, on = scene.facts.directory, scene.civil(scene.now)
    heads: list[tuple[str, str]] = []
    for organ in (found.organ, *directory.superiors(found.organ)):
        head = directory.head_of(organ, on)
        known = [found.person, *(person for _, person in heads)]
        if head is not None and head not in known:
            heads.append((organ, head))
    if at_level <= len(heads):
        organ, head = heads[at_level - 1]
        yield e.FindingEscalated(at=scene.now, finding=found.number, level=at_level, organ=organ, person=head)


def _over(scene: Scene, event: e.Event, number: int, *kinds: str) -> Iterator[e.Event]:
    for kind in kinds:
        clock = scene.here.clock(numbered(kind, number))
        if clock is not None and clock.open:
            yield timekeeping.ended(scene, clock.clock, event.at)
