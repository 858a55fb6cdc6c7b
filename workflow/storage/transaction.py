"""One transaction on cases: lock, read the clock, read what is remembered, and write a whole step.

The order of locks is the same everywhere: the case first, then the installation's time, number counters last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from workflow.domain.case import Case
from workflow.domain.step import Step
from workflow.errors import DefinitionInUse, RecordBroken
from workflow.storage import statements as s
from workflow.storage.clock import Clock
from workflow.storage.codec import decode_case
from workflow.storage.columns import in_utc
from workflow.storage.database import TryAgain
from workflow.storage.driver import Session
from workflow.storage.projections import rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A command that was accepted before under the same actor and key."""

    request_hash: bytes
    case_id: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A case as it stands now that it is locked; `now` was read after the lock. No case: it may be filed.

    `calendar_revision` is that of the calendars to decide by. A notice may be published between its reading and our
    commit; whatever is written carries the revision, so the sweep finds it.
    """

    now: datetime
    case: Case | None
    head: bytes
    remembered: Remembered | None
    calendar_revision: int = 0


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

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._held: dict[str, Opened] = {}
        self._after_commit: list[Callable[[], None]] = []

    def open_case(self, case_id: str, *, actor: str, key: str) -> Opened:
        """Lock a case, read the clock after the lock, and look up the command; an empty key looks nothing up.

        Within one transaction a case keeps the instant at which it was first opened.
        """
        held = self._held.get(case_id)
        if held is None:
            found = self._session.open(case_id, actor, key, self._clock)
            opened = Opened(
                now=found.now,
                case=decode_case(found.body, case_id) if found.body is not None else None,
                head=bytes(found.head or b""),
                remembered=_remembered(*found.remembered) if found.sure else self._look_up(actor, key),
                calendar_revision=found.calendar_revision if found.sure else self._calendar_revision(),
            )
        else:
            opened = replace(held, remembered=self._look_up(actor, key) if key else None)
        self._held[case_id] = opened
        return opened

    def _look_up(self, actor: str, key: str) -> Remembered | None:
        row = self._session.one(s.REMEMBERED, {"actor": actor, "key": key})
        return _remembered(*row) if row else None

    def _calendar_revision(self) -> int:
        return int(self._session.one(s.CALENDAR_REVISION, {})[0])

    def agenda(self, case_id: str, now: datetime) -> Agenda:
        """What is due on a case that this transaction has opened."""
        given = {"case_id": case_id, "now": now}
        return Agenda(
            rungs=tuple(
                DueRung(
                    clock=clock, generation=generation, rung=rung, revision=revision, fires_at=_instant(at)
                )
                for clock, generation, rung, revision, at in self._session.all(s.DUE_RUNGS, given)
            ),
            jobs=tuple(
                DueJob(job=job, kind=kind, action=action, visit=visit, due_at=_instant(at))
                for job, kind, action, visit, at in self._session.all(s.DUE_JOBS, given)
            ),
        )

    def definition(self, hash_: str) -> tuple[bytes, bytes] | None:
        """The canonical bytes and the texts of a stored definition."""
        row = self._session.one(s.DEFINITION, {"hash": hash_})
        return (bytes(row[0]), bytes(row[1])) if row else None

    def keep_definition(self, hash_: str, code: str, canonical: bytes, texts: bytes) -> None:
        """Store a definition unless it is there. Raises DefinitionInUse if other content stands under the same hash."""
        given = {"hash": hash_, "code": code, "body": canonical, "texts": texts}
        self._session.run(s.KEEP_DEFINITION, given)
        kept = self.definition(hash_)
        if kept is None or kept[0] != canonical:
            raise DefinitionInUse(name=code)

    def take_number(self, series: str, year: int) -> int:
        """The next number of a series in a year, from 1 on. Its counter stays locked until the end: take it last."""
        return int(self._session.one(s.TAKE_NUMBER, {"series": series, "year": year})[0])

    def write(self, step: Step) -> None:
        """Write everything a step leaves behind, in one statement where the database can.

        Raises TryAgain when the case is not where the step began, RecordBroken when the tables have parted from it.
        """
        case_id = step.after.id
        held = self._held.get(case_id)
        if held is None:
            raise ValueError("a case is opened before a step on it is written")
        rows = rows_of(step, held.now, held.calendar_revision)
        for name, count in self._session.write(case_id, rows).items():
            if count == len(rows[name]):
                continue
            if name == "cases_moved":
                raise TryAgain(reason=f"case {case_id} has moved on")
            raise RecordBroken(
                case=case_id,
                seq=step.after.seq,
                reason=f"of {len(rows[name])} {name} the tables have {count}",
            )
        head = step.events[-1][0].hash if step.events else held.head
        self._held[case_id] = replace(held, case=step.after, head=head, remembered=None)

    def after_commit(self, act: Callable[[], None]) -> None:
        """Do something in this process once the transaction has been committed, and only then."""
        self._after_commit.append(act)

    def committed(self) -> None:
        """Called by the store when the commit has been acknowledged."""
        for act in self._after_commit:
            act()


def _remembered(request_hash: bytes | None, case_id: str | None, seq: int | None) -> Remembered | None:
    if request_hash is None or case_id is None or seq is None:
        return None
    return Remembered(request_hash=bytes(request_hash), case_id=case_id, seq=seq)


def _instant(value: datetime | str) -> datetime:
    return in_utc(datetime.fromisoformat(value) if isinstance(value, str) else value)
