"""Whether anybody has committed since one last looked: a question so cheap that it can be asked every few milliseconds."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from workflow.storage.database import faults_told


class Changes:
    """SQLite counts, for each connection, the commits of all others (`PRAGMA data_version`), and reads that number from
    the file's header or its shared memory without a query. PostgreSQL has no such number: there the answer is always yes.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._version: int | None = None

    def __call__(self) -> bool:
        """True when something may have changed since the last call. Raises DatabaseUnavailable."""
        if self._engine.dialect.name != "sqlite":
            return True
        with faults_told():
            seen, self._version = self._version, self._read()
        return seen != self._version

    def _read(self) -> int:
        if self._connection is None:
            self._connection = self._engine.connect()
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute("PRAGMA data_version")
            return int(cursor.fetchone()[0])
        finally:
            cursor.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
