"""What an action brings about: each declared effect becomes events. The words are the vocabulary of the definitions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workflow.domain import events as e
from workflow.domain.definition import Effect
from workflow.domain.materials import supplement
from workflow.domain.papers import for_the_applicant
from workflow.domain.procedure import effects as procedure
from workflow.domain.quota import course as quota
from workflow.domain.reckoning import civil_date
from workflow.domain.scene import Intent, Scene
from workflow.errors import BadFields

Consequence = Callable[[Scene, Intent, Effect], tuple[e.Event, ...]]


def of(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    """The events of one declared effect. Raises BadFields when a field that the effect needs is not usable."""
    return EFFECTS[effect.do](scene, act, effect)


def _check_materials(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return supplement.checked(scene, act)


def _request_supplement(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return supplement.requested(scene, act)


def _receive_supplement(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return supplement.supplemented(scene, act)


def _accept(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    # Art. 32(4): what nobody answered in five days counts as accepted from the day the materials were received, which
    # after a supplement is the day of the supplement.
    at = scene.here.materials_at if effect.backdated else act.at
    return (e.FilingAccepted(at=at, deemed=effect.backdated),)


def _decide(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    outcome = effect.outcome or str(act.fields.get("outcome"))
    reasons = act.fields.get("reasons")
    if reasons is None and scene.here.procedure.refused:
        reasons = scene.here.record.get(
            "reasons"
        )  # given by who refused and reported it, not by who took note of that
    return (e.DecisionMade(at=act.at, outcome=outcome, reasons=reasons),)


def _conclude(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    outcome = effect.outcome or scene.here.outcome or str(act.fields.get("outcome"))
    return (e.CaseConcluded(at=act.at, outcome=outcome),)


def _issue(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    document = effect.document or ""
    series = scene.definition.documents[document].series
    year = civil_date(act.at, scene.definition.zone).year if series else None
    return (e.DocumentIssued(at=act.at, document=document, series=series, year=year),)


def _deliver(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    issued = for_the_applicant(scene.definition, (paper.document for paper in scene.here.documents))
    waiting = tuple(name for name in issued if name not in scene.here.delivered)
    return (e.DocumentsDelivered(at=act.at, documents=waiting),) if waiting else ()


def _publish(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    notice = effect.notice or ""
    before_effect = scene.definition.notices[notice].before_effect
    return (e.NoticePublished(at=act.at, notice=notice, before_effect=before_effect),)


def _take_down(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    if effect.notice not in scene.here.notices:
        return ()
    return (e.NoticeTakenDown(at=act.at, notice=effect.notice),)


def _raise_objection(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    number = len(scene.here.objections) + 1
    return (e.ObjectionRaised(at=act.at, objection=number, grounds=str(act.fields.get("grounds", ""))),)


def _decide_objection(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    still_open = scene.here.open_objections()
    number = act.fields.get("objection", still_open[0].number if still_open else None)
    if number not in {objection.number for objection in still_open}:
        numbers = ", ".join(str(objection.number) for objection in still_open) or "-"
        problem = f"objection: {number} is not open; open: {numbers}"
        raise BadFields(what=act.action, problems=problem, wrong=[["objection", "not_open", numbers]])
    # A definition may have an action for each finding, so that the two cannot be confused; else the field says which.
    upheld = effect.outcome == "upheld" if effect.outcome else bool(act.fields.get("upheld"))
    finding = str(act.fields.get("finding", ""))
    return (e.ObjectionDecided(at=act.at, objection=number, upheld=upheld, finding=finding),)


def _report_arrival(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return (e.ArrivalReported(at=act.at, arrived_on=date.fromisoformat(str(act.fields["arrived_on"]))),)


def _open_children(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    join = effect.join or ""
    before = [child.round for child in scene.here.children if child.join == join]
    children = tuple(scene.definition.joins[join].children)
    return (e.ChildrenOpened(at=act.at, join=join, round=max(before, default=0) + 1, children=children),)


def _archive(scene: Scene, act: Intent, effect: Effect) -> tuple[e.Event, ...]:
    return (e.CaseArchived(at=act.at),)


EFFECTS: dict[str, Consequence] = {
    "check_materials": _check_materials,
    "request_supplement": _request_supplement,
    "receive_supplement": _receive_supplement,
    "accept": _accept,
    "decide": _decide,
    "conclude": _conclude,
    "issue": _issue,
    "deliver": _deliver,
    "publish": _publish,
    "take_down": _take_down,
    "raise_objection": _raise_objection,
    "decide_objection": _decide_objection,
    "report_arrival": _report_arrival,
    "open_children": _open_children,
    "archive": _archive,
    **procedure.EFFECTS,
    "reserve_quota": quota.reserve,
    "consume_quota": quota.consume,
    "release_quota": quota.release,
}
"""Every word of `do` but those that move a clock, which stand in `clock_acts`."""
