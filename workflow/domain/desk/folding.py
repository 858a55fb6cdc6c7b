"""How the events of the desk change a case. What changes the work at hand moves the version that people see; a word from
outside (an urging, a request, an order) does not, so that it never makes an examiner's act fail.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.domain import events as e
from workflow.domain.case import Act, Case
from workflow.domain.desk.state import (
    Assignment,
    Delegation,
    Desk,
    Move,
    Order,
    Recusal,
    RecusalRequest,
    Urging,
)
from workflow.domain.values import replace


def moved_on(case: Case, desk: Desk, event: e.ActionTaken, actor: str) -> Desk:
    """The desk after a declared action, of which `case` already knows: a new visit begins with nobody's work item."""
    first_handler = desk.first_handler
    if first_handler is None and event.post == "handler" and actor != "system":
        first_handler = actor
    first_contact = desk.first_contact
    if first_contact is None and event.post in ("reception", "handler") and actor != "system":
        first_contact = actor
    if event.target == event.source:
        return replace(desk, first_handler=first_handler, first_contact=first_contact)
    move = None
    if actor != "system":
        move = Move(
            action=event.action,
            source=event.source,
            person=actor,
            post=event.post,
            visit=case.visit,
            seq=case.seq,
        )
    return replace(left(desk), move=move, first_handler=first_handler, first_contact=first_contact)


def left(desk: Desk) -> Desk:
    """The desk when the case leaves a state: nobody has its work item, and what was lent out is over."""
    over = tuple(replace(one, returned=True) for one in desk.delegations)
    return replace(desk, assignment=None, delegations=over, move=None)


def _claimed(case: Case, event: e.WorkClaimed, actor: str) -> Case:
    held = Assignment(person=event.person, how="claimed", by=actor, since=event.at)
    return _worked(case, replace(case.desk, assignment=held))


def _released(case: Case, event: e.WorkReleased, actor: str) -> Case:
    return _worked(case, replace(case.desk, assignment=None))


def _assigned(case: Case, event: e.WorkAssigned, actor: str) -> Case:
    held = Assignment(
        person=event.person,
        how=event.how,
        by=actor,
        since=event.at,
        previous=event.previous,
        seq=case.seq,
    )
    return _worked(case, replace(case.desk, assignment=held))


def _delegated(case: Case, event: e.WorkDelegated, actor: str) -> Case:
    lent = Delegation(
        number=event.delegation, principal=event.principal, delegate=event.delegate, visit=event.visit
    )
    return _worked(case, replace(case.desk, delegations=(*case.desk.delegations, lent)))


def _delegation_returned(case: Case, event: e.DelegationReturned, actor: str) -> Case:
    lent = tuple(
        replace(one, returned=True) if one.number == event.delegation else one
        for one in case.desk.delegations
    )
    case = _worked(case, replace(case.desk, delegations=lent))
    if event.opinion is None:
        return case
    # Who gave an opinion for a post has examined the case from it, and may not check or approve it later.
    kept = tuple(act for act in case.acts if (act.post, act.person) != (event.post, event.delegate))
    act = Act(post=event.post, person=event.delegate, action="delegated", seq=case.seq)
    return replace(case, acts=(*kept, act))


def _recused(case: Case, event: e.Recused, actor: str) -> Case:
    if case.desk.recused(event.person):
        return case
    recusal = Recusal(person=event.person, ground=event.ground, how=event.how)
    return _worked(case, replace(case.desk, recusals=(*case.desk.recusals, recusal)))


def _recusal_asked(case: Case, event: e.RecusalAsked, actor: str) -> Case:
    request = RecusalRequest(number=event.request, person=event.person, by=actor)
    return replace(case, desk=replace(case.desk, requests=(*case.desk.requests, request)))


def _recusal_decided(case: Case, event: e.RecusalDecided, actor: str) -> Case:
    requests = tuple(
        replace(one, granted=event.granted) if one.number == event.request else one
        for one in case.desk.requests
    )
    return replace(case, desk=replace(case.desk, requests=requests))


def _taken_back(case: Case, event: e.ActTakenBack, actor: str) -> Case:
    return replace(
        case,
        state=event.target,
        version=case.version + 1,
        visit=case.visit + 1,
        entered_at=event.at,
        migration=None,
        desk=left(case.desk),
    )


def _urged(case: Case, event: e.CaseUrged, actor: str) -> Case:
    before = next((one for one in case.desk.urgings if one.by == actor), None)
    urging = Urging(by=actor, on=event.on, times=1 + (before.times if before is not None else 0))
    others = tuple(one for one in case.desk.urgings if one.by != actor)
    return replace(case, desk=replace(case.desk, urgings=(*others, urging)))


def _ordered(case: Case, event: e.OrderGiven, actor: str) -> Case:
    order = Order(
        number=event.order,
        by=actor,
        due_on=event.due_on,
        post=event.post,
        organ=event.organ,
        person=event.person,
    )
    return replace(case, desk=replace(case.desk, orders=(*case.desk.orders, order)))


def _answered(case: Case, event: e.OrderAnswered, actor: str) -> Case:
    orders = tuple(
        replace(one, answered=True) if one.number == event.order else one for one in case.desk.orders
    )
    return replace(case, desk=replace(case.desk, orders=orders))


def _worked(case: Case, desk: Desk) -> Case:
    return replace(case, version=case.version + 1, desk=desk)


FOLLOWERS: dict[type[e.Event], Callable[[Case, Any, str], Case]] = {
    e.WorkClaimed: _claimed,
    e.WorkReleased: _released,
    e.WorkAssigned: _assigned,
    e.WorkDelegated: _delegated,
    e.DelegationReturned: _delegation_returned,
    e.Recused: _recused,
    e.RecusalAsked: _recusal_asked,
    e.RecusalDecided: _recusal_decided,
    e.ActTakenBack: _taken_back,
    e.CaseUrged: _urged,
    e.OrderGiven: _ordered,
    e.OrderAnswered: _answered,
}
"""The fold of each event of the desk; `workflow.domain.evolve` takes them in."""
