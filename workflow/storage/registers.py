"""Rows for what is read across cases: documents and notices, each taken straight from its events.

An end that comes in the same step as its beginning (issued and delivered at once) is folded into the inserted row,
because one statement writes them all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.domain.envelope import Envelope
from workflow.domain.events import (
    DeliveryRecorded,
    DocumentIssued,
    DocumentsDelivered,
    Event,
    NoticePublished,
    NoticeTakenDown,
)

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Rows by the name of the write that takes them (`workflow.storage.writes`)."""


def register(rows: Rows, envelope: Envelope, event: Event) -> None:
    """Add the rows that this event writes in the registers; most events write none."""
    add = _REGISTERS.get(type(event))
    if add is not None:
        add(rows, envelope, event)


def _document_issued(rows: Rows, envelope: Envelope, event: DocumentIssued) -> None:
    rows["documents"].append(
        {
            "case_id": envelope.case_id,
            "seq": envelope.seq,
            "document": event.document,
            "series": event.series,
            "year": event.year,
            "number": event.number,
            "issued_at": event.at,
            "delivered_at": None,
        }
    )


def _documents_delivered(rows: Rows, envelope: Envelope, event: DocumentsDelivered) -> None:
    for name in event.documents:
        key = {"case_id": envelope.case_id, "document": name}
        _end(rows, "documents", "documents_delivered", key, {"delivered_at": event.at})


def _delivery_recorded(rows: Rows, envelope: Envelope, event: DeliveryRecorded) -> None:
    for name in event.documents:
        key = {"case_id": envelope.case_id, "document": name}
        _end(rows, "documents", "documents_delivered", key, {"delivered_at": event.at})


def _notice_published(rows: Rows, envelope: Envelope, event: NoticePublished) -> None:
    rows["notices"].append(
        {
            "case_id": envelope.case_id,
            "seq": envelope.seq,
            "notice": event.notice,
            "before_effect": event.before_effect,
            "published_at": event.at,
            "taken_down_at": None,
        }
    )


def _notice_taken_down(rows: Rows, envelope: Envelope, event: NoticeTakenDown) -> None:
    key = {"case_id": envelope.case_id, "notice": event.notice}
    _end(rows, "notices", "notices_taken_down", key, {"taken_down_at": event.at})


def _end(rows: Rows, begun: str, ended: str, key: Row, end: Row) -> None:
    """Put the end of something into the row that this step inserts for it, or else update the row that is there."""
    here = [row for row in rows.get(begun, ()) if row.items() >= key.items()]
    for row in here:
        row.update(end)
    if not here:
        rows[ended].append({**key, **end})


_REGISTERS: dict[type[Event], Callable[..., None]] = {
    DocumentIssued: _document_issued,
    DocumentsDelivered: _documents_delivered,
    DeliveryRecorded: _delivery_recorded,
    NoticePublished: _notice_published,
    NoticeTakenDown: _notice_taken_down,
}
