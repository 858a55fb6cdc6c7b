"""The machine of a matter as people follow it: one main path from filing to the end, side states, ways back, shared exits.

Everything drawn (chart, BPMN, Mermaid) starts from here. Nothing depends on the order of a file alone: a state that a matter
adds to its process stands last in it, wherever it belongs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from workflow.catalog.procedure import common_actions
from workflow.domain.definition import Action, Definition, Holder

if TYPE_CHECKING:
    from workflow.catalog.loader import Matter

_FEW: Final = 2
"""An exit of so few states is drawn from each of them."""

_STEP: Final = 10
_WAIT: Final = 4
_AWRY: Final = -1000
_FIRST: Final = 15
"""Weights of the main path: a wait for the applicant is rather a detour, what leads to another outcome none at all, and the
outcome named first is worth a step and a half.
"""


class Kind(StrEnum):
    """What a way is to the reader: the next step of the main path, another way on, a way back, an exit most steps share."""

    MAIN = "main"
    ONWARD = "onward"
    BACK = "back"
    COMMON = "common"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An action taken in one state, and where it leads."""

    source: str
    action: str
    target: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The graph of a matter. `blocks` are the states of the main path in order, each with the side states that stand beside
    it; `within` are the acts that leave a case in its state; `common` the actions that most states share.
    """

    blocks: tuple[tuple[str, ...], ...]
    ways: tuple[Way, ...]
    within: Mapping[str, tuple[str, ...]]
    common: tuple[str, ...]

    @property
    def main(self) -> tuple[str, ...]:
        """The states of the main path."""
        return tuple(block[0] for block in self.blocks)

    @property
    def states(self) -> tuple[str, ...]:
        """Every state in the order in which it is read."""
        return tuple(state for block in self.blocks for state in block)

    def out_of(self, state: str) -> tuple[Way, ...]:
        """The ways out of a state."""
        return tuple(way for way in self.ways if way.source == state)


def flow(matter: Matter) -> Flow:
    """The graph of a matter."""
    definition, order = matter.definition, matter.order("actions")
    arcs = [
        (source, name, target)
        for name in order
        for source in definition.actions[name].sources
        if (target := definition.actions[name].to) is not None and target != source
    ]
    common = _shared(definition, arcs)
    onward = _without_cycles(definition, arcs, common)
    main = _main_path(matter, onward, common)
    ways = tuple(
        Way(source=s, action=a, target=t, kind=_kind((s, a, t), onward, main, common)) for s, a, t in arcs
    )
    within = {
        state: tuple(name for name in order if _stays(definition.actions[name], state) and name not in common)
        for state in definition.states
    }
    return Flow(
        blocks=_blocks(matter, main, ways),
        ways=ways,
        within=within,
        common=tuple(name for name in order if name in common),
    )


def ranks(of: Flow) -> dict[str, int]:
    """How many steps at most lie before each state, ways back not counted."""
    found = dict.fromkeys(of.states, 0)
    steps = [(way.source, way.target) for way in of.ways if way.kind in (Kind.MAIN, Kind.ONWARD)]
    for _ in found:
        for source, target in steps:
            found[target] = max(found[target], found[source] + 1)
    return found


Arc = tuple[str, str, str]


def _shared(definition: Definition, arcs: Sequence[Arc]) -> frozenset[str]:
    """The actions that most states share, but for one that alone leads to some state: it is a step and no exit."""
    shared = {name for name in common_actions(definition) if len(definition.actions[name].sources) > _FEW}
    otherwise = {target for _, name, target in arcs if name not in shared}
    return frozenset(name for name in shared if definition.actions[name].to in {None, *otherwise})


def _stays(action: Action, state: str) -> bool:
    return state in action.sources and action.to in (None, state)


def _without_cycles(definition: Definition, arcs: Sequence[Arc], common: frozenset[str]) -> set[Arc]:
    """The arcs that lead on: those not declared as ways back first, then any other that closes no circle."""

    def last(arc: Arc) -> tuple[bool, bool]:
        return arc[1] in common, definition.actions[arc[1]].on_return is not None

    after: dict[str, set[str]] = {state: set() for state in definition.states}
    onward: set[Arc] = set()
    for arc in sorted(arcs, key=last):
        source, _, target = arc
        if source not in _reached(target, after):
            after[source].add(target)
            onward.add(arc)
    return onward


def _reached(start: str, after: Mapping[str, set[str]]) -> set[str]:
    found, fresh = {start}, [start]
    while fresh:
        new = after[fresh.pop()] - found
        found |= new
        fresh.extend(new)
    return found


def _main_path(matter: Matter, onward: set[Arc], common: frozenset[str]) -> tuple[str, ...]:
    """The longest way from the first state to an end that leads to one outcome alone; of ways about as long, that to the
    outcome named first.
    """
    outcomes = matter.order("outcomes") or ("",)
    found = [_longest(matter, onward, common, outcome) for outcome in outcomes]
    first, way = found[0]
    return max([(first + _FIRST, way), *found[1:]], key=lambda each: each[0])[1]


def _longest(
    matter: Matter, onward: set[Arc], common: frozenset[str], outcome: str
) -> tuple[int, tuple[str, ...]]:
    definition = matter.definition
    place = {state: number for number, state in enumerate(matter.order("states"))}
    after: dict[str, list[tuple[str, int]]] = {state: [] for state in definition.states}
    for source, name, target in sorted(onward, key=lambda arc: (place[arc[0]], place[arc[2]], arc[1])):
        astray = name in common or not _leads_to(definition.actions[name], outcome)
        wait = definition.states[target].holder is Holder.APPLICANT
        after[source].append((target, _AWRY if astray else _WAIT if wait else _STEP))
    found: dict[str, tuple[int, tuple[str, ...]]] = {}

    def way(state: str) -> tuple[int, tuple[str, ...]]:
        if state not in found:
            final = definition.states[state].final
            ends = [(0 if final else _AWRY, (state,))] if final or not after[state] else []
            ways = [(worth + way(target)[0], (state, *way(target)[1])) for target, worth in after[state]]
            found[state] = max([*ends, *ways], key=lambda each: each[0])
        return found[state]

    return way(definition.initial)


def _leads_to(action: Action, outcome: str) -> bool:
    """Whether an action settles on that outcome or on none."""
    return all(
        effect.outcome in (None, outcome) for effect in action.effects if effect.do in ("decide", "conclude")
    )


def _kind(arc: Arc, onward: set[Arc], main: Sequence[str], common: frozenset[str]) -> Kind:
    source, name, target = arc
    if name in common:
        return Kind.COMMON
    if arc not in onward:
        return Kind.BACK
    next_to = source in main and target in main and main.index(target) == main.index(source) + 1
    return Kind.MAIN if next_to else Kind.ONWARD


def _blocks(matter: Matter, main: Sequence[str], ways: Sequence[Way]) -> tuple[tuple[str, ...], ...]:
    blocks: list[list[str]] = [[state] for state in main]
    home = {state: number for number, state in enumerate(main)}
    waiting = [state for state in matter.order("states") if state not in home]
    while waiting:
        # Side states in the order in which they are come to; one that nothing placed leads to is taken as it comes.
        state = next((one for one in waiting if _sources(one, ways) <= home.keys()), waiting[0])
        waiting.remove(state)
        home[state] = _home(state, main, ways, home)
        blocks[home[state]].append(state)
    return tuple(map(tuple, blocks))


def _home(state: str, main: Sequence[str], ways: Sequence[Way], home: Mapping[str, int]) -> int:
    """Beside the state it is come to from; one that several states lead to stands just before where it leads itself."""
    sources = sorted({home[source] for source in _sources(state, ways) if source in home})
    leads = [
        home[way.target]
        for way in ways
        if way.source == state and way.kind is Kind.ONWARD and way.target in main
    ]
    if len(sources) == 1:
        return sources[0]
    if leads:
        return max(min(leads) - 1, *sources, 0) if sources else max(min(leads) - 1, 0)
    return sources[-1] if sources else len(main) - 1


def _sources(state: str, ways: Sequence[Way]) -> set[str]:
    return set(_leading(state, ways))


def _leading(state: str, ways: Sequence[Way]) -> Iterator[str]:
    return (way.source for way in ways if way.target == state and way.kind in (Kind.MAIN, Kind.ONWARD))
