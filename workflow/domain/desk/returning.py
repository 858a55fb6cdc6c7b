"""An act taken back (取回) while the next has not acted: as if the case had never left the desk."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.domain import events as e
from workflow.domain.authority import Allowed, Refused
from workflow.domain.definition import OnReturn
from workflow.domain.desk.gate import left
from workflow.domain.desk.refusals import cannot_take_back, not_on_this_case
from workflow.domain.desk.rights import holds_post
from workflow.domain.desk.verb import Verb, text
from workflow.domain.scene import Intent, Scene
from workflow.errors import PersonRecused


def _mover(scene: Scene, verb: str) -> Allowed | Refused:
    case = scene.here
    move = case.desk.move
    # A migration stands between: the state before the act may be none of the new version's.
    if move is None or move.visit != case.visit or case.migration is not None:
        error = cannot_take_back("own_last_move")
        return Refused(rule="desk.move", error=error)
    if move.person != scene.actor:
        refusal = not_on_this_case(scene.actor, verb, "mover", holder=move.person)
        return Refused(rule="desk.mover", error=refusal)
    if case.desk.recused(scene.actor):
        return Refused(rule="authority.recusal", error=PersonRecused(actor=scene.actor, action=verb))
    if move.post not in scene.definition.posts or not holds_post(scene, move.post):
        refusal = not_on_this_case(scene.actor, verb, "own_post")
        return Refused(rule="authority.post", error=refusal)
    return Allowed(post=move.post, rule="desk.mover")


def _take_back(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    case = scene.here
    move = case.desk.move
    if move is None:
        raise cannot_take_back("own_last_move")
    action = scene.definition.actions.get(move.action)
    if action is None or action.effects or action.on_return is OnReturn.RESTART:
        # A period that a return has begun anew would stay begun anew: time for nothing.
        raise cannot_take_back("no_effects", name=move.action)
    if act.at < case.entered_at:
        raise cannot_take_back("after_the_act")
    if scene.definition.states[case.state].automatic:
        raise cannot_take_back("no_machine")
    if any(done.seq > move.seq for done in case.acts):
        raise cannot_take_back("next_waits")
    yield from left(scene, act, move.source)
    yield e.ActTakenBack(
        at=act.at,
        action=move.action,
        source=case.state,
        target=move.source,
        post=move.post,
        undoes=move.seq,
        reason=act.fields.get("reason"),
    )


VERBS: dict[str, Verb] = {
    "take_back": Verb(right=_mover, events=_take_back, fields={"reason": text(required=False)}),
}
