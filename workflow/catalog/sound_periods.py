"""Whether the periods of a definition keep the law and can be kept: their length, what stops them, what their end means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from workflow.catalog.faults import Fault
from workflow.catalog.references import Judged
from workflow.catalog.resolve import STEP, place_of_clock
from workflow.catalog.strict_yaml import Place
from workflow.catalog.topology import edges, longest_steps, running_states
from workflow.domain.definition import ClockSpec, Effect, Expiry, Pause, Regime
from workflow.domain.law import Rule
from workflow.domain.period import Period, WorkingDays, parse_period

SYSTEM = "system"

_LAW: Final = re.compile(r"《([^》]+)》")
_CALLED_LAW: Final = {
    "zh-CN": re.compile(r"(?<!非)法定"),
    "en": re.compile(r"(?i)(?<!not )(?<!non-)\bstatutory\b"),
}


def check_periods(judged: Judged) -> Iterator[Fault]:
    """The faults of a definition's clocks and of the actions that move them."""
    for name, clock in judged.definition.clocks.items():
        yield from _expiry(judged, name, clock)
        yield from _length(judged, name, clock)
        yield from _citation(judged, name, clock)
        yield from _label(judged, name, clock)
        for number, pause in enumerate(clock.pauses):
            yield from _pause(judged, name, pause, (*place_of_clock(name), "pauses", number))
    for name, action in judged.definition.actions.items():
        for number, effect in enumerate(action.effects):
            place = ("actions", name, "effects", number)
            if effect.do == "extend" and effect.clock is not None:
                yield from _extension(judged, effect.clock, place)
            if effect.do == "stop_counting" and effect.clock is not None:
                yield from _stop(judged, name, effect, place)
            if effect.do == "stop_periods":
                yield from _stop_all(judged, name, effect, place)


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
    if clock.expiry is not Expiry.PROCEED and any(
        rule.on_expiry != clock.expiry.value for rule in _rules(judged, clock)
    ):
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


def _citation(judged: Judged, name: str, clock: ClockSpec) -> Iterator[Fault]:
    """A clock of law says by its rule which law it is; the matter's legal basis names that law."""
    latest = _rules(judged, clock)[-1]
    laws = _LAW.findall(latest.citation.get("zh-CN", "")) if latest.basis == "statute" else []
    if clock.promise is not None or not laws:
        return
    basis = " ".join(
        f"{entry['title']['zh-CN']} {entry['citation']['zh-CN']}" for entry in judged.resolved.tree["basis"]
    )
    if not any(law in basis for law in laws):
        cited = "".join(f"《{law}》" for law in laws)
        yield judged.fault("limits.uncited", *place_of_clock(name), "rule", name=name, law=cited)


def _label(judged: Judged, name: str, clock: ClockSpec) -> Iterator[Fault]:
    """A promise is never called law (法定), and so not statutory in English either."""
    promised = clock.promise is not None or all(rule.basis == "promise" for rule in _rules(judged, clock))
    if not promised or name.startswith(STEP):
        return
    title = judged.resolved.tree["clocks"][name]["title"]
    if any(word.search(title[lang]) for lang, word in _CALLED_LAW.items()):
        yield judged.fault("limits.called_law", *place_of_clock(name), "title", name=name)


def _pause(judged: Judged, name: str, pause: Pause, place: Place) -> Iterator[Fault]:
    definition, clock = judged.definition, judged.definition.clocks[name]
    rules, state = _rules(judged, clock), ", ".join(pause.states)
    statutory = any(rule.basis == "statute" for rule in rules)
    if definition.regime is Regime.LICENSING and statutory and pause.ground == "publicity":
        yield judged.fault("publication.stops_licence", *place, "ground", name=name, state=state)
        return
    lost = list(_ground(judged, name, pause.ground, (*place, "ground")))
    yield from lost
    if lost:
        return
    for other_name, other in _beside(judged, name, clock):
        if clock.promise is None or not any(rule.basis == "statute" for rule in _rules(judged, other)):
            continue
        stopped = {state for there in other.pauses for state in there.states}
        if not set(pause.states) <= stopped:
            fields = {"name": name, "ground": pause.ground, "statute": other_name}
            yield judged.fault("limits.pause_beyond_law", *place, "ground", **fields)
            return
    if statutory or definition.regime is Regime.LICENSING:
        yield from _told(judged, name, pause, place)


