"""Statements for the two drivers, spoken to directly where it matters: a step is a few statements, and each would cost
twice as much through the layers above.

A statement is compiled once, from Core, into what each driver likes best. The connection still comes from the engine's
pool, so settings, limits and forks remain its business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import Executable
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg as postgresql

from workflow.storage.clock import Clock
from workflow.storage.registers import Rows

_POSTGRESQL = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_SQLITE = sqlite.dialect(paramstyle="named")

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One statement for both drivers: PostgreSQL's with numbered parameters and their names in order, SQLite's with
    named ones. `constants` are parameters that are always the same.
    """

    postgresql: bytes
    order: tuple[str, ...]
    sqlite: str
    constants: Given


def prepared(statement: Executable | Mapping[str, Executable]) -> Prepared:
    """Compile a Core statement, or one for each database under its name."""
    each = statement if isinstance(statement, Mapping) else {"postgresql": statement, "sqlite": statement}
    ours: Any = each["postgresql"].compile(dialect=_POSTGRESQL)  # type: ignore[attr-defined]
    theirs: Any = each["sqlite"].compile(dialect=_SQLITE)  # type: ignore[attr-defined]
    # SQLite is given some that PostgreSQL needs not, such as the end of a LIMIT.
    constants = {name: value for name, value in (theirs.params | ours.params).items() if value is not None}
    return Prepared(str(ours).encode(), tuple(ours.positiontup or ()), str(theirs), constants)


class Revisions(NamedTuple):
    """Under which revision the calendars and the directory are to be decided by."""

    calendar: int = 0
    directory: int = 0


NO_REVISIONS: Final = Revisions()
"""Those of an installation in which nothing was published: everything is as it came with the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What opening a case read. `sure` is false when `remembered` and the revisions may be older than the lock."""

    now: datetime
    body: str | None
    head: bytes | None
    remembered: tuple[bytes | None, str | None, int | None]
    revisions: Revisions
    sure: bool = True


class Session(Protocol):
    """A driver's connection inside one transaction."""

    def begin(self) -> None:
        """Begin a transaction that will write."""

    def commit(self) -> None:
        """Commit what was written."""

    def abandon(self) -> None:
        """After an error: take everything back, as far as the connection still answers."""

    def open(self, case_id: str, actor: str, key: str, clock: Clock) -> Found:
        """Lock the case, then read the time; `clock` says which time is kept."""

    def moment(self, clock: Clock) -> tuple[datetime, Revisions]:
        """The time it is and the revisions, for decisions about cases that are locked by now."""

    def write(self, case_id: str | None, rows: Rows, *, last: bool = False) -> dict[str, int]:
        """Write the rows of a step, or of many cases' steps if no case is named; gives how many rows each exact update
        found. `last`: nothing follows, so the commit may go with it; then it gives only what was not found."""

    def one(self, statement: Prepared, given: Given) -> Any:
        """The first row, or None."""

    def all(self, statement: Prepared, given: Given) -> Sequence[Any]:
        """Every row."""

    def each(self, statements: Sequence[tuple[Prepared, Given]]) -> list[Sequence[Any]]:
        """Every row of each of these, asked together."""

    def run(self, statement: Prepared, given: Given) -> int:
        """Execute a statement whose rows nobody reads; gives how many there were."""

    def mark(self) -> None:
        """Begin what can be taken back without ending the transaction; one at a time."""

    def keep(self) -> None:
        """It stays."""

    def take_back(self) -> None:
        """Undo everything since the mark, an error included."""
