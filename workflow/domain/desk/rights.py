"""Who has a right to a verb: the present post, whoever has the work item, the head of the organ, a supervisor, a party.

Default deny, like `authority.may`, and as monotonic: a recusal or a post less never allows more.
"""

from __future__ import annotations

from collections.abc import Iterable

from workflow.domain.authority import Allowed, Refused, holds, is_public, may_from, organ_of
from workflow.domain.commands import PUBLIC, SYSTEM
from workflow.domain.desk.ownership import HEADS, able, item_of
from workflow.domain.desk.refusals import not_on_this_case
from workflow.domain.directory import HEAD, SUPERVISOR
from workflow.domain.scene import Scene
from workflow.errors import NothingToClaim, PersonRecused, UnknownPerson

AUDITOR = "auditor"
"""The kind of post of an auditor (监察岗): like a supervisor (督查岗) he reads everything and decides nothing."""


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
    # Whoever has left the post has the item in name only, until the system hands it over.
    as_head = assignment.how in HEADS and heads(scene, item.organ)
    if not as_head and not holds_post(scene, item.post):
        error = not_on_this_case(scene.actor, verb, "holds_the_post", post=item.post, organ=item.organ)
        return Refused(rule="authority.post", error=error)
    return Allowed(post=item.post, rule="desk.assignee")


def head(scene: Scene, verb: str) -> Allowed | Refused:
    """The head of the organ whose post the case waits for, of an organ above it, or whoever acts for an absent head."""
    return _over(scene, verb, (HEAD,), "head", waiting(scene))


def head_of_an_office(scene: Scene, verb: str) -> Allowed | Refused:
    """The head of an organ that examines the case, wherever it waits now, or of an organ above such a one."""
    return _over(scene, verb, (HEAD,), "head", examining(scene))


def supervisor(scene: Scene, verb: str) -> Allowed | Refused:
    """Who sees to others' work: the head, or a supervisor or auditor of an organ that examines the case, of one above it,
    or of an organ of supervision that stands under nobody (驻部监察机构).
    """
    return _over(scene, verb, (HEAD, SUPERVISOR, AUDITOR), "supervisor", examining(scene))


def auditor(scene: Scene, verb: str) -> Allowed | Refused:
    """An auditor of an organ that examines the case, of one above it, or of an organ of supervision of its own."""
    return _over(scene, verb, (AUDITOR,), "auditor", examining(scene))


def anybody_on_the_case(scene: Scene, verb: str) -> Allowed | Refused:
    """A party of the case (its filer, its unit, the public it was filed by), or whoever sees to others' work there."""
    party = a_party(scene, verb)
    return party if isinstance(party, Allowed) else _or_over(scene, verb, party)


def a_party(scene: Scene, verb: str) -> Allowed | Refused:
    """Somebody of the filing side: of the organ or unit that filed, of its ministry, or of the public."""
    actor, case = scene.actor, scene.here
    if is_public(actor):
        if PUBLIC in scene.definition.filed_by:
            return Allowed(post=PUBLIC, rule="authority.public")
        return Refused(rule="desk.party", error=not_on_this_case(actor, verb, "party"))
    directory, on = scene.facts.directory, scene.civil(scene.now)
    if actor not in directory.persons:
        return Refused(rule="authority.known_person", error=UnknownPerson(what="person", name=actor))
    for post in scene.definition.filed_by:
        if post in scene.definition.posts and holds_post(scene, post):
            return Allowed(post=post, rule=f"authority.party.{post}")
    organs = {held.organ for held in directory.posts_of(actor, on)}
    if organs & set(case.parties.values()):
        return Allowed(post=PUBLIC, rule="authority.party")
    error = not_on_this_case(actor, verb, "party")
    return Refused(rule="desk.party", error=error)


def himself(scene: Scene, verb: str) -> Allowed | Refused:
    """A person who holds one of the posts that examine the case, or has acted on it: to say something of himself."""
    actor, case = scene.actor, scene.here
    if actor not in scene.facts.directory.persons:
        return Refused(rule="authority.known_person", error=UnknownPerson(what="person", name=actor))
    posts = offices(scene)
    for post in posts:
        if holds_post(scene, post):
            return Allowed(post=post, rule=f"authority.post.{post}")
    acted = next((act.post for act in case.acts if act.person == actor and act.post in posts), None)
    if acted is not None:
        return Allowed(post=acted, rule="desk.acted")
    if any(asked.open and actor in (one.name, one.by) for asked in case.signing for one in asked.signers):
        return Allowed(post="signer", rule="desk.signer")
    if any(panel.open and panel.seat(actor) is not None for panel in case.panels):
        return Allowed(post="expert", rule="desk.expert")
    return Refused(rule="desk.himself", error=not_on_this_case(actor, verb, "own_post"))


