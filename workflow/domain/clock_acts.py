"""Acts of people on a clock: stop counting on a ground (停止计时), resume (恢复计时), extend (延长期限), take that back.

Each is an effect of a declared action, so who may do it, with which written notice and after which guards stands in the
definition; what the rule of law itself allows is checked here.
"""

from __future__ import annotations

from workflow.domain import events as e
from workflow.domain import timekeeping
from workflow.domain.case import CaseClock, LedgerEntry
from workflow.domain.clock import extension_refusal, ground_refusal
from workflow.domain.definition import Effect
from workflow.domain.fields import wrong
from workflow.domain.period import parse_period
from workflow.domain.scene import Intent, Scene
from workflow.domain.values import replace
from workflow.errors import ClockRefused

WHY_NOT = {
    "not_listed": "its rule does not list the ground {what}",
    "not_provided": "its rule knows no extension",
    "not_running": "it is not running",
    "other_unit": "an extension is given in the unit of the rule",
    "too_often": "it has been extended as often as its rule allows",
    "too_long": "it would be extended by more than its rule allows",
    "after_expiry": "it has expired; an extension is granted before that",
}


def of(scene: Scene, intent: Intent, effect: Effect) -> e.Event:
    """The event of an effect that moves a clock. Raises ClockRefused when the rule or the clock does not allow it."""
    clock = scene.here.clock(effect.clock or "")
    if clock is None or not clock.open:
        raise ClockRefused(clock=effect.clock, reason=WHY_NOT["not_running"])
    return ACTS[effect.do](scene, intent, effect, clock)


def _extend(scene: Scene, intent: Intent, effect: Effect, clock: CaseClock) -> e.Event:
    rule = timekeeping.rule_of(clock, scene.facts)
    on = scene.civil(intent.at)
    asked = intent.fields.get("period") or (str(rule.extension.period) if rule.extension else "0wd")
    refusal = extension_refusal(
        timekeeping.ledger(clock), rule, scene.facts.calendar, parse_period(str(asked)), on
    )
    if refusal is not None:
        raise ClockRefused(clock=clock.clock, reason=WHY_NOT[refusal])
    ref = f"extension-{sum(entry.kind == 'extend' for entry in clock.entries) + 1}"
    entry = LedgerEntry(kind="extend", on=on, at=intent.at, ref=ref, period=str(asked))
    due, rungs = timekeeping.standing(scene.definition, _with(clock, entry), scene.facts)
    return e.ExtensionGranted(
        at=intent.at,
        clock=clock.clock,
        generation=clock.generation,
        period=str(asked),
        reason=str(intent.fields.get("reason", "")),
        on=on,
        ref=ref,
        due=due,
        rungs=rungs,
    )


def _remove_extension(scene: Scene, intent: Intent, effect: Effect, clock: CaseClock) -> e.Event:
    removed = {entry.ref for entry in clock.entries if entry.kind == "remove_extension"}
    granted = [entry for entry in clock.entries if entry.kind == "extend" and entry.ref not in removed]
    if not granted:
        raise ClockRefused(clock=clock.clock, reason="it has not been extended")
    on, ref = scene.civil(intent.at), granted[-1].ref or ""
    entry = LedgerEntry(kind="remove_extension", on=on, at=intent.at, ref=ref)
    due, rungs = timekeeping.standing(scene.definition, _with(clock, entry), scene.facts)
    return e.ExtensionRemoved(
        at=intent.at,
        clock=clock.clock,
        generation=clock.generation,
        reason=str(intent.fields.get("reason", "")),
        on=on,
        ref=ref,
        due=due,
        rungs=rungs,
    )


def _stop_counting(scene: Scene, intent: Intent, effect: Effect, clock: CaseClock) -> e.Event:
    ground = _ground(intent, effect)
    # A promise may leave out whatever the matter says; a period of law only what its rule lists (art. 45).
    rule = timekeeping.rule_of(clock, scene.facts)
    if rule.basis == "statute" and ground_refusal(rule, ground) is not None:
        raise ClockRefused(clock=clock.clock, reason=WHY_NOT["not_listed"].format(what=ground))
    if timekeeping.open_stop(clock, ground) is not None:
        raise ClockRefused(clock=clock.clock, reason=f"time is out on the ground {ground} already")
    return timekeeping.stopped(scene, clock, intent.at, ground, effect.document)


def _resume_counting(scene: Scene, intent: Intent, effect: Effect, clock: CaseClock) -> e.Event:
    ground = _ground(intent, effect)
    ref = timekeeping.open_stop(clock, ground)
    if ref is None:
        raise ClockRefused(clock=clock.clock, reason=f"time is not out on the ground {ground}")
    return timekeeping.resumed(scene, clock, intent.at, ground, ref)


def _ground(intent: Intent, effect: Effect) -> str:
    ground = effect.ground or intent.fields.get("ground")
    if not isinstance(ground, str) or not ground:
        raise wrong(intent.action, ("ground", "required", ""))
    return ground


def _with(clock: CaseClock, entry: LedgerEntry) -> CaseClock:
    return replace(clock, entries=(*clock.entries, entry))


ACTS = {
    "extend": _extend,
    "remove_extension": _remove_extension,
    "stop_counting": _stop_counting,
    "resume_counting": _resume_counting,
}
"""The words of `do` that move a clock."""
