"""What a clerk does at the window: correct a form on the spot (当场更正), hand papers out for a receipt (送达回证)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from workflow.domain import events as e
from workflow.domain.authority import Allowed
from workflow.domain.definition import Field
from workflow.domain.desk.refusals import refused
from workflow.domain.desk.verb import Verb, text
from workflow.domain.papers import for_the_applicant
from workflow.domain.period import parse_period
from workflow.domain.reckoning import DAY, add, start_of_day
from workflow.domain.scene import Intent, Scene
from workflow.domain.window.clerks import clerk

CORRECT = "correct_on_the_spot"
"""The verb whose field `form` holds fields of the application form, and personal values among them."""

HOWS = ("in_person", "proxy", "post", "left", "electronic", "announcement")
"""Ways of delivery: 直接送达, 代收人签收, 邮寄送达, 留置送达, 电子送达, 公告送达 (民事诉讼法 ch. 7 §2, by analogy)."""

ANNOUNCED = "cn.delivery.announcement"
"""The rule on how long a public announcement stands before it counts as delivered."""


def _correct(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    """Art. 32 §1 (3) of the Licensing Law: while nothing has been accepted or asked for yet, and no period stops for it."""
    case = scene.here
    stage = scene.definition.states[case.state].stage
    if case.accepted_at is not None or case.concluded_at is not None or stage not in ("submit", "accept"):
        raise refused(act.action, "at_reception")
    given: dict[str, Any] = dict(act.fields["form"])
    changed = {name: value for name, value in given.items() if value != case.form.get(name)}
    if not changed:
        raise refused(act.action, "something_new")
    yield e.FormCorrected(
        at=act.at,
        old={name: case.form[name] for name in changed if name in case.form},
        new={name: value for name, value in changed.items() if value not in (None, "")},
        reason=act.fields.get("reason"),
    )


def _record_delivery(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    documents = _documents(scene, act)
    how, on = str(act.fields["how"]), _day(scene, act)
    _conditions(scene, act, how, on)
    window = scene.here.window
    published = act.fields.get("published_on")
    at = act.at if on == scene.civil(act.at) else _end_of(scene, on)
    yield e.DeliveryRecorded(
        at=at,
        receipt=(window.receipts if window is not None else 0) + 1,
        documents=documents,
        how=how,
        on=on,
        recipient=act.fields["recipient"],
        tracking=act.fields.get("tracking"),
        witnesses=_witnesses(act),
        published_on=date.fromisoformat(str(published)) if published else None,
        note=act.fields.get("note"),
    )
    if not waiting(scene):
        # The last paper has reached him: that is the delivery, which ends its period.
        over = for_the_applicant(scene.definition, (p.document for p in scene.here.documents))
        left = tuple(name for name in over if name not in scene.here.delivered)
        yield e.DocumentsDelivered(at=at, documents=left or documents)


def _witnesses(act: Intent) -> tuple[str, ...] | Mapping[str, Any]:
    """Who saw that a paper was left; on their way through the engine the names are sealed."""
    given = act.fields.get("witnesses") or ()
    return given if isinstance(given, Mapping) else tuple(given)


def waiting(scene: Scene) -> tuple[str, ...]:
    """The papers that were issued and have not been handed over yet."""
    case = scene.here
    over = {*case.delivered, *(case.window.handed_out if case.window is not None else ())}
    issued = for_the_applicant(scene.definition, (p.document for p in case.documents))
    return tuple(name for name in issued if name not in over)


def holds_delivery(scene: Scene) -> bool:
    """Whether the system must not deliver by itself: papers of a filing that came in at the window are handed out there."""
    if scene.here.window is None or not waiting(scene):
        return False
    automatic = scene.definition.states[scene.here.state].automatic_actions
    return any(
        effect.do == "deliver" for name in automatic for effect in scene.definition.actions[name].effects
    )


def _documents(scene: Scene, act: Intent) -> tuple[str, ...]:
    left = waiting(scene)
    if not left:
        raise refused(act.action, "paper_waiting")
    wanted = tuple(dict.fromkeys(act.fields.get("documents") or left))
    if unknown := [name for name in wanted if name not in left]:
        raise refused(act.action, "these_papers", waiting=", ".join(left), unknown=", ".join(unknown))
    return wanted


def _day(scene: Scene, act: Intent) -> date:
    today = scene.civil(act.at)
    on = date.fromisoformat(str(act.fields["on"])) if act.fields.get("on") else today
    issued = max(scene.civil(paper.on) for paper in scene.here.documents)
    if not issued <= on <= today:
        raise refused(act.action, "day_of_delivery", first=issued.isoformat(), last=today.isoformat())
    return on


def _conditions(scene: Scene, act: Intent, how: str, on: date) -> None:
    """What each way of delivery needs, so that it can be proved."""
    fields = act.fields
    if how == "post" and not fields.get("tracking"):
        raise refused(act.action, "tracking_number")
    if how == "left" and not fields.get("witnesses"):
        raise refused(act.action, "witnesses")
    if how == "electronic" and fields.get("consent") is not True:
        raise refused(act.action, "consent")
    if how == "announcement":
        _announced(scene, act, on)


def _announced(scene: Scene, act: Intent, on: date) -> None:
    published = act.fields.get("published_on")
    if not published:
        raise refused(act.action, "announced", until="-")
    day = date.fromisoformat(str(published))
    rule = scene.facts.law.rule(ANNOUNCED, day)
    due = add(
        day,
        parse_period(str(rule.period)),
        scene.facts.calendar,
        zone=rule.zone,
        roll=rule.roll,
        end_of_day=rule.end_of_day,
    )
    if on < due.on:
        raise refused(act.action, "announced", until=due.on.isoformat())


def _end_of(scene: Scene, on: date) -> datetime:
    return start_of_day(on + DAY, scene.definition.zone) - timedelta(seconds=1)


VERBS: dict[str, Verb] = {
    CORRECT: Verb(
        right=clerk, events=_correct, fields={"form": Field(type="form"), "reason": text(required=False)}
    ),
    "record_delivery": Verb(
        right=clerk,
        events=_record_delivery,
        fields={
            "recipient": Field(personal=True),
            "how": Field(type="choice", choices=HOWS),
            "documents": Field(type="list", required=False),
            "on": Field(type="date", required=False),
            "tracking": Field(required=False),
            "witnesses": Field(type="list", required=False, personal=True),
            "consent": Field(type="boolean", required=False),
            "published_on": Field(type="date", required=False),
            "note": text(required=False),
        },
        after_the_end=True,
    ),
}
"""Correct on the spot 当场更正, record a delivery 送达登记."""
