"""What somebody who leaves, or is away, had in hand: passed on (离职转办), and given back when he is there again (交还).

Passing on says of one case where everything of his goes: the work item, what was lent to him, a signature he still owes.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.domain import events as e
from workflow.domain.authority import Allowed, Refused
from workflow.domain.case import Case
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Field
from workflow.domain.desk import rights
from workflow.domain.desk.ownership import candidates, fit, item_of, owner
from workflow.domain.desk.refusals import refused
from workflow.domain.desk.signers import nameable, open_round
from workflow.domain.desk.signing_state import PARALLEL
from workflow.domain.desk.verb import Verb, person, text
from workflow.domain.directory import administrator
from workflow.domain.scene import Intent, Scene

PASSED, AWAY = "leaver", ("deputy", "head")
"""How work comes to somebody because another left, or was away."""


def in_charge(scene: Scene, verb: str) -> Allowed | Refused:
    """The head of the organ, or the security administrator (安全保密管理员), who keeps the accounts of persons."""
    directory, on = scene.facts.directory, scene.civil(scene.now)
    if scene.actor in directory.administrators("security", on):
        return Allowed(post=administrator("security"), rule="desk.security_administrator")
    return rights.head_of_an_office(scene, verb)


def machine_or_in_charge(scene: Scene, verb: str) -> Allowed | Refused:
    """The system, when an absence is over; those in charge, when passing on is undone."""
    if scene.actor == SYSTEM:
        return rights.machine(scene, verb)
    return in_charge(scene, verb)


def _pass_on(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    leaver, reason = str(act.fields["leaver"]), act.fields.get("reason")
    to = str(act.fields["person"]) if act.fields.get("person") else None
    if to == leaver:
        raise refused(act.action, "somebody_else", person=leaver)
    before = len(scene.decided)
    has_it = first_in_line(scene, leaver)
    lent, item = scene.here.desk.delegation(), item_of(scene.definition, scene.here)
    if item is not None and lent is not None and leaver in (lent.delegate, lent.principal):
        yield e.DelegationReturned(
            at=act.at, delegation=lent.number, delegate=lent.delegate, post=item.post, opinion=None
        )
    if has_it:
        yield _next(scene, act, leaver, to)
    yield from _signature(scene, act, leaver, to, str(reason or ""))
    if len(scene.decided) == before:
        raise refused(act.action, "his_work", person=leaver)


def first_in_line(scene: Scene, who: str) -> bool:
    """Whether the work item is with `who`: he has it, or nobody has and he would be the first to get it."""
    held = scene.here.desk.assignment
    if held is not None:
        return held.person == who
    found = owner(scene.definition, scene.here, scene.facts.directory, scene.civil(scene.now))
    return found is not None and found[0] == who


def _next(scene: Scene, act: Intent, leaver: str, to: str | None) -> e.Event:
    case, item = scene.here, item_of(scene.definition, scene.here)
    held = case.desk.assignment
    how = PASSED
    if to is None:
        line = candidates(scene.definition, case, scene.facts.directory, scene.civil(scene.now))
        found = next((one for one in line if one[0] != leaver), None)
        if found is None:
            raise refused(act.action, "somebody_to_have_it")
        to, how = found[0], "head" if found[1] == "head" else PASSED
    elif item is not None:
        fit(scene, item, to)
    previous = held.person if held is not None else None
    return e.WorkAssigned(
        at=act.at, visit=case.visit, person=to, how=how, previous=previous, reason=act.fields.get("reason")
    )


def _signature(scene: Scene, act: Intent, leaver: str, to: str | None, reason: str) -> Iterator[e.Event]:
    """Somebody else is asked for the signature that he still owes, in his place of the round."""
    asked = open_round(scene)
    owed = asked.signer(leaver) if asked is not None else None
    if asked is None or owed is None or owed.vote is not None:
        return
    if to is None:
        raise refused(act.action, "signer_named", person=leaver)
    # One signature for two would lose a voice, and could end the round by leaving somebody out.
    if asked.signer(to) is not None:
        raise refused(act.action, "new_signer", signer=to)
    nameable(scene, act.action, to)
    yield e.SignerAdded(
        at=act.at,
        round=asked.number,
        signer=to,
        weight=owed.weight,
        position=PARALLEL,
        beside=leaver,
        reason=reason,
    )
    yield e.SignerRemoved(at=act.at, round=asked.number, signer=leaver, reason=reason)


def _give_back(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    """Back to whoever had it, if nobody has done anything with it since; to the post, if nobody had it."""
    case, item = scene.here, item_of(scene.definition, scene.here)
    held = case.desk.assignment
    by_machine = scene.actor == SYSTEM
    if held is None or item is None or held.how not in (PASSED, *AWAY) or touched(case):
        if by_machine:
            return
        raise refused(act.action, "untouched")
    if held.previous is None:
        if not by_machine:
            yield e.WorkReleased(
                at=act.at, visit=case.visit, person=held.person, reason=act.fields.get("reason")
            )
        return
    fit(scene, item, held.previous)
    yield e.WorkAssigned(
        at=act.at,
        visit=case.visit,
        person=held.previous,
        how="returned",
        previous=held.person,
        reason=act.fields.get("reason"),
    )


def touched(case: Case) -> bool:
    """Whether whoever has the work item has done anything with it since it came to him."""
    held = case.desk.assignment
    if held is None or case.desk.delegation() is not None:
        return True
    return any(done.person == held.person and done.seq > held.seq for done in case.acts)


VERBS: dict[str, Verb] = {
    "pass_on": Verb(
        right=in_charge,
        events=_pass_on,
        fields={"leaver": person(), "person": Field(required=False), "reason": text(required=False)},
    ),
    "give_back": Verb(right=machine_or_in_charge, events=_give_back, fields={"reason": text(required=False)}),
}
"""Pass on 离职转办, give back 交还."""
