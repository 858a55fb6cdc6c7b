"""Telling the workers which cases to look at: what is due is marked as hinted, and looked for again if nothing came of it.

A hint is no claim: two hints for one case do no harm, and none at all only means that a pulse finds the case later.
`hinted_at` is real time even where the clock is simulated, because it measures how long a worker took.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Select,
    Table,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    union,
    union_all,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from workflow.storage import tables as t
from workflow.storage.columns import PresentTime, RealNow, RealTimeAgo
from workflow.storage.transaction import DueJob, DueRung

ATTEMPTS = 5
"""After so many failures a rung or job is parked: it is left alone, and `doctor` shows it."""

_KINDS: tuple[tuple[Table, ColumnElement[bool], ColumnElement[datetime]], ...] = (
    (t.rungs, t.rung_waits, t.rungs.c.fires_at),
    (t.jobs, t.job_waits, t.jobs.c.due_at),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """Something that failed too often and waits for a human: `what` is the rung's or the job's name."""

    case_id: str
    what: str
    due_at: datetime
    attempts: int
    error: str
    parked_at: datetime


# --- what is due, once ----------------------------------------------------------------------------------------------


def _silent(table: Table, waits: ColumnElement[bool], due: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(waits, table.c.hinted_at.is_(None), due <= PresentTime())


_ANY_SILENT = union_all(
    *(
        select(table.c.case_id).where(_silent(table, waits, due)).limit(1).subquery().select()
        for table, waits, due in _KINDS
    )
)


def _marking(
    table: Table, waits: ColumnElement[bool], due: ColumnElement[datetime], address: str
) -> ReturningUpdate[str]:
    """Mark the rows that have been due longest. `address` is the database's own way to a row, the quickest there is;
    a row that another relay is marking at this moment is passed over.
    """
    row: ColumnElement[int] = literal_column(f"{table.name}.{address}")
    picked = select(row).where(_silent(table, waits, due)).order_by(due).limit(bindparam("limit"))
    chosen = picked.with_for_update(skip_locked=True)
    found = row == func.any(func.array(chosen.scalar_subquery())) if address == "ctid" else row.in_(picked)
    return update(table).values(hinted_at=RealNow()).where(found).returning(table.c.case_id)


_MARK_SQLITE = tuple(_marking(*kind, "rowid") for kind in _KINDS)
_marked = [_marking(*kind, "ctid").cte(f"marked_{kind[0].name}") for kind in _KINDS]
_MARK_POSTGRESQL = union(*(select(marked.c.case_id) for marked in _marked))


def anything_to_take(connection: Connection) -> bool:
    """Whether `take_due` would find something; reads only, so that an idle SQLite database has no writer."""
    return connection.execute(_ANY_SILENT).first() is not None


def take_due(connection: Connection, limit: int) -> list[str]:
    """Mark at most `limit` rungs and `limit` jobs that are due as hinted, and give their cases."""
    if connection.dialect.name == "postgresql":
        return sorted(connection.execute(_MARK_POSTGRESQL, {"limit": limit}).scalars())
    found = {
        case_id for mark in _MARK_SQLITE for case_id in connection.execute(mark, {"limit": limit}).scalars()
    }
    return sorted(found)


_UNHINT = tuple(
    update(table)
    .values(hinted_at=None)
    .where(table.c.case_id.in_(bindparam("case_ids", expanding=True)), waits, table.c.hinted_at.is_not(None))
    for table, waits, _ in _KINDS
)


def unhint(connection: Connection, case_ids: Sequence[str]) -> None:
    """Take the mark away again: the message could not be sent."""
    for statement in _UNHINT:
        connection.execute(statement, {"case_ids": list(case_ids)})


# --- what came of it ------------------------------------------------------------------------------------------------


def _first(statements: list[Select[str]]) -> Select[str]:
    together = union(*(statement.subquery().select() for statement in statements)).subquery()
    return select(together.c.case_id).limit(bindparam("limit"))


_seconds = bindparam("seconds", type_=Float())


def _long_hinted(table: Table) -> ColumnElement[bool]:
    """Hinted so many seconds ago, twice as many after each try: a try may also have failed for want of time."""
    patience = _seconds * cast(literal(1).bitwise_lshift(table.c.attempts), Float)
    return and_(table.c.hinted_at <= RealTimeAgo(_seconds), table.c.hinted_at <= RealTimeAgo(patience))


_OVERLOOKED = _first(
    [
        select(table.c.case_id)
        .where(waits, _long_hinted(table))
        .order_by(table.c.hinted_at)
        .limit(bindparam("limit"))
        for table, waits, _ in _KINDS
    ]
)
_unhinted = [
    select(table.c.case_id).where(_silent(table, waits, due)).order_by(due).limit(bindparam("limit"))
    for table, waits, due in _KINDS
]
_UNHINTED = _first(_unhinted)
_DUE = _first(
    [
        select(table.c.case_id).where(waits, table.c.hinted_at.is_not(None)).limit(bindparam("limit"))
        for table, waits, _ in _KINDS
    ]
    + _unhinted
)


def unhinted(connection: Connection, limit: int) -> list[str]:
    """Cases on which something is due that nobody was told of; reads only."""
    return sorted(connection.execute(_UNHINTED, {"limit": limit}).scalars())


def overlooked(connection: Connection, seconds: float, limit: int) -> list[str]:
    """Cases with something still undone `seconds` of real time after its hint, twice as many after each try; with 0,
    with anything due at all."""
    if seconds <= 0:
        return sorted(connection.execute(_DUE, {"limit": limit}).scalars())
    return sorted(connection.execute(_OVERLOOKED, {"seconds": seconds, "limit": limit}).scalars())


def _retaking(table: Table, waits: ColumnElement[bool], address: str) -> ReturningUpdate[str, bool]:
    row: ColumnElement[int] = literal_column(f"{table.name}.{address}")
    tried = table.c.attempts + 1
    picked = (
        select(row).where(waits, _long_hinted(table)).order_by(table.c.hinted_at).limit(bindparam("limit"))
    )
    chosen = picked.with_for_update(skip_locked=True)
    found = row == func.any(func.array(chosen.scalar_subquery())) if address == "ctid" else row.in_(picked)
    return (
        update(table)
        .values(
            hinted_at=RealNow(),
            attempts=tried,
            error=bindparam("reason"),
            parked_at=case((tried >= bindparam("attempts"), RealNow()), else_=null()),
        )
        .where(found)
        .returning(table.c.case_id, table.c.parked_at.is_not(None).label("parked"))
    )


_RETAKE = {
    "sqlite": tuple(_retaking(table, waits, "rowid") for table, waits, _ in _KINDS),
    "postgresql": tuple(_retaking(table, waits, "ctid") for table, waits, _ in _KINDS),
}
_NO_TRACE = "hints led to nothing; whoever looked may have died of it"


def take_overlooked(connection: Connection, seconds: float, limit: int, attempts: int) -> list[str]:
    """Cases of `overlooked`, each counted as tried and hinted by this call, so that no two pulses take the same and one
    that kills whoever looks at it is parked in the end. What this call parks is not given.

    The k-th try waits 2^k times as long as the first, so what is merely slow, because a machine is, is not parked.
    """
    given = {"seconds": seconds, "limit": limit, "attempts": attempts, "reason": _NO_TRACE}
    taken = [row for retake in _RETAKE[connection.dialect.name] for row in connection.execute(retake, given)]
    return sorted({row.case_id for row in taken} - {row.case_id for row in taken if row.parked})


# --- what does not work ---------------------------------------------------------------------------------------------


def failed(
    connection: Connection, case_id: str, error: str, item: DueRung | DueJob | None, attempts: int
) -> bool:
    """Count a failure against an item of a case's agenda, or against all that is due on it; gives whether any of it is
    parked now. What is not parked counts as hinted this moment, so the pulse tries it again in a while.
    """
    parked = False
    for table, waits, due in _KINDS:
        if item is not None and isinstance(item, DueRung) != (table is t.rungs):
            continue
        tried = table.c.attempts + 1
        found = [table.c.case_id == case_id, waits, due <= PresentTime(), *_is(table, item)]
        statement = (
            update(table)
            .where(*found)
            .values(
                attempts=tried,
                error=error,
                hinted_at=RealNow(),
                parked_at=case((tried >= attempts, RealNow()), else_=null()),
            )
            .returning(table.c.parked_at)
        )
        parked = any(row.parked_at is not None for row in connection.execute(statement)) or parked
    return parked


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
        ).where(table.c.parked_at.is_not(None), end.is_(None))
        for (table, _, due), what, end in zip(
            _KINDS,
            (t.rungs.c.clock + "/" + t.rungs.c.rung, t.jobs.c.action),
            (t.rungs.c.fired_at, t.jobs.c.done_at),
            strict=True,
        )
    )
)


def parked(connection: Connection) -> list[Parked]:
    """Everything that is parked, for `doctor`."""
    return [Parked(**row._mapping) for row in connection.execute(_PARKED)]  # noqa: SLF001 - its public name


def release(connection: Connection, case_id: str) -> None:
    """Try what is parked on a case again, from the first attempt on."""
    for table, _, _ in _KINDS:
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
        for table, _, _ in _KINDS
    )
)


def done_counts(connection: Connection) -> dict[str, int]:
    """How many rungs and jobs each hand has done: `task`, `pulse`."""
    counts = {"task": 0, "pulse": 0}
    for hand, number in connection.execute(_COUNTS):
        counts[hand] = counts.get(hand, 0) + number
    return counts
