"""SQLite: the module's own cursor, and one statement for each kind of row; between a program and its file there is no
round trip to save.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.dialects import sqlite

from workflow.storage.clock import Clock
from workflow.storage.columns import PresentTime, in_utc, instant_text
from workflow.storage.driver import Found, Given, Prepared, Revisions
from workflow.storage.registers import Rows
from workflow.storage.writes import WRITES, write_sql

_PRESENT = str(PresentTime().compile(dialect=sqlite.dialect()))
_MOMENT = f"SELECT {_PRESENT}, calendar_revision, directory_revision FROM installation"
_OPEN = f"""
SELECT cases.body, cases.head, commands.request_hash, commands.case_id, commands.seq,
       (SELECT calendar_revision FROM installation), (SELECT directory_revision FROM installation), {_PRESENT}
FROM (SELECT 1) LEFT JOIN cases ON cases.id = ?
LEFT JOIN commands ON commands.actor = ? AND commands.key = ?
"""


class SqliteSession:
    """One transaction. The module keeps compiled statements by their text."""

    def __init__(self, connection: PoolProxiedConnection) -> None:
        self._connection = connection
        self._cursor: Any = connection.cursor()

    def begin(self) -> None:
        """Take the only write lock at once: a reader that turns writer later could be refused."""
        self._cursor.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._connection.commit()

    def abandon(self) -> None:
        """Nothing to do: what is given back is rolled back."""

    def open(self, case_id: str, actor: str, key: str, clock: Clock) -> Found:  # noqa: ARG002 - the row knows its clock
        row = self._cursor.execute(_OPEN, (case_id, actor, key)).fetchall()[0]
        body, head, request_hash, remembered_case, remembered_seq, calendar, directory, now = row
        return Found(
            now=in_utc(datetime.fromisoformat(now)),
            body=body,
            head=head,
            remembered=(request_hash, remembered_case, remembered_seq),
            revisions=Revisions(calendar or 0, directory or 0),
        )

    def moment(self, clock: Clock) -> tuple[datetime, Revisions]:  # noqa: ARG002 - as above
        now, *revisions = self._cursor.execute(_MOMENT).fetchall()[0]
        return in_utc(datetime.fromisoformat(now)), Revisions(*revisions)

    def write(self, case_id: str | None, rows: Rows, *, last: bool = False) -> dict[str, int]:  # noqa: ARG002 - as above
        found = {}
        for write in WRITES:
            given = rows.get(write.name)
            if given:
                self._cursor.executemany(write_sql(write), [_row(row) for row in given])
                if write.exact:
                    found[write.name] = self._cursor.rowcount
                    if self._cursor.rowcount != len(given):
                        break
        return found

    def mark(self) -> None:
        self._cursor.execute("SAVEPOINT mark")

    def keep(self) -> None:
        self._cursor.execute("RELEASE mark")

    def take_back(self) -> None:
        self._cursor.execute("ROLLBACK TO mark")
        self.keep()

    def run(self, statement: Prepared, given: Given) -> int:
        self._cursor.execute(statement.sqlite, _row({**statement.constants, **given}))
        return int(self._cursor.rowcount)

    def one(self, statement: Prepared, given: Given) -> Any:
        rows = self.all(statement, given)
        return rows[0] if rows else None

    def all(self, statement: Prepared, given: Given) -> Sequence[Any]:
        self.run(statement, given)
        rows: list[Any] = self._cursor.fetchall()
        return rows

    def each(self, statements: Sequence[tuple[Prepared, Given]]) -> list[Sequence[Any]]:
        return [self.all(statement, given) for statement, given in statements]


def _row(row: Given) -> dict[str, Any]:
    """Parameters as SQLite keeps them: instants, dates and lists are text there."""
    kept = dict(row)
    for name, value in row.items():
        if isinstance(value, datetime):
            kept[name] = instant_text(value)
        elif isinstance(value, date):
            kept[name] = value.isoformat()
        elif isinstance(value, list):
            kept[name] = json.dumps(value)
    return kept
