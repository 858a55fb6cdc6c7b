"""Findings (预警纠错记录): which post answers for a period that is running out or has run out, and how heavily.

A finding is suspected (待核实) until it is confirmed; a broken promise is 承诺超时, never called unlawful (§8.11 of the
domain reference). Each is raised in the same transaction as the rung that found it, so once per revision of the date.
"""

from __future__ import annotations

from workflow.domain import events as e
from workflow.domain.authority import organ_of
from workflow.domain.case import CaseClock
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Rung
from workflow.domain.scene import Scene
from workflow.domain.timekeeping import rule_of


def finding(scene: Scene, clock: CaseClock, rung: Rung) -> e.FindingRaised:
    """The finding that a rung of colour raises against the post that answers for the clock now."""
    case, definition = scene.here, scene.definition
    rule = rule_of(clock, scene.facts)
    post = definition.clocks[clock.clock].answerable or definition.states[case.state].post or SYSTEM
    organ, person = "", None
    if post in definition.posts:
        organ = organ_of(definition, case.parties, post) or ""
        kind = definition.posts[post].kind
        holders = scene.facts.directory.holders(organ, kind, scene.civil(scene.now))
        acted = [act.person for act in case.acts if act.post == post and act.person in holders]
        # Whoever has acted from the post on this case answers first, else the responsible holder, never a deputy.
        person = acted[-1] if acted else next(iter(holders), None)
    return e.FindingRaised(
        at=scene.now,
        finding=len(case.findings) + 1,
        colour=rung.colour.value,
        rule=f"{clock.rule}.{rung.name}",
        basis=str(rule.basis),
        clock=clock.clock,
        generation=clock.generation,
        post=post,
        organ=organ,
        person=person,
        due_on=clock.due.on if clock.due else None,
    )
