"""One transaction on cases: lock, read the clock, read what is remembered, and write a whole step.

The order of locks is the same everywhere: the case first, then the installation's time, number counters last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflow.domain.case import Case
from workflow.domain.desk.panel_state import PanelSecret
from workflow.domain.events import Event
from workflow.domain.letters.values import LetterKey
from workflow.domain.quota.book import Balance, QuotaKey
from workflow.domain.quota.need import Need
from workflow.domain.step import Step
from workflow.domain.values import replace
from workflow.domain.versions import Publication
from workflow.errors import BanjieError, DefinitionInUse, NeedsNewerProgram, RecordBroken
from workflow.storage import freezing, quota_register
from workflow.storage import statements as s
from workflow.storage.clock import Clock
from workflow.storage.codec import decode_case, decode_event
from workflow.storage.columns import in_utc
from workflow.storage.driver import NO_REVISIONS, Revisions, Session
from workflow.storage.faults import RefusedByTables, TryAgain, told_as
from workflow.storage.letter_register import Letters
from workflow.storage.material_lookup import MaterialLookup
from workflow.storage.projections import rows_of
from workflow.storage.registers import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A command that was accepted before under the same actor and key."""

    request_hash: bytes
    case_id: str
    seq: int


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A case as it stands now that it is locked; `now` was read after the lock. No case: it may be filed.

    `revisions` are those of the calendars and the directory to decide by. A notice may be published between their reading
    and our commit; whatever is written carries the calendars' revision, so the sweep finds it. Of a directory the events
    carry the version.
    """

    now: datetime
    case: Case | None
    head: bytes
    remembered: Remembered | None
    revisions: Revisions = NO_REVISIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Cases that are locked because an open clock of theirs is behind `revision`. Those `reached` by a notice are opened,
    but for the `broken`, whose rows cannot be read; the others need only be noted as looked at.
    """

    revision: int
    case_ids: tuple[str, ...]
    reached: tuple[str, ...]
    broken: Mapping[str, BanjieError]


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
        self._stored: set[str] = set()
        self._published: dict[str, list[Publication]] = {}
        self._joined: set[LetterKey] = set()
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
                revisions=found.revisions if found.sure else self._revisions(),
            )
        else:
            opened = held
            if key or held.remembered is not None:
                opened = replace(held, remembered=self._look_up(actor, key) if key else None)
        self._held[case_id] = opened
        return opened

    def _look_up(self, actor: str, key: str) -> Remembered | None:
        row = self._session.one(s.REMEMBERED, {"actor": actor, "key": key})
        return _remembered(*row) if row else None

    def _revisions(self) -> Revisions:
        return Revisions(*self._session.one(s.REVISIONS, {}))

    def open_many(self, case_ids: Sequence[str]) -> tuple[Opened, ...]:
        """Lock those of these cases that nobody holds, in the order of their ids, and read the clock after the locks.

        Raises RecordBroken when a row cannot be read.
        """
        found = self._session.all(s.LOCK_MANY, {"case_ids": sorted(case_ids)})
        if not found:
            return ()
        now, revisions = self._session.moment(self._clock)
        return tuple(self._hold(row, now, revisions) for row in found)

    def _hold(self, row: tuple[str, str, bytes], now: datetime, revisions: Revisions) -> Opened:
        case_id, body, head = row
        opened = Opened(
            now=now,
            case=decode_case(body, case_id),
            head=bytes(head),
            remembered=None,
            revisions=revisions,
        )
        self._held[case_id] = opened
        return opened

    def agenda(self, case_id: str, now: datetime) -> Agenda:
        """What is due on a case that this transaction has opened."""
        return self.agendas([case_id], now)[case_id]

    def agendas(self, case_ids: Sequence[str], now: datetime) -> dict[str, Agenda]:
        """What is due on each of these cases, which this transaction has opened."""
        given = {"case_ids": list(case_ids), "now": now, "host": freezing.host_time(self._clock, now)}
        rungs: dict[str, list[DueRung]] = {case_id: [] for case_id in case_ids}
        jobs: dict[str, list[DueJob]] = {case_id: [] for case_id in case_ids}
        due_rungs, due_jobs = self._session.each(((s.DUE_RUNGS, given), (s.DUE_JOBS, given)))
        for case_id, clock, generation, rung, revision, at in due_rungs:
            due = DueRung(
                clock=clock, generation=generation, rung=rung, revision=revision, fires_at=_instant(at)
            )
            rungs[case_id].append(due)
        for case_id, job, kind, action, visit, at in due_jobs:
            jobs[case_id].append(DueJob(job=job, kind=kind, action=action, visit=visit, due_at=_instant(at)))
        return {one: Agenda(rungs=tuple(rungs[one]), jobs=tuple(jobs[one])) for one in case_ids}

    def outcome_held(self, due: datetime) -> bool:
        """Whether an outcome that fell due then is held back, because the clocks are in doubt."""
        return freezing.held(self._session, self._clock, due)

    def definition(self, hash_: str) -> tuple[bytes, bytes] | None:
        """The canonical bytes and the texts of a stored definition."""
        row = self._session.one(s.DEFINITION, {"hash": hash_})
        return (bytes(row[0]), bytes(row[1])) if row else None

    def keep_definition(self, hash_: str, code: str, canonical: bytes, texts: bytes) -> None:
        """Store a definition unless it is there. Raises DefinitionInUse if other content stands under the same hash."""
        if hash_ in self._stored:
            return
        given = {"hash": hash_, "code": code, "body": canonical, "texts": texts}
        self._session.run(s.KEEP_DEFINITION, given)
        kept = self.definition(hash_)
        if kept is None or kept[0] != canonical:
            raise DefinitionInUse(name=code)
        self._stored.add(hash_)

    def published(self, code: str) -> list[Publication]:
        """The published versions of a matter, in the order in which they begin; within one transaction always the same."""
        if code not in self._published:
            self._published[code] = self._read_published(code)
        return self._published[code]

    def _read_published(self, code: str) -> list[Publication]:
        return [
            Publication(
                code=code,
                hash=hash_,
                valid_from=_day(since),
                valid_to=None if until is None else _day(until),
                published_by=by,
                published_at=_instant(at),
            )
            for hash_, since, until, by, at in self._session.all(s.PUBLISHED, {"code": code})
        ]

    @property
    def materials(self) -> MaterialLookup:
        """What the tables know of materials; see `workflow.storage.material_lookup`."""
        return MaterialLookup(self._session)

    def history(self, case_id: str) -> list[tuple[Event, str]]:
        """The events that are written of an opened case, with their actors. Raises RecordBroken."""
        rows = self._session.all(s.HISTORY, {"case_id": case_id})
        try:
            return [(decode_event(type_, schema, bytes(body)), actor) for type_, schema, body, actor in rows]
        except ValueError as error:
            raise RecordBroken(case=case_id, seq="?", reason=f"it cannot be read: {error}") from error

    def panel_secret(self, case_id: str, panel: int, kind: str) -> PanelSecret | None:
        """The seed or the urn of a panel as it is kept apart from the record; None when it has served, or never was."""
        row = self._session.one(s.PANEL_SECRET, {"case_id": case_id, "panel": panel, "kind": kind})
        return PanelSecret(panel=panel, kind=kind, value=row[0], salt=row[1]) if row and row[0] else None

    def take_number(self, series: str, year: int) -> int:
        """The next number of a series in a year, from 1 on. Its counter stays locked until the end: take it last."""
        return int(self._session.one(s.TAKE_NUMBER, {"series": series, "year": year})[0])

    def lock_quotas(
        self, case_id: str, opened: Opened, needs: Sequence[Need]
    ) -> tuple[Opened, dict[QuotaKey, Balance]]:
        """Lock the quotas that a command on an opened case may touch, and read the clock again after that lock; gives the
        case at that time, and the balances. They stay locked until the end: take them before any number.
        """
        book = quota_register.lock(self._session, needs)
        now, _ = self._session.moment(self._clock)
        self._held[case_id] = replace(self._held[case_id], now=now)
        return replace(opened, now=now), book

    @property
    def letters(self) -> Letters:
        """The filing letters: locked after the quotas, before any number."""
        return Letters(self._session, self._clock, self._joined)

    def write(self, step: Step, *, last: bool = False) -> None:
        """Write everything a step leaves behind, in one round trip where the database can; `last`: nothing follows in this
        transaction, so the commit may go with it.

        Raises TryAgain when the case is not where the step began, RecordBroken when the tables have parted from it.
        """
        self.write_all([step], last=last)

    def write_all(self, steps: Sequence[Step], *, last: bool = False) -> None:
        """Write a step on each of many cases, no two on the same, in one statement where the database can.

        Raises what `write` raises; then the transaction is of no use any more.
        """
        rows: Rows = defaultdict(list)
        for step in steps:
            held = self._held.get(step.after.id)
            if held is None:
                raise ValueError("a case is opened before a step on it is written")
            for name, more in rows_of(step, held.now, held.revisions.calendar).items():
                rows[name] += more
        first = steps[0].after
        found = self._session.write(first.id if len(steps) == 1 else None, rows, last=last)
        missed = [name for name, count in found.items() if count != len(rows[name])]
        if missed == ["cases_moved"]:
            raise TryAgain(reason=f"case {first.id} has moved on")
        if missed:
            told = ", ".join(f"{len(rows[name])} {name}" for name in missed)
            raise RecordBroken(case=first.id, seq=first.seq, reason=f"the tables have not all of {told}")
        for step in steps:
            held = self._held[step.after.id]
            head = step.events[-1][0].hash if step.events else held.head
            self._held[step.after.id] = replace(held, case=step.after, head=head, remembered=None)

    def write_many(self, steps: Sequence[Step]) -> dict[str, BanjieError]:
        """Write a step on each of many cases at once. Where the tables refuse a step, the others are written all the same;
        gives what refused it by its case.
        """
        if not steps or self._marked(steps) is None:
            return {}
        alone = {step.after.id: self._marked([step]) for step in steps}
        return {case_id: refused for case_id, refused in alone.items() if refused is not None}

    def _marked(self, steps: Sequence[Step]) -> BanjieError | None:
        """Write these, or take them back and give what refused them."""
        self._session.mark()
        try:
            self.write_all(steps)
        except Exception as error:
            refused = error if isinstance(error, BanjieError) else told_as(error)
            if not isinstance(refused, (RefusedByTables, RecordBroken)):
                raise
            self._session.take_back()
            return refused
        self._session.keep()
        return None

    # --- many cases at once: the sweep of a notice on holidays -------------------------------------------------------

    def open_behind(self, limit: int, backward: Sequence[str]) -> Behind:
        """Lock at most `limit` cases that have an open clock behind the present calendars, those that somebody holds
        passed over, and open those that a notice may move. `backward` are the rules that count back from a day.
        """
        case_ids = [row[0] for row in self._session.all(s.LOCK_BEHIND, {"limit": limit})]
        case_ids = sorted(set(case_ids))
        if not case_ids:
            return Behind(revision=0, case_ids=(), reached=(), broken={})
        # Read after the locks, so that nothing of it is older than they are.
        now, revisions = self._session.moment(self._clock)
        given = {"case_ids": case_ids, "backward": list(backward)}
        broken: dict[str, BanjieError] = {}
        for case_id, head, body in self._session.all(s.READ_BEHIND, given):
            if body is None:
                continue
            try:
                self._hold((case_id, body, head), now, revisions)
            except RecordBroken as error:
                broken[case_id] = error
            except NeedsNewerProgram:
                # Left behind for a newer program; whatever happens to it there looks at the calendar first.
                case_ids.remove(case_id)
        reached = tuple(case_id for case_id in case_ids if case_id in self._held)
        return Behind(revision=revisions.calendar, case_ids=tuple(case_ids), reached=reached, broken=broken)

    def looked_at(self, behind: Behind) -> int:
        """Note that the open clocks of these cases have been looked at; gives how many had not been."""
        return self._session.run(
            s.LOOKED_AT, {"case_ids": list(behind.case_ids), "revision": behind.revision}
        )

    def count_swept(self, revision: int, *, error: str | None = None, **more: int) -> None:
        """Add to what a sweep has come to; every sweeper writes this row, so it is written last."""
        counts = {f"more_{name}": more.get(name, 0) for name in s.COUNTED}
        self._session.run(s.COUNT_SWEPT, {"of": revision, "why": error, **counts})

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


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _instant(value: datetime | str) -> datetime:
    return in_utc(datetime.fromisoformat(value) if isinstance(value, str) else value)
