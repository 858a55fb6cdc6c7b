"""A word to the desk: somebody urges the case (催办), a supervisor orders something by a day (督办). Neither decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflow.domain import events as e
from workflow.domain import timekeeping
from workflow.domain.authority import Allowed, Refused
from workflow.domain.definition import Field
from workflow.domain.desk import rights
from workflow.domain.desk.ownership import item_of, owner
from workflow.domain.desk.refusals import refused
from workflow.domain.desk.verb import Verb, text
from workflow.domain.own_clocks import ORDER, numbered
from workflow.domain.scene import Intent, Scene
from workflow.errors import UrgedAlready

URGED_AGAIN_AFTER = 3
"""Working days before the same person may urge the same case again: often enough to be heard, too seldom to be a weapon."""


def _urge(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    case, on = scene.here, scene.civil(act.at)
    if case.concluded_at is not None:
        raise refused(act.action, "not_concluded")
    before = next((one for one in case.desk.urgings if one.by == scene.actor), None)
    if before is not None:
        again = scene.facts.calendar.add_working_days(before.on, URGED_AGAIN_AFTER)
        if on < again:
            raise UrgedAlready(actor=scene.actor, on=before.on.isoformat(), again_on=again.isoformat())
    post, organ, who = _addressed(scene, on)
    yield e.CaseUrged(at=act.at, on=on, text=str(act.fields["text"]), person=who, post=post, organ=organ)


def _give_order(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    on = scene.civil(act.at)
    due_on = date.fromisoformat(str(act.fields["due_on"]))
    if due_on <= on:
        raise refused(act.action, "later_day", on=on.isoformat())
    post, organ, who = _addressed(scene, on)
    yield e.OrderGiven(
        at=act.at,
        order=len(scene.here.desk.orders) + 1,
        text=str(act.fields["text"]),
        due_on=due_on,
        post=post,
        organ=organ,
        person=who,
    )
    # The order names the day: the period runs to it, whether or not anybody works on it.
    clock = numbered(ORDER, len(scene.here.desk.orders))
    yield timekeeping.begun(scene, clock, act.at, period=f"{(due_on - on).days}d")


def _answer(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    number = act.fields["order"]
    order = next((one for one in scene.here.desk.orders if one.number == number), None)
    if order is None or order.answered:
        raise refused(act.action, "open_order", number=number)
    if order.by == scene.actor:
        raise refused(act.action, "not_ones_own")
    yield e.OrderAnswered(at=act.at, order=number, reply=str(act.fields["reply"]))
    yield timekeeping.ended(scene, numbered(ORDER, number), act.at)


def _answerer(scene: Scene, verb: str) -> Allowed | Refused:
    """Whoever has the work item or could have it, whoever an open order was given to, or the head of the organ."""
    right = rights.assignee(scene, verb)
    if isinstance(right, Allowed):
        return right
    own = rights.himself(scene, verb)
    given = any(one.person == scene.actor and not one.answered for one in scene.here.desk.orders)
    if given and isinstance(own, Allowed):
        return Allowed(post=own.post, rule="desk.ordered")
    over = rights.head(scene, verb)
    return over if isinstance(over, Allowed) else right


def _addressed(scene: Scene, on: date) -> tuple[str, str, str | None]:
    """Post, organ and person that a word to the desk is for: whose the work item is now."""
    item = item_of(scene.definition, scene.here)
    if item is None:
        return "", "", None
    found = owner(scene.definition, scene.here, scene.facts.directory, on)
    return item.post, item.organ, found[0] if found is not None else None


VERBS: dict[str, Verb] = {
    "urge": Verb(right=rights.anybody_on_the_case, events=_urge, fields={"text": text()}),
    "order": Verb(
        right=rights.supervisor,
        events=_give_order,
        fields={"text": text(), "due_on": Field(type="date")},
    ),
    "answer_order": Verb(
        right=_answerer,
        events=_answer,
        fields={"order": Field(type="integer"), "reply": text()},
        after_the_end=True,
    ),
}
"""Urge 催办, a supervisor's order 督办, its answer 督办回复."""
