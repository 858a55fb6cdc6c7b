"""The table of verbs, and how one is taken: the right first, then the fields, then its events one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from workflow.domain import fields
from workflow.domain.accountability import life
from workflow.domain.authority import Allowed, Refused
from workflow.domain.desk import assigning, leaving, ordering, panel, recusing, returning, signing
from workflow.domain.desk.verb import Verb
from workflow.domain.events import Event
from workflow.domain.letters import verbs as letters
from workflow.domain.materials import verbs as materials
from workflow.domain.rating import verbs as rating
from workflow.domain.scene import Intent, Scene
from workflow.domain.window import verbs as window
from workflow.errors import ActionNotAvailable

VERBS: dict[str, Verb] = {
    **life.VERBS,
    **assigning.VERBS,
    **recusing.VERBS,
    **returning.VERBS,
    **ordering.VERBS,
    **signing.VERBS,
    **panel.VERBS,
    **materials.VERBS,
    **letters.VERBS,
    **leaving.VERBS,
    **window.VERBS,
    **rating.VERBS,
}
"""Every verb by its name. No matter may declare an action of such a name (checker rule `action.verb`)."""


def right_to(scene: Scene, name: str) -> Allowed | Refused:
    """Whether the scene's actor may take the verb `name` now, or the rule and the reason why not."""
    verb = VERBS[name]
    case = scene.here
    if scene.definition.states[case.state].final and not verb.after_the_end:
        available = ", ".join(other for other, one in VERBS.items() if one.after_the_end)
        error = ActionNotAvailable(action=name, state=case.state, available=available or "-")
        return Refused(rule="desk.over", error=error)
    return verb.right(scene, name)


def take(
    scene: Scene,
    name: str,
    given: Mapping[str, Any],
    at: datetime,
    happens: Callable[[Scene, Event], None],
) -> None:
    """Take the verb `name` as the scene's actor at `at` (UTC). Raises a BanjieError that says which rule refused."""
    verb = VERBS[name]
    right = right_to(scene, name)
    if isinstance(right, Refused):
        raise right.error
    kept = fields.checked_against(name, verb.fields, given)
    scene.rule = right.rule
    for event in verb.events(scene, Intent(action=name, fields=kept, at=at), right):
        happens(scene, event)
