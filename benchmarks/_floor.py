"""The floor: psycopg alone, writing what a step of the engine writes, and deciding nothing.

One licence is walked by the engine, and what each act changed in the tables is read back. The floor's tables are like the
engine's (`LIKE … INCLUDING ALL`: columns, indexes, checks), in a schema of their own, and it puts the very same rows
into them for cases of its own. It keeps to the best of psycopg: numbered parameters, statements that the server has
prepared, nothing built twice.

Every row that the step of the engine wrote: as four statements (the case, its events, the remembered command, all else), as
one for each table and updated row, and as one for all. And, less than a step leaves, a single row of each of the four kinds
that every step has: the case, an event, a remembered command, a clock; as four statements and as one.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from workflow.storage import tables as t
from workflow.storage.database import SETTINGS, WRITER_SETTINGS
from workflow.storage.metadata import metadata

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_SERIAL = itertools.count(os.getpid() % 2000 * 1_000_000)

Row = dict[str, Any]

CASE, KEY, SERIAL = object(), object(), object()
"""What differs from case to case: its id, the key of a command, and a number that only one row may have."""


class Change(NamedTuple):
    """A row that an act left behind; `changed` names what it changed of a row that was there, nothing if it was not."""

    table: Table
    row: Row
    changed: tuple[str, ...]


def case_tables() -> list[Table]:
    """The tables that hold rows of a case."""
    return [one for one in metadata.sorted_tables if one is t.cases or "case_id" in one.columns]


class Snapshot:
    """The rows of one case in every table."""

    def __init__(self, connection: psycopg.Connection[Any], case_id: str) -> None:
        self.rows: dict[Table, dict[tuple[Any, ...], Row]] = {}
        with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
            for table in case_tables():
                name = "id" if table is t.cases else "case_id"
                cursor.execute(f"SELECT * FROM {table.name} WHERE {name} = %s", [case_id])  # noqa: S608
                keys = [column.name for column in table.primary_key]
                self.rows[table] = {tuple(row[key] for key in keys): row for row in cursor}

    def since(self, before: Snapshot) -> list[Change]:
        """What has been written since an earlier one."""
        found = []
        for table, rows in self.rows.items():
            for key, row in rows.items():
                old = before.rows[table].get(key)
                changed = tuple(name for name, value in row.items() if old is None or old[name] != value)
                if old is None or changed:
                    found.append(Change(table, row, changed if old is not None else ()))
        return found


@dataclass(slots=True)
class Statement:
    """One statement with its parameters; some are filled in for each case."""

    sql: str = ""
    given: list[Any] = field(default_factory=list)

    def put(self, table: Table, name: str, value: Any) -> str:
        """Note one more parameter; gives its place."""
        if name == "case_id" or (table is t.cases and name in {"id", "no"}):
            value = CASE
        elif table is t.commands and name == "key":
            value = KEY
        elif table is t.documents and name == "number" and value is not None:
            value = SERIAL
        self.given.append(value)
        kind = table.columns[name].type.compile(_DIALECT)
        return f"${len(self.given)}::{kind}"

    def sealed(self) -> Sealed:
        places = {
            mark: [n for n, value in enumerate(self.given) if value is mark] for mark in (CASE, KEY, SERIAL)
        }
        return Sealed(self.sql.encode(), tuple(self.given), *places.values())


class Sealed(NamedTuple):
    """A statement that is ready: its bytes, its parameters, and where what differs goes."""

    sql: bytes
    given: tuple[Any, ...]
    cases: Sequence[int]
    keys: Sequence[int]
    serials: Sequence[int]

    def values(self, case_id: str, key: str) -> list[Any]:
        given = list(self.given)
        for place in self.cases:
            given[place] = case_id
        for place in self.keys:
            given[place] = key
        for place in self.serials:
            given[place] = next(_SERIAL)
        return given


def _inserted(statement: Statement, table: Table, rows: Sequence[Row], *, upsert: bool) -> str:
    names = list(rows[0])
    lines = ", ".join(
        f"({', '.join(statement.put(table, name, row[name]) for name in names)})" for row in rows
    )
    sql = f"INSERT INTO floor.{table.name} ({', '.join(names)}) VALUES {lines}"  # noqa: S608
    if upsert:
        keys = [column.name for column in table.primary_key]
        changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
        sql += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    return sql


def _updated(statement: Statement, change: Change) -> str:
    table, row, changed = change
    keys = [column.name for column in table.primary_key]
    changes = ", ".join(f"{name} = {statement.put(table, name, row[name])}" for name in changed)
    found = " AND ".join(f"{name} = {statement.put(table, name, row[name])}" for name in keys)
    return f"UPDATE floor.{table.name} SET {changes} WHERE {found}"  # noqa: S608


def of_each_kind(changes: Sequence[Change]) -> list[Change]:
    """The case, one event, the command, and one clock: of the step itself, or of the case when the step has none."""
    by_table: dict[Table, list[Change]] = {}
    for change in changes:
        by_table.setdefault(change.table, []).append(change)
    # An act that moves no period opens a work item, or closes one.
    last = t.clocks if t.clocks in by_table else t.work_items
    return [by_table[table][0] for table in (t.cases, t.events, t.commands, last)]


def _parts(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Changes that one statement can make: rows inserted into the same table, or one row updated."""
    inserted: dict[Table, list[Change]] = {}
    for change in changes:
        if change.changed:
            yield [change]
        else:
            inserted.setdefault(change.table, []).append(change)
    yield from inserted.values()


