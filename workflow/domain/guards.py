"""The conditions on an action: the matter's own (`when`), then the law's, each a named pure check: the name stands in the
definition, the article here.

A guard returns None when it is satisfied, else what would be needed, in English; the catalogues hold other languages
under `guards.<name>`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workflow.domain import conditions
from workflow.domain.desk import opinions
from workflow.domain.procedure import guards as procedure
from workflow.domain.scene import Intent, Scene
from workflow.errors import ConditionRefused, GuardRefused

Guard = Callable[[Scene, Intent], bool]


def check(scene: Scene, act: Intent) -> None:
    """Raise ConditionRefused when the action's condition does not hold, GuardRefused for the first guard that fails."""
    action = scene.definition.actions[act.action]
    if action.when is not None and not conditions.holds(action.when, scene.here, act.fields):
        raise ConditionRefused(action=act.action, condition=conditions.told(action.when))
    for name in action.guards:
        guard, needed = GUARDS[name]
        if not guard(scene, act):
            raise GuardRefused(action=act.action, rule=name, needed=needed)


def _text(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name)
    return isinstance(value, str) and bool(value.strip())


def _people(fields: Mapping[str, Any], name: str) -> int:
    value = fields.get(name)
    return len(set(value)) if isinstance(value, (list, tuple)) else 0


def _objection_was(scene: Scene, *, upheld: bool) -> bool:
    decided = [objection for objection in scene.here.objections if objection.upheld is not None]
    return bool(decided) and decided[-1].upheld is upheld


def _not_yet_extended(scene: Scene, act: Intent) -> bool:
    clock = scene.here.clock(_extended_clock(scene, act))
    return clock is not None and clock.extensions == 0


def _before_due(scene: Scene, act: Intent) -> bool:
    clock = scene.here.clock(_extended_clock(scene, act))
    return clock is not None and clock.open and (clock.due is None or act.at < clock.due.at)


def _extended_clock(scene: Scene, act: Intent) -> str:
    effects = scene.definition.actions[act.action].effects
    return next((effect.clock or "" for effect in effects if effect.do == "extend"), "")


def _quota_settled(scene: Scene, act: Intent) -> bool:
    hold = scene.here.quota
    return scene.definition.quota is None or (hold is not None and (hold.exempt or hold.held > 0))


GUARDS: dict[str, tuple[Guard, str]] = {
    # Licensing Law 行政许可法 art. 32(5): complete filings must be accepted, incomplete ones supplemented first.
    "materials_complete": (lambda s, a: not s.here.missing, "every required material handed in"),
    "materials_missing": (lambda s, a: bool(s.here.missing), "a required material that is missing"),
    # Art. 32(4), 72(4): everything to be supplemented is told once.
    "supplement_not_yet_requested": (lambda s, a: s.here.supplements == 0, "no earlier supplement notice"),
    # Reference law-and-domain §1.5: an objection blocks the next step until a written finding.
    "no_open_objection": (lambda s, a: not s.here.open_objections(), "a written finding on every objection"),
    "open_objection": (lambda s, a: bool(s.here.open_objections()), "an objection that is still open"),
    "objection_upheld": (lambda s, a: _objection_was(s, upheld=True), "an objection that was upheld"),
    "objection_not_upheld": (lambda s, a: not _objection_was(s, upheld=True), "no objection that was upheld"),
    # Art. 38 §2: a refusal gives reasons and tells the remedies.
    "reasons_given": (lambda s, a: _text(a.fields, "reasons"), "the reasons, in the field `reasons`"),
    "remedies_known": (
        lambda s, a: _text(a.fields, "remedies"),
        "the remedies told, in the field `remedies`",
    ),
    # Art. 34 §3: the substance is verified by two or more of the staff.
    "two_inspectors": (
        lambda s, a: _people(a.fields, "inspectors") >= 2,
        "two different persons in `inspectors`",
    ),
    # Art. 48: a hearing leaves a record; what else the law asks of the procedure stands in `procedure.guards`.
    "hearing_record_given": (
        lambda s, a: _text(a.fields, "record"),
        "the hearing record, in the field `record`",
    ),
    # Art. 42 §1: extended once, before expiry, the reason told.
    "not_extended_before": (_not_yet_extended, "a period that has not been extended before"),
    "before_due": (_before_due, "a period that has not expired yet"),
    "agreed": (lambda s, a: s.here.record.get("opinion") == "agree", "an opinion that agrees"),
    "disagreed": (lambda s, a: s.here.record.get("opinion") == "disagree", "an opinion that disagrees"),
    # Reference law-and-domain §4: nothing under a quota goes up, or is agreed to, without its place (进京指标).
    "quota_reserved": (_quota_settled, "a reserved place of the quota, or the exempt track"),
    # Issue 5: what a decision rests on besides the desk's own view (会签, 专家评审).
    "countersigned": (lambda s, a: opinions.is_countersigned(s.here), "a countersign (会签) that has agreed"),
    "panel_minutes_given": (
        lambda s, a: opinions.has_minutes(s.here),
        "the minutes of an expert panel (专家评审) that was counted with its quorum",
    ),
    "concluded": (lambda s, a: s.here.concluded_at is not None, "a case that is concluded"),
    **procedure.GUARDS,
}
