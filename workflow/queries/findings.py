"""Findings (预警纠错记录) across cases, the latest first, in pages that stay in place while new ones are raised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, tuple_

from workflow.errors import BadInput
from workflow.storage import tables as t

if TYPE_CHECKING:
    from workflow.storage.store import Store

_MARK = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A finding with the case it is about. It is open until it is cancelled."""

    case_id: str
    no: str
    matter: str
    definition: str
    finding: int
    colour: str
    rule: str
    basis: str
    clock: str | None
    post: str
    organ: str
    person: str | None
    due_on: date | None
    raised_at: datetime
    cancelled_at: datetime | None
    cancelled_because: str | None

    @property
    def mark(self) -> str:
        """Where the page after this finding begins."""
        return _MARK.join(
            (self.raised_at.isoformat(timespec="microseconds"), self.case_id, str(self.finding))
        )


_LISTED = select(
    t.findings.c.case_id,
    t.cases.c.no,
    t.cases.c.matter,
    t.cases.c.definition,
    t.findings.c.finding,
    t.findings.c.colour,
    t.findings.c.rule,
    t.findings.c.basis,
    t.findings.c.clock,
    t.findings.c.post,
    t.findings.c.organ,
    t.findings.c.person,
    t.findings.c.due_on,
    t.findings.c.raised_at,
    t.findings.c.cancelled_at,
    t.findings.c.cancelled_because,
).join_from(t.findings, t.cases, t.cases.c.id == t.findings.c.case_id)
_ORDER = (t.findings.c.raised_at, t.findings.c.case_id, t.findings.c.finding)


def findings(
    store: Store,
    *,
    colour: str | None = None,
    post: str | None = None,
    organ: str | None = None,
    no: str | None = None,
    open_only: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> list[Listed]:
    """Findings by weight, post, organ or case; `after` is the `mark` of the last one of the page before.

    Raises BadInput for a mark that is none.
    """
    wanted = {
        t.findings.c.colour: colour,
        t.findings.c.post: post,
        t.findings.c.organ: organ,
        t.cases.c.no: no,
    }
    query = _LISTED.where(*(column == value for column, value in wanted.items() if value is not None))
    if open_only:
        query = query.where(t.findings.c.cancelled_at.is_(None))
    if after is not None:
        query = query.where(
            tuple_(*_ORDER) < tuple_(*_marked(after), types=[column.type for column in _ORDER])
        )
    with store.read() as connection:
        rows = connection.execute(
            query.order_by(*(column.desc() for column in _ORDER)).limit(limit)
        ).mappings()
        return [Listed(**row) for row in rows]


def _marked(mark: str) -> tuple[datetime, str, int]:
    try:
        raised_at, case_id, finding = mark.split(_MARK)
        # Without a zone it would be an instant that means nothing.
        return datetime.strptime(raised_at, "%Y-%m-%dT%H:%M:%S.%f%z"), case_id, int(finding)
    except ValueError as error:
        raise BadInput(reason=f"{mark!r} does not mark a page of findings") from error
