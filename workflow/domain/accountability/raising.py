"""Findings (预警纠错记录): which post answers for a period that is running out or has run out, and how heavily.

A finding is suspected (待核实) until it is confirmed; a broken promise is 承诺超时, never called unlawful (§8.11 of the
domain reference). Each is raised in the same transaction as the rung that found it, so once per revision of the date.
"""

from __future__ import annotations

from datetime import date

from workflow.domain import events as e
from workflow.domain.authority import organ_of
from workflow.domain.case import CaseClock
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Colour, Rung
from workflow.domain.desk.ownership import item_of, owner
from workflow.domain.own_clocks import ORDER, is_own, number_of, spec_of
from workflow.domain.scene import Scene
from workflow.domain.timekeeping import rule_of


def finding(scene: Scene, clock: CaseClock, rung: Rung) -> e.FindingRaised:
    """The finding that a rung of colour raises against the post that answers for the clock now."""
    return raised(
        scene,
        clock,
        colour=rung.colour,
        rule=f"{clock.rule}.{rung.name}",
        basis=str(rule_of(clock, scene.facts).basis),
        due_on=clock.due.on if clock.due else None,
    )


def raised(
    scene: Scene, clock: CaseClock, *, colour: Colour, rule: str, basis: str, due_on: date | None
) -> e.FindingRaised:
    """A finding about a clock, addressed to the post, organ and person that answer for it now."""
    post, organ, person = _answering(scene, clock)
    return e.FindingRaised(
        at=scene.now,
        finding=len(scene.here.findings) + 1,
        colour=colour.value,
        rule=rule,
        basis=basis,
        clock=clock.clock,
        generation=clock.generation,
        post=post,
        organ=organ,
        person=person,
        due_on=due_on,
    )


def _answering(scene: Scene, clock: CaseClock) -> tuple[str, str, str | None]:
    """Post, organ and person. For the post that the case waits for: whose the work item is today (who has lent it out stays
    responsible). For another: whoever has acted from it on this case, else its responsible holder for the matter; of each
    somebody who is there before one who is away.
    """
    case, definition, directory = scene.here, scene.definition, scene.facts.directory
    if is_own(clock.clock):
        # A period of the house falls on whom the order, or the finding, was addressed to.
        addressed = case.desk.orders if clock.clock.startswith(ORDER) else case.findings
        of = next(one for one in addressed if one.number == number_of(clock.clock))
        return of.post, of.organ, of.person
    post = spec_of(definition, clock.clock).answerable or definition.states[case.state].post or SYSTEM
    if post not in definition.posts:
        return post, "", None
    on, item = scene.civil(scene.now), item_of(definition, case)
    if item is not None and item.post == post and (whose := owner(definition, case, directory, on)):
        return item.post, item.organ, whose[0]
    organ, kind = organ_of(definition, case.parties, post) or "", definition.posts[post].kind
    for holders in (directory.present, directory.holders):
        held = holders(organ, kind, on, case.matter)
        acted = [act.person for act in case.acts if act.post == post and act.person in held]
        if held:
            return post, organ, acted[-1] if acted else held[0]
    return post, organ, None
