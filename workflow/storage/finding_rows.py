"""Rows of findings: one for each finding, which moves with its life and is never deleted.

All that a step changes of a finding is one change of its row, because one statement writes them all.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from workflow.domain.events import FindingCancelled, FindingRaised

if TYPE_CHECKING:
    from workflow.domain.accountability.state import Finding
    from workflow.domain.step import Step
    from workflow.storage.registers import Row, Rows


def finding_rows(rows: Rows, step: Step, now: datetime) -> None:
    """Add the rows of what happened to the case's findings in a step recorded at `now`."""
    known = {one.number: one for one in step.before.findings} if step.before is not None else {}
    if len(known) == len(step.after.findings) and tuple(known.values()) == step.after.findings:
        return
    raised = {
        event.finding: (envelope.seq, event)
        for envelope, event in step.events
        if isinstance(event, FindingRaised)
    }
    why = {event.finding: event.reason for _, event in step.events if isinstance(event, FindingCancelled)}
    for one in step.after.findings:
        before = known.get(one.number)
        if before == one:
            continue
        moved = {
            **_life(one),
            "moved_at": now if before is not None else None,
            "cancelled_at": now if one.cancelled else None,
            "cancelled_because": why.get(one.number),
        }
        key = {"case_id": step.after.id, "finding": one.number}
        if before is None:
            seq, event = raised[one.number]
            told = {"seq": seq, "due_on": event.due_on, "article": event.article, "raised_at": now}
            rows["findings"].append({**key, **_what(one), **told, **moved})
        else:
            rows["findings_moved"].append({**key, **moved})


def _what(one: Finding) -> Row:
    return {
        "colour": one.colour,
        "rule": one.rule,
        "basis": one.basis,
        "clock": one.clock,
        "generation": one.generation,
        "post": one.post,
        "organ": one.organ,
        "person": one.person,
    }


def _life(one: Finding) -> Row:
    return {
        "standing": one.standing.value,
        "level": one.level,
        "appealed": one.appealed,
        "escalated_to": one.escalated_to,
    }
