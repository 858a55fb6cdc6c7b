"""Recusal (回避): self-reported, asked for and decided, or ordered. Whoever stands aside has the work item no longer: it
goes to the next in line in the same transaction (Civil Servants Law 公务员法 arts. 76–78; Licensing Law art. 48).
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.domain import events as e
from workflow.domain.authority import Allowed
from workflow.domain.definition import Field
from workflow.domain.desk import rights
from workflow.domain.desk.assigning import placed, reassigned
from workflow.domain.desk.panel import stood_aside
from workflow.domain.desk.refusals import refused
from workflow.domain.desk.signing import struck_out
from workflow.domain.desk.verb import Verb, person, text
from workflow.domain.scene import Intent, Scene
from workflow.errors import UnknownPerson

GROUNDS = ("relative", "interest", "other")
"""亲属关系, 利害关系, 其他可能影响公正的情形."""

_GROUND = Field(type="choice", choices=GROUNDS)


def _recuse(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    yield from stands_aside(scene, act, scene.actor, "self_reported")


def _order(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    who = _known(scene, act)
    _head_of(scene, act, who)
    yield from stands_aside(scene, act, who, "ordered")


def _head_of(scene: Scene, act: Intent, who: str) -> None:
    """A person's own organ decides whether he stands aside (Civil Servants Law 公务员法 art. 78), nobody else's."""
    if not rights.heads_over(scene, who):
        raise refused(act.action, "heads_the_person", person=who)


def stands_aside(scene: Scene, act: Intent, who: str, how: str, ground: str = "") -> Iterator[e.Event]:
    """The recusal, and what becomes of the work that the person has. Raises VerbRefused if he is recused already."""
    if scene.here.desk.recused(who):
        raise refused(act.action, "not_yet_recused")
    yield e.Recused(
        at=act.at,
        person=who,
        ground=ground or str(act.fields.get("ground")),
        how=how,
        # The reason of a decision stands in the decision.
        reason=None if ground else act.fields.get("reason"),
    )
    yield from struck_out(scene, act, who)
    yield from stood_aside(scene, act, who)
    lent, held = scene.here.desk.delegation(), scene.here.desk.assignment
    if lent is not None and lent.delegate == who:
        post = scene.definition.states[scene.here.state].post or ""
        yield e.DelegationReturned(at=act.at, delegation=lent.number, delegate=who, post=post)
    if held is None:
        yield from placed(scene, act, "recusal")
    elif held.person == who:
        yield from reassigned(scene, act, "recusal")


def _ask(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    who, desk = _known(scene, act), scene.here.desk
    if desk.recused(who) or any(one.person == who and one.granted is None for one in desk.requests):
        raise refused(act.action, "not_yet_recused")
    number = len(desk.requests) + 1
    yield e.RecusalAsked(at=act.at, request=number, person=who, ground=act.fields["ground"])


def _decide(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    number = act.fields["request"]
    request = next((one for one in scene.here.desk.requests if one.number == number), None)
    if request is None or request.granted is not None:
        raise refused(act.action, "open_request", number=number)
    if request.person == scene.actor:
        raise refused(act.action, "not_oneself")
    _head_of(scene, act, request.person)
    granted = act.fields["granted"]
    yield e.RecusalDecided(at=act.at, request=number, granted=granted, reason=str(act.fields["reason"]))
    if granted and not scene.here.desk.recused(request.person):
        yield from stands_aside(scene, act, request.person, "granted", ground="request")


def _known(scene: Scene, act: Intent) -> str:
    who = str(act.fields["person"])
    if who not in scene.facts.directory.persons:
        raise UnknownPerson(what="person", name=who)
    return who


VERBS: dict[str, Verb] = {
    "recuse": Verb(
        right=rights.himself,
        events=_recuse,
        fields={"ground": _GROUND, "reason": text(required=False, personal=True)},
    ),
    "order_recusal": Verb(
        right=rights.head_of_an_office,
        events=_order,
        fields={"person": person(), "ground": _GROUND, "reason": text(required=False, personal=True)},
    ),
    "ask_recusal": Verb(
        right=rights.anybody_on_the_case,
        events=_ask,
        fields={"person": person(), "ground": text(personal=True)},
    ),
    "decide_recusal": Verb(
        right=rights.head_of_an_office,
        events=_decide,
        fields={"request": Field(type="integer"), "granted": Field(type="boolean"), "reason": text()},
    ),
}
"""Self-reported 自行回避, ordered 责令回避, asked for 申请回避, decided 回避决定."""
