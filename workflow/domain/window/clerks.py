"""Who stands at the window of a matter: the posts that accept filings. One window accepts and one delivers (一口受理、
一口办结, Licensing Law 行政许可法 art. 26).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from workflow.domain.authority import Allowed, Refused, holds, may_from
from workflow.domain.commands import PUBLIC
from workflow.domain.definition import Definition
from workflow.domain.directory import Directory
from workflow.domain.scene import Scene
from workflow.errors import NotAtWindow


def window_posts(definition: Definition) -> tuple[str, ...]:
    """The posts at which filings of the matter are accepted."""
    posts = [state.post for state in definition.states.values() if state.stage == "accept" and state.post]
    filing = (*definition.filed_by, PUBLIC)
    return tuple(dict.fromkeys(post for post in posts if post in definition.posts and post not in filing))


def require_clerk(
    definition: Definition, parties: Mapping[str, str], person: str, directory: Directory, on: date
) -> None:
    """Raises NotAtWindow unless `person` holds a post on `on` at which such filings are taken in."""
    posts = window_posts(definition)
    if not any(holds(definition, parties, post, person, directory, on) for post in posts):
        raise NotAtWindow(actor=person, needed=", ".join(posts) or "-")


def clerk(scene: Scene, verb: str) -> Allowed | Refused:
    """Somebody at the window, as long as he may still act on the case."""
    return may_from(
        scene.definition,
        scene.here,
        verb,
        window_posts(scene.definition),
        actor=scene.actor,
        directory=scene.facts.directory,
        on=scene.civil(scene.now),
    )
