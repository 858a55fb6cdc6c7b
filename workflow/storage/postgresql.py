"""PostgreSQL: a step's rows in one round trip, and with them the commit.

Where steps of a shape are common, their rows are one data-modifying statement; else they are a statement each, sent
together. The rows of many steps are one statement too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.errors import DivisionByZero
from psycopg.pq import Format
from psycopg.pq.abc import PGresult
from sqlalchemy import PoolProxiedConnection

from workflow.storage.clock import Clock
from workflow.storage.driver import Found, Given, Prepared, Revisions
from workflow.storage.registers import Rows
from workflow.storage.step_sql import (
    Shape,
    guarded,
    row_sql,
    rows_sql,
    several,
    shape_of,
    step_sql,
    whole_given,
    whole_sql,
)
from workflow.storage.wire import Statements, Wire, rows_in
from workflow.storage.writes import WRITES, Write

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


COMMON = 3
"""How often a process must have seen steps of one shape before a connection plans one statement for them."""

_seen: Counter[bytes] = Counter()


class PostgresqlSession:
    """One transaction, spoken over `Wire`."""

    def __init__(self, connection: PoolProxiedConnection) -> None:
        statements = connection.info.get("statements")
        if statements is None:
            statements = connection.info["statements"] = Statements()
        self._statements: Statements = statements
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
        present = tuple(write for write in WRITES if rows.get(write.name))
        if case_id is None:
            return self._at_once(present, rows)
        shape = shape_of(present, lambda name: len(rows[name]))
        exact = self._whole(shape, rows, last=last) or self._one_by_one(shape, rows, last=last)
        if not last:
            return exact()
        try:
            self._wire.end(b"COMMIT")
        except DivisionByZero:
            return {write.name: 0 for write in present if guarded(write)}
        self._over = True
        return {}

    def _whole(self, shape: Shape, rows: Rows, *, last: bool) -> Callable[[], dict[str, int]] | None:
        """Say all rows in one statement, if steps of this shape are common and it may be kept prepared; gives how to hear
        what each exact update has found."""
        if not shape:
            return None
        said = whole_sql(shape, last=last)
        if not self._statements.has(said.sql):
            _seen[said.sql] += 1
            if _seen[said.sql] < COMMON or not self._statements.room:
                return None
        self._wire.say(said.sql, whole_given(shape, rows), said.formats)
        names = [write.name for write, _ in shape if write.exact]
        return lambda: dict(zip(names, rows_in(self._wire.answers()[-1])[0], strict=False))

    def _one_by_one(self, shape: Shape, rows: Rows, *, last: bool) -> Callable[[], dict[str, int]]:
        """Say a statement for each row, or for all rows of a kind when there are several; gives how to hear what each exact
        update has found."""
        told: list[str | None] = []
        for write, count in shape:
            sure = last and guarded(write)
            if several(write, count):
                said = rows_sql(write, sure=sure)
                self._wire.say(said.sql, [msgspec.json.encode(rows[write.name])], said.formats)
                told.append(write.name if write.exact else None)
                continue
            one = row_sql(write, sure=sure)
            for row in rows[write.name]:
                self._wire.say(one.said.sql, one.given(row), one.said.formats)
                told.append(write.name if write.exact else None)
        return lambda: _counted(told, self._wire.answers())

    def _at_once(self, shape: tuple[Write, ...], rows: Rows) -> dict[str, int]:
        """One statement for all rows."""
        if not shape:
            return {}
        given = [msgspec.json.encode(rows[write.name]) for write in shape]
        self._wire.say(step_sql(shape), given, [Format.TEXT] * len(given))
        counts = rows_in(self._wire.answers()[-1])[0]
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


def _counted(told: Sequence[str | None], answers: Sequence[PGresult]) -> dict[str, int]:
    """How many rows each exact update has found."""
    found: dict[str, int] = {}
    for name, answer in zip(told, answers, strict=True):
        if name is not None:
            found[name] = found.get(name, 0) + (answer.command_tuples or 0)
    return found
