"""How the events of countersigning change a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.domain import events as e
from workflow.domain.case import Act, Case
from workflow.domain.desk.signing_state import Round, Signer, struck, with_added, without
from workflow.domain.values import replace


def _opened(case: Case, event: e.CountersignOpened, actor: str) -> Case:
    signers = tuple(
        Signer(name=one.name, since=event.at, weight=one.weight, waits_for=one.waits_for)
        for one in event.signers
    )
    asked = Round(
        number=event.round,
        state=event.state,
        question=event.question,
        mode=event.mode,
        signers=signers,
        numerator=event.numerator,
        denominator=event.denominator,
        over=event.over,
        quorum=event.quorum,
        veto=event.veto,
    )
    return replace(case, version=case.version + 1, signing=(*case.signing, asked))


def _signed(case: Case, event: e.CountersignSigned, actor: str) -> Case:
    def sign(asked: Round) -> Round:
        signers = tuple(
            replace(one, vote=event.vote, by=event.person) if one.name == event.signer else one
            for one in asked.signers
        )
        return replace(asked, signers=signers)

    # Those who sign at once do not collide, and none of them makes the desk's own act fail.
    case = _with(case, event.round, sign, seen=False)
    if event.post is None:
        return case
    kept = tuple(act for act in case.acts if (act.post, act.person) != (event.post, event.person))
    act = Act(post=event.post, person=event.person, action="cosign", seq=case.seq)
    return replace(case, acts=(*kept, act))


def _added(case: Case, event: e.SignerAdded, actor: str) -> Case:
    added = Signer(name=event.signer, since=event.at, weight=event.weight, added_by=actor)
    return _with(case, event.round, lambda asked: with_added(asked, added, event.position, event.beside))


def _removed(case: Case, event: e.SignerRemoved, actor: str) -> Case:
    return _with(case, event.round, lambda asked: without(asked, event.signer))


def _struck(case: Case, event: e.SignatureStruck, actor: str) -> Case:
    strike = without if event.removed else struck
    return _with(case, event.round, lambda asked: strike(asked, event.signer))


def _ended(case: Case, event: e.CountersignEnded, actor: str) -> Case:
    return _with(case, event.round, lambda asked: replace(asked, outcome=event.outcome))


def _with(case: Case, number: int, change: Callable[[Round], Round], *, seen: bool = True) -> Case:
    """The case with that round changed; unless `seen`, the version that people see stays."""
    signing = tuple(change(one) if one.number == number else one for one in case.signing)
    return replace(case, version=case.version + 1 if seen else case.version, signing=signing)


def entered(case: Case) -> Case:
    """The case that has come to a state: what was signed when it was there before is asked anew."""
    if not any(one.state == case.state and not one.lapsed for one in case.signing):
        return case
    signing = tuple(replace(one, lapsed=True) if one.state == case.state else one for one in case.signing)
    return replace(case, signing=signing)


FOLLOWERS: dict[type[e.Event], Callable[[Case, Any, str], Case]] = {
    e.CountersignOpened: _opened,
    e.CountersignSigned: _signed,
    e.SignerAdded: _added,
    e.SignerRemoved: _removed,
    e.SignatureStruck: _struck,
    e.CountersignEnded: _ended,
}
"""The fold of each event of a countersign; `workflow.domain.evolve` takes them in."""
