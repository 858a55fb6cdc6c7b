"""One transaction on cases: lock, read the clock, read what is remembered, and write a whole step.

The order of locks is the same everywhere: the case first, then the installation's time, number counters last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection

from workflow.domain.case import Case
from workflow.domain.step import Step
from workflow.errors import DefinitionInUse, RecordBroken
from workflow.storage import statements as s
from workflow.storage.codec import decode_case
from workflow.storage.columns import in_utc, instant_text
from workflow.storage.database import TryAgain
from workflow.storage.projections import Row, Rows, rows_of
from workflow.storage.writes import WRITES, postgresql_sql, sqlite_sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A command that was accepted before under the same actor and key."""

    request_hash: bytes
    case_id: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A case as it stands now that it is locked; `now` was read after the lock. No case: it may be filed."""

    now: datetime
    case: Case | None
    head: bytes
    remembered: Remembered | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRung:
    """A rung that is to fire."""

    clock: str
    generation: int
    rung: str
    revision: int
    fires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DueJob:
    """An automatic step that is to be done."""

    job: int
    kind: str
    action: str
    visit: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What is due and undone on one case, each list in the order of its instants. What is parked is not on it."""

    rungs: tuple[DueRung, ...]
    jobs: tuple[DueJob, ...]

    def __bool__(self) -> bool:
        return bool(self.rungs or self.jobs)


