"""Engines for the two databases: drivers, safe settings, and what threads and forks must not share."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from types import ModuleType
from typing import Any, Literal
from weakref import WeakSet

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from workflow.errors import BadSetting, DatabaseUnavailable
from workflow.storage.faults import TryAgain

__all__ = ["TryAgain", "WriterTurn", "open_engine", "sqlite_module"]

Use = Literal["reading", "writing", "stepping"]

WAL_SAFE = (3, 51, 3)
"""SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode with several writers; from this version on it is mended."""

BUSY_SECONDS = 15
"""How long a SQLite writer waits for its turn before the command is told to try again."""

SQLITE_PRAGMAS = ("synchronous = FULL", "foreign_keys = ON", "mmap_size = 0", "cache_size = -16000")

SETTINGS = {
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    # A worker that died without a word must let go of its case in seconds, not in hours.
    "idle_in_transaction_session_timeout": "30s",
    "default_transaction_isolation": "read committed",
    "timezone": "UTC",
    "jit": "off",
}
"""Of every PostgreSQL session."""

WRITER_SETTINGS = {
    # Every statement of a writer goes by a key. A plan is kept, and one made while a table was small would read all of
    # it long after it has grown.
    "enable_seqscan": "off",
}
STEPPING_SETTINGS = WRITER_SETTINGS | {
    # For the same reason a plan may be made once, whatever the values: planning takes longer than doing.
    "plan_cache_mode": "force_generic_plan",
}
READER_SETTINGS = {"default_transaction_read_only": "on"}


def open_engine(url: str | URL, *, pool_size: int = 5, use: Use = "writing") -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…`, with safe settings; nothing is connected yet. On one for
    reading the database itself refuses to write; one for stepping is for `workflow.storage.wire`, which prepares its own
    statements and ends its own transactions.

    Raises BadSetting for another kind of address.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise BadSetting(name="BANJIE_DATABASE_URL", reason="it is not a database address") from error
    backend = address.get_backend_name()
    if backend == "sqlite":
        engine = _sqlite(address, pool_size, use)
    elif backend in ("postgresql", "postgres"):
        engine = _postgresql(address, pool_size, use)
    else:
        raise BadSetting(name="BANJIE_DATABASE_URL", reason=f"{backend} is neither sqlite nor postgresql")
    _ENGINES.add(engine)
    return engine


_OWN_SETTINGS: dict[Use, dict[str, str]] = {
    "reading": READER_SETTINGS,
    "writing": WRITER_SETTINGS,
    "stepping": STEPPING_SETTINGS,
}


def _postgresql(address: URL, pool_size: int, use: Use) -> Engine:
    settings = SETTINGS | _OWN_SETTINGS[use]
    options = " ".join(f"-c {name}={value.replace(' ', chr(92) + ' ')}" for name, value in settings.items())
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        # A page must not fail because the server was restarted since the last one; a command is tried again anyway.
        pool_pre_ping=use == "reading",
        pool_reset_on_return=None if use == "stepping" else "rollback",
        use_native_hstore=False,
        hide_parameters=True,  # an error must not carry personal values into a log
        connect_args={
            "options": options,
            "connect_timeout": 5,
            "application_name": "banjie",
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
            # psycopg forgets what it has prepared after a rollback, and would have the server forget ours as well.
            "prepare_threshold": None if use == "stepping" else 5,
        },
    )


def sqlite_module() -> ModuleType:
    """The SQLite driver with the newer library: the `pysqlite3` wheel where there is one, else Python's own."""
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - a wheel that not every platform has
    except ImportError:
        return sqlite3
    newer: bool = dbapi2.sqlite_version_info > sqlite3.sqlite_version_info
    return dbapi2 if newer else sqlite3


def _sqlite(address: URL, pool_size: int, use: Use) -> Engine:
    if not address.database or address.database == ":memory:" or "mode=memory" in str(address):
        raise BadSetting(
            name="BANJIE_DATABASE_URL", reason="a SQLite database must be a file: sqlite:///path"
        )
    module = sqlite_module()
    engine = create_engine(
        address.set(drivername="sqlite+pysqlite"),
        module=module,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=BUSY_SECONDS,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
    )
    journal = "wal" if module.sqlite_version_info >= WAL_SAFE else "delete"
    path = Path(address.database)

    @event.listens_for(engine, "do_connect")
    def _make_folder(*_: Any) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(reason=str(error)) from error

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: Any) -> None:
        found = connection.execute(f"PRAGMA journal_mode = {journal}").fetchone()[0]
        if found != journal:
            raise DatabaseUnavailable(
                reason=f"{path} is in journal mode {found} and is in use; with this SQLite it must be {journal}"
            )
        for pragma in (*SQLITE_PRAGMAS, f"query_only = {int(use == 'reading')}"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


# --- a forked child must not use, nor even close, what its parent had open ------------------------------------------

_ENGINES: WeakSet[Engine] = WeakSet()
_ABANDONED: list[Any] = []


def _after_fork() -> None:
    """Leave the parent's connections alone: closing a SQLite file or a PostgreSQL session here would end it there."""
    for engine in _ENGINES:
        _ABANDONED.append(engine.pool)
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_after_fork)


class WriterTurn:
    """Lets the writers of one process queue in order for SQLite's only write lock, instead of all asking in turns."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait for the turn. Raises TryAgain when it does not come."""
        if not self._lock.acquire(timeout=BUSY_SECONDS):
            raise TryAgain(reason="another writer is at work")

    def give(self) -> None:
        """Let the next one write."""
        self._lock.release()
