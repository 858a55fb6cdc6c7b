"""A leaver's work handed over (离职转办): what goes to whom and why, done item by item, and undone where nobody has acted.

The preview takes the very decisions of the run and keeps none of them. What is a person's is found in the work items he
has, those that nobody has and he is first in line for, what was lent to him, and signatures he still owes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from workflow.domain.desk.ownership import candidates, item_of, owner
from workflow.domain.instants import civil_date
from workflow.engine import bulk
from workflow.engine.administration import ZONE
from workflow.engine.bulk import Item, Result, Run
from workflow.errors import BadInput, UnknownPerson, UnknownRun
from workflow.texts import t

if TYPE_CHECKING:
    from datetime import date

    from workflow.domain.case import Case
    from workflow.domain.definition import Definition
    from workflow.domain.directory import Directory
    from workflow.engine.banjie import Banjie

Rule = Literal["by_load", "deputy", "person"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What is asked for: everything of `leaver` handed over as `actor`. `rule`: by load, to the deputies first, or to the
    person `to`.
    """

    id: str
    leaver: str
    actor: str
    rule: Rule = "by_load"
    to: str | None = None
    reason: str = ""


def planned(banjie: Banjie, of: Handover) -> Run:
    """The run that hands everything over; its items say to whom and why. Raises UnknownPerson, BadInput when there is
    nothing to hand over or nobody was named.
    """
    directory = banjie.directory()
    for code in filter(None, (of.leaver, of.to)):
        if code not in directory.persons:
            raise UnknownPerson(what="person", name=code)
    if (of.rule == "person") != (of.to is not None):
        raise BadInput(reason=t("runs.person_rule"))
    if of.to == of.leaver:
        raise BadInput(reason=t("runs.to_himself", person=of.leaver))
    on = civil_date(banjie.store.clock().now, ZONE)
    items = list(_items(banjie, of, directory, on))
    if not items:
        raise BadInput(reason=t("runs.nothing", person=of.leaver))
    fields = {"leaver": of.leaver} | ({"reason": of.reason} if of.reason else {})
    return Run(
        id=of.id,
        kind="handover",
        actor=of.actor,
        action="pass_on",
        subject=of.leaver,
        reason=of.reason,
        fields=fields,
        items=items,
    )


def preview(banjie: Banjie, of: Handover) -> list[Result]:
    """What `hand_over` would do at this moment, and what cannot go, with the reason; nothing is written."""
    return bulk.dry_run(banjie, planned(banjie, of))


def hand_over(banjie: Banjie, of: Handover) -> list[Result]:
    """Hand everything over, each case by a command of its own, and note the run. Started again under the same id, what was
    done is repeated and what was refused is tried again.
    """
    return bulk.run(banjie, _again(banjie, of) or planned(banjie, of))


def undone(banjie: Banjie, run: str, *, id_: str, actor: str, reason: str = "") -> Run:
    """The run that gives back what a hand-over gave, as far as nobody has acted on it since. Raises UnknownRun, BadInput."""
    kept = banjie.store.runs.one(run)
    if kept is None or kept.kind != "handover":
        raise UnknownRun(what="run", name=run)
    items = [
        Item(no=one.no, seen_version=one.version, person=kept.subject)
        for one in banjie.store.runs.items(run)
        if one.done
    ]
    if not items:
        raise BadInput(reason=t("runs.nothing_handed", run=run))
    return Run(
        id=id_,
        kind="undo",
        actor=actor,
        action="give_back",
        subject=run,
        reason=reason,
        fields={"reason": reason} if reason else {},
        items=items,
    )


def _again(banjie: Banjie, of: Handover) -> Run | None:
    """The run as it was begun under this id, or None if it is new: to whom each item went is not thought over twice."""
    if banjie.store.runs.one(of.id) is None:
        return None
    items = [
        Item(no=one.no, fields={"person": one.person} if one.person else {}, person=one.person, why=one.why)
        for one in banjie.store.runs.items(of.id)
    ]
    try:
        fresh = planned(banjie, of)
    except BadInput:
        fresh = None
    known = {item.no for item in items}
    rest = [item for item in fresh.items if item.no not in known] if fresh is not None else []
    fields = {"leaver": of.leaver} | ({"reason": of.reason} if of.reason else {})
    whole = Run(
        id=of.id,
        kind="handover",
        actor=of.actor,
        action="pass_on",
        subject=of.leaver,
        reason=of.reason,
        fields=fields,
        items=[*items, *rest],
    )
    return whole if whole.items else fresh


def _items(banjie: Banjie, of: Handover, directory: Directory, on: date) -> Iterator[Item]:
    """Everything of his, the most pressing first, each with the person to whom it goes."""
    loads: dict[str, int] = {}
    for case_id in _cases(banjie, of.leaver, directory, on):
        case = banjie.store.case(case_id)
        if case is None:
            continue
        definition = banjie.definition(banjie.store, case.definition)
        if not _is_his(definition, case, of.leaver, directory, on):
            continue
        person, why = _to(banjie, of, definition, case, directory, loads)
        fields = {"person": person} if person is not None else {}
        yield Item(no=case.no, fields=fields, person=person, why=why)


def _cases(banjie: Banjie, leaver: str, directory: Directory, on: date) -> Sequence[str]:
    held = banjie.store.desks.held_by(leaver)
    posts = [(one.organ, one.kind) for one in directory.posts_of(leaver, on)]
    unheld = banjie.store.desks.unheld_at(posts)
    others = banjie.store.desks.asked_of(leaver)
    return tuple(dict.fromkeys([*(one.case_id for one in (*held, *unheld)), *others]))


def _is_his(definition: Definition, case: Case, leaver: str, directory: Directory, on: date) -> bool:
    held, lent = case.desk.assignment, case.desk.delegation()
    if lent is not None and leaver in (lent.delegate, lent.principal):
        return True
    if any(one.name == leaver for asked in case.signing if asked.open for one in asked.unsigned()):
        return True
    if held is not None:
        return held.person == leaver
    found = owner(definition, case, directory, on)
    return found is not None and found[0] == leaver


def _to(
    banjie: Banjie,
    of: Handover,
    definition: Definition,
    case: Case,
    directory: Directory,
    loads: dict[str, int],
) -> tuple[str | None, str]:
    """To whom the work on a case goes by the rule, and why; nobody where nobody can have it."""
    if of.to is not None:
        return of.to, "person"
    item = item_of(definition, case)
    if item is None:
        return None, "nobody"
    on = civil_date(banjie.store.clock().now, definition.zone)
    line = [
        (person, why) for person, why in candidates(definition, case, directory, on) if person != of.leaver
    ]
    at_the_post = [one for one in line if one[1] != "head"]
    if of.rule == "deputy":
        deputies = [
            (person, "deputy")
            for person in directory.deputies(item.organ, item.kind, on, case.matter)
            if person in {one[0] for one in at_the_post}
        ]
        return _first(deputies or at_the_post, line)
    for person, _ in at_the_post:
        loads.setdefault(person, len(banjie.store.desks.held_by(person)))
    if not at_the_post:
        return _first([], line)
    chosen = min(at_the_post, key=lambda one: loads[one[0]])[0]
    loads[chosen] += 1
    return chosen, "by_load"


def _first(wanted: Sequence[tuple[str, str]], line: Sequence[tuple[str, str]]) -> tuple[str | None, str]:
    """The first of those wanted; where there are none the head of the organ has it, who needs not be named."""
    if wanted:
        return wanted[0]
    return (None, "head") if line else (None, "nobody")
