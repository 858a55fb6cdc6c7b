"""Whether a definition can be run and may be: every state has a way in, a way out and a way to the end, somebody acts in
it, and no period promises more than the law allows or the steps can keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from workflow.catalog.faults import Fault, Mark
from workflow.catalog.references import Facts, Judged, check_references
from workflow.catalog.resolve import Resolved, place_of_clock
from workflow.catalog.strict_yaml import Place
from workflow.catalog.topology import edges, leading_to, longest_steps, reachable, running_states
from workflow.domain.calendar import Calendar
from workflow.domain.definition import ClockSpec, Expiry, Holder, OnReturn, Regime
from workflow.domain.directory import Directory
from workflow.domain.law import LawParameters, Rule
from workflow.domain.period import Period, WorkingDays, parse_period

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
        for name, clock in judged.definition.clocks.items():
            yield from _expiry(judged, name, clock)
            yield from _length(judged, name, clock)
            yield from _pauses(judged, name, clock)
        yield from _extensions(judged)


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
    stopped = {
        state for clock in definition.clocks.values() for pause in clock.pauses for state in pause.states
    }
    for name, action in definition.actions.items():
        back = [
            source
            for source, taken, target in edges(definition)
            if taken == name and order.index(target) < order.index(source)
        ]
        if back and action.on_return is None:
            yield judged.fault("machine.on_return", "actions", name, name=name, state=str(action.to))
        if action.on_return is OnReturn.STOP and action.to not in stopped:
            yield judged.fault("machine.return_stop", "actions", name, "on_return", state=str(action.to))


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
            last = number == len(named) - 1
            if last and action.when is not None:
                yield judged.fault("machine.automatic_else", *place, number, name=name, action=taken)
            elif not last and action.when is None:
                yield judged.fault("machine.automatic_hidden", *place, number, name=name, action=taken)


def _expiry(judged: Judged, name: str, clock: ClockSpec) -> Iterator[Fault]:
    definition, place = judged.definition, place_of_clock(name)
    if clock.expiry is Expiry.ALERT:
        if clock.expiry_action is not None:
            yield judged.fault("limits.alert_action", *place, "expiry_action", name=name)
        return
    if clock.expiry_action is None:
        yield judged.fault("limits.expiry_action", *place, "expiry", name=name, expiry=clock.expiry.value)
        return
    action = definition.actions[clock.expiry_action]
    if SYSTEM not in action.by:
        yield judged.fault("machine.expiry", *place, "expiry_action", name=name, action=clock.expiry_action)
    for state in sorted(running_states(definition, clock) - set(action.sources)):
        fields = {"name": name, "state": state, "action": clock.expiry_action}
        yield judged.fault("machine.expiry_state", *place, "expiry_action", **fields)
    # Silence decides only where the cited law says so; the end of a notice period (公示) decides nothing by itself.
    rules = judged.facts.law.rules[clock.rule]
    if clock.expiry is not Expiry.PROCEED and any(rule.on_expiry != clock.expiry.value for rule in rules):
        fields = {"name": name, "expiry": clock.expiry.value, "rule": clock.rule}
        yield judged.fault("limits.silence", *place, "expiry", **fields)


def _length(judged: Judged, name: str, clock: ClockSpec) -> Iterator[Fault]:
    if clock.promise is None:
        return
    definition, promise, place = judged.definition, parse_period(clock.promise), place_of_clock(name)
    for other in _statutes(judged, name, clock):
        fields = {"promise": clock.promise, "rule": other.id, "statute": str(other.period)}
        if not _comparable(promise, other.period):
            yield judged.fault("limits.unit", *place, "promise", **fields)
        elif promise.amount > other.period.amount and not other.minimum:
            yield judged.fault("limits.longer_than_law", *place, "promise", **fields)
    if clock.scope == "case" and isinstance(promise, WorkingDays):
        total, way = longest_steps(definition, clock)
        if total > promise.amount:
            fields = {"name": name, "promise": clock.promise, "total": str(total), "path": " + ".join(way)}
            yield judged.fault("limits.steps_exceed", *place, "promise", **fields)


def _statutes(judged: Judged, name: str, clock: ClockSpec) -> Iterator[Rule]:
    """The statutory rules that a promise is measured against: its own, and those of clocks from the same start to the
    same end.
    """
    for other_name, other in judged.definition.clocks.items():
        if other_name == name or (other.start, other.end) == (clock.start, clock.end):
            yield from (rule for rule in judged.facts.law.rules[other.rule] if rule.basis == "statute")


def _comparable(one: Period, other: Period) -> bool:
    return type(one) is type(other)


def _pauses(judged: Judged, name: str, clock: ClockSpec) -> Iterator[Fault]:
    definition, place = judged.definition, place_of_clock(name)
    rules = judged.facts.law.rules[clock.rule]
    for number, pause in enumerate(clock.pauses):
        ground = (*place, "pauses", number, "ground")
        statutory = any(rule.basis == "statute" for rule in rules)
        if definition.regime is Regime.LICENSING and statutory and pause.ground == "publicity":
            state = ", ".join(pause.states)
            yield judged.fault("publication.stops_licence", *ground, name=name, state=state)
        elif any(rule.ground(pause.ground) is None for rule in rules):
            known = ", ".join(sorted({listed.id for rule in rules for listed in rule.grounds})) or "-"
            yield judged.fault("reference.ground", *ground, rule=clock.rule, name=pause.ground, known=known)


def _extensions(judged: Judged) -> Iterator[Fault]:
    definition = judged.definition
    for name, action in definition.actions.items():
        for number, effect in enumerate(action.effects):
            if effect.do == "extend" and effect.clock is not None:
                rule = definition.clocks[effect.clock].rule
                if any(version.extension is None for version in judged.facts.law.rules[rule]):
                    yield judged.fault(
                        "machine.extend", "actions", name, "effects", number, "clock", rule=rule
                    )
