"""Whether anybody has committed since one last looked: a question so cheap that it can be asked every few milliseconds."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from workflow.errors import DatabaseUnavailable
from workflow.storage.faults import faults_told


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
        seen = self._version
        try:
            self._version = self._read()
        except self._engine.dialect.loaded_dbapi.Error as error:
            self.close()
            raise DatabaseUnavailable(reason=str(error)) from error
        return seen != self._version

    def _read(self) -> int | None:
        if self._connection is None:
            with faults_told(self._engine):
                self._connection = self._engine.connect()
        # The driver's own cursor: asked hundreds of times a second, and there is no transaction to speak of.
        cursor = self._connection.connection.cursor()
        cursor.execute("PRAGMA data_version")
        row = cursor.fetchone()
        return int(row[0]) if row else None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
