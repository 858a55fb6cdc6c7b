"""Who may do what: one pure, default-deny function, so that every refusal can say which rule refused and what is needed.

A right comes from a post held on the day (岗位), at the organ that the definition or the case's parties name. Handler,
checker and approver of one case are pairwise different persons, whatever posts they hold (design §6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflow.domain.case import Case
from workflow.domain.commands import PUBLIC, SYSTEM
from workflow.domain.definition import Definition
from workflow.domain.directory import Directory
from workflow.errors import (
    BanjieError,
    HeldByAnother,
    NotAuthorised,
    PersonRecused,
    PrincipalPresent,
    SamePerson,
    UnknownPerson,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The actor may act, from the post `post` of the definition, by `rule`."""

    post: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The actor may not; `error` says which rule refused and what would be needed."""

    rule: str
    error: BanjieError


def may(
    definition: Definition, case: Case, action: str, *, actor: str, directory: Directory, on: date
) -> Allowed | Refused:
    """Whether `actor` may take `action` on `case` on the civil day `on`: post, organ, matter, and his relation to the case.

    More recusals, fewer posts, fewer absences never allow more.
    """
    by = definition.actions[action].by
    if actor == SYSTEM:
        if SYSTEM in by:
            return Allowed(post=SYSTEM, rule="authority.system")
        return _no_post(actor, action, by)
    if is_public(actor):
        if PUBLIC in by:
            return Allowed(post=PUBLIC, rule="authority.public")
        return _no_post(actor, action, by)
    return may_from(definition, case, action, by, actor=actor, directory=directory, on=on)


def may_from(
    definition: Definition,
    case: Case,
    action: str,
    by: Sequence[str],
    *,
    actor: str,
    directory: Directory,
    on: date,
) -> Allowed | Refused:
    """Whether a person of the directory may do `action` from one of the posts `by`; of several reasons against it the one
    that is nearest to allowing it is told.
    """
    if actor not in directory.persons:
        return Refused(rule="authority.known_person", error=UnknownPerson(what="person", name=actor))
    refused: Refused | None = None
    for post in by:
        if post not in definition.posts:
            continue
        standing = stands(definition, case, post, actor=actor, directory=directory, on=on)
        if standing is None:
            continue
        refused = _against(definition, case, action, post, standing, actor=actor)
        if refused is None:
            return Allowed(post=post, rule=f"authority.post.{post}")
    if refused is not None:
        return refused
    if PUBLIC in by:
        return Allowed(post=PUBLIC, rule="authority.public")
    return _no_post(actor, action, tuple(by))


class Standing(StrEnum):
    """How a person stands to a post on a day: it is his (A), he is a deputy (B) who stands in today, or one who need not."""

    PRINCIPAL = "principal"
    STANDING_IN = "standing_in"
    DEPUTY = "deputy"


def stands(
    definition: Definition, case: Case, post: str, *, actor: str, directory: Directory, on: date
) -> Standing | None:
    """How `actor` stands to the case's post `post` on the civil day `on`; None if he does not hold it for this matter."""
    organ = organ_of(definition, case.parties, post)
    if organ is None:
        return None
    held = directory.held(organ, definition.posts[post].kind, on, case.matter)
    own = [holding for holding in held if holding.person == actor]
    if not own:
        return None
    if not all(holding.deputy for holding in own):
        return Standing.PRINCIPAL
    away = any(not holding.deputy and directory.absent(holding.person, on) for holding in held)
    return Standing.STANDING_IN if away else Standing.DEPUTY


