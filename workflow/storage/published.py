"""The notices on holidays that an installation has published, read without the rest of the storage: for commands that
must answer at once, and to which loading it would add three times their own time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, LiteralString
from urllib.parse import quote

import msgspec

from workflow.domain.notices import Notice
from workflow.errors import DatabaseUnavailable

PATIENCE: Final = 5
"""Seconds that the database may take to answer."""

_SQLITE: Final = "sqlite:///"
_PUBLISHED: Final = "SELECT calendar, body FROM calendar_notices WHERE revision IS NOT NULL ORDER BY revision"
_BEHIND: Final = """
SELECT count(*) FROM clocks
WHERE ended_on IS NULL AND calendar_revision < (SELECT calendar_revision FROM installation)
"""
_THERE: Final = "SELECT count(*) FROM sqlite_master WHERE name = 'calendar_notices'"


def published_notices(database_url: str) -> list[tuple[str, Notice]]:
    """Each published notice with the code of its calendar; none where there is no database, or an older one.

    Raises DatabaseUnavailable when there is one and it does not answer.
    """
    rows = _rows(database_url, _PUBLISHED)
    return [(calendar, msgspec.json.decode(bytes(body), type=Notice)) for calendar, body in rows]


def clocks_behind(database_url: str) -> int:
    """How many open clocks a published notice has not come to yet. Raises DatabaseUnavailable."""
    return sum(count for (count,) in _rows(database_url, _BEHIND))


def _rows(url: str, query: LiteralString) -> Sequence[Any]:
    if url.startswith(_SQLITE):
        return _from_sqlite(Path(url.removeprefix(_SQLITE)), query)
    return _from_postgresql(url, query)


def _from_sqlite(path: Path, query: str) -> Sequence[Any]:
    if not path.exists():
        return []
    address = f"file:{quote(str(path))}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as connection:
            if connection.execute(_THERE).fetchone() == (0,):
                return []
            return connection.execute(query).fetchall()
    except sqlite3.Error as error:
        raise DatabaseUnavailable(reason=str(error)) from error


def _from_postgresql(url: str, query: LiteralString) -> Sequence[Any]:
    import psycopg  # noqa: PLC0415 - slow to import, and only for this

    address = url.replace("postgresql+psycopg://", "postgresql://")
    try:
        with psycopg.connect(address, connect_timeout=PATIENCE) as connection:
            return connection.execute(query).fetchall()
    except psycopg.errors.UndefinedTable:
        return []
    except psycopg.Error as error:
        raise DatabaseUnavailable(reason=str(error).strip().partition("\n")[0]) from error
