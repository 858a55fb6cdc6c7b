"""What a step changes in the tables of quotas: the balances it moved, and a row of the ledger for each event."""

from __future__ import annotations

from typing import Final

from workflow.domain.envelope import Envelope
from workflow.domain.events import Event, QuotaConsumed, QuotaExempted, QuotaReleased, QuotaReserved
from workflow.domain.step import Step
from workflow.storage.registers import Rows

Moved = QuotaReserved | QuotaConsumed | QuotaReleased | QuotaExempted

ENTRIES: Final[dict[type[Event], str]] = {
    QuotaReserved: "reserved",
    QuotaConsumed: "consumed",
    QuotaReleased: "released",
    QuotaExempted: "exempted",
}
"""The word of the ledger for each event."""


def quota_rows(rows: Rows, step: Step) -> None:
    """Add the balances as the step leaves them, which were read under their lock, so that nobody has moved them since; and
    a row of the ledger for each event of a quota.
    """
    for key, balance in step.quotas:
        rows["quotas_moved"].append(
            {
                "kind": key.kind,
                "organ": key.organ,
                "year": key.year,
                "reserved": balance.reserved,
                "consumed": balance.consumed,
                "revision": balance.revision,
            }
        )
    for envelope, event in step.events:
        if isinstance(event, Moved):
            _entered(rows, envelope, event)


def _entered(rows: Rows, envelope: Envelope, event: Moved) -> None:
    rows["quota_ledger"].append(
        {
            "case_id": envelope.case_id,
            "seq": envelope.seq,
            "kind": event.kind,
            "organ": event.organ,
            "year": event.year,
            "entry": ENTRIES[type(event)],
            "places": event.places,
            "held": getattr(event, "held", None),
            "reason": getattr(event, "reason", None),
            "revision": getattr(event, "revision", None),
            "actor": envelope.actor,
            "effective_at": event.at,
            "recorded_at": envelope.recorded_at,
        }
    )
