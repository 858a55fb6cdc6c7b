"""Whose a work item is. It always has somebody: whoever has it, else the holder who acted on the case before and is
there, else the first holder who is there, else his deputy, else the head of the organ or of one above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow.domain.authority import Standing, organ_of, other_role, stands
from workflow.domain.case import Case
from workflow.domain.definition import Definition
from workflow.domain.desk.refusals import cannot_hold
from workflow.domain.directory import Directory
from workflow.domain.scene import Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The work item (待办) of a case's present visit: the post it waits for, its kind, and the organ's code."""

    post: str
    kind: str
    organ: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a person cannot be given a work item: the rule of authority, and its name and values among the refusals."""

    rule: str
    name: str
    values: Mapping[str, str] = field(default_factory=dict)


def item_of(definition: Definition, case: Case) -> Item | None:
    """The work item that the case is, or None while it waits for nobody (the system has it, or it is over)."""
    state = definition.states[case.state]
    if state.post is None or state.post not in definition.posts or state.automatic or state.final:
        return None
    organ = organ_of(definition, case.parties, state.post) or ""
    return Item(post=state.post, kind=definition.posts[state.post].kind, organ=organ)


def able(scene: Scene, item: Item, person: str) -> Obstacle | None:
    """Why `person` cannot have the item today, or None if he can; a deputy can, for whoever gives it to him."""
    return _able(
        scene.definition, scene.here, item, person, scene.facts.directory, scene.civil(scene.now), claim=True
    )


def fit(scene: Scene, item: Item, person: str) -> None:
    """Raises CannotHold unless the item may be given to `person`: holder of the post, there, not recused, no other role."""
    directory, on = scene.facts.directory, scene.civil(scene.now)
    obstacle = _able(scene.definition, scene.here, item, person, directory, on)
    if obstacle is not None:
        raise cannot_hold(person, obstacle.name, **obstacle.values)
    if directory.absent(person, on):
        raise cannot_hold(person, "is_there", on=on.isoformat())


def candidates(
    definition: Definition, case: Case, directory: Directory, on: date
) -> Iterator[tuple[str, str]]:
    """Who may be given the item of a case today, the best first, each with why: acted, holder, deputy; then the head."""
    item = item_of(definition, case)
    if item is None:
        return
    there = [
        person
        for person in directory.present(item.organ, item.kind, on, case.matter)
        if _able(definition, case, item, person, directory, on) is None
    ]
    acted = [act.person for act in reversed(case.acts) if act.post == item.post and act.person in there]
    deputies = set(directory.deputies(item.organ, item.kind, on, case.matter))
    principals = set(directory.principals(item.organ, item.kind, on, case.matter))
    told: set[str] = set()
    for person in (*acted, *there):
        if person not in told:
            told.add(person)
            stands_in = person in deputies and person not in principals
            yield person, "acted" if person in acted else "deputy" if stands_in else "holder"
    head = directory.head_of(item.organ, on)
    if head is not None and head not in told and not case.desk.recused(head):
        yield head, "head"


def owner(definition: Definition, case: Case, directory: Directory, on: date) -> tuple[str, str] | None:
    """Whose the case's work item is on the civil day `on`, and why; None only if it has none or the directory has nobody."""
    item, assignment = item_of(definition, case), case.desk.assignment
    if item is None:
        return None
    if assignment is not None and keeps(definition, case, directory, on):
        return assignment.person, assignment.how
    return next(candidates(definition, case, directory, on), None)


def keeps(definition: Definition, case: Case, directory: Directory, on: date) -> bool:
    """Whether whoever has the work item can go on with it today: still at the post, not away, not recused."""
    item, assignment = item_of(definition, case), case.desk.assignment
    if item is None or assignment is None:
        return False
    if directory.absent(assignment.person, on):
        return False
    if assignment.how in HEADS and directory.head_of(item.organ, on) == assignment.person:
        return not case.desk.recused(assignment.person)
    return _able(definition, case, item, assignment.person, directory, on) is None


HEADS = ("head",)
"""How a head of the organ comes to an item that nobody at its post can do: he has it until he has assigned it."""


def _able(
    definition: Definition,
    case: Case,
    item: Item,
    person: str,
    directory: Directory,
    on: date,
    *,
    claim: bool = False,
) -> Obstacle | None:
    standing = stands(definition, case, item.post, actor=person, directory=directory, on=on)
    if standing is None:
        values = {"post": item.post, "organ": item.organ}
        return Obstacle(rule="authority.post", name="holds_the_post", values=values)
    if case.desk.recused(person):
        return Obstacle(rule="authority.recusal", name="not_recused")
    role = other_role(definition, case, item.post, person)
    if role is not None:
        return Obstacle(rule="authority.different_persons", name="no_other_role", values={"role": role})
    if claim and standing is Standing.DEPUTY:
        return Obstacle(rule="authority.deputy", name="stands_in")
    return None
