"""Telling the workers which cases to look at: what is due is marked as hinted, and looked for again if nothing came of it.

A hint is no claim: two hints for one case do no harm, and none at all only means that a pulse finds the case later.
`hinted_at` is real time even where the clock is simulated, because it measures how long a worker took.
"""

from __future__ import annotations

from collections.abc import Sequence
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

KINDS: tuple[tuple[Table, ColumnElement[bool], ColumnElement[datetime]], ...] = (
    (t.rungs, t.rung_waits, t.rungs.c.fires_at),
    (t.jobs, t.job_waits, t.jobs.c.due_at),
)
"""What may be due: its table, the condition that it still waits, and the instant at which it falls due."""


# --- what is due, once ----------------------------------------------------------------------------------------------


def _silent(table: Table, waits: ColumnElement[bool], due: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(waits, table.c.hinted_at.is_(None), due <= PresentTime())


ANY_SILENT = union_all(
    *(
        select(table.c.case_id).where(_silent(table, waits, due)).limit(1).subquery().select()
        for table, waits, due in KINDS
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


_MARK_SQLITE = tuple(_marking(*kind, "rowid") for kind in KINDS)
_marked = [_marking(*kind, "ctid").cte(f"marked_{kind[0].name}") for kind in KINDS]

# A mark that a crash of the server takes away means a second hint, which does no harm; so nobody waits for the disk.
# Local to the transaction, which is this one statement.
_unsure = select(
    func.set_config(literal_column("'synchronous_commit'"), literal_column("'off'"), literal_column("true"))
)
_MARK_POSTGRESQL = union(*(select(marked.c.case_id, _unsure.scalar_subquery()) for marked in _marked))


def anything_to_take(connection: Connection) -> bool:
    """Whether `take_due` would find something; reads only, so that an idle SQLite database has no writer."""
    return connection.execute(ANY_SILENT).first() is not None


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
    for table, waits, _ in KINDS
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
        for table, waits, _ in KINDS
    ]
)
_unhinted = [
    select(table.c.case_id).where(_silent(table, waits, due)).order_by(due).limit(bindparam("limit"))
    for table, waits, due in KINDS
]
_UNHINTED = _first(_unhinted)
_DUE = _first(
    [
        select(table.c.case_id).where(waits, table.c.hinted_at.is_not(None)).limit(bindparam("limit"))
        for table, waits, _ in KINDS
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
    "sqlite": tuple(_retaking(table, waits, "rowid") for table, waits, _ in KINDS),
    "postgresql": tuple(_retaking(table, waits, "ctid") for table, waits, _ in KINDS),
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
