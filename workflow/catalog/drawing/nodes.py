"""A matter as BPMN sees it: lanes by post, a task for each state, a gateway where there is a choice, timers for expiries.

An exit that most steps share becomes a pair of link events, the standard's own way to leave a page without a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from workflow.catalog.drawing.captions import PUBLIC, expiring
from workflow.catalog.drawing.flow import Flow, Kind, Way, flow
from workflow.domain.definition import ClockSpec

if TYPE_CHECKING:
    from workflow.catalog.loader import Matter

SYSTEM: Final = "system"


class What(StrEnum):
    """The elements of BPMN that are used here, by their names in it."""

    START = "startEvent"
    END = "endEvent"
    USER = "userTask"
    SERVICE = "serviceTask"
    WAIT = "intermediateCatchEvent"
    CHOICE = "exclusiveGateway"
    TIMER = "boundaryEvent"
    THROW = "intermediateThrowEvent"
    CATCH = "linkCatchEvent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An element with a place in a lane. `state` is where it belongs; `action` what a timer or a link stands for."""

    id: str
    what: What
    state: str
    lane: str
    action: str | None = None
    clock: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A sequence flow between two elements; without an action it only leads to the choice."""

    id: str
    source: str
    target: str
    action: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """The whole diagram before it has places."""

    of: Flow
    lanes: tuple[str, ...]
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def net(matter: Matter) -> Net:
    """The elements of a matter and what connects them."""
    of = flow(matter)
    nodes: list[Node] = [
        Node(id="start", what=What.START, state=matter.definition.initial, lane=_filer(matter))
    ]
    arrows: list[Arrow] = [Arrow(id="flow_start", source="start", target=task(matter.definition.initial))]
    for state in of.states:
        for made in _of_state(matter, of, state):
            (nodes if isinstance(made, Node) else arrows).append(made)  # type: ignore[arg-type]
    for name in dict.fromkeys(way.action for way in of.ways if way.kind is Kind.COMMON):
        target = str(matter.definition.actions[name].to)
        nodes.append(
            Node(id=f"link_{name}", what=What.CATCH, state=target, lane=lane(matter, target), action=name)
        )
        arrows.append(Arrow(id=f"flow_link_{name}", source=f"link_{name}", target=task(target)))
    known = [*dict.fromkeys([*matter.order("posts"), PUBLIC, SYSTEM])]
    used = {node.lane for node in nodes}
    return Net(
        of=of,
        lanes=tuple(name for name in known if name in used),
        nodes=tuple(nodes),
        arrows=tuple(arrows),
    )


def task(state: str) -> str:
    """The id of the element of a state."""
    return f"state_{state}"


def lane(matter: Matter, state: str) -> str:
    """The lane of a state: its post, or the system."""
    return matter.definition.states[state].post or SYSTEM


def timed(matter: Matter, state: str) -> Iterator[tuple[str, str, ClockSpec]]:
    """What the end of a period does in a state: the action, the period's name, the period."""
    for action in matter.order("actions"):
        if state in matter.definition.actions[action].sources:
            clock = next(expiring(matter, action), None)
            if clock is not None:
                yield action, *clock


def _filer(matter: Matter) -> str:
    posts = matter.definition.filed_by
    return posts[0] if posts and posts[0] in matter.definition.posts else PUBLIC


def _of_state(matter: Matter, of: Flow, state: str) -> Iterator[Node | Arrow]:
    spec, here, where = matter.definition.states[state], task(state), lane(matter, state)
    ways = of.out_of(state)
    clocks = {action: clock for action, clock, _ in timed(matter, state)}
    chosen = [way for way in ways if way.action not in clocks]
    if spec.final:
        yield Node(id=here, what=What.END, state=state, lane=where)
        return
    if ways and not chosen and not of.within[state]:
        # Nothing can be done but wait for the period to end.
        (way, *_) = ways
        yield Node(id=here, what=What.WAIT, state=state, lane=where, clock=clocks[way.action])
        yield _arrow(way, here)
        return
    what = What.USER if spec.post else What.SERVICE
    yield Node(id=here, what=what, state=state, lane=where)
    source = here
    if len(chosen) > 1:
        source = f"choice_{state}"
        yield Node(id=source, what=What.CHOICE, state=state, lane=where)
        yield Arrow(id=f"flow_choice_{state}", source=here, target=source)
    for way in chosen:
        yield from _leaving(way, source, where)
    for way in ways:
        if way.action in clocks:
            name = f"timer_{state}_{way.action}"
            yield Node(
                id=name, what=What.TIMER, state=state, lane=where, action=way.action, clock=clocks[way.action]
            )
            yield _arrow(way, name)


def _leaving(way: Way, source: str, where: str) -> Iterator[Node | Arrow]:
    if way.kind is not Kind.COMMON:
        yield _arrow(way, source)
        return
    name = f"exit_{way.source}_{way.action}"
    yield Node(id=name, what=What.THROW, state=way.source, lane=where, action=way.action)
    yield Arrow(id=f"flow_{way.source}_{way.action}", source=source, target=name)


def _arrow(way: Way, source: str) -> Arrow:
    return Arrow(
        id=f"flow_{way.source}_{way.action}", source=source, target=task(way.target), action=way.action
    )
