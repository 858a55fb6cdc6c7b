"""Many cases from a few: each is walked by the engine once and then copied row by row inside the database.

The copies have ids and numbers of their own and are true to form, but their chains of events are those of the case they
were copied from: good for measuring, not for proving.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    bindparam,
    case,
    column,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
)

from workflow.storage import tables as t

COPIED: tuple[Table, ...] = (t.clocks, t.rungs, t.jobs, t.work_items, t.findings, t.events, t.notices)
_IDS = table("copies", column("id"), column("no"))

COPY = _IDS.c.id
"""The id of the copy, for conditions and for values that differ from copy to copy."""


def multiply(
    connection: Connection,
    case_id: str,
    count: int,
    *,
    seed: int = 1,
    tables: Sequence[Table] = COPIED,
    changed: Mapping[Column[Any], ColumnElement[Any]] | None = None,
    bare: ColumnElement[bool] | None = None,
) -> list[str]:
    """Make `count` copies of a case, in a transaction of its own; gives their ids. Only the rows of `tables` are copied with
    it; a column in `changed` gets that value instead; those that are `bare` have no content and can never be opened.
    """
    _take_time(connection, "SET LOCAL")
    draw = random.Random(seed)
    ids = [{"id": str(UUID(int=draw.getrandbits(128), version=4))} for _ in range(count)]
    connection.execute(text("CREATE TEMPORARY TABLE copies (id text PRIMARY KEY, no text NOT NULL)"))
    no = connection.execute(select(t.cases.c.no).where(t.cases.c.id == case_id)).scalar_one()
    given = [{**one, "no": f"{no}-{seed}-{number}"} for number, one in enumerate(ids, 1)]
    connection.execute(insert(_IDS).values(id=bindparam("id"), no=bindparam("no")), given)
    other = changed or {}
    own: dict[str, ColumnElement[Any]] = {
        "id": _IDS.c.id,
        "no": _IDS.c.no,
        "body": func.replace(func.replace(t.cases.c.body, case_id, _IDS.c.id), no, _IDS.c.no),
    }
    if bare is not None:
        own["body"] = case((bare, literal("{}")), else_=own["body"])
    for copied in (t.cases, *tables):
        which = copied.c.id if copied is t.cases else copied.c.case_id
        values = own if copied is t.cases else {"case_id": _IDS.c.id}
        also = {one.name: value for one, value in other.items() if one.table is copied}
        _copy(connection, copied, which == case_id, {**values, **also})
    connection.execute(text("DROP TABLE copies"))
    return [one["id"] for one in ids]


def _copy(
    connection: Connection, of: Table, which: ColumnElement[bool], own: Mapping[str, ColumnElement[Any]]
) -> None:
    names = [one.name for one in of.columns]
    rows = select(*(own.get(name, of.c[name]) for name in names)).select_from(
        of.join(_IDS, literal_column("true"))
    )
    connection.execute(insert(of).from_select(names, rows.where(which)))


def settle(engine: Engine) -> None:
    """What the database does by itself in time: dead rows cleared away, statistics up to date, pages written."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "postgresql":
            _take_time(connection, "SET")
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
            connection.execute(text("RESET statement_timeout"))
        else:
            connection.execute(text("ANALYZE"))


def _take_time(connection: Connection, how: str) -> None:
    """No command of the engine takes half a minute; a million copies do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"{how} statement_timeout = 0"))
