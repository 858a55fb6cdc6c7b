"""Every kind of row change a step can make, and the SQL for it, built once from the tables.

SQLite takes one prepared statement per kind, which costs nothing there. PostgreSQL takes all of a step's rows in one
data-modifying statement: each kind is a common table expression that reads its rows from one JSON parameter, so a step
is one round trip however many rows it has. There is no rule in this SQL: it only puts rows where they belong.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from sqlalchemy import LargeBinary, Table
from sqlalchemy.dialects import postgresql

from workflow.storage import tables as t

_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One kind of change. `match` are the columns that find the rows of an update, with `where` as a further condition;
    `exact`: every row given must be found, or the record and the tables have parted.
    """

    name: str
    table: Table
    how: Literal["insert", "upsert", "update"]
    columns: tuple[str, ...]
    match: tuple[str, ...] = ()
    where: str = ""
    exact: bool = False


def _columns(table: Table, *without: str) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.name not in without)


_RUNG = ("case_id", "clock", "generation", "rung", "revision")
_RUNG_END = ("fired_at", "cancelled_at", "withheld_at", "done_by")
_UNTRIED = ("hinted_at", "attempts", "error", "parked_at")

WRITES: tuple[Write, ...] = (
    Write(name="cases", table=t.cases, how="insert", columns=_columns(t.cases)),
    Write(
        name="cases_moved",
        table=t.cases,
        how="update",
        columns=_columns(t.cases, "id", "no", "matter", "definition", "received_at"),
        match=("id",),
        where="cases.seq = {seen}",
        exact=True,
    ),
    Write(name="events", table=t.events, how="insert", columns=_columns(t.events)),
    Write(name="commands", table=t.commands, how="insert", columns=_columns(t.commands)),
    Write(name="clocks", table=t.clocks, how="upsert", columns=_columns(t.clocks)),
    Write(name="rungs", table=t.rungs, how="insert", columns=(*_RUNG, "fires_at", *_RUNG_END)),
    Write(
        name="rungs_ended",
        table=t.rungs,
        how="update",
        columns=_RUNG_END,
        match=_RUNG,
        where="rungs.fired_at IS NULL AND rungs.cancelled_at IS NULL",
        exact=True,
    ),
    Write(
        name="work_items",
        table=t.work_items,
        how="insert",
        columns=_columns(t.work_items, "claimed_by", "claimed_at", "closed_at", "closed_by"),
    ),
    Write(
        name="work_items_closed",
        table=t.work_items,
        how="update",
        columns=("closed_at", "closed_by"),
        match=("case_id", "visit"),
        where="work_items.closed_at IS NULL",
    ),
    Write(name="jobs", table=t.jobs, how="insert", columns=_columns(t.jobs, "done_at", "done_by", *_UNTRIED)),
    Write(
        name="jobs_done",
        table=t.jobs,
        how="update",
        columns=("done_at", "done_by"),
        match=("case_id", "job", "kind"),
        where="jobs.done_at IS NULL",
    ),
    Write(
        name="personal_values",
        table=t.personal_values,
        how="upsert",
        columns=_columns(t.personal_values),
    ),
    Write(name="findings", table=t.findings, how="insert", columns=_columns(t.findings)),
    Write(
        name="findings_cancelled",
        table=t.findings,
        how="update",
        columns=("cancelled_at", "cancelled_because"),
        match=("case_id", "finding"),
        exact=True,
    ),
    Write(name="documents", table=t.documents, how="insert", columns=_columns(t.documents)),
    Write(
        name="documents_delivered",
        table=t.documents,
        how="update",
        columns=("delivered_at",),
        match=("case_id", "document"),
        where="documents.delivered_at IS NULL",
    ),
    Write(name="notices", table=t.notices, how="insert", columns=_columns(t.notices)),
    Write(
        name="notices_taken_down",
        table=t.notices,
        how="update",
        columns=("taken_down_at",),
        match=("case_id", "notice"),
        where="notices.taken_down_at IS NULL",
    ),
)


@cache
def sqlite_sql(write: Write) -> str:
    """The statement that makes one row's change in SQLite, with named parameters."""
    table, columns = write.table.name, write.columns
    if write.how == "update":
        changes = ", ".join(f"{name} = :{name}" for name in columns)
        found = " AND ".join(f"{name} = :{name}" for name in write.match)
        also = f" AND {write.where.format(seen=':seen')}" if write.where else ""
        return f"UPDATE {table} SET {changes} WHERE {found}{also}"
    values = ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values}){_conflict(write)}"


@cache
def postgresql_sql(shape: tuple[Write, ...]) -> str:
    """One statement for all the changes of a step that has these kinds of rows: a JSON array of rows for each in turn,
    and the case's id. It returns how many rows each exact update found.
    """
    parts = [f"{write.name}_w AS ({_postgresql_part(write)})" for write in shape]
    counts = [f"(SELECT count(*) FROM {write.name}_w)" for write in shape if write.exact]
    return f"WITH {', '.join(parts)} SELECT {', '.join(counts) or '0'}"


def _postgresql_part(write: Write) -> str:
    table, columns = write.table, write.columns
    given = dict.fromkeys((*columns, *write.match, *(("seen",) if "{seen}" in write.where else ())))
    fields = ", ".join(f"{name} {_json_type(table, name)}" for name in given)
    source = f"jsonb_to_recordset(%({write.name})s::jsonb) AS r ({fields})"
    values = {name: _from_json(table, name) for name in columns}
    if write.how == "update":
        changes = ", ".join(f"{name} = {value}" for name, value in values.items())
        # The case's id is compared as a single value, so that no plan ever reads more than this case's rows.
        mine = "id" if table is t.cases else "case_id"
        found = " AND ".join(
            f"{table.name}.{name} = " + ("%(case_id)s" if name == mine else f"r.{name}")
            for name in write.match
        )
        also = f" AND {write.where.format(seen='r.seen')}" if write.where else ""
        return f"UPDATE {table.name} SET {changes} FROM {source} WHERE {found}{also} RETURNING 1"
    names = ", ".join(columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {', '.join(values.values())} FROM {source}{_conflict(write)}"


def _conflict(write: Write) -> str:
    if write.how != "upsert":
        return ""
    keys = [column.name for column in write.table.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in write.columns if name not in keys)
    return f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"


def _json_type(table: Table, name: str) -> str:
    if name not in table.columns:
        return "integer"
    kind = table.columns[name].type
    return "text" if isinstance(kind, LargeBinary) else kind.compile(_POSTGRESQL)


def _from_json(table: Table, name: str) -> str:
    return f"decode(r.{name}, 'base64')" if isinstance(table.columns[name].type, LargeBinary) else f"r.{name}"
