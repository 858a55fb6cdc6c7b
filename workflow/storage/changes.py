"""Whether it is worth looking for what is due: a question so cheap that it can be asked every few milliseconds."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import Connection, Engine

from workflow.errors import DatabaseUnavailable
from workflow.storage.driver import prepared
from workflow.storage.faults import faults_told
from workflow.storage.hints import ANY_SILENT

_SILENT = prepared(ANY_SILENT)


class Changes:
    """SQLite counts, for each connection, the commits of all others (`PRAGMA data_version`), and reads that number from
    the file's header or its shared memory without a query: there the answer is whether anybody has committed since.
    PostgreSQL has no such number, but may be asked the thing itself: whether anything is due that nobody was told of, two
    looks into small indexes by a statement that the server has prepared.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._version: int | None = None
        self._cursor: psycopg.RawCursor[Any] | None = None

    def __call__(self) -> bool:
        """True when something may have become due since the last call. Raises DatabaseUnavailable."""
        try:
            if self._engine.dialect.name == "sqlite":
                return self._counted()
            return self._asked()
        except self._engine.dialect.loaded_dbapi.Error as error:
            self.close()
            raise DatabaseUnavailable(reason=str(error)) from error

    def _counted(self) -> bool:
        seen = self._version
        # The driver's own cursor: asked hundreds of times a second, and there is no transaction to speak of.
        cursor = self._opened().connection.cursor()
        cursor.execute("PRAGMA data_version")
        row = cursor.fetchone()
        self._version = int(row[0]) if row else None
        return seen != self._version

    def _asked(self) -> bool:
        if self._cursor is None:
            own: Any = self._opened().connection.driver_connection
            self._cursor = psycopg.RawCursor(own)
        given = [_SILENT.constants[name] for name in _SILENT.order]
        return self._cursor.execute(_SILENT.postgresql, given).fetchone() is not None

    def _opened(self) -> Connection:
        if self._connection is None:
            with faults_told(self._engine):
                engine = self._engine
                if engine.dialect.name != "sqlite":
                    engine = engine.execution_options(isolation_level="AUTOCOMMIT")
                self._connection = engine.connect()
        return self._connection

    def close(self) -> None:
        self._cursor = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
