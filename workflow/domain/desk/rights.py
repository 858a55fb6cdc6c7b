"""Who has a right to a verb: the present post, whoever has the work item, the head of the organ, a supervisor, a party.

Default deny, like `authority.may`, and as monotonic: a recusal or a post less never allows more.
"""

from __future__ import annotations

from collections.abc import Iterable

from workflow.domain.authority import Allowed, Refused, is_public, may_from, organ_of
from workflow.domain.commands import PUBLIC, SYSTEM
from workflow.domain.desk.ownership import able, item_of
from workflow.domain.desk.refusals import not_on_this_case
from workflow.domain.scene import Scene
from workflow.errors import NothingToClaim, PersonRecused, UnknownPerson

HEAD, SUPERVISOR, AUDITOR = "head", "supervisor", "auditor"
"""Kinds of posts that see to others' work: 机关负责人, 督查岗, 监察岗."""


def holder(scene: Scene, verb: str) -> Allowed | Refused:
    """Somebody who holds the post for which the case waits now, and may act from it."""
    item = item_of(scene.definition, scene.here)
    if item is None:
        error = NothingToClaim(action=verb, state=scene.here.state)
        return Refused(rule="desk.work_item", error=error)
    return may_from(
        scene.definition,
        scene.here,
        verb,
        (item.post,),
        actor=scene.actor,
        directory=scene.facts.directory,
        on=scene.civil(scene.now),
    )


def claimant(scene: Scene, verb: str) -> Allowed | Refused:
    """Somebody who could hold the work item, though another has it now: the answer to him is who has."""
    item = item_of(scene.definition, scene.here)
    if item is None:
        return Refused(rule="desk.work_item", error=NothingToClaim(action=verb, state=scene.here.state))
    obstacle = able(scene, item, scene.actor)
    if obstacle is not None:
        error = not_on_this_case(scene.actor, verb, obstacle.name, **obstacle.values)
        return Refused(rule=obstacle.rule, error=error)
    return Allowed(post=item.post, rule=f"authority.post.{item.post}")


def assignee(scene: Scene, verb: str) -> Allowed | Refused:
    """Whoever has the work item now; one that nobody has may be handled by any holder of its post."""
    assignment, item = scene.here.desk.assignment, item_of(scene.definition, scene.here)
    if assignment is None or item is None:
        return holder(scene, verb)
    if assignment.person != scene.actor:
        error = not_on_this_case(scene.actor, verb, "has_the_item", holder=assignment.person)
        return Refused(rule="desk.assignee", error=error)
    if scene.here.desk.recused(scene.actor):
        return Refused(rule="authority.recusal", error=PersonRecused(actor=scene.actor, action=verb))
    return Allowed(post=item.post, rule="desk.assignee")


def head(scene: Scene, verb: str) -> Allowed | Refused:
    """The head of the organ whose post the case waits for, of an organ above it, or whoever acts for an absent head."""
    return _over(scene, verb, (HEAD,), "head")


def supervisor(scene: Scene, verb: str) -> Allowed | Refused:
    """Who sees to others' work there: the head, or a supervisor or auditor of the organ or of one above it."""
    return _over(scene, verb, (HEAD, SUPERVISOR, AUDITOR), "supervisor")


def anybody_on_the_case(scene: Scene, verb: str) -> Allowed | Refused:
    """A party of the case (its filer, its unit, the public it was filed by), or whoever sees to others' work there."""
    party = a_party(scene, verb)
    return party if isinstance(party, Allowed) else _or_over(scene, verb, party)


def a_party(scene: Scene, verb: str) -> Allowed | Refused:
    """Somebody of the filing side: of the organ or unit that filed, of its ministry, or of the public."""
    actor, case = scene.actor, scene.here
    if is_public(actor):
        return Allowed(post=PUBLIC, rule="authority.public")
    directory, on = scene.facts.directory, scene.civil(scene.now)
    if actor not in directory.persons:
        return Refused(rule="authority.known_person", error=UnknownPerson(what="person", name=actor))
    for post in scene.definition.filed_by:
        if post in scene.definition.posts and _holds(scene, post):
            return Allowed(post=post, rule=f"authority.party.{post}")
    organs = {held.organ for held in directory.posts_of(actor, on)}
    if organs & set(case.parties.values()):
        return Allowed(post=PUBLIC, rule="authority.party")
    error = not_on_this_case(actor, verb, "party")
    return Refused(rule="desk.party", error=error)


def himself(scene: Scene, verb: str) -> Allowed | Refused:
    """Any person who holds one of the case's posts, or has acted on it: to say something of himself."""
    actor, case = scene.actor, scene.here
    for post in scene.definition.posts:
        if _holds(scene, post):
            return Allowed(post=post, rule=f"authority.post.{post}")
    acted = next((act.post for act in case.acts if act.person == actor), None)
    if acted is not None:
        return Allowed(post=acted, rule="desk.acted")
    return Refused(rule="desk.himself", error=not_on_this_case(actor, verb, "own_post"))


def machine(scene: Scene, verb: str) -> Allowed | Refused:
    """The system alone."""
    if scene.actor == SYSTEM:
        return Allowed(post=SYSTEM, rule="authority.system")
    error = not_on_this_case(scene.actor, verb, "system")
    return Refused(rule="authority.system", error=error)


def places(scene: Scene) -> tuple[str, ...]:
    """The organ that the case waits for and those above it; those of every post where it waits for none."""
    directory, definition, case = scene.facts.directory, scene.definition, scene.here
    item = item_of(definition, case)
    posts: Iterable[str] = (item.post,) if item is not None else definition.posts
    codes: dict[str, None] = {}
    for post in posts:
        organ = organ_of(definition, case.parties, post)
        if organ is not None:
            codes.update(dict.fromkeys((organ, *directory.superiors(organ))))
    return tuple(codes)


def _over(scene: Scene, verb: str, kinds: tuple[str, ...], rule: str) -> Allowed | Refused:
    actor, case = scene.actor, scene.here
    directory, on = scene.facts.directory, scene.civil(scene.now)
    if actor not in directory.persons:
        return Refused(rule="authority.known_person", error=UnknownPerson(what="person", name=actor))
    if case.desk.recused(actor):
        return Refused(rule="authority.recusal", error=PersonRecused(actor=actor, action=verb))
    for organ in places(scene):
        for kind in kinds:
            if actor in directory.holders(organ, kind, on):
                return Allowed(post=kind, rule=f"authority.over.{kind}")
    return Refused(rule="desk.over", error=not_on_this_case(actor, verb, rule))


def _or_over(scene: Scene, verb: str, otherwise: Refused) -> Allowed | Refused:
    over = supervisor(scene, verb)
    return over if isinstance(over, Allowed) else otherwise


def _holds(scene: Scene, post: str) -> bool:
    definition, case = scene.definition, scene.here
    organ = organ_of(definition, case.parties, post)
    if organ is None:
        return False
    holders = scene.facts.directory.holders(
        organ, definition.posts[post].kind, scene.civil(scene.now), case.matter
    )
    return scene.actor in holders