def machine(scene: Scene, verb: str) -> Allowed | Refused:
    """The system alone."""
    if scene.actor == SYSTEM:
        return Allowed(post=SYSTEM, rule="authority.system")
    error = not_on_this_case(scene.actor, verb, "system")
    return Refused(rule="authority.system", error=error)


def offices(scene: Scene) -> tuple[str, ...]:
    """The posts that examine the case: all but those from which the party that it stands for files."""
    definition = scene.definition
    return tuple(
        name
        for name, post in definition.posts.items()
        if name not in definition.filed_by or not post.organ.startswith("@")
    )


def waiting(scene: Scene) -> tuple[str, ...]:
    """The organ whose post the case waits for and those above it; where it waits for none, those that examine it."""
    item = item_of(scene.definition, scene.here)
    return _with_superiors(scene, (item.post,)) if item is not None else examining(scene)


def examining(scene: Scene) -> tuple[str, ...]:
    """The organs that examine the case and those above them; never the party's own."""
    return _with_superiors(scene, offices(scene))


def heads(scene: Scene, organ: str) -> bool:
    """Whether the actor heads `organ` today, or acts for its absent head."""
    return _in_charge(scene, organ, HEAD)


def heads_over(scene: Scene, person: str) -> bool:
    """Whether the actor heads an organ at which `person` holds a post today, or one above it."""
    directory, on = scene.facts.directory, scene.civil(scene.now)
    organs = {held.organ for held in directory.posts_of(person, on)}
    return any(heads(scene, code) for organ in organs for code in (organ, *directory.superiors(organ)))


def holds_post(scene: Scene, post: str) -> bool:
    """Whether the actor holds the case's post today, responsible or as deputy."""
    on = scene.civil(scene.now)
    return holds(scene.definition, scene.here.parties, post, scene.actor, scene.facts.directory, on)


def _with_superiors(scene: Scene, posts: Iterable[str]) -> tuple[str, ...]:
    codes: dict[str, None] = {}
    for post in posts:
        organ = organ_of(scene.definition, scene.here.parties, post)
        if organ is not None:
            codes.update(dict.fromkeys((organ, *scene.facts.directory.superiors(organ))))
    return tuple(codes)


def _over(
    scene: Scene, verb: str, kinds: tuple[str, ...], rule: str, organs: tuple[str, ...]
) -> Allowed | Refused:
    actor, case = scene.actor, scene.here
    directory, on = scene.facts.directory, scene.civil(scene.now)
    if actor not in directory.persons:
        return Refused(rule="authority.known_person", error=UnknownPerson(what="person", name=actor))
    if case.desk.recused(actor):
        return Refused(rule="authority.recusal", error=PersonRecused(actor=actor, action=verb))
    for kind in kinds:
        for held in directory.posts_of(actor, on):
            alone = kind != HEAD and _under_nobody(scene, held.organ)
            if held.kind == kind and (held.organ in organs or alone) and _in_charge(scene, held.organ, kind):
                return Allowed(post=kind, rule=f"authority.over.{kind}")
    return Refused(rule="desk.over", error=not_on_this_case(actor, verb, rule))


def _under_nobody(scene: Scene, organ: str) -> bool:
    known = scene.facts.directory.organs.get(organ)
    return known is not None and known.parent is None


def _in_charge(scene: Scene, organ: str, kind: str) -> bool:
    """Whether the actor holds the post `kind` there: his own, or as deputy of somebody who is away."""
    directory, on = scene.facts.directory, scene.civil(scene.now)
    if scene.actor in directory.principals(organ, kind, on):
        return True
    away = any(directory.absent(person, on) for person in directory.principals(organ, kind, on))
    return away and scene.actor in directory.deputies(organ, kind, on)


def _or_over(scene: Scene, verb: str, otherwise: Refused) -> Allowed | Refused:
    over = supervisor(scene, verb)
    return over if isinstance(over, Allowed) else otherwise