class Transaction:
    """Made by `Store.write()`; it commits when the block ends and rolls back when it raises."""

    def __init__(self, connection: Connection, *, stepped: bool, offset: timedelta) -> None:
        self.connection = connection
        self._postgresql = connection.dialect.name == "postgresql"
        self._stepped = stepped
        self._offset = offset
        self._held: dict[str, Opened] = {}
        self._after_commit: list[Callable[[], None]] = []

    def open_case(self, case_id: str, *, actor: str, key: str) -> Opened:
        """Lock a case, read the clock after the lock, and look up the command; an empty key looks nothing up.

        Within one transaction a case keeps the instant at which it was first opened.
        """
        held = self._held.get(case_id)
        if held is None:
            held = (
                self._postgresql_open(case_id, actor, key)
                if self._postgresql
                else self._sqlite_open(case_id, actor, key)
            )
        else:
            held = Opened(
                now=held.now, case=held.case, head=held.head, remembered=self._remembered(actor, key)
            )
        self._held[case_id] = held
        return held

    def _postgresql_open(self, case_id: str, actor: str, key: str) -> Opened:
        row = self._one(s.POSTGRESQL_OPEN, {"case_id": case_id, "actor": actor, "key": key})
        body, head, seq, seen, request_hash, remembered_case, remembered_seq, now = row
        now = in_utc(now) + self._offset
        if self._stepped:
            now = in_utc(self._one(s.POSTGRESQL_STEPPED, {})[0])
        if seq == seen:
            remembered = _remembered(request_hash, remembered_case, remembered_seq)
        else:
            # Somebody changed the case while we waited for it: what the statement saw of commands is older than that.
            remembered = self._remembered(actor, key)
        return _opened(case_id, now, body, head, remembered)

    def _sqlite_open(self, case_id: str, actor: str, key: str) -> Opened:
        row = self._one(s.SQLITE_OPEN, {"case_id": case_id, "actor": actor, "key": key})
        body, head, request_hash, remembered_case, remembered_seq, now = row
        remembered = _remembered(request_hash, remembered_case, remembered_seq)
        return _opened(case_id, in_utc(datetime.fromisoformat(now)), body, head, remembered)

    def _remembered(self, actor: str, key: str) -> Remembered | None:
        if not key:
            return None
        row = self.connection.execute(s.REMEMBERED, {"actor": actor, "key": key}).first()
        return _remembered(*row) if row else None

    def agenda(self, case_id: str, now: datetime) -> Agenda:
        """What is due on a case that this transaction has opened."""
        given = {"case_id": case_id, "now": now}
        rungs = self.connection.execute(s.DUE_RUNGS, given).all()
        jobs = self.connection.execute(s.DUE_JOBS, given).all()
        return Agenda(
            rungs=tuple(DueRung(**row._mapping) for row in rungs),  # noqa: SLF001 - SQLAlchemy's public name for it
            jobs=tuple(DueJob(**row._mapping) for row in jobs),  # noqa: SLF001
        )

    def definition(self, hash_: str) -> tuple[bytes, bytes] | None:
        """The canonical bytes and the texts of a stored definition."""
        row = self.connection.execute(s.DEFINITION, {"hash": hash_}).first()
        return (bytes(row.body), bytes(row.texts)) if row else None

    def keep_definition(self, hash_: str, code: str, canonical: bytes, texts: bytes) -> None:
        """Store a definition unless it is there. Raises DefinitionInUse if other content stands under the same hash."""
        keep = s.KEEP_DEFINITION[self.connection.dialect.name]
        self.connection.execute(keep, {"hash": hash_, "code": code, "body": canonical, "texts": texts})
        kept = self.definition(hash_)
        if kept is None or kept[0] != canonical:
            raise DefinitionInUse(name=code)

    def take_number(self, series: str, year: int) -> int:
        """The next number of a series in a year, from 1 on. Its counter stays locked until the end: take it last."""
        number: int = self.connection.execute(
            s.TAKE_NUMBER[self.connection.dialect.name], {"series": series, "year": year}
        ).scalar_one()
        return number

    def write(self, step: Step) -> None:
        """Write everything a step leaves behind, in one statement where the database can.

        Raises TryAgain when the case is not where the step began, RecordBroken when the tables have parted from it.
        """
        held = self._held.get(step.after.id)
        if held is None:
            raise ValueError("a case is opened before a step on it is written")
        rows = rows_of(step, held.now)
        found = (self._postgresql_write if self._postgresql else self._sqlite_write)(step.after.id, rows)
        for name, count in found.items():
            if count != len(rows[name]):
                if name == "cases_moved":
                    raise TryAgain(reason=f"case {step.after.id} has moved on")
                raise RecordBroken(
                    case=step.after.id,
                    seq=step.after.seq,
                    reason=f"{name}: {len(rows[name])} rows, {count} found",
                )
        head = step.events[-1][0].hash if step.events else held.head
        self._held[step.after.id] = Opened(now=held.now, case=step.after, head=head, remembered=None)

    def _postgresql_write(self, case_id: str, rows: Rows) -> dict[str, int]:
        shape = tuple(write for write in WRITES if rows.get(write.name))
        if not shape:
            return {}
        given = {write.name: msgspec.json.encode(rows[write.name]).decode() for write in shape}
        found = self._one(postgresql_sql(shape), {**given, "case_id": case_id})
        return dict(zip((write.name for write in shape if write.exact), found, strict=False))

    def _sqlite_write(self, case_id: str, rows: Rows) -> dict[str, int]:
        found = {}
        for write in WRITES:
            if given := rows.get(write.name):
                cursor = self.connection.exec_driver_sql(
                    sqlite_sql(write), [_sqlite_row(row) for row in given]
                )
                if write.exact:
                    found[write.name] = cursor.rowcount
        return found

    def _one(self, sql: str, given: dict[str, Any]) -> Any:
        return self.connection.exec_driver_sql(sql, given).one()

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do something in this process once the transaction has been committed, and only then."""
        self._after_commit.append(act)

    def committed(self) -> None:
        """Called by the store when the commit has been acknowledged."""
        for act in self._after_commit:
            act()


def _opened(
    case_id: str, now: datetime, body: str | None, head: bytes | None, remembered: Remembered | None
) -> Opened:
    case = decode_case(body, case_id) if body is not None else None
    return Opened(now=now, case=case, head=bytes(head) if head else b"", remembered=remembered)


def _remembered(request_hash: bytes | None, case_id: str | None, seq: int | None) -> Remembered | None:
    if request_hash is None or case_id is None or seq is None:
        return None
    return Remembered(request_hash=bytes(request_hash), case_id=case_id, seq=seq)


def _sqlite_row(row: Row) -> Row:
    return {name: _sqlite_value(value) for name, value in row.items()}


def _sqlite_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
