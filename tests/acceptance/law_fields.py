"""What stands in fields where the law leaves no choice, for random walks: most acts would else be refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workflow.domain import authority
from workflow.domain.case import Case
from workflow.domain.timekeeping import open_stop

if TYPE_CHECKING:
    from tests.acceptance.walking import Walk


def _staff(walk: Walk, case: Case) -> list[str]:
    """Two people of the organ that examines."""
    for post in ("ministry_reviewer", "handler"):
        if post in walk.definition.posts:
            organ = authority.organ_of(walk.definition, case.parties, post)
            holdings = walk.banjie.catalog.directory.holdings
            there = sorted({h.person for h in holdings if h.organ == organ and h.in_force(walk.today)})
            if len(there) > 1:
                return walk.rng.sample(there, 2)
    return []


def _chair(walk: Walk, case: Case) -> str:
    """Somebody who may chair a hearing and has not had to withdraw from it."""
    hearing = case.procedure.hearing
    past = {*hearing.removed, hearing.chair} if hearing else set()
    post = walk.definition.posts["hearing_chair"]
    held = walk.banjie.catalog.directory.holders(post.organ, post.kind, walk.today)
    return walk.rng.choice([person for person in held if person not in past] or ["nobody"])


def _ground(walk: Walk, case: Case) -> str:
    """A ground on which time is out, or any."""
    open_ = [
        entry.ground
        for clock in case.open_clocks()
        for entry in clock.entries
        if entry.ground is not None and open_stop(clock, entry.ground) is not None
    ]
    return walk.rng.choice(open_ or ["testing", "appraisal", "expert_review"])


def _named(walk: Walk, case: Case) -> list[str]:
    return [party.name for party in case.procedure.parties]


PROCEDURE: dict[str, Callable[[Walk, Case], Any]] = {
    "inspectors": _staff,
    "credentials_shown": lambda walk, case: True,
    "chair": _chair,
    "ground": _ground,
    "hearing_on": lambda walk, case: (walk.today + timedelta(days=12)).isoformat(),
    "parties": lambda walk, case: [f"利害关系人{len(_named(walk, case)) + 1}"],
    "heard": _named,
    "waivers": _named,
    "attendees": lambda walk, case: ["申请人", "审查人"],
    "signed_by": lambda walk, case: ["申请人", "审查人"],
}
"""What the law leaves no choice in: who inspects and chairs, how long before a hearing its day is told, who signs."""
