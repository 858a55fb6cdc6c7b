"""Whether a definition can be run and may be: every state has a way in, a way out and a way to the end, and somebody acts in
it. Periods are judged in `sound_periods`, decisions, remedies and
materials in `sound_practice`, the procedure of the law in `sound_procedure`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from workflow.catalog.faults import Fault, Mark
from workflow.catalog.references import Facts, Judged, check_references
from workflow.catalog.resolve import Resolved
from workflow.catalog.sound_periods import check_periods
from workflow.catalog.sound_practice import check_practice
from workflow.catalog.sound_procedure import check_procedure
from workflow.catalog.sound_quota import check_quota
from workflow.catalog.strict_yaml import Place
from workflow.catalog.topology import edges, leading_to, reachable, running_states
from workflow.domain.calendar import Calendar
from workflow.domain.definition import ClockSpec, Holder, OnReturn
from workflow.domain.desk.verbs import VERBS
from workflow.domain.directory import Directory
from workflow.domain.law import LawParameters

SYSTEM = "system"
PUBLIC = "public"


def check_matter(
    resolved: Resolved,
    where: Callable[[Place], Mark],
    *,
    law: LawParameters,
    calendars: Mapping[str, Calendar],
    directory: Directory,
) -> Iterator[Fault]:
    """Every fault of a resolved matter. What rests on names is judged only once every name means something."""
    judged = Judged(
        resolved=resolved, where=where, facts=Facts(law=law, calendars=calendars, directory=directory)
    )
    lost = list(check_references(judged))
    yield from lost
    if not lost:
        yield from _ways(judged)
        yield from _returns(judged)
        yield from _posts(judged)
        yield from _automatic(judged)
        yield from _names(judged)
        yield from check_periods(judged)
        yield from check_practice(judged)
        yield from check_procedure(judged)
        yield from check_quota(judged)


def _ways(judged: Judged) -> Iterator[Fault]:
    definition = judged.definition
    ends = {name for name, state in definition.states.items() if state.final}
    forward = {name: reachable(definition, [name]) for name in definition.states}
    backward = {name: leading_to(definition, [name]) for name in definition.states}
    left = {source for source, _, _ in edges(definition)}
    if not ends:
        yield judged.fault("machine.no_final", "states")
        return
    for name in _first_of(definition.states.keys() - reachable(definition, [definition.initial]), forward):
        yield judged.fault("machine.unreachable", "states", name, name=name)
    stuck = definition.states.keys() - left - ends
    for name in stuck:
        yield judged.fault("machine.dead_end", "states", name, name=name)
    # What leads only to a dead end is told at the dead end.
    for name in _first_of(definition.states.keys() - leading_to(definition, ends | stuck), backward):
        yield judged.fault("machine.no_end", "states", name, name=name)
    for source, action, target in edges(definition):
        if source in ends:
            yield judged.fault("machine.leaves_final", "states", source, name=source, action=action)
        effects = {effect.do for effect in definition.actions[action].effects}
        if target in ends and "archive" not in effects:
            yield judged.fault("machine.silent_end", "actions", action, "to", name=target)
    for name, action_ in definition.actions.items():
        if action_.to is not None and set(action_.sources) == {action_.to}:
            yield judged.fault("machine.stays_put", "actions", name, "to", name=name)


def _returns(judged: Judged) -> Iterator[Fault]:
    """A way back, which makes the machine go round, says what becomes of the periods (the order is that of the file)."""
    definition = judged.definition
    order = list(judged.resolved.tree["states"])
    running = {
        name: running_states(definition, clock)
        for name, clock in definition.clocks.items()
        if clock.scope == "case"
    }
    for name, action in definition.actions.items():
        back = [
            source
            for source, taken, target in edges(definition)
            if taken == name and order.index(target) < order.index(source)
        ]
        if back and action.on_return is None:
            yield judged.fault("machine.on_return", "actions", name, name=name, state=str(action.to))
        if action.on_return is OnReturn.STOP:
            there = [clock for clock, states in running.items() if action.to in states]
            goes_on = [name for name in there if action.to not in _stopped(definition.clocks[name])]
            if goes_on or not there:
                fields = {"state": str(action.to), "clocks": ", ".join(sorted(goes_on)) or "-"}
                yield judged.fault("machine.return_stop", "actions", name, "on_return", **fields)


def _stopped(clock: ClockSpec) -> set[str]:
    return {state for pause in clock.pauses for state in pause.states}


def _first_of(names: AbstractSet[str], covers: Mapping[str, AbstractSet[str]]) -> Iterator[str]:
    """The few of `names` that stand for all: one that cannot be reached speaks for what lies behind it."""
    left = set(names)
    while left:
        first = min(left, key=lambda name: (-len(covers[name] & left), name))
        yield first
        left -= covers[first]


def _posts(judged: Judged) -> Iterator[Fault]:
    definition = judged.definition
    for name, state in definition.states.items():
        if state.final or state.automatic is not None or state.holder is Holder.SYSTEM:
            continue
        if state.post is None:
            yield judged.fault("machine.no_post", "states", name, name=name)
            continue
        acting = {
            post for action in definition.actions.values() if name in action.sources for post in action.by
        }
        # Where only anybody (public) acts, whoever holds the post may too. A state nothing leaves is told as a dead end.
        if acting - {PUBLIC, SYSTEM} and state.post not in acting:
            yield judged.fault("machine.idle_post", "states", name, "post", name=name, post=state.post)


def _automatic(judged: Judged) -> Iterator[Fault]:
    definition = judged.definition
    for name, state in definition.states.items():
        place, named = ("states", name, "automatic"), state.automatic_actions
        for number, taken in enumerate(named):
            action = definition.actions[taken]
            if name not in action.sources or SYSTEM not in action.by:
                yield judged.fault("machine.automatic", *place, number, name=name, action=taken)
                break
            last = number == len(named) - 1
            if last and action.when is not None:
                yield judged.fault("machine.automatic_else", *place, number, name=name, action=taken)
            elif not last and action.when is None:
                yield judged.fault("machine.automatic_hidden", *place, number, name=name, action=taken)


def _names(judged: Judged) -> Iterator[Fault]:
    """A verb of the desk is every matter's already: an action of its name would never be taken."""
    for name in judged.definition.actions.keys() & VERBS.keys():
        yield judged.fault("action.verb", "actions", name, name=name)
