"""Who can be asked to sign, and for whom a person signs: himself, a post of his, or somebody absent whose deputy he is."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.domain.authority import Allowed, Refused, holds, is_public
from workflow.domain.commands import SYSTEM
from workflow.domain.desk.refusals import not_on_this_case, refused
from workflow.domain.desk.signing_state import Round, Signer
from workflow.domain.scene import Scene
from workflow.errors import BanjieError, PersonRecused, UnknownPerson


def of_the_filing_side(scene: Scene, person: str) -> bool:
    """Whether `person` holds a post at an organ that is a party of the case, or at one inside it."""
    directory, on = scene.facts.directory, scene.civil(scene.now)
    parties = set(scene.here.parties.values())
    return any(
        parties & {held.organ, *directory.superiors(held.organ)} for held in directory.posts_of(person, on)
    )


def nameable(scene: Scene, action: str, name: str) -> None:
    """Raises VerbRefused, PersonRecused or UnknownPerson unless `name` can be asked to sign here and now."""
    if ":" in name:
        organ, _, kind = name.partition(":")
        if not any(able(scene, person) for person in _at_the_post(scene, organ, kind)):
            raise refused(action, "post_with_somebody", signer=name)
        return
    directory, on = scene.facts.directory, scene.civil(scene.now)
    if name not in directory.persons:
        raise UnknownPerson(what="person", name=name)
    if scene.here.desk.recused(name):
        raise PersonRecused(actor=name, action=action)
    if not able(scene, name):
        raise refused(action, "not_of_the_filers", signer=name)
    if directory.absent(name, on) and not any(able(scene, one) for one in deputies_of(scene, name)):
        raise refused(action, "signer_there", signer=name, on=on.isoformat())


def able(scene: Scene, person: str) -> bool:
    """Whether `person` may sign on this case: not recused, and not of the filing side unless that side itself asks."""
    if person in (SYSTEM, "") or is_public(person) or scene.here.desk.recused(person):
        return False
    return not of_the_filing_side(scene, person) or _asked_by_the_filers(scene)


def _asked_by_the_filers(scene: Scene) -> bool:
    """Whether the case waits for a post of the filing side now (a review inside the ministry that files)."""
    post = scene.definition.posts.get(scene.definition.states[scene.here.state].post or "")
    return post is not None and post.organ.startswith("@")


def deputies_of(scene: Scene, person: str) -> Iterator[str]:
    """Who stands in for an absent person at one of his posts (AB岗), present that day."""
    directory, on = scene.facts.directory, scene.civil(scene.now)
    if not directory.absent(person, on):
        return
    for held in directory.posts_of(person, on):
        if held.deputy:
            continue
        for other in directory.held(held.organ, held.kind, on):
            if other.deputy and other.person != person and not directory.absent(other.person, on):
                yield other.person


def signs_for(scene: Scene, person: str, signer: Signer) -> bool:
    """Whether `person` may put the signature of `signer`."""
    if signer.place is not None:
        return person in _at_the_post(scene, *signer.place)
    return person == signer.name or person in deputies_of(scene, signer.name)


def signatory(scene: Scene, verb: str) -> Allowed | Refused:
    """Somebody who has a signature to give in the open round."""
    case, actor = scene.here, scene.actor
    asked = open_round(scene)
    if asked is None:
        return Refused(rule="desk.signing", error=refused(verb, "open_round"))
    if actor not in scene.facts.directory.persons:
        return Refused(rule="authority.known_person", error=UnknownPerson(what="person", name=actor))
    if case.desk.recused(actor):
        return Refused(rule="authority.recusal", error=PersonRecused(actor=actor, action=verb))
    if asked.signed_by(actor):
        return Refused(rule="desk.signer", error=refused(verb, "signs_once"))
    mine = [one for one in asked.signers if signs_for(scene, actor, one)]
    if not mine or not able(scene, actor):
        names = ", ".join(one.name for one in asked.unsigned()) or "-"
        error: BanjieError = not_on_this_case(actor, verb, "signer", signers=names)
        return Refused(rule="desk.signer", error=error)
    if all(one.vote is not None for one in mine):
        error = refused(verb, "not_signed_yet", person=mine[0].by or "")
        return Refused(rule="desk.signer", error=error)
    return Allowed(post="signer", rule="desk.signer")


def open_round(scene: Scene) -> Round | None:
    """The round that is open on the case."""
    return next((one for one in scene.here.signing if one.open), None)


def own_post(scene: Scene, person: str) -> str | None:
    """The post of this case from which somebody signs who holds one that different persons must hold: the one he has acted
    from, else the only one he holds. His signature then counts as an act from it; that of an outside organ does not.
    """
    definition, case = scene.definition, scene.here
    guarded = {post for group in definition.distinct for post in group}
    taken = next((act.post for act in case.acts if act.person == person and act.post in guarded), None)
    if taken is not None:
        return taken
    directory, on = scene.facts.directory, scene.civil(scene.now)
    mine = [post for post in sorted(guarded) if holds(definition, case.parties, post, person, directory, on)]
    return mine[0] if len(mine) == 1 else None


def _at_the_post(scene: Scene, organ: str, kind: str) -> Iterator[str]:
    """Who may sign for a post today: whoever is responsible and there; a deputy while somebody responsible is away."""
    directory, on = scene.facts.directory, scene.civil(scene.now)
    held = directory.held(organ, kind, on, scene.here.matter)
    principals = [one.person for one in held if not one.deputy]
    away = not principals or any(directory.absent(person, on) for person in principals)
    for one in held:
        if not directory.absent(one.person, on) and (not one.deputy or away):
            yield one.person
