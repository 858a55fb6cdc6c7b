"""What fails: counted, tried again with patience, and parked in the end, so that it stops nothing and somebody sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    func,
    null,
    select,
    union_all,
    update,
)

from workflow.storage import tables as t
from workflow.storage.columns import PresentTime, RealNow
from workflow.storage.hints import KINDS
from workflow.storage.transaction import DueJob, DueRung
from workflow.storage.watch_register import FROZEN

ATTEMPTS = 5
"""After so many failures a rung or job is parked: it is left alone, and `doctor` shows it."""

LONGEST_ERROR = 500
"""Characters kept of an error's text."""

_LOCK = select(t.cases.c.id).where(t.cases.c.id == bindparam("case_id")).with_for_update()
"""The case first, here as everywhere (SQLite has locked all of itself)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """Something that failed too often and waits for a human: `what` is the rung's or the job's name."""

    case_id: str
    what: str
    due_at: datetime
    attempts: int
    error: str
    parked_at: datetime


def failed(
    connection: Connection, case_id: str, error: str, item: DueRung | DueJob | None, attempts: int
) -> bool:
    """Count a failure against an item of a case's agenda, or against all that is due on it; gives whether any of it is
    parked now. What is not parked counts as hinted this moment, so the pulse tries it again in a while.
    """
    connection.execute(_LOCK, {"case_id": case_id})
    parked = False
    for table, waits, due in KINDS:
        if item is not None and isinstance(item, DueRung) != (table is t.rungs):
            continue
        tried = table.c.attempts + 1
        found = [table.c.case_id == case_id, waits, due <= PresentTime(), *_is(table, item)]
        statement = (
            update(table)
            .where(*found)
            .values(
                attempts=tried,
                error=error[:LONGEST_ERROR],
                hinted_at=RealNow(),
                parked_at=case((tried >= attempts, RealNow()), else_=null()),
            )
            .returning(table.c.parked_at)
        )
        parked = any(row.parked_at is not None for row in connection.execute(statement)) or parked
    return parked


def pass_over(connection: Connection, case_id: str) -> None:
    """Take back what a pulse counted as a try of what is due on a case: this program must leave it to a newer one, which is
    no failure. It counts as hinted this moment, so the next to look at it is whoever comes first in a while.
    """
    connection.execute(_LOCK, {"case_id": case_id})
    for table, waits, due in KINDS:
        tried = case((table.c.attempts > 0, table.c.attempts - 1), else_=0)
        connection.execute(
            update(table)
            .where(table.c.case_id == case_id, waits, due <= PresentTime())
            .values(attempts=tried, error=null(), hinted_at=RealNow())
        )


def _is(table: Table, item: DueRung | DueJob | None) -> list[ColumnElement[bool]]:
    if item is None:
        return []
    names = ("clock", "generation", "rung", "revision") if isinstance(item, DueRung) else ("job", "kind")
    return [table.c[name] == getattr(item, name) for name in names]


_PARKED = union_all(
    *(
        select(
            table.c.case_id,
            what.label("what"),
            due.label("due_at"),
            table.c.attempts,
            table.c.error,
            table.c.parked_at,
        ).where(table.c.parked_at.is_not(None), undone, func.coalesce(table.c.error, "") != FROZEN)
        for (table, _, due), what, undone in zip(
            KINDS,
            (t.rungs.c.clock + "/" + t.rungs.c.rung, t.jobs.c.action),
            (
                and_(t.rungs.c.fired_at.is_(None), t.rungs.c.cancelled_at.is_(None)),
                t.jobs.c.done_at.is_(None),
            ),
            strict=True,
        )
    )
)


def parked(connection: Connection) -> list[Parked]:
    """Everything that is parked, for `doctor`; not what waits only for the clock to be released."""
    return [Parked(**row._mapping) for row in connection.execute(_PARKED)]  # noqa: SLF001 - its public name


def release(connection: Connection, case_id: str) -> None:
    """Try what is parked on a case again, from the first attempt on."""
    connection.execute(_LOCK, {"case_id": case_id})
    for table, _, _ in KINDS:
        connection.execute(
            update(table)
            .where(table.c.case_id == case_id, table.c.parked_at.is_not(None))
            .values(attempts=0, error=None, parked_at=None, hinted_at=None)
        )


_COUNTS = union_all(
    *(
        select(table.c.done_by, func.count().label("n"))
        .where(table.c.done_by.is_not(None))
        .group_by(table.c.done_by)
        for table, _, _ in KINDS
    )
)


def done_counts(connection: Connection) -> dict[str, int]:
    """How many rungs and jobs each hand has done: `task`, `pulse`."""
    counts = {"task": 0, "pulse": 0}
    for hand, number in connection.execute(_COUNTS):
        counts[hand] = counts.get(hand, 0) + number
    return counts
