"""PostgreSQL: psycopg's own cursor, and all of a step's rows in one data-modifying statement.

Each kind of row is a common table expression that reads its rows from one JSON parameter, so a step is one round trip
however many rows it has. There is no rule in this SQL: it only puts rows where they belong.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
import psycopg
from sqlalchemy import LargeBinary, PoolProxiedConnection, Table
from sqlalchemy.dialects import postgresql

from workflow.storage.clock import Clock
from workflow.storage.columns import in_utc
from workflow.storage.driver import Found, Given, Prepared, Revisions
from workflow.storage.registers import Rows
from workflow.storage.writes import WRITES, Write, conflict

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

_OPEN = b"""
WITH locked AS MATERIALIZED (SELECT body, head, seq FROM cases WHERE id = $1 FOR UPDATE)
SELECT locked.body, locked.head, locked.seq, (SELECT seq FROM cases WHERE id = $1),
       commands.request_hash, commands.case_id, commands.seq,
       installation.calendar_revision, installation.directory_revision,
       clock_timestamp() + make_interval(secs => coalesce(installation.offset_seconds, 0))
FROM (SELECT 1) AS always LEFT JOIN installation ON true LEFT JOIN locked ON true
LEFT JOIN commands ON commands.actor = $2 AND commands.key = $3
"""
"""The clock is read when the row is put together, which is after `locked` gave one: the test with two sessions proves
it. The case's number in the statement's own snapshot tells whether somebody was there between snapshot and lock.
The offset is read with the clock, as everywhere else in SQL: two notions of the present would find work due that is not.
"""

_RUNNING = b"""
SELECT clock_timestamp() + make_interval(secs => offset_seconds), calendar_revision, directory_revision FROM installation
"""
_STEPPED = b"SELECT present, calendar_revision, directory_revision FROM installation FOR SHARE"
"""Shared, so that time cannot be moved until every transaction that has read it is over."""


class PostgresqlSession:
    """One transaction. psycopg prepares on the server what it sees often; the numbered style spares it reading SQL."""

    def __init__(self, connection: PoolProxiedConnection) -> None:
        self._cursor: psycopg.RawCursor[Any] = psycopg.RawCursor(connection.driver_connection)  # type: ignore[arg-type]

    def begin(self) -> None:
        """Nothing to do: psycopg begins a transaction before the first statement."""

    def open(self, case_id: str, actor: str, key: str, clock: Clock) -> Found:
        row = self._row(_OPEN, (case_id, actor, key))
        body, head, seq, seen, request_hash, remembered_case, remembered_seq, calendar, directory, now = row
        return Found(
            now=self.moment(clock)[0] if clock.mode == "stepped" else in_utc(now),
            body=body,
            head=head,
            remembered=(request_hash, remembered_case, remembered_seq),
            revisions=Revisions(calendar or 0, directory or 0),
            # When somebody changed the case while we waited for it, what we saw beside it is older than that.
            sure=seq == seen,
        )

    def moment(self, clock: Clock) -> tuple[datetime, Revisions]:
        if clock.mode == "stepped":
            now, *revisions = self._row(_STEPPED, ())
            return in_utc(now), Revisions(*revisions)
        now, *revisions = self._row(_RUNNING, ())
        return in_utc(now), Revisions(*revisions)

    def write(self, case_id: str | None, rows: Rows) -> dict[str, int]:
        shape = tuple(write for write in WRITES if rows.get(write.name))
        if not shape:
            return {}
        given = [msgspec.json.encode(rows[write.name]).decode() for write in shape]
        counts = self._row(step_sql(shape, one_case=case_id is not None), (case_id, *given))
        return dict(zip((write.name for write in shape if write.exact), counts, strict=False))

    def mark(self) -> None:
        self._cursor.execute(b"SAVEPOINT mark")

    def keep(self) -> None:
        self._cursor.execute(b"RELEASE mark")

    def take_back(self) -> None:
        self._cursor.execute(b"ROLLBACK TO mark")
        self.keep()

    def run(self, statement: Prepared, given: Given) -> int:
        constants = statement.constants
        values = [given[name] if name in given else constants[name] for name in statement.order]
        return self._cursor.execute(statement.postgresql, values).rowcount

    def one(self, statement: Prepared, given: Given) -> Any:
        self.run(statement, given)
        return self._cursor.fetchone()

    def all(self, statement: Prepared, given: Given) -> Sequence[Any]:
        self.run(statement, given)
        return self._cursor.fetchall()

    def _row(self, sql: bytes, values: Sequence[Any]) -> Any:
        return self._cursor.execute(sql, values).fetchone()


@cache
def step_sql(shape: tuple[Write, ...], *, one_case: bool = True) -> bytes:
    """One statement for a step, or the steps of many cases, with these kinds of rows. Its parameters are the case's id
    (none for many) and a JSON array of rows for each kind in turn; it gives how many rows each exact update found.
    """
    parts = [f"{write.name}_w AS ({_part(write, number, one_case)})" for number, write in enumerate(shape, 2)]
    counts = [f"(SELECT count(*) FROM {write.name}_w)" for write in shape if write.exact]
    if not counts or not one_case:
        counts.append("$1::text")  # a parameter that is used nowhere has no type
    return f"WITH {', '.join(parts)} SELECT {', '.join(counts)}".encode()


def _part(write: Write, number: int, one_case: bool) -> str:  # noqa: FBT001 - from step_sql only
    table, columns = write.table, write.columns
    given = dict.fromkeys((*columns, *write.match, *write.also_given))
    fields = ", ".join(f"{name} {_json_type(table, name)}" for name in given)
    source = f"jsonb_to_recordset(${number}::jsonb) AS r ({fields})"
    values = {name: _from_json(table, name) for name in columns}
    if write.how == "update":
        changes = ", ".join(f"{name} = {value}" for name, value in values.items())
        found = " AND ".join(f"{table.name}.{name} = r.{name}" for name in write.match)
        # The planner takes a JSON array for a hundred rows and would rather read a whole case, or a small table, than
        # go by the key; that the rows are all of one case makes it expect one row, and the plan is right for ever.
        found += f" AND r.{write.match[0]} = $1" if one_case and write.of_case else ""
        also = f" AND {write.where.format(given='r.')}" if write.where else ""
        return f"UPDATE {table.name} SET {changes} FROM {source} WHERE {found}{also} RETURNING 1"
    names = ", ".join(columns)
    chosen = ", ".join(values.values())
    return f"INSERT INTO {table.name} ({names}) SELECT {chosen} FROM {source}{conflict(write)}"


def _json_type(table: Table, name: str) -> str:
    if name not in table.columns:
        return "integer"
    kind = table.columns[name].type
    return "text" if isinstance(kind, LargeBinary) else kind.compile(_DIALECT)


def _from_json(table: Table, name: str) -> str:
    return f"decode(r.{name}, 'base64')" if isinstance(table.columns[name].type, LargeBinary) else f"r.{name}"
