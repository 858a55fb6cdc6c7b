"""Posts that nobody can act from on a day: vacant, or all who hold them are away. What waits there waits for nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from workflow.domain.directory import Directory

FARTHEST: Final = 366
"""How many days of a long absence are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """A post without anybody on a day: `vacant` if nobody holds it, `away` if all who do are absent."""

    organ: str
    kind: str
    on: date
    why: Literal["vacant", "away"]


def uncovered(
    directory: Directory, on: date, wanted: Iterable[tuple[str, str]] = ()
) -> tuple[Uncovered, ...]:
    """The posts without anybody on `on`: of those that have ever been held, unless their organ holds none any more, and of
    those `wanted`, each as an organ and a kind.
    """
    begun = {(held.organ, held.kind) for held in directory.holdings if held.since <= on}
    living = {held.organ for held in directory.holdings if held.in_force(on)}
    posts = {post for post in begun if post[0] in living} | set(wanted)
    found = (_uncovered(directory, organ, kind, on) for organ, kind in sorted(posts))
    return tuple(post for post in found if post is not None)


def left_uncovered(directory: Directory, person: str, since: date, until: date) -> tuple[Uncovered, ...]:
    """The posts of `person` that have nobody on some day from `since` to `until`, each with the first such day."""
    found: dict[tuple[str, str], Uncovered] = {}
    for ahead in range(min((until - since).days + 1, FARTHEST)):
        on = since + timedelta(days=ahead)
        for held in directory.posts_of(person, on):
            post = _uncovered(directory, held.organ, held.kind, on)
            if post is not None:
                found.setdefault((held.organ, held.kind), post)
    return tuple(found.values())


def _uncovered(directory: Directory, organ: str, kind: str, on: date) -> Uncovered | None:
    if directory.present(organ, kind, on):
        return None
    why: Literal["vacant", "away"] = "away" if directory.holders(organ, kind, on) else "vacant"
    return Uncovered(organ=organ, kind=kind, on=on, why=why)
