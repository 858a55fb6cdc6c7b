"""A filing taken in at the window: by whom, and on which day it counts as received (收件); its receipt is numbered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from workflow.domain import events as e
from workflow.domain.commands import SubmitFiling
from workflow.domain.fields import wrong
from workflow.domain.materials import taking
from workflow.domain.materials.verbs import receipt
from workflow.domain.scene import Scene
from workflow.domain.window.clerks import require_clerk
from workflow.domain.window.hours import counts_on

WINDOW: Final = "window"
"""The channel of what comes in on paper or with somebody who walks in."""


def taken_in(scene: Scene, command: SubmitFiling, at: datetime) -> Iterator[e.Event]:
    """The events of the window for a filing, after those of its materials. Raises NotAtWindow, BadFields."""
    if command.received_by is None:
        return
    case = scene.here
    if command.channel != WINDOW:
        raise wrong("channel", ("channel", "only_at_window", WINDOW))
    require_clerk(scene.definition, case.parties, command.received_by, scene.facts.directory, scene.civil(at))
    on, after_closing = counts_on(scene.definition, scene.facts.calendar, at)
    yield e.ReceivedAtWindow(at=at, clerk=command.received_by, counts_on=on, after_closing=after_closing)
    if any(taking.counts(scene, name) for name in scene.definition.materials):
        yield from receipt(scene, at)