def _said(statement: Statement, part: Sequence[Change], *, upsert: bool) -> str:
    first = part[0]
    if first.changed and not (upsert and first.table is t.clocks):
        return _updated(statement, first)
    return _inserted(statement, first.table, [one.row for one in part], upsert=first.table is t.clocks)


def several(changes: Sequence[Change], *, upsert: bool) -> list[Sealed]:
    """A statement for each part."""
    made = []
    for part in _parts(changes):
        statement = Statement()
        statement.sql = _said(statement, part, upsert=upsert)
        made.append(statement.sealed())
    return made


def at_once(changes: Sequence[Change], *, upsert: bool) -> list[Sealed]:
    """One statement with all parts."""
    return [_joined(list(_parts(changes)), upsert=upsert)]


def in_four(changes: Sequence[Change], *, upsert: bool) -> list[Sealed]:
    """Four statements: the case, its events, the remembered command, and all else."""
    parts = list(_parts(changes))
    own = (t.cases, t.events, t.commands)
    groups = [[part for part in parts if part[0].table is table] for table in own]
    groups.append([part for part in parts if part[0].table not in own])
    return [_joined(group, upsert=upsert) for group in groups if group]


def _joined(parts: Sequence[Sequence[Change]], *, upsert: bool) -> Sealed:
    statement = Statement()
    said = [_said(statement, part, upsert=upsert) for part in parts]
    told = (f"p{n} AS ({one})" for n, one in enumerate(said))
    statement.sql = said[0] if len(said) == 1 else f"WITH {', '.join(told)} SELECT 1"
    return statement.sealed()


def create(connection: psycopg.Connection[Any]) -> None:
    """The floor's own tables, like those of the engine."""
    with connection.transaction():
        connection.execute("CREATE SCHEMA floor")
        for table in case_tables():
            connection.execute(f"CREATE TABLE floor.{table.name} (LIKE {table.name} INCLUDING ALL)")


def filling(before: Snapshot) -> list[tuple[bytes, list[Any]]]:
    """Statements that make cases like this one; each takes a list of ids before its other parameters."""
    return [
        _copying(table, row)
        for table, rows in before.rows.items()
        if table not in {t.commands, t.personal_values}
        for row in rows.values()
    ]


def _copying(table: Table, row: Row) -> tuple[bytes, list[Any]]:
    given: list[Any] = []
    places = []
    for name, value in row.items():
        if name == "case_id" or (table is t.cases and name in {"id", "no"}):
            places.append("given.case_id")
            continue
        given.append(value)
        places.append(f"${len(given) + 1}::{table.columns[name].type.compile(_DIALECT)}")
    sql = (
        f"INSERT INTO floor.{table.name} ({', '.join(row)}) SELECT {', '.join(places)}"  # noqa: S608
        " FROM unnest($1::text[]) AS given (case_id)"
    )
    return sql.encode(), given


_READ = b"SELECT body, head, seq FROM floor.cases WHERE id = $1 FOR UPDATE"


_READ_MANY = b"SELECT body, head, seq FROM floor.cases WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED"


class Writer:
    """Writes one step after the other in transactions of their own, each after reading the case FOR UPDATE."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        acts: Sequence[Sequence[Sealed]],
        cases: Sequence[tuple[bytes, list[Any]]],
    ) -> None:
        self._connection = connection
        self._cases = cases
        self._cursor = psycopg.RawCursor(connection)
        self._acts = acts

    def fill(self, case_ids: Sequence[str]) -> None:
        """New cases, which stand where the engine's stood before the first act."""
        for sql, given in self._cases:
            self._cursor.execute(sql, [list(case_ids), *given])
        self._connection.commit()

    def step(self, case_id: str, number: int) -> None:
        execute = self._cursor.execute
        execute(_READ, (case_id,)).fetchone()
        key = f"{case_id}:{number}"
        for statement in self._acts[number]:
            execute(statement.sql, statement.values(case_id, key))
        self._connection.commit()

    def together(self, case_ids: Sequence[str], number: int) -> None:
        """The same step on many cases in one transaction, its statements sent in one go."""
        self._cursor.execute(_READ_MANY, (list(case_ids),)).fetchall()
        with self._connection.pipeline():
            for case_id in case_ids:
                key = f"{case_id}:{number}"
                for statement in self._acts[number]:
                    self._cursor.execute(statement.sql, statement.values(case_id, key))
        self._connection.commit()


def connected(url: str, settings: Mapping[str, str] = SETTINGS | WRITER_SETTINGS) -> psycopg.Connection[Any]:
    """A connection of psycopg alone, with the settings that the engine's have."""
    options = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in settings.items())
    return psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:"), options=options)
