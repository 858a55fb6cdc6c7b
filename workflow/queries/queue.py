"""What waits, and for whom: the open cases with the state they stand in and the work item (待办) that it opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from workflow.storage import tables as t

if TYPE_CHECKING:
    from workflow.storage.store import Store

_ITEM = and_(
    t.work_items.c.case_id == t.cases.c.id,
    t.work_items.c.visit == t.cases.c.visit,
    t.work_items.c.closed_at.is_(None),
)
_WAITING = (
    select(
        t.cases.c.id.label("case_id"),
        t.cases.c.no,
        t.cases.c.matter,
        t.cases.c.state,
        t.cases.c.visit,
        t.cases.c.entered_at,
        t.work_items.c.post,
        t.work_items.c.kind,
        t.work_items.c.organ,
    )
    .select_from(t.cases.outerjoin(t.work_items, _ITEM))
    .where(t.cases.c.archived_at.is_(None))
    .order_by(t.cases.c.entered_at, t.cases.c.no)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A case that is not archived, at its present visit; `post`, `kind` and `organ` are None when no post is expected
    to act (the system or the public is).
    """

    case_id: str
    no: str
    matter: str
    state: str
    visit: int
    entered_at: datetime
    post: str | None
    kind: str | None
    organ: str | None


def waiting(store: Store) -> list[Waiting]:
    """Every case that is not archived, the longest waiting first."""
    with store.read() as connection:
        return [Waiting(**row) for row in connection.execute(_WAITING).mappings()]
