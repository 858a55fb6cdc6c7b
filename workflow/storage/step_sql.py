"""The SQL by which PostgreSQL is given the rows of a step: a statement for a row, for several rows of a kind, for a whole
step, and for the steps of many cases. There is no rule in it: it only puts rows where they belong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from psycopg.pq import Format
from sqlalchemy import Boolean, Date, Integer, LargeBinary, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from workflow.storage.columns import Instant
from workflow.storage.registers import Row
from workflow.storage.wire import instant
from workflow.storage.writes import Write, conflict, only_if, write_sql

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

SEVERAL = {"insert": 6, "upsert": 6, "update": 13}
"""Rows of a kind from which on they are one parameter, a JSON array; fewer inserts are one list of values. Fewer updates are
one each: on a young table the planner would rather walk all of it than look up a hundred rows, as many as it takes an array
to have.
"""

Shape = tuple[tuple[Write, int], ...]
"""Which kinds of rows a step has, and how many of each; `several` stands for as many or more."""

_SURE = frozenset({"cases_moved"})
"""Exact updates that need no guard: a case that had moved on would have an event with the number of ours already."""


class Said(NamedTuple):
    """A statement, and how its parameters are sent."""

    sql: bytes
    formats: tuple[Format, ...]


class OneRow(NamedTuple):
    """A statement for one row: its columns in the order of the parameters, each with how its value is encoded."""

    said: Said
    columns: tuple[tuple[str, Callable[[Any], bytes]], ...]

    def given(self, row: Row) -> list[bytes | None]:
        """The parameters that one row gives."""
        return [None if (value := row[name]) is None else encode(value) for name, encode in self.columns]


def shape_of(present: Sequence[Write], count: Callable[[str], int]) -> Shape:
    """The shape of a step with these kinds of rows."""
    return tuple((write, min(count(write.name), SEVERAL[write.how])) for write in present)


def several(write: Write, count: int) -> bool:
    """Whether so many rows of this kind are one JSON array."""
    return count == SEVERAL[write.how]


def guarded(write: Write) -> bool:
    """Whether an update that goes with the commit must fail by itself when it does not find its row."""
    return write.exact and write.name not in _SURE


@cache
def row_sql(write: Write, *, sure: bool = False) -> OneRow:
    """The statement that makes one row's change; `sure`: it fails when it does not find its row."""
    sql, order = _numbered(write, 1)
    if sure:
        sql = f"WITH found AS ({sql} RETURNING 1) SELECT 1 / (count(*) = 1)::int FROM found"
    columns, formats = _columns(write, order)
    return OneRow(Said(sql.encode(), formats), columns)


@cache
def rows_sql(write: Write, *, sure: bool = False) -> Said:
    """The statement that makes the changes of several rows of a kind; its parameter is a JSON array of them. `sure`: it
    fails when it does not find all.
    """
    sql = _part(write, 1)
    if sure:
        sql = f"WITH found AS ({sql}) SELECT 1 / (count(*) = json_array_length($1::json))::int FROM found"
    return Said(sql.encode(), (Format.TEXT,))


@cache
def whole_sql(shape: Shape, *, last: bool) -> Said:
    """One statement for all rows of a step. It gives how many rows each exact update found; `last`: it fails when one does
    not find all of its own.
    """
    parts: list[str] = []
    formats: list[Format] = []
    counts: list[str] = []
    for write, count in shape:
        names = []
        for one in range(1 if several(write, count) or write.how != "update" else count):
            names.append(f"{write.name}_{one}")
            sql, more = _some(write, count, len(formats) + 1)
            parts.append(f"{names[-1]} AS ({sql})")
            formats += more
        if not write.exact:
            continue
        found = " + ".join(f"(SELECT count(*) FROM {name})" for name in names)
        wanted = f"json_array_length(${len(formats)}::json)" if several(write, count) else str(count)
        counts.append(f"1 / ({found} = {wanted})::int" if last and guarded(write) else found)
    return Said(f"WITH {', '.join(parts)} SELECT {', '.join(counts) or '0'}".encode(), tuple(formats))


def _some(write: Write, count: int, first: int) -> tuple[str, tuple[Format, ...]]:
    """What one part of a step does: rows of a JSON array, the rows of a list, or one update; parameters from `first` on."""
    if several(write, count):
        return _part(write, first), (Format.TEXT,)
    sql, order = _numbered(write, first)
    _, formats = _columns(write, order)
    if write.how == "update":
        return sql + (" RETURNING 1" if write.exact else ""), formats
    marks = [f"${number}" for number in range(first, first + count * len(order))]
    rows = (", ".join(marks[one : one + len(order)]) for one in range(0, len(marks), len(order)))
    into = f"INSERT INTO {write.table.name} ({', '.join(order)})"
    return f"{into} VALUES {', '.join(f'({row})' for row in rows)}{conflict(write)}", formats * count


def whole_given(shape: Shape, rows: Mapping[str, Sequence[Row]]) -> list[bytes | None]:
    """The parameters of `whole_sql`."""
    given: list[bytes | None] = []
    for write, count in shape:
        if several(write, count):
            given.append(msgspec.json.encode(rows[write.name]))
            continue
        for row in rows[write.name]:
            given += row_sql(write).given(row)
    return given


def encoder_of(kind: TypeEngine[Any]) -> Callable[[Any], bytes]:
    """How a value of a column of this type is sent."""
    if isinstance(kind, LargeBinary):
        return bytes
    if isinstance(kind, Boolean):
        return lambda value: b"t" if value else b"f"
    if isinstance(kind, Integer):
        return lambda value: b"%d" % value
    if isinstance(kind, Date):
        return lambda value: value.isoformat().encode()
    return instant if isinstance(kind, Instant) else str.encode


def _numbered(write: Write, first: int) -> tuple[str, tuple[str, ...]]:
    """The statement for one row with parameters numbered from `first` on, and their names in order."""
    order: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${order.setdefault(found[1], len(order) + first)}"

    return re.sub(r":(\w+)", number, write_sql(write)), tuple(order)


def _columns(
    write: Write, names: Sequence[str]
) -> tuple[tuple[tuple[str, Callable[[Any], bytes]], ...], tuple[Format, ...]]:
    kinds = [write.table.columns[name].type if name in write.table.columns else Integer() for name in names]
    columns = tuple((name, encoder_of(kind)) for name, kind in zip(names, kinds, strict=True))
    return columns, tuple(Format.BINARY if isinstance(kind, LargeBinary) else Format.TEXT for kind in kinds)


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
        return (
            f"UPDATE {table.name} SET {changes} FROM {source} WHERE {found}{only_if(write, 'r.')} RETURNING 1"
        )
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
