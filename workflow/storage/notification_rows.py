"""The rows of notifications that a step leaves behind: the outbox, written in the step's own transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

from workflow.domain.step import Step
from workflow.storage.registers import Rows

AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Due as soon as anybody looks, whatever time the installation keeps: the step knows only that time, not the real one."""

_DELIVERIES = UUID("1f0c8f53-7d0e-5b7c-9b1c-52a7c4b0a6de")


def delivery_id(case_id: str, seq: int, kind: str, recipient: str) -> str:
    """The id of a delivery. It follows from what it is, so it is the same however often it is made or sent."""
    return str(uuid5(_DELIVERIES, f"{case_id}\n{seq}\n{kind}\n{recipient}"))


def digest_id(recipient: str, due_at: datetime) -> str:
    """The id of the digest that a recipient is to get at that instant."""
    return str(uuid5(_DELIVERIES, f"digest\n{recipient}\n{due_at.isoformat()}"))


def continued_digest(digest: str, first: str) -> str:
    """The id of the digest that takes what was too much for another, from the delivery `first` on."""
    return str(uuid5(_DELIVERIES, f"continued\n{digest}\n{first}"))


def notification_rows(rows: Rows, step: Step, now: datetime) -> None:
    """Add a row for each notification of a step recorded at `now`."""
    for one in step.notifications:
        rows["notifications"].append(
            {
                "case_id": step.after.id,
                "seq": one.seq,
                "kind": one.kind.value,
                "recipient": one.recipient,
                "id": delivery_id(step.after.id, one.seq, one.kind, one.recipient),
                "finding": one.finding,
                "post": one.post,
                "organ": one.organ,
                "raised_at": now,
                "due_at": AT_ONCE,
            }
        )
