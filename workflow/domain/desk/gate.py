"""What stands open on a case when it is to move on: while others are asked, the desk that asked them does not go ahead.

A return, a withdrawal, an act taken back and whatever time brings about are not held up: they end what stands open as void.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.domain import events as e
from workflow.domain.authority import Allowed
from workflow.domain.commands import PUBLIC, SYSTEM
from workflow.domain.desk.panel import dissolved, open_panel
from workflow.domain.desk.panel_state import Stage
from workflow.domain.desk.refusals import refused
from workflow.domain.desk.signers import open_round
from workflow.domain.desk.signing import ended
from workflow.domain.desk.signing_state import VOID
from workflow.domain.scene import Intent, Scene


def hold(scene: Scene, act: Intent, right: Allowed, destination: str) -> None:
    """Raises VerbRefused, by the rule of what is missing, when the action would go ahead of those who are asked."""
    if destination == scene.here.state or not _goes_ahead(scene, act.action, right):
        return
    asked, panel = open_round(scene), open_panel(scene)
    if asked is not None:
        missing = ", ".join(one.name for one in asked.unsigned())
        raise refused(act.action, "signed_by_all", signers=missing)
    if panel is not None:
        step = "minutes_of_the_panel" if panel.stage is Stage.COUNTED else "count_of_the_panel"
        raise refused(act.action, step, number=panel.number)


def left(scene: Scene, act: Intent, destination: str) -> Iterator[e.Event]:
    """The end, as void, of what still stands open when the case leaves its state."""
    if destination == scene.here.state:
        return
    asked, panel = open_round(scene), open_panel(scene)
    if asked is not None:
        yield ended(scene, act, asked, VOID, "left")
    if panel is not None:
        yield dissolved(act, panel, "left")


def _goes_ahead(scene: Scene, name: str, right: Allowed) -> bool:
    definition = scene.definition
    if right.post in (SYSTEM, PUBLIC) or definition.actions[name].on_return is not None:
        return False
    post = definition.posts.get(right.post)
    filing_side = post is not None and post.organ.startswith("@")
    return not filing_side or right.post == definition.states[scene.here.state].post
