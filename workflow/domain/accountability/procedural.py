"""Procedural findings: breaches of a duty of the Licensing Law that the record itself shows (arts. 72–74).

The guards of the shipped definitions refuse most of them before they happen. A deployment's own definition may be
without a guard, and what was brought in from elsewhere may show anything: so what happens is looked at again here, by
rules that know nothing of guards. Each has a name, the articles it cites, and a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from workflow.domain import events as e
from workflow.domain.accountability.periods import HOUSE_CALENDAR
from workflow.domain.authority import organ_of
from workflow.domain.case import CaseClock
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Colour, Regime
from workflow.domain.procedure.values import CALLED, SCHEDULED
from workflow.domain.scene import Scene
from workflow.domain.timekeeping import projection, rule_of
from workflow.domain.values import replace

ADVERSE: Final = frozenset({"refused", "not_accepted"})
"""Outcomes that take something from the applicant: they have reasons and tell the remedies (art. 38)."""

_EXAMINERS: Final = ("handler", "checker", "approver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty of the organ: the articles that give it and, after a semicolon, those on who answers for its breach."""

    article: str
    broken: Callable[[Scene, Any], bool]
    by: type[e.Event]


def breaches(scene: Scene, event: e.Event) -> Iterator[e.FindingRaised]:
    """A red finding for each duty that `event`, already folded into the case, shows to have been broken."""
    if type(event) not in _SHOWS or scene.definition.regime is not Regime.LICENSING:
        return
    if scene.definition.calendar != HOUSE_CALENDAR:
        return
    for name, duty in DUTIES.items():
        if isinstance(event, duty.by) and duty.broken(scene, event):
            yield _found(scene, event, name, duty)


def _found(scene: Scene, event: e.Event, name: str, duty: Duty) -> e.FindingRaised:
    case = scene.here
    acted = next((act for act in reversed(case.acts) if act.person == scene.actor), None)
    post = acted.post if acted is not None else scene.definition.states[case.state].post or SYSTEM
    organ = organ_of(scene.definition, case.parties, post) if post in scene.definition.posts else None
    return e.FindingRaised(
        at=event.at,
        finding=len(case.findings) + 1,
        colour=Colour.RED.value,
        rule=f"{PROCEDURE}.{name}",
        basis=PROCEDURE,
        clock=None,
        generation=None,
        post=post,
        organ=organ or "",
        person=scene.actor if acted is not None else None,
        due_on=None,
        article=duty.article,
    )


PROCEDURE: Final = "procedure"
"""How the rules of procedural findings begin, and their basis."""


def _one_inspector(scene: Scene, event: e.ActionTaken) -> bool:
    given = event.fields.get("inspectors")
    return isinstance(given, (list, tuple)) and len(set(given)) < 2


def _second_supplement(scene: Scene, event: e.SupplementRequested) -> bool:
    return scene.here.supplements > 1


def _adverse(scene: Scene, event: e.ActionTaken) -> bool:
    action = scene.definition.actions[event.action]
    return any(
        effect.do in ("decide", "conclude")
        and (effect.outcome or str(event.fields.get("outcome"))) in ADVERSE
        for effect in action.effects
    )


def _said(scene: Scene, event: e.ActionTaken, name: str) -> bool:
    """Whether the act says it; one that was reported upward (否定报备) rests on what was said then."""
    said = scene.here.record if scene.here.procedure.refusals else event.fields
    value = said.get(name)
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _without_notice(scene: Scene, event: e.CountingStopped) -> bool:
    return event.notice is None and rule_of(_clock(scene, event), scene.facts).basis == "statute"


def _clock(scene: Scene, event: e.CountingStopped | e.ExtensionGranted) -> CaseClock:
    named = (event.clock, event.generation)
    return next(one for one in scene.here.clocks if (one.clock, one.generation) == named)


def _late_extension(scene: Scene, event: e.ExtensionGranted) -> bool:
    """Granted when the period as it was without it had run out already."""
    clock = _clock(scene, event)
    without = replace(clock, entries=tuple(entry for entry in clock.entries if entry.ref != event.ref))
    due = projection(without, scene.facts).due
    return due is not None and event.at >= due.at


def _chair_examined(scene: Scene, event: e.HearingHeld) -> bool:
    return any(act.person == event.chair and act.post in _EXAMINERS for act in scene.here.acts)


def _unheard(scene: Scene, event: e.DecisionMade) -> bool:
    return bool(scene.here.procedure.unheard())


def _no_hearing(scene: Scene, event: e.DecisionMade) -> bool:
    hearing = scene.here.procedure.hearing
    return hearing is not None and hearing.stage in (CALLED, SCHEDULED)


def _skipped_notice(scene: Scene, event: e.DecisionMade) -> bool:
    before = [name for name, notice in scene.definition.notices.items() if notice.before_effect]
    return event.outcome not in ADVERSE and any(name not in scene.here.noticed for name in before)


DUTIES: Final[dict[str, Duty]] = {
    "second_supplement": Duty(article="32(4); 72(4)", broken=_second_supplement, by=e.SupplementRequested),
    "one_inspector": Duty(article="34", broken=_one_inspector, by=e.ActionTaken),
    "unheard_party": Duty(article="36; 72(3)", broken=_unheard, by=e.DecisionMade),
    "no_reasons": Duty(
        article="38; 72(7)",
        broken=lambda scene, event: _adverse(scene, event) and not _said(scene, event, "reasons"),
        by=e.ActionTaken,
    ),
    "no_remedies": Duty(
        article="38; 72(3)",
        broken=lambda scene, event: _adverse(scene, event) and not _said(scene, event, "remedies"),
        by=e.ActionTaken,
    ),
    "late_extension": Duty(article="42; 74(2)", broken=_late_extension, by=e.ExtensionGranted),
    "excluded_time_without_notice": Duty(article="45; 72(3)", broken=_without_notice, by=e.CountingStopped),
    "chair_examined": Duty(article="48", broken=_chair_examined, by=e.HearingHeld),
    "no_hearing": Duty(article="46, 47; 72(8)", broken=_no_hearing, by=e.DecisionMade),
    "skipped_notice": Duty(article="40; 72(3)", broken=_skipped_notice, by=e.DecisionMade),
}

_SHOWS: Final = frozenset(duty.by for duty in DUTIES.values())
"""The duties that the engine can see, by the name of their rule (`procedure.<name>`)."""