def _told(judged: Judged, name: str, pause: Pause, place: Place) -> Iterator[Fault]:
    """Time is taken out of a period of law only with a written notice (行政许可法第四十五条), given on the way there."""
    definition = judged.definition
    ground = judged.facts.law.grounds[pause.ground]
    if ground.notice is None:
        return
    if pause.notice is None:
        fields = {"clock": name, "name": pause.ground, "paper": ground.notice}
        yield judged.fault("limits.no_notice", *place, "ground", **fields)
        return
    for source, action, target in edges(definition):
        if target not in pause.states or source in pause.states:
            continue
        issued = {effect.document for effect in definition.actions[action].effects if effect.do == "issue"}
        if pause.notice not in issued:
            fields = {"clock": name, "state": target, "action": action, "paper": pause.notice}
            yield judged.fault("limits.notice_not_issued", *place, "notice", **fields)
            return


def _stop_all(judged: Judged, name: str, effect: Effect, place: Place) -> Iterator[Fault]:
    """Every period of law of the whole case that runs where counting may be stopped lists the grounds."""
    definition = judged.definition
    sources = set(definition.actions[name].sources)
    for clock, spec in definition.clocks.items():
        statutory = any(rule.basis == "statute" for rule in _rules(judged, spec)) and spec.promise is None
        if spec.scope == "case" and statutory and running_states(definition, spec) & sources:
            lost = list(_stop(judged, name, replace(effect, clock=clock), place))
            yield from lost
            if lost:
                return


def _stop(judged: Judged, name: str, effect: Effect, place: Place) -> Iterator[Fault]:
    """Counting stopped by an act: on a listed ground, with its written notice."""
    definition, action, clock = judged.definition, judged.definition.actions[name], effect.clock or ""
    asked = action.fields.get("ground")
    grounds: Sequence[str] = (effect.ground,) if effect.ground else (asked.choices if asked else ())
    for ground in grounds:
        lost = list(_ground(judged, clock, ground, place))
        yield from lost
        if lost:
            return
    rules = _rules(judged, definition.clocks[clock])
    if definition.regime is not Regime.LICENSING and all(rule.basis == "promise" for rule in rules):
        return
    papers = {judged.facts.law.grounds[ground].notice for ground in grounds} - {None}
    if effect.document is None and (papers or not grounds):
        fields = {"clock": clock, "name": ", ".join(grounds) or "-", "paper": next(iter(papers), None) or "-"}
        yield judged.fault("limits.no_notice", *place, **fields)
    elif effect.document is not None and effect.document not in {
        other.document for other in action.effects if other.do == "issue"
    }:
        fields = {"clock": clock, "state": "/".join(action.sources), "action": name, "paper": effect.document}
        yield judged.fault("limits.notice_not_issued", *place, **fields)


def _ground(judged: Judged, clock: str, ground: str, place: Place) -> Iterator[Fault]:
    law, rules = judged.facts.law, _rules(judged, judged.definition.clocks[clock])
    if ground not in law.grounds:
        yield judged.fault("reference.ground", *place, name=ground, known=", ".join(sorted(law.grounds)))
    elif all(rule.ground(ground) is None for rule in rules):
        # One version that lists it is enough: under the others the machine lets the period run on.
        known = ", ".join(sorted({listed.id for rule in rules for listed in rule.grounds})) or "-"
        fields = {"rule": rules[0].id, "name": ground, "clock": clock, "known": known}
        yield judged.fault("limits.ground", *place, **fields)


def _extension(judged: Judged, clock: str, place: Place) -> Iterator[Fault]:
    rules = _rules(judged, judged.definition.clocks[clock])
    if any(version.extension is None for version in rules):
        yield judged.fault("machine.extend", *place, "clock", rule=rules[0].id)


def _rules(judged: Judged, clock: ClockSpec) -> tuple[Rule, ...]:
    return judged.facts.law.rules[clock.rule]


def _beside(judged: Judged, name: str, clock: ClockSpec) -> Iterator[tuple[str, ClockSpec]]:
    """The other clocks from the same start to the same end."""
    for other_name, other in judged.definition.clocks.items():
        if other_name != name and (other.start, other.end) == (clock.start, clock.end):
            yield other_name, other


def _statutes(judged: Judged, name: str, clock: ClockSpec) -> Iterator[Rule]:
    """The statutory rules that a promise is measured against: its own, and those of the clocks beside it."""
    for other in (clock, *(beside for _, beside in _beside(judged, name, clock))):
        yield from (rule for rule in _rules(judged, other) if rule.basis == "statute")


def _comparable(one: Period, other: Period) -> bool:
    return type(one) is type(other)
