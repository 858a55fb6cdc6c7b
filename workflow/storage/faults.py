"""What an error of a database means to a command: try again, or the database cannot be used; the rest is our own fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from workflow.errors import BanjieError, DatabaseUnavailable


class TryAgain(DatabaseUnavailable):
    """The database is busy or was lost for a moment: {reason}. Send the same command with the same key again."""


class RefusedByTables(BanjieError):
    """The tables refuse this by a rule of theirs, {rule}; nothing has been written."""


_SQLITE_BUSY = {5, 6}
_SQLITE_CONSTRAINT = 19
# Permission, read-only, I/O, corrupt, full, cannot open, not a database.
_SQLITE_UNUSABLE = {3, 8, 10, 11, 13, 14, 26}
_POSTGRESQL_RETRY = {"40001", "40P01", "55P03"}  # serialisation, deadlock, lock timeout
_RAISED = "P0001"  # by a trigger of ours
# Shut down, crashed, starting, idle for too long.
_POSTGRESQL_LOST = {"57P01", "57P02", "57P03", "57P05", "25P03"}
_POSTGRESQL_UNUSABLE = {"08", "28", "3D", "53", "57", "58", "XX"}  # by class


@contextmanager
def faults_told(engine: Engine, *, connecting: bool = False) -> Iterator[None]:
    """Raise TryAgain, DatabaseUnavailable or RefusedByTables for a driver's error that means it; others pass unchanged.

    What the driver says of a refused row is left out, because it quotes the row, and with it perhaps a person's data.
    """
    try:
        yield
    except (DBAPIError, engine.dialect.loaded_dbapi.Error) as error:
        connecting = connecting or (isinstance(error, DBAPIError) and error.statement is None)
        told = told_as(error, connecting=connecting)
        if told is None:
            raise
        raise told from (None if isinstance(told, RefusedByTables) else error)
    except PoolTimeout as error:
        raise TryAgain(reason="all connections are in use") from error


def told_as(error: Exception, *, connecting: bool = False) -> BanjieError | None:
    """What a driver's error means to who asked, or None when it means nothing but a fault of ours.

    A connection that is lost, even while committing, means trying again: the command's key tells what became of it.
    """
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    reason = str(cause).strip().partition("\n")[0] or type(cause).__name__
    sqlstate = getattr(cause, "sqlstate", None) or ""
    code = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF
    if _twin(cause):
        return TryAgain(reason="the same command is being done at this moment")
    if sqlstate[:2] == "23" or code == _SQLITE_CONSTRAINT:
        return RefusedByTables(rule=_rule(cause) if sqlstate else reason)
    if sqlstate == _RAISED:
        return RefusedByTables(rule=reason)
    if sqlstate in _POSTGRESQL_RETRY or code in _SQLITE_BUSY:
        return TryAgain(reason=reason)
    lost = sqlstate in _POSTGRESQL_LOST or (_without_answer(cause) and not sqlstate and not code)
    if lost and not connecting:
        return TryAgain(reason=reason)
    if lost or sqlstate[:2] in _POSTGRESQL_UNUSABLE or code in _SQLITE_UNUSABLE:
        return DatabaseUnavailable(reason=reason)
    return None


def _rule(cause: Any) -> str:
    """The constraint's name, or for a missing value that of its column."""
    diag = cause.diag
    return str(diag.constraint_name or f"{diag.table_name}.{diag.column_name}")


def _twin(cause: Any) -> bool:
    """Whether two are filing the same case: one that exists is locked before it is written, so only then a primary key
    can be taken. Which table of the one statement PostgreSQL notices it in is up to chance. SQLite has one writer.
    """
    return getattr(cause, "sqlstate", None) == "23505" and (cause.diag.constraint_name or "").endswith("_pk")


def _without_answer(cause: BaseException) -> bool:
    """The driver gives no state for what the server did not say itself."""
    return type(cause).__name__ in ("OperationalError", "InterfaceError") and type(
        cause
    ).__module__.startswith("psycopg")


def roll_back(engine: Engine, connection: PoolProxiedConnection) -> None:
    """Give a connection back after an error, which this never hides. When it is lost, those that lie idle in the pool
    are lost as well, most likely: a server that restarts ends them all.
    """
    with suppress(Exception):
        connection.rollback()
    if getattr(connection.driver_connection, "closed", False):
        connection.invalidate()
        engine.dispose()
    connection.close()
