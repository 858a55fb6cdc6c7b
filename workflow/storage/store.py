"""The store: one database, its transactions, its clock and its hints. Safe to share between threads, and after a fork."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

from sqlalchemy import URL, Connection, Engine

from workflow.domain.case import Case
from workflow.domain.envelope import Envelope
from workflow.domain.events import Event
from workflow.domain.notices import Notice
from workflow.errors import DatabaseUnavailable
from workflow.storage import (
    calendar_register,
    hints,
    material_reading,
    matter_index,
    parking,
    reading,
)
from workflow.storage import clock as clocks
from workflow.storage.audit_register import AuditStore
from workflow.storage.blob_register import BlobRegister
from workflow.storage.calendar_register import KeptNotice, Sweep
from workflow.storage.clock import Clock, Mode
from workflow.storage.database import WriterTurn, open_engine
from workflow.storage.directory_register import Origin
from workflow.storage.directory_store import DirectoryStore
from workflow.storage.faults import faults_told, roll_back
from workflow.storage.letter_store import LetterStore
from workflow.storage.material_reading import KeptMaterial
from workflow.storage.matter_index import IndexedMatter
from workflow.storage.notification_store import NotificationStore
from workflow.storage.postgresql import PostgresqlSession
from workflow.storage.quota_store import QuotaStore
from workflow.storage.report_store import ReportStore
from workflow.storage.run_store import DeskStore, RunStore
from workflow.storage.saved_filters import SavedFilters
from workflow.storage.sqlite import SqliteSession
from workflow.storage.transaction import DueJob, DueRung, Transaction
from workflow.storage.version_store import VersionStore
from workflow.storage.watch_store import WatchStore


def open_store(url: str | URL, *, pool_size: int = 5) -> Store:
    """A store on the database at `url`. Nothing is connected yet. Raises BadSetting for an address that is none."""
    engine = open_engine(url, pool_size=pool_size)
    return Store(
        engine,
        stepping=engine
        if engine.dialect.name == "sqlite"
        else open_engine(url, pool_size=pool_size, use="stepping"),
        reader=open_engine(url, pool_size=pool_size, use="reading"),
    )


_ALONE = nullcontext()


class Store:
    """Everything the engine knows of its database."""

    def __init__(
        self, engine: Engine, *, stepping: Engine | None = None, reader: Engine | None = None
    ) -> None:
        self.engine = engine
        self._stepping = stepping or engine
        self.dialect = engine.dialect.name
        self._turn = WriterTurn() if self.dialect == "sqlite" else None
        self._single = self._autocommitting(engine)
        self._reader = self._autocommitting(reader or engine)
        self.directory = DirectoryStore(self.read, self._writing)
        self.audits = AuditStore(self.read, self._writing)
        self.quotas = QuotaStore(self.read, self._writing)
        self.letters = LetterStore(self.read)
        self.versions = VersionStore(self.read, self._writing)
        self.notifications = NotificationStore(self.read, self._writing)
        self.runs = RunStore(self.read, self._writing)
        self.desks = DeskStore(self.read, self._writing)
        self.reports = ReportStore(self.read, self._writing)
        self.watch = WatchStore(self.read, self._writing)
        self.saved_filters = SavedFilters(self.read, self._writing)
        self._kept: Clock | None = None  # its mode and offset never change; its time is not used

    def _autocommitting(self, engine: Engine) -> Engine:
        # SQLite connections commit each statement anyway; `BEGIN IMMEDIATE` is written out where it is meant.
        return engine if self._turn else engine.execution_options(isolation_level="AUTOCOMMIT")

    # --- transactions ----------------------------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """One transaction: it commits at the end of the block and rolls back when the block raises.

        Raises TryAgain when the database asks to try again (deadlock, a busy writer, a concurrent twin of the command, a
        connection lost, even while committing: then the same command with the same key tells what became of it), and
        DatabaseUnavailable when it cannot be used.
        """
        clock = self._kept_clock()
        with faults_told(self._stepping, connecting=True):
            connection = self._stepping.raw_connection()
        session = PostgresqlSession(connection) if self._turn is None else SqliteSession(connection)
        try:
            with self._in_turn(), faults_told(self._stepping):
                session.begin()
                tx = Transaction(session, clock)
                yield tx
                session.commit()
        except BaseException:
            session.abandon()
            roll_back(self._stepping, connection)
            raise
        connection.close()
        tx.committed()

    def _in_turn(self) -> AbstractContextManager[None]:
        return _ALONE if self._turn is None else self._queued(self._turn)

    @contextmanager
    def _queued(self, turn: WriterTurn) -> Iterator[None]:
        turn.take()
        try:
            yield
        finally:
            turn.give()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction for what is not a step, through Core."""
        with self._in_turn(), faults_told(self.engine), self.engine.connect() as connection:
            if self._turn is not None:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for queries only. Each statement stands alone: no read transaction outlives one query."""
        with faults_told(self.engine), self._reader.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        for engine in (self.engine, self._stepping, self._reader):
            engine.dispose()

    # --- time --------------------------------------------------------------------------------------------------------

    def clock(self) -> Clock:
        """Which time this database keeps and what time it is. Raises DatabaseUnavailable if it has no clock yet."""
        with self.read() as connection:
            found = clocks.read_clock(connection)
        if found is None:
            raise DatabaseUnavailable(reason="it has no clock yet")
        return found

    def _kept_clock(self) -> Clock:
        if self._kept is None:
            self._kept = self.clock()
        return self._kept

    def create_clock(self, mode: Mode = "real", start: datetime | None = None) -> Clock:
        """Decide for ever which time a new database keeps; see `workflow.storage.clock.create_clock`."""
        with self._writing() as connection:
            return clocks.create_clock(connection, mode, start)

    def advance(self, to: datetime) -> None:
        """Move a stepped clock forward, when all is quiet; see `workflow.storage.clock.advance`."""
        with self._writing() as connection:
            clocks.advance(connection, to)

    def quiet(self) -> bool:
        """Whether nothing is due, undone or unpublished at the present time; what is parked does not count."""
        with self.read() as connection:
            return clocks.quiet(connection)

    def next_due(self) -> datetime | None:
        """The earliest instant at which something falls due, or fell due and is undone."""
        with self.read() as connection:
            return clocks.next_due(connection)

    # --- notices on holidays; see `workflow.storage.calendar_register` -------------------------------------------------

    def calendar_revision(self) -> int:
        """How many notices have been published here: the revision of the calendars."""
        with self.read() as connection:
            return calendar_register.calendar_revision(connection)

    def kept_notices(self) -> list[KeptNotice]:
        """Every notice there is, proposed or published, in the order in which they were proposed."""
        with self.read() as connection:
            return calendar_register.kept_notices(connection)

    def propose_notice(self, calendar: str, notice: Notice, origin: Origin) -> KeptNotice:
        """Put a notice down, unless one is there under its id; gives what is there then."""
        with self._writing() as connection:
            return calendar_register.propose(connection, calendar, notice, origin)

    def publish_notice(
        self, kept: KeptNotice, origin: Origin, *, seen: int, reach_from: datetime | None
    ) -> KeptNotice:
        """Publish a notice and open its sweep, unless it is published. Raises TryAgain when the calendars are no longer
        at the revision `seen`, from which `reach_from` was reckoned."""
        with self._writing() as connection:
            return calendar_register.publish(connection, kept, origin, seen=seen, reach_from=reach_from)

    def shipped_calendars(self, calendar: str) -> list[str]:
        """The versions of a calendar that programs have brought here, the first one first."""
        with self.read() as connection:
            return calendar_register.shipped_calendars(connection, calendar)

    def reckoned_otherwise(self, calendar: str, version: str) -> bool:
        """Whether the date of an open clock rests on another version of this calendar."""
        with self.read() as connection:
            return calendar_register.reckoned_otherwise(connection, calendar, version)

    def note_shipped(self, calendar: str, version: str, reach_from: datetime | None) -> bool:
        """Note that this program brings that version, and open a sweep if a first changed day is given; False when
        somebody else has noted it."""
        with self._writing() as connection:
            return calendar_register.note_shipped(connection, calendar, version, reach_from)

    def sweeps(self) -> list[Sweep]:
        """How far each published notice has been carried to the open clocks."""
        with self.read() as connection:
            return calendar_register.sweeps(connection)

    def sweep_waits(self) -> bool:
        """Whether there is anything for a sweep to do; cheap enough to be asked all day."""
        with self.read() as connection:
            return calendar_register.sweep_waits(connection)

    def behind(self) -> int:
        """How many open clocks have not been looked at under the present calendars."""
        with self.read() as connection:
            return calendar_register.behind(connection)

    def end_sweeps(self) -> None:
        """Note the sweeps that have left no open clock behind as done."""
        with self._writing() as connection:
            calendar_register.end_sweeps(connection)

    def cases_reached(self, calendar: str, reach_from: datetime, backward: Sequence[str]) -> list[str]:
        """Ids of the cases with an open clock that a notice may move whose first changed day begins at `reach_from`."""
        with self.read() as connection:
            return calendar_register.cases_reached(connection, calendar, reach_from, backward)

    def cases(self, case_ids: Sequence[str]) -> list[Case]:
        """Some hundreds of cases as they stand, in any order."""
        with self.read() as connection:
            return reading.cases(connection, case_ids)

    # --- materials ---------------------------------------------------------------------------------------------------

    @property
    def blobs(self) -> BlobRegister:
        """Which files lie in the store of files; see `workflow.storage.blob_register`."""
        return BlobRegister(self.read, self._writing)

    def materials(self, case_id: str) -> list[KeptMaterial]:
        """Every version of a case's materials of which more was recorded than the name, in order."""
        with self.read() as connection:
            return material_reading.materials_of_case(connection, case_id)

    def material(self, case_id: str, material: str, version: int | None = None) -> KeptMaterial | None:
        """One version of a material, the latest if none is said."""
        kept = [one for one in self.materials(case_id) if one.material == material]
        return next((one for one in reversed(kept) if version in (None, one.version)), None)

    def materials_of(self, applicant: str, names: Sequence[str]) -> list[KeptMaterial]:
        """What cases of one applicant hold of these materials; see `workflow.storage.material_reading`."""
        with self.read() as connection:
            return material_reading.materials_of_applicant(connection, applicant, names)

    # --- matters of other organs -------------------------------------------------------------------------------------

    def replace_matter_index(self, source: str, entries: Sequence[tuple[IndexedMatter, str]]) -> None:
        """Index these matters, each with its pinyin initials, instead of all that came from `source`; all or nothing."""
        with self._writing() as connection:
            matter_index.replace(connection, source, entries)

    def find_matters(self, words: Sequence[str], limit: int) -> list[IndexedMatter]:
        """Indexed matters in which every word is found; see `workflow.storage.matter_index.find`."""
        with self.read() as connection:
            return matter_index.find(connection, words, limit)

    # --- hints -------------------------------------------------------------------------------------------------------

    def take_due(self, limit: int) -> list[str]:
        """Cases on which something is due that nobody was told of, marked as hinted by this call. Safe with many relays."""
        if self._turn is None:
            with faults_told(self.engine), self._single.connect() as connection:
                return hints.take_due(connection, limit)
        with self.read() as connection:
            if not hints.anything_to_take(connection):
                return []
        with self._writing() as connection:
            return hints.take_due(connection, limit)

    def unhint(self, case_ids: Sequence[str]) -> None:
        """Take the marks of `take_due` away again, when the message could not be sent."""
        if case_ids:
            with self._writing() as connection:
                hints.unhint(connection, case_ids)

    def overlooked(self, seconds: float, limit: int) -> list[str]:
        """Cases with something still undone `seconds` of real time after its hint, twice as many after each try; with 0,
        with anything due at all."""
        with self.read() as connection:
            return hints.overlooked(connection, seconds, limit)

    def unhinted(self, limit: int) -> list[str]:
        """Cases on which something is due that nobody was told of."""
        with self.read() as connection:
            return hints.unhinted(connection, limit)

    def take_overlooked(self, seconds: float, limit: int, *, attempts: int = parking.ATTEMPTS) -> list[str]:
        """Cases of `overlooked`, hinted anew and counted as tried once more by this call, parked after `attempts`. Safe
        with many pulses."""
        if not self.overlooked(seconds, 1):
            return []
        with self._writing() as connection:
            return hints.take_overlooked(connection, seconds, limit, attempts)

    def failed(
        self,
        case_id: str,
        error: str,
        *,
        item: DueRung | DueJob | None = None,
        attempts: int = parking.ATTEMPTS,
    ) -> bool:
        """Count a failure of one item of a case's agenda, or of all that is due on it; True when it is parked now."""
        with self._writing() as connection:
            return parking.failed(connection, case_id, error, item, attempts)

    def pass_over(self, case_id: str) -> None:
        """Leave a case to a newer program; see `workflow.storage.parking.pass_over`."""
        with self._writing() as connection:
            parking.pass_over(connection, case_id)

    def parked(self) -> list[parking.Parked]:
        """What failed too often and is left alone until somebody releases it."""
        with self.read() as connection:
            return parking.parked(connection)

    def release(self, case_id: str) -> None:
        """Try what is parked on a case again."""
        with self._writing() as connection:
            parking.release(connection, case_id)

    def done_counts(self) -> dict[str, int]:
        """How many rungs and jobs were done by a task and how many by a pulse."""
        with self.read() as connection:
            return parking.done_counts(connection)

    # --- reading one case --------------------------------------------------------------------------------------------

    def case(self, case_id: str) -> Case | None:
        """A case as it stands."""
        with self.read() as connection:
            return reading.case(connection, case_id)

    def personal_values(self, case_id: str) -> dict[str, str]:
        """The personal values of a case that have not been erased, by field (`form.name`); of several the latest."""
        with self.read() as connection:
            return reading.personal_values(connection, case_id)

    def definition(self, hash_: str) -> tuple[bytes, bytes] | None:
        """The canonical bytes and the texts of a stored definition."""
        with self.read() as connection:
            return reading.definition(connection, hash_)

    def case_id(self, no: str) -> str | None:
        """The id of the case with this number."""
        with self.read() as connection:
            return reading.case_id(connection, no)

    def case_ids(self, after: str = "", limit: int = 1000) -> list[str]:
        """Ids of cases in their order, from the one after `after` on."""
        with self.read() as connection:
            return reading.case_ids(connection, after, limit)

    def history(self, case_id: str) -> list[tuple[Envelope, Event]]:
        """A case's events from the first on. Raises RecordBroken when one cannot be read."""
        with self.read() as connection:
            return reading.history(connection, case_id)
