"""Whose work it is: claim and release, assign and transfer, hand over to the deputy, delegate and return."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.domain import events as e
from workflow.domain.authority import Allowed, Refused, other_role
from workflow.domain.desk import rights
from workflow.domain.desk.ownership import Item, able, candidates, fit, item_of, keeps
from workflow.domain.desk.refusals import cannot_hold, not_on_this_case, refused
from workflow.domain.desk.verb import Verb, person, text
from workflow.domain.directory import DUTIES, SUPERVISOR, administrator
from workflow.domain.scene import Intent, Scene
from workflow.errors import AlreadyClaimed, NothingToClaim, PersonRecused, SamePerson

_NOT_EXAMINING = frozenset({SUPERVISOR, rights.AUDITOR, *(administrator(duty) for duty in DUTIES)})


def _claim(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    """Compare and set: the first who claims has it, and the others are told who that is."""
    case = scene.here
    held = case.desk.assignment
    if held is not None:
        if held.person == scene.actor:
            raise refused(act.action, "has_it_already", person=scene.actor)
        raise AlreadyClaimed(holder=held.person, since=scene.local(held.since).isoformat(timespec="seconds"))
    yield e.WorkClaimed(at=act.at, visit=case.visit, person=scene.actor)


def _release(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    held = scene.here.desk.assignment
    if held is None:
        raise refused(act.action, "nobody_has_it")
    yield from _call_back(scene, act)
    yield e.WorkReleased(
        at=act.at, visit=scene.here.visit, person=held.person, reason=act.fields.get("reason")
    )


def _assign(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    yield from _given(scene, act, "distributed")


def _transfer(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    yield from _given(scene, act, "transferred")


def _given(scene: Scene, act: Intent, how: str) -> Iterator[e.Event]:
    case, item, to = scene.here, _item(scene, act), str(act.fields["person"])
    held = case.desk.assignment
    if held is not None and held.person == to:
        raise refused(act.action, "has_it_already", person=to)
    if held is None and how == "transferred" and to == scene.actor:
        raise refused(act.action, "claim_it")
    fit(scene, item, to)
    yield from _call_back(scene, act)
    yield given(scene, act, to, how)


def _hand_over(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    """What the system does for an item whose holder is away, has left the post or may not act: the next in line has it."""
    if scene.here.desk.assignment is None:
        yield from placed(scene, act)
    elif not keeps(scene.definition, scene.here, scene.facts.directory, scene.civil(scene.now)):
        yield from reassigned(scene, act)


def reassigned(scene: Scene, act: Intent, how: str | None = None) -> Iterator[e.Event]:
    """The item of somebody who cannot keep it goes to the next in line, else back to the post."""
    case = scene.here
    held = case.desk.assignment
    if held is None:
        return
    yield from _call_back(scene, act)
    others = (one for one in _candidates(scene) if one[0] != held.person)
    found = next(others, None)
    if found is None:
        yield e.WorkReleased(at=act.at, visit=case.visit, person=held.person)
        return
    to, why = found
    yield given(scene, act, to, "head" if why == "head" else how or "deputy")


def placed(scene: Scene, act: Intent, how: str | None = None) -> Iterator[e.Event]:
    """An item that nobody has stays with its post while somebody there can claim it; else the next in line has it: a
    deputy who stands in for nobody absent, or the head, could not take it by himself.
    """
    item = item_of(scene.definition, scene.here)
    waits = list(_candidates(scene))
    if item is None or not waits or any(able(scene, item, person) is None for person, _ in waits):
        return
    to, why = waits[0]
    yield given(scene, act, to, "head" if why == "head" else how or "deputy")


def _candidates(scene: Scene) -> Iterator[tuple[str, str]]:
    return candidates(scene.definition, scene.here, scene.facts.directory, scene.civil(scene.now))


def given(scene: Scene, act: Intent, to: str, how: str) -> e.WorkAssigned:
    """The event that gives the present work item to a person."""
    held = scene.here.desk.assignment
    return e.WorkAssigned(
        at=act.at,
        visit=scene.here.visit,
        person=to,
        how=how,
        previous=held.person if held is not None else None,
        reason=act.fields.get("reason"),
    )


def _delegate(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    """Lent out to somebody else of the organ who may examine; the principal stays responsible and acts in the end."""
    case, item, to = scene.here, _item(scene, act), str(act.fields["person"])
    lent = case.desk.delegation()
    if lent is not None:
        raise refused(act.action, "lent_already", person=lent.delegate)
    directory, on = scene.facts.directory, scene.civil(scene.now)
    if to == scene.actor or not examines(scene, item.organ, to):
        raise cannot_hold(to, "of_the_organ", organ=item.organ)
    if case.desk.recused(to):
        raise cannot_hold(to, "not_recused")
    if directory.absent(to, on):
        raise cannot_hold(to, "is_there", on=on.isoformat())
    role = other_role(scene.definition, case, item.post, to)
    if role is not None:
        raise cannot_hold(to, "no_other_role", role=role)
    if case.desk.assignment is None:
        yield e.WorkClaimed(at=act.at, visit=case.visit, person=scene.actor)
    yield e.WorkDelegated(
        at=act.at,
        delegation=len(case.desk.delegations) + 1,
        visit=case.visit,
        principal=scene.actor,
        delegate=to,
        instructions=str(act.fields["instructions"]),
    )


def _hand_back(scene: Scene, act: Intent, right: Allowed) -> Iterator[e.Event]:
    lent = scene.here.desk.delegation()
    if lent is None:
        raise refused(act.action, "nothing_lent")
    opinion, post = act.fields.get("opinion"), _item(scene, act).post
    if scene.actor == lent.delegate:
        if not opinion:
            raise refused(act.action, "opinion_needed")
        # He may have checked or approved something since the work was lent to him.
        role = other_role(scene.definition, scene.here, post, scene.actor)
        if role is not None:
            raise SamePerson(actor=scene.actor, action=act.action, role=role)
    yield e.DelegationReturned(
        at=act.at,
        delegation=lent.number,
        delegate=lent.delegate,
        post=post,
        opinion=str(opinion) if opinion and scene.actor == lent.delegate else None,
    )


def _delegate_or_principal(scene: Scene, verb: str) -> Allowed | Refused:
    lent, item = scene.here.desk.delegation(), item_of(scene.definition, scene.here)
    if lent is not None and item is not None and scene.actor == lent.delegate:
        if scene.here.desk.recused(scene.actor):
            return Refused(rule="authority.recusal", error=PersonRecused(actor=scene.actor, action=verb))
        if not examines(scene, item.organ, scene.actor):
            error = not_on_this_case(scene.actor, verb, "of_the_organ", organ=item.organ)
            return Refused(rule="authority.post", error=error)
        return Allowed(post="delegate", rule="desk.delegate")
    return rights.assignee(scene, verb)


def examines(scene: Scene, organ: str, person: str) -> bool:
    """Whether `person` holds a post at `organ` today from which somebody may examine: not of supervision, not of the three
    administrators (三员).
    """
    held = scene.facts.directory.posts_of(person, scene.civil(scene.now))
    return any(one.organ == organ and one.kind not in _NOT_EXAMINING for one in held)


def _call_back(scene: Scene, act: Intent) -> Iterator[e.Event]:
    """What was lent out comes back without an opinion when the item goes to another."""
    lent, item = scene.here.desk.delegation(), item_of(scene.definition, scene.here)
    if lent is not None and item is not None:
        yield e.DelegationReturned(at=act.at, delegation=lent.number, delegate=lent.delegate, post=item.post)


def _item(scene: Scene, act: Intent) -> Item:
    item = item_of(scene.definition, scene.here)
    if item is None:
        raise NothingToClaim(action=act.action, state=scene.here.state)
    return item


VERBS: dict[str, Verb] = {
    "claim": Verb(right=rights.claimant, events=_claim),
    "release": Verb(right=rights.assignee, events=_release, fields={"reason": text(required=False)}),
    "assign": Verb(
        right=rights.head, events=_assign, fields={"person": person(), "reason": text(required=False)}
    ),
    "transfer": Verb(right=rights.assignee, events=_transfer, fields={"person": person(), "reason": text()}),
    "hand_over": Verb(right=rights.machine, events=_hand_over, fields={"reason": text(required=False)}),
    "delegate": Verb(
        right=rights.assignee, events=_delegate, fields={"person": person(), "instructions": text()}
    ),
    "hand_back": Verb(
        right=_delegate_or_principal, events=_hand_back, fields={"opinion": text(required=False)}
    ),
}
"""Claim 签收, release 退签, assign 派件, transfer 转办, hand over 移交, delegate 委派, hand back 委派回复."""
