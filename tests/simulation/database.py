"""A database that belongs to a simulation: every statement and every commit is a point that the simulation is told of, and
at which it may stop the process, let another go first, or break the line.

It is SQLite itself with its own locks, on a file in memory where there is such a place; each process has connections of
its own. Nothing is synchronised to a disk, because no power fails here.
The wall clock of the database is the simulation's: `strftime(…, 'now')` is answered by it.
"""

from __future__ import annotations

import atexit
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp
from typing import Any, Protocol

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from workflow.storage.database import open_engine, sqlite_module
from workflow.storage.schema import upgrade
from workflow.testing.quotas import allot_samples

sqlite: Any = sqlite_module()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BUSY, LOST = 5, 6
_SECONDS = re.compile(r"([+-]?[\d.]+) seconds")
_PLACE = "/dev/shm" if Path("/dev/shm").is_dir() else None


class Death(BaseException):
    """The process is no more. Nothing that runs while this passes can touch the database."""


class Site(Protocol):
    """Who is told of every point; raising there is how a fault gets in. `alive` says whether the process still is."""

    alive: bool

    def reach(self, kind: str) -> None:
        """A statement is about to be executed."""

    def commit(self, do: Callable[[], None]) -> None:
        """A transaction that may have written is about to be committed by `do`."""

    def ended(self, connection: Any) -> None:
        """A transaction is over, if there was one."""

    def holds(self, connection: Any) -> None:
        """A connection was taken."""

    def gives(self, connection: Any) -> None:
        """A connection was given back."""

    def begin(self, connection: Any, do: Callable[[], None]) -> None:
        """A transaction is about to begin by `do`: there is one writer at a time."""


@cache
def kind_of(sql: str) -> str:
    """What a statement is: `begin`, `read`, `write`, `mark` for savepoints."""
    word = sql.lstrip().split(None, 1)[0].upper()
    kinds = {"BEGIN": "begin", "SELECT": "read", "WITH": "read", "PRAGMA": "read"}
    return kinds.get(word, "mark" if word in ("SAVEPOINT", "RELEASE", "ROLLBACK") else "write")


class Cursor(sqlite.Cursor):  # type: ignore[misc]
    """The driver's own, which asks first."""

    def execute(self, sql: str, *given: Any) -> Any:
        connection = self.connection
        kind = kind_of(sql)
        if kind == "begin":
            connection.site.begin(connection, lambda: super(Cursor, self).execute(sql, *given))
            return self
        connection.site.reach(kind)
        return super().execute(sql, *given)

    def executemany(self, sql: str, rows: Any) -> Any:
        self.connection.site.reach("write")
        return super().executemany(sql, rows)


class Line(sqlite.Connection):  # type: ignore[misc]
    """A connection of one process to one database."""

    site: Site
    home: Memory
    ready = False

    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)

    def commit(self) -> None:
        if self.in_transaction:
            self.site.commit(super().commit)
            self.site.ended(self)
        elif not self.site.alive:
            raise Death

    def rollback(self) -> None:
        if self.in_transaction:
            super().rollback()
        self.site.ended(self)

    def close(self) -> None:
        self.rollback()
        self.site.gives(self)
        if self.site.alive and self.home.alive:
            self.home.idle.append(self)
        else:
            super().close()

    def create_function(self, *given: Any, **named: Any) -> None:
        if not self.ready:  # the pool would register its own anew at every turn
            super().create_function(*given, **named)

    def end(self) -> None:
        """What the system does to a connection of a process that has died."""
        super().rollback()


class Memory:
    """One database, there for as long as it is not closed; `now` tells its wall clock in milliseconds since 1970."""

    def __init__(self, template: Path, now: Callable[[], int]) -> None:
        self.folder = Path(mkdtemp(prefix="banjie-simulated-", dir=_PLACE))
        self.address = str(self.folder / "banjie.db")
        self.now = now
        self.alive = True
        self.idle: list[Line] = []
        copyfile(template, self.address)
        self.keeper = sqlite.connect(self.address, isolation_level=None)
        self.keeper.create_function("strftime", -1, self._strftime, deterministic=True)

    def connect(self, site: Site) -> Line:
        line: Line = self.idle.pop() if self.idle else self._new()
        line.site = site
        site.holds(line)
        return line

    def _new(self) -> Line:
        line: Line = sqlite.connect(
            self.address, isolation_level=None, timeout=0, factory=Line, check_same_thread=False
        )
        line.home = self
        for pragma in (
            "foreign_keys = ON",
            "synchronous = OFF",
            "wal_autocheckpoint = 0",
            "cache_size = -16000",
        ):
            sqlite.Cursor(line).execute(f"PRAGMA {pragma}")
        line.create_function("strftime", -1, self._strftime, deterministic=True)
        line.create_function("regexp", 2, lambda pattern, text: re.search(pattern, text) is not None)
        line.ready = True
        return line

    def _strftime(self, form: str, what: str, *modifiers: str) -> str:
        """The world's time; deterministic, since a statement has one present, as with SQLite's own."""
        if what != "now" or not form.endswith("%f000Z"):
            raise ValueError(f"strftime({form}, {what})")
        shift = sum(float(_SECONDS.fullmatch(one).group(1)) for one in modifiers)  # type: ignore[union-attr]
        moment = EPOCH + timedelta(milliseconds=self.now() + round(shift * 1000))
        return moment.isoformat(timespec="microseconds")[:26] + "Z"

    def close(self) -> None:
        self.alive = False
        for line in self.idle:
            line.close()
        self.idle.clear()
        self.keeper.close()
        rmtree(self.folder)


def template() -> Path:
    """A migrated database with the sample quotas, to be copied; made once for a process."""
    return _template()


@cache
def _template() -> Path:
    folder = Path(mkdtemp(prefix="banjie-template-", dir=_PLACE))
    atexit.register(rmtree, folder)
    path = folder / "template.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    allot_samples(engine)
    engine.dispose()
    return path


class Switchboard:
    """One engine for all processes of all simulations, so that statements are compiled once; `site` and `memory` say whose
    turn it is.
    """

    def __init__(self) -> None:
        self.memory: Memory | None = None
        self.site: Site | None = None
        self.engine = create_engine(
            "sqlite+pysqlite://",
            module=sqlite,
            creator=self._connect,
            poolclass=NullPool,
            hide_parameters=True,
        )

    def _connect(self) -> Line:
        assert self.memory is not None
        assert self.site is not None
        if not self.site.alive:
            raise Death
        return self.memory.connect(self.site)


@cache
def switchboard() -> Switchboard:
    """The one of this process."""
    return Switchboard()


def busy(text: str = "database is locked") -> Exception:
    """What the driver raises when another has the lock."""
    error = sqlite.OperationalError(text)
    error.sqlite_errorcode = BUSY
    return error  # type: ignore[no-any-return]


def broken() -> Exception:
    """What the driver raises when the disk does not answer."""
    error = sqlite.OperationalError("disk I/O error")
    error.sqlite_errorcode = 10
    return error  # type: ignore[no-any-return]
