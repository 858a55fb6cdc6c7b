"""Countersigning (会签): whoever has the work asks others to sign; the round ends by itself once its outcome is certain.

While it is open the case goes no further (`desk.gate`). Whoever asks does not decide by whom he asks: a signer is removed
only before he has signed, and never so that the removal itself ends the round (docs/countersign.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflow.domain import events as e
from workflow.domain.authority import Allowed, Refused
from workflow.domain.definition import Field
from workflow.domain.desk import rights
from workflow.domain.desk.refusals import not_on_this_case, refused
from workflow.domain.desk.shares import share
from workflow.domain.desk.signers import nameable, open_round, own_post, signatory, signs_for
from workflow.domain.desk.signing_state import (
    ABSTAIN,
    AGREE,
    DISAGREE,
    MODES,
    POSITIONS,
    SEQUENTIAL,
    VOID,
    VOTES,
    WEIGHTED,
    Round,
    without,
)
from workflow.domain.desk.tally import certain
from workflow.domain.desk.verb import Verb, text
from workflow.domain.fields import wrong
from workflow.domain.scene import Intent, Scene

MOST_SIGNERS = 100
"""Signers of one round: more than any countersign has, few enough for a case to hold."""


def _open(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    if open_round(scene) is not None:
        raise refused(act.action, "no_open_round")
    fields, mode = act.fields, str(act.fields["mode"])
    names = [str(name) for name in fields["signers"]]
    if len(set(names)) < len(names) or len(names) > MOST_SIGNERS:
        raise wrong(act.action, ("signers", "each_once", str(MOST_SIGNERS)))
    for name in names:
        nameable(scene, act.action, name)
    weights = _weights(act.action, mode, names, fields.get("weights") or {})
    numerator, denominator, over = share(act.action, mode, fields)
    quorum = fields.get("quorum") or 0
    if not 0 <= quorum <= len(names):
        raise wrong(act.action, ("quorum", "up_to_signers", str(len(names))))
    if scene.here.desk.assignment is None:
        yield e.WorkClaimed(at=act.at, visit=scene.here.visit, person=scene.actor)
    yield e.CountersignOpened(
        at=act.at,
        round=len(scene.here.signing) + 1,
        state=scene.here.state,
        question=str(fields["question"]),
        mode=mode,
        signers=tuple(
            e.NamedSigner(
                name=name,
                weight=weights[name],
                waits_for=tuple(names[:number]) if mode == SEQUENTIAL else (),
            )
            for number, name in enumerate(names)
        ),
        numerator=numerator,
        denominator=denominator,
        over=over,
        quorum=quorum,
        veto=fields.get("disagreement") == "veto",
    )


def _weights(action: str, mode: str, names: list[str], given: Mapping[str, int]) -> dict[str, int]:
    if given and mode != WEIGHTED:
        raise wrong(action, ("weights", "only_in_modes", WEIGHTED))
    strange = [name for name, weight in given.items() if name not in names or weight < 1]
    if strange:
        raise wrong(action, ("weights", "not_a_signer", ", ".join(strange)))
    return {name: given.get(name, 1) for name in names}


def _sign(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    asked, actor = _asked(scene, act), scene.actor
    wanted, vote, words = act.fields.get("signer"), str(act.fields["vote"]), act.fields.get("words")
    mine = [
        one
        for one in asked.unsigned()
        if (wanted is None or one.name == wanted) and signs_for(scene, actor, one)
    ]
    if not mine:
        raise refused(act.action, "that_signer", signer=wanted)
    # His own signature before his post's, and both before one that he puts for another.
    mine.sort(key=lambda one: (bool(asked.ahead_of(one)), one.name != actor, one.place is None))
    awaited = asked.ahead_of(mine[0])
    if awaited:
        raise refused(act.action, "ones_turn", signers=", ".join(awaited))
    if act.at < mine[0].since:
        raise refused(act.action, "after_being_asked")
    if vote == DISAGREE and not words:
        raise refused(act.action, "words_of_disagreement")
    yield e.CountersignSigned(
        at=act.at,
        round=asked.number,
        signer=mine[0].name,
        person=actor,
        vote=vote,
        words=words,
        post=own_post(scene, actor),
    )
    yield from settled(scene, act)


def _add(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    asked, fields = _asked(scene, act), act.fields
    name, weight = str(fields["signer"]), fields.get("weight") or 1
    position, beside = fields.get("position") or "parallel", fields.get("beside")
    if right.rule == "desk.signer":
        mine = next((one for one in asked.unsigned() if signs_for(scene, scene.actor, one)), None)
        if mine is None or beside not in (None, mine.name) or weight != 1:
            raise refused(act.action, "beside_oneself")
        beside = mine.name
    if asked.signer(name) is not None:
        raise refused(act.action, "new_signer", signer=name)
    if beside is not None and ((next_to := asked.signer(beside)) is None or next_to.vote is not None):
        raise refused(act.action, "beside_unsigned", signer=beside)
    if weight < 1 or (weight > 1 and asked.mode != WEIGHTED):
        raise wrong(act.action, ("weight", "weight", ""))
    if len(asked.signers) >= MOST_SIGNERS:
        raise wrong(act.action, ("signer", "at_most_signers", str(MOST_SIGNERS)))
    nameable(scene, act.action, name)
    yield e.SignerAdded(
        at=act.at,
        round=asked.number,
        signer=name,
        weight=weight,
        position=position,
        beside=beside,
        reason=str(fields["reason"]),
    )


def _remove(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    asked, name = _asked(scene, act), str(act.fields["signer"])
    gone = asked.signer(name)
    if gone is None or gone.vote is not None:
        raise refused(act.action, "unsigned_signer", signer=name)
    if right.rule == "desk.signer" and gone.added_by != scene.actor:
        raise refused(act.action, "own_addition", signer=name)
    left = without(asked, name)
    if len(left.signers) < max(1, asked.quorum) or certain(left) is not None:
        raise refused(act.action, "removal_decides_nothing", signer=name)
    yield e.SignerRemoved(at=act.at, round=asked.number, signer=name, reason=str(act.fields["reason"]))


def _call_off(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    yield ended(scene, act, _asked(scene, act), VOID, "called_off", str(act.fields["reason"]))


def _asked(scene: Scene, act: Intent) -> Round:
    asked = open_round(scene)
    if asked is None:
        raise refused(act.action, "open_round")
    return asked


def settled(scene: Scene, act: Intent) -> Iterator[e.Event]:
    """The end of the open round if its outcome is certain by now."""
    asked = open_round(scene)
    outcome = certain(asked) if asked is not None else None
    if asked is not None and outcome is not None:
        yield ended(scene, act, asked, outcome, "decided")


def ended(
    scene: Scene, act: Intent, asked: Round, outcome: str, because: str, reason: str | None = None
) -> e.CountersignEnded:
    """The event that ends a round, with its tally."""
    return e.CountersignEnded(
        at=act.at,
        round=asked.number,
        outcome=outcome,
        because=because,
        agree=asked.weight(AGREE),
        disagree=asked.weight(DISAGREE),
        abstain=asked.weight(ABSTAIN),
        unsigned=asked.weight(None),
        reason=reason,
    )


def struck_out(scene: Scene, act: Intent, who: str) -> Iterator[e.Event]:
    """What a recusal does to the open round: he is asked no more, what he signed is struck out, and it is counted again."""
    asked = open_round(scene)
    if asked is None:
        return
    named = [one for one in asked.signers if one.name == who]
    put = [one for one in asked.signers if one.by == who and one.name != who]
    for one in (*named, *put):
        yield e.SignatureStruck(
            at=act.at, round=asked.number, signer=one.name, person=who, removed=one.name == who
        )
    left = open_round(scene)
    if left is None or not (named or put):
        return
    if not left.signers:
        yield ended(scene, act, left, VOID, "no_signers")
    elif len(left.signers) < left.quorum:
        yield ended(scene, act, left, VOID, "quorum")
    else:
        yield from settled(scene, act)


def _in_charge_or_signer(scene: Scene, verb: str) -> Allowed | Refused:
    """Whoever has the work item, else a signer who has not signed yet or who asked for somebody else to sign."""
    right = rights.assignee(scene, verb)
    if isinstance(right, Allowed):
        return right
    signer = signatory(scene, verb)
    if isinstance(signer, Allowed):
        return signer
    asked = open_round(scene)
    if asked is None or scene.here.desk.recused(scene.actor):
        return signer
    if any(one.added_by == scene.actor for one in asked.signers):
        return Allowed(post="signer", rule="desk.signer")
    error = not_on_this_case(scene.actor, verb, "opener_or_signer")
    return Refused(rule="desk.signer", error=error)


VERBS: dict[str, Verb] = {
    "countersign": Verb(
        right=rights.assignee,
        events=_open,
        fields={
            "question": text(),
            "mode": Field(type="choice", choices=MODES),
            "signers": Field(type="list", min_items=1),
            "weights": Field(type="mapping", required=False),
            "numerator": Field(type="integer", required=False),
            "denominator": Field(type="integer", required=False),
            "percent": Field(type="integer", required=False),
            "over": Field(type="boolean", required=False),
            "quorum": Field(type="integer", required=False),
            "disagreement": Field(type="choice", choices=("count", "veto"), required=False),
        },
    ),
    "cosign": Verb(
        right=signatory,
        events=_sign,
        fields={
            "vote": Field(type="choice", choices=VOTES),
            "words": text(required=False),
            "signer": Field(required=False),
        },
    ),
    "add_signer": Verb(
        right=_in_charge_or_signer,
        events=_add,
        fields={
            "signer": Field(),
            "position": Field(type="choice", choices=POSITIONS, required=False),
            "beside": Field(required=False),
            "weight": Field(type="integer", required=False),
            "reason": text(),
        },
    ),
    "remove_signer": Verb(
        right=_in_charge_or_signer, events=_remove, fields={"signer": Field(), "reason": text()}
    ),
    "close_countersign": Verb(right=rights.assignee, events=_call_off, fields={"reason": text()}),
}
"""Countersign 会签, cosign 签署会签意见, add a signer 加签, remove a signer 减签, call off 终止会签."""
