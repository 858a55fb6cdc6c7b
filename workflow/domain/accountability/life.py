"""The verbs of accountability: acknowledge, explain, confirm, cancel by two persons, measures, result, strike off, appeal;
and the auditor's freezing of a case.

The respondent is heard before anything is confirmed; nobody judges what he answers for; what one person proposed or
confirmed another decides. Nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from workflow.domain import events as e
from workflow.domain.accountability.state import Finding, Standing
from workflow.domain.authority import Allowed, Refused
from workflow.domain.definition import Field
from workflow.domain.desk import rights
from workflow.domain.desk.refusals import not_on_this_case, refused
from workflow.domain.desk.verb import Right, Told, Verb, text
from workflow.domain.own_clocks import EXPLANATION, numbered
from workflow.domain.scene import Intent, Scene

MEASURES = ("rectification", "order", "supervision_proposal")
"""整改, 督办, 监察建议书."""

RESULTS = ("talk", "self_examination", "criticism", "transferred", "none")
"""谈话, 书面检查, 通报批评, 移送, 不予追究."""

NUMBER = Field(type="integer")


def _acknowledge(scene: Scene, act: Intent, found: Finding) -> Iterator[e.Event]:
    _stands(act, found, Standing.RAISED)
    yield e.FindingAcknowledged(at=act.at, finding=found.number)


def _explain(scene: Scene, act: Intent, found: Finding) -> Iterator[e.Event]:
    _stands(act, found, Standing.RAISED, Standing.ACKNOWLEDGED)
    yield e.FindingExplained(at=act.at, finding=found.number, text=str(act.fields["text"]))


def _confirm(scene: Scene, act: Intent, found: Finding) -> Iterator[e.Event]:
    _stands(act, found, Standing.RAISED, Standing.ACKNOWLEDGED, Standing.EXPLAINED)
    _another(scene, act, found, found.person)
    if found.standing is not Standing.EXPLAINED and not _had_his_time(scene, found):
        raise refused(act.action, "respondent_heard")
    yield e.FindingConfirmed(at=act.at, finding=found.number, reason=str(act.fields["reason"]))


def _propose_cancel(scene: Scene, act: Intent, found: Finding) -> Iterator[e.Event]:
    _another(scene, act, found, found.person)
    if found.proposed_by is not None:
        raise refused(act.action, "not_yet_proposed", person=found.proposed_by)
    yield e.CancellationProposed(at=act.at, finding=found.number, reason=str(act.fields["reason"]))


def _cancel(scene: Scene, act: Intent, found: Finding) -> Iterator[e.Event]:
    if found.proposed_by is None:
        raise refused(act.action, "proposed_first")
    _another(scene, act, found, found.person, found.proposed_by)
    yield e.FindingCancelled(at=act.at, finding=found.number, reason=str(act.fields["reason"]))


def _measure(scene: Scene, act: Intent, found: Finding) -> Iterator[e.Event]:
    _stands(act, found, Standing.CONFIRMED, Standing.MEASURED)
    due_on = act.fields.get("due_on")
    if due_on is not None and date.fromisoformat(str(due_on)) <= scene.civil(act.at):
        raise refused(act.action, "later_day", on=scene.civil(act.at).isoformat())
    yield e.MeasureTaken(
        at=act.at,
        finding=found.number,
        measure=str(act.fields["measure"]),
        text=str(act.fields["text"]),
        due_on=date.fromisoformat(str(due_on)) if due_on is not None else None,
    )


def _result(scene: Scene, act: Intent, found: Finding) -> Iterator[e.Event]:
    _stands(act, found, Standing.CONFIRMED, Standing.MEASURED)
    yield e.ResultRecorded(
        at=act.at, finding=found.number, result=str(act.fields["result"]), text=str(act.fields["text"])
    )


def _strike_off(scene: Scene, act: Intent, found: Finding) -> Iterator[e.Event]:
    _stands(act, found, Standing.RESULTED)
    _another(scene, act, found, found.person)
    yield e.FindingStruckOff(at=act.at, finding=found.number, reason=str(act.fields["reason"]))


def _appeal(scene: Scene, act: Intent, found: Finding) -> Iterator[e.Event]:
    _stands(act, found, Standing.CONFIRMED, Standing.MEASURED, Standing.RESULTED)
    if found.appealed:
        raise refused(act.action, "no_open_appeal")
    yield e.FindingAppealed(at=act.at, finding=found.number, grounds=str(act.fields["text"]))


def _decide_appeal(scene: Scene, act: Intent, found: Finding) -> Iterator[e.Event]:
    if not found.appealed:
        raise refused(act.action, "open_appeal")
    _another(scene, act, found, found.person, found.confirmed_by)
    upheld, reason = bool(act.fields["upheld"]), str(act.fields["reason"])
    yield e.AppealDecided(at=act.at, finding=found.number, upheld=upheld, reason=reason)
    if upheld:
        yield e.FindingCancelled(at=act.at, finding=found.number, reason=reason)


def _freeze(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    if scene.here.frozen_by is not None:
        raise refused(act.action, "not_frozen", person=scene.here.frozen_by)
    yield e.CaseFrozen(at=act.at, reason=str(act.fields["reason"]))


def _unfreeze(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    if scene.here.frozen_by is None:
        raise refused(act.action, "frozen")
    yield e.CaseUnfrozen(at=act.at, reason=str(act.fields["reason"]))


# --- who may, and on which finding -----------------------------------------------------------------------------------


def of_finding(tell: Callable[[Scene, Intent, Finding], Iterator[e.Event]]) -> Told:
    """The events of a verb about one open finding, which its field `finding` names."""

    def events(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
        number = act.fields["finding"]
        found = next((one for one in scene.here.findings if one.number == number), None)
        if found is None or not found.open:
            raise refused(act.action, "open_finding", number=number)
        if right.post == RESPONDENT and not _answers(scene, found):
            raise not_on_this_case(scene.actor, act.action, "respondent", number=number)
        yield from tell(scene, act, found)

    return events


RESPONDENT = "respondent"
"""As whom somebody answers for a finding: the person it names, a holder of its post, or the head of its organ."""


def respondent(scene: Scene, verb: str) -> Allowed | Refused:
    """Somebody who answers for at least one finding of the case; for which, the verb itself looks at."""
    if any(_answers(scene, found) for found in scene.here.findings):
        return Allowed(post=RESPONDENT, rule="accountability.respondent")
    error = not_on_this_case(scene.actor, verb, "respondent", number="-")
    return Refused(rule="accountability.respondent", error=error)


def _answers(scene: Scene, found: Finding) -> bool:
    actor, directory, on = scene.actor, scene.facts.directory, scene.civil(scene.now)
    if actor not in directory.persons or directory.left(actor, on):
        return False
    if found.person == actor or rights.heads(scene, found.organ):
        return True
    post = scene.definition.posts.get(found.post)
    return post is not None and actor in directory.holders(found.organ, post.kind, on, scene.here.matter)


def _another(scene: Scene, act: Intent, found: Finding, *persons: str | None) -> None:
    if scene.actor in persons or _answers(scene, found):
        raise refused(act.action, "not_oneself")


def _stands(act: Intent, found: Finding, *standings: Standing) -> None:
    if found.standing not in standings:
        raise refused(act.action, "finding_stands", now=found.standing, wanted=", ".join(standings))


def _had_his_time(scene: Scene, found: Finding) -> bool:
    clock = scene.here.clock(numbered(EXPLANATION, found.number))
    return clock is None or not clock.open or (clock.due is not None and scene.now >= clock.due.at)


def _verb(right: Right, tell: Callable[[Scene, Intent, Finding], Iterator[e.Event]], **asked: Field) -> Verb:
    return Verb(right=right, events=of_finding(tell), fields={"finding": NUMBER, **asked}, after_the_end=True)


VERBS: dict[str, Verb] = {
    "acknowledge_finding": _verb(respondent, _acknowledge),
    "explain_finding": _verb(respondent, _explain, text=text()),
    "confirm_finding": _verb(rights.auditor, _confirm, reason=text()),
    "propose_cancel": _verb(rights.supervisor, _propose_cancel, reason=text()),
    "cancel_finding": _verb(rights.auditor, _cancel, reason=text()),
    "take_measure": _verb(
        rights.auditor,
        _measure,
        measure=Field(type="choice", choices=MEASURES),
        text=text(),
        due_on=Field(type="date", required=False),
    ),
    "record_result": _verb(
        rights.auditor, _result, result=Field(type="choice", choices=RESULTS), text=text()
    ),
    "strike_off": _verb(rights.auditor, _strike_off, reason=text()),
    "appeal_finding": _verb(respondent, _appeal, text=text()),
    "decide_appeal": _verb(rights.supervisor, _decide_appeal, upheld=Field(type="boolean"), reason=text()),
    "freeze": Verb(right=rights.auditor, events=_freeze, fields={"reason": text()}, after_the_end=True),
    "unfreeze": Verb(right=rights.auditor, events=_unfreeze, fields={"reason": text()}, after_the_end=True),
}
"""签收预警, 情况说明, 确认, 提请取消, 取消预警, 处理措施, 处理结果, 销号, 申诉, 申诉决定, 冻结, 解冻."""