def _against(
    definition: Definition, case: Case, action: str, post: str, standing: Standing, *, actor: str
) -> Refused | None:
    """What stands against an act by somebody who holds the post, or None."""
    if case.desk.recused(actor):
        error: BanjieError = PersonRecused(actor=actor, action=action)
        return Refused(rule="authority.recusal", error=error)
    if (clash := other_role(definition, case, post, actor)) is not None:
        error = SamePerson(actor=actor, action=action, role=clash)
        return Refused(rule="authority.different_persons", error=error)
    assignment = case.desk.assignment if definition.states[case.state].post == post else None
    lent = case.desk.delegation() if assignment is not None else None
    if assignment is not None and (assignment.person != actor or lent is not None):
        holder = lent.delegate if lent is not None else assignment.person
        error = HeldByAnother(actor=actor, action=action, holder=holder)
        return Refused(rule="authority.work_item", error=error)
    if standing is Standing.DEPUTY and assignment is None:
        error = PrincipalPresent(actor=actor, action=action, post=post)
        return Refused(rule="authority.deputy", error=error)
    return None


def may_file(
    definition: Definition,
    parties: Mapping[str, str],
    *,
    actor: str,
    directory: Directory,
    on: date,
    child: bool = False,
) -> Allowed | Refused:
    """Whether `actor` may file this matter for the parties named; the system files the children of a divided case."""
    if actor == SYSTEM:
        if child:
            return Allowed(post=SYSTEM, rule="authority.system")
        return _no_post(actor, "submit", definition.filed_by)
    if is_public(actor):
        if PUBLIC in definition.filed_by:
            return Allowed(post=PUBLIC, rule="authority.public")
        return _no_post(actor, "submit", definition.filed_by)
    if actor not in directory.persons:
        return Refused(rule="authority.known_person", error=UnknownPerson(what="person", name=actor))
    for post in definition.filed_by:
        if post in definition.posts and holds(definition, parties, post, actor, directory, on):
            return Allowed(post=post, rule=f"authority.post.{post}")
    return _no_post(actor, "submit", definition.filed_by)


def holds(
    definition: Definition, parties: Mapping[str, str], post: str, person: str, directory: Directory, on: date
) -> bool:
    """Whether `person` holds the definition's post `post`, as this case's parties place it, on `on`."""
    organ = organ_of(definition, parties, post)
    if organ is None:
        return False
    return person in directory.holders(organ, definition.posts[post].kind, on, definition.code)


def organ_of(definition: Definition, parties: Mapping[str, str], post: str) -> str | None:
    """The organ a post belongs to on this case: a code of the directory, or the party that `@name` stands for."""
    bound = definition.posts[post].organ
    return parties.get(bound[1:]) if bound.startswith("@") else bound


def parties_of(
    definition: Definition, actor: str, given: Mapping[str, str], directory: Directory, on: date
) -> dict[str, str]:
    """The case's parties: those given, completed from the post the filer holds (unit, its ministry, filer)."""
    parties = dict(given)
    if is_public(actor) or actor == SYSTEM:
        return parties
    kinds = {definition.posts[post].kind for post in definition.filed_by if post in definition.posts}
    organs = [h.organ for h in directory.posts_of(actor, on) if h.kind in kinds]
    organ = parties.get("filer") or parties.get("unit") or (organs[0] if organs else None)
    if organ is None:
        return parties
    parties.setdefault("filer", organ)
    parties.setdefault("unit", organ)
    ministry = directory.organ_above(organ, "ministry")
    if ministry is not None:
        parties.setdefault("ministry", ministry)
    return parties


def is_public(actor: str) -> bool:
    """Whether the actor is somebody outside the directory: `public` or `public:<name>`."""
    return actor == PUBLIC or actor.startswith(f"{PUBLIC}:")


def other_role(definition: Definition, case: Case, post: str, actor: str) -> str | None:
    """The other role of a group of different persons in which `actor` has acted on this case, or None."""
    for group in definition.distinct:
        if post in group:
            for act in case.acts:
                if act.person == actor and act.post != post and act.post in group:
                    return act.post
    return None


def another_post(actor: str, action: str, by: tuple[str, ...]) -> NotAuthorised:
    """The refusal of somebody who holds none of the posts that may do it."""
    posts = ", ".join(by)
    return NotAuthorised(actor=actor, action=action, needed=f"one of the posts {posts}", posts=posts)


def _no_post(actor: str, action: str, by: tuple[str, ...]) -> Refused:
    return Refused(rule="authority.post", error=another_post(actor, action, by))
