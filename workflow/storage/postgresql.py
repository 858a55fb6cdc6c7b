"""PostgreSQL: a step's rows in one round trip.

The rows of one step are a statement each, sent together. Those of many steps are one data-modifying statement, in which
each kind of row is a common table expression that reads its rows from one JSON parameter. There is no rule in this SQL:
it only puts rows where they belong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from psycopg.errors import DivisionByZero
from psycopg.pq.abc import PGresult
from sqlalchemy import LargeBinary, PoolProxiedConnection, Table
from sqlalchemy.dialects import postgresql

from workflow.storage.clock import Clock
from workflow.storage.driver import Found, Given, Prepared, Revisions
from workflow.storage.registers import Rows
from workflow.storage.wire import Statements, Wire, rows_in
from workflow.storage.writes import WRITES, Write, conflict, write_sql

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


SEVERAL = 3
"""Rows of a kind from which on they are cheaper as one statement than as one each."""


class PostgresqlSession:
    """One transaction, spoken over `Wire`."""

    def __init__(self, connection: PoolProxiedConnection) -> None:
        statements = connection.info.get("statements")
        if statements is None:
            statements = connection.info["statements"] = Statements()
        self._wire = Wire(connection.driver_connection, statements)  # type: ignore[arg-type]
        self._over = False

    def begin(self) -> None:
        """Begin; that is said together with the first statement."""
        self._wire.begin()

    def commit(self) -> None:
        if not self._over:
            self._wire.end(b"COMMIT")

    def abandon(self) -> None:
        self._wire.abandon()

    def open(self, case_id: str, actor: str, key: str, clock: Clock) -> Found:
        row = self._wire.ask(_OPEN, (case_id, actor, key))[0]
        body, head, seq, seen, request_hash, remembered_case, remembered_seq, calendar, directory, now = row
        return Found(
            now=self.moment(clock)[0] if clock.mode == "stepped" else now,
            body=body,
            head=head,
            remembered=(request_hash, remembered_case, remembered_seq),
            revisions=Revisions(calendar or 0, directory or 0),
            # When somebody changed the case while we waited for it, what we saw beside it is older than that.
            sure=seq == seen,
        )

    def moment(self, clock: Clock) -> tuple[datetime, Revisions]:
        if clock.mode == "stepped":
            now, *revisions = self._wire.ask(_STEPPED)[0]
            return now, Revisions(*revisions)
        now, *revisions = self._wire.ask(_RUNNING)[0]
        return now, Revisions(*revisions)

    def write(self, case_id: str | None, rows: Rows, *, last: bool = False) -> dict[str, int]:
        shape = tuple(write for write in WRITES if rows.get(write.name))
        return self._one_by_one(shape, rows, last=last) if case_id is not None else self._at_once(shape, rows)

    def _one_by_one(self, shape: tuple[Write, ...], rows: Rows, *, last: bool) -> dict[str, int]:
        """A statement for each row, or for all rows of a kind when there are several; all sent together, and with them the
        commit if they are the last. Then an exact update that does not find its rows fails, so that nothing is committed.
        """
        exact: list[tuple[str, int]] = []
        for write in shape:
            given = rows[write.name]
            sure = last and write.exact and write.name not in _SURE
            if len(given) >= SEVERAL:
                values = (msgspec.json.encode(given).decode(),)
                self._wire.tell(rows_sql(write, len(given) if sure else None), values)
                exact.append((write.name if write.exact else "", len(given)))
                continue
            sql, order = row_sql(write, sure=sure)
            for row in given:
                self._wire.tell(sql, [row[name] for name in order])
                exact.append((write.name if write.exact else "", 1))
        if not last:
            return _counted(exact, self._wire.answers())
        try:
            self._wire.end(b"COMMIT")
        except DivisionByZero:
            return {exact[self._wire.failed_at][0]: 0}
        self._over = True
        return {}

    def _at_once(self, shape: tuple[Write, ...], rows: Rows) -> dict[str, int]:
        """One statement for all rows."""
        if not shape:
            return {}
        given = [msgspec.json.encode(rows[write.name]) for write in shape]
        counts = self._wire.ask(step_sql(shape), [one.decode() for one in given])[0]
        return dict(zip((write.name for write in shape if write.exact), counts, strict=False))

    def mark(self) -> None:
        self._wire.count(b"SAVEPOINT mark")

    def keep(self) -> None:
        self._wire.count(b"RELEASE mark")

    def take_back(self) -> None:
        self._wire.count(b"ROLLBACK TO mark")
        self.keep()

    def run(self, statement: Prepared, given: Given) -> int:
        return self._wire.count(statement.postgresql, self._values(statement, given))

    def one(self, statement: Prepared, given: Given) -> Any:
        rows = self.all(statement, given)
        return rows[0] if rows else None

    def all(self, statement: Prepared, given: Given) -> Sequence[Any]:
        return self._wire.ask(statement.postgresql, self._values(statement, given))

    def each(self, statements: Sequence[tuple[Prepared, Given]]) -> list[Sequence[Any]]:
        for statement, given in statements:
            self._wire.tell(statement.postgresql, self._values(statement, given))
        return [rows_in(answer) for answer in self._wire.answers()]

    @staticmethod
    def _values(statement: Prepared, given: Given) -> list[Any]:
        constants = statement.constants
        return [given[name] if name in given else constants[name] for name in statement.order]


_SURE = frozenset({"cases_moved"})
"""Exact updates that need no guard: a case that had moved on would have an event with the number of ours already."""


def _counted(told: Sequence[tuple[str, int]], answers: Sequence[PGresult]) -> dict[str, int]:
    """How many rows each exact update has found."""
    found: dict[str, int] = {}
    for (name, _), answer in zip(told, answers, strict=True):
        if name:
            found[name] = found.get(name, 0) + (answer.command_tuples or 0)
    return found


def _guarded(sql: str, count: int) -> str:
    """An update that fails unless it finds so many rows."""
    return f"WITH found AS ({sql} RETURNING 1) SELECT 1 / (count(*) = {count})::int FROM found"


@cache
def row_sql(write: Write, *, sure: bool = False) -> tuple[bytes, tuple[str, ...]]:
    """The statement that makes one row's change, and the names of its parameters in their order; `sure`: it fails when it
    does not find its row.
    """
    order: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"${order.setdefault(found[1], len(order) + 1)}"

    sql = re.sub(r":(\w+)", numbered, write_sql(write))
    return (_guarded(sql, 1) if sure else sql).encode(), tuple(order)


@cache
def rows_sql(write: Write, sure: int | None = None) -> bytes:
    """The statement that makes the changes of several rows of a kind; its parameter is a JSON array of them. `sure`: it
    fails when it does not find so many.
    """
    sql = _part(write, 1)
    return (_guarded(sql.removesuffix(" RETURNING 1"), sure) if sure is not None else sql).encode()


@cache
def step_sql(shape: tuple[Write, ...]) -> bytes:
    """One statement for the steps of many cases with these kinds of rows. Its parameters are a JSON array of rows for each
    kind in turn; it gives how many rows each exact update found.
    """
    parts = [f"{write.name}_w AS ({_part(write, number)})" for number, write in enumerate(shape, 1)]
    counts = [f"(SELECT count(*) FROM {write.name}_w)" for write in shape if write.exact] or ["0"]
    return f"WITH {', '.join(parts)} SELECT {', '.join(counts)}".encode()


def _part(write: Write, number: int) -> str:
    table, columns = write.table, write.columns
    given = dict.fromkeys((*columns, *write.match, *write.also_given))
    fields = ", ".join(f"{name} {_json_type(table, name)}" for name in given)
    source = f"json_to_recordset(${number}::json) AS r ({fields})"
    values = {name: _from_json(table, name) for name in columns}
    if write.how == "update":
        changes = ", ".join(f"{name} = {value}" for name, value in values.items())
        found = " AND ".join(f"{table.name}.{name} = r.{name}" for name in write.match)
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
