"""What a step leaves in the outbox for people: its notifications, written in its own transaction or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.domain.notification.table import TABLE, Told, notifications
from workflow.domain.reckoning import civil_date
from workflow.domain.values import replace

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.domain.definition import Definition
    from workflow.domain.directory import Directory
    from workflow.domain.step import Step
    from workflow.engine.banjie import Banjie


def with_notifications(
    banjie: Banjie, definition: Definition, step: Step, directory: Directory, now: datetime
) -> Step:
    """The step with whom it tells of its events; as it is where this installation sends nothing."""
    if banjie.notifier is None or not any(type(event) in TABLE for _, event in step.events):
        return step
    on = civil_date(now, definition.zone)
    told = (
        Told(
            seq=envelope.seq,
            event=event,
            actor=envelope.actor,
            case=step.after,
            directory=directory,
            on=on,
        )
        for envelope, event in step.events
    )
    found = tuple(one for each in told for one in notifications(each))
    return replace(step, notifications=found) if found else step
