"""Column types and the few SQL expressions that the two databases spell differently: instants, and what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


def instant_text(moment: datetime) -> str:
    """An instant as SQLite keeps it: UTC with six decimals, so that text order is time order.

    Raises ValueError for a naive datetime.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")[:-6] + "Z"


class Instant(TypeDecorator[datetime]):
    """An aware instant: `timestamptz` in PostgreSQL, text in SQLite, UTC in Python. Naive datetimes are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column's type in this database."""
        return String(27) if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """What the driver is given. Raises ValueError for a naive datetime."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return instant_text(value)
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as it is called
        """The stored instant, in UTC."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return in_utc(moment)


def in_utc(moment: datetime) -> datetime:
    """The same instant with `datetime.UTC` as its zone, whatever zone the driver gave it."""
    if moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if moment.utcoffset() == timedelta(0) else moment.astimezone(UTC)


class RealNow(FunctionElement[datetime]):
    """The database's own wall clock, read when the row is made and not when the transaction began; never simulated."""

    type = Instant()
    inherit_cache = True

    @staticmethod
    def sqlite(modifiers: str = "") -> str:
        """SQLite's expression for now; it counts milliseconds."""
        return f"strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'{modifiers})"


@compiles(RealNow, "postgresql")
def _postgresql_real_now(_element: RealNow, _compiler: SQLCompiler, **_: Any) -> str:
    return "clock_timestamp()"


@compiles(RealNow, "sqlite")
def _sqlite_real_now(_element: RealNow, _compiler: SQLCompiler, **_: Any) -> str:
    return RealNow.sqlite()


class RealTimeAgo(FunctionElement[datetime]):
    """What the wall clock read so many seconds ago, or will read in so many if they are negative: `RealTimeAgo(seconds)`,
    where `seconds` is any expression.
    """

    type = Instant()
    inherit_cache = True


@compiles(RealTimeAgo, "postgresql")
def _postgresql_ago(element: RealTimeAgo, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(clock_timestamp() - make_interval(secs => {compiler.process(element.clauses, **kw)}))"


@compiles(RealTimeAgo, "sqlite")
def _sqlite_ago(element: RealTimeAgo, compiler: SQLCompiler, **kw: Any) -> str:
    return RealNow.sqlite(f", printf('%+.3f seconds', -({compiler.process(element.clauses, **kw)}))")


class PresentTime(FunctionElement[datetime]):
    """The installation's present time: real, stepped or offset, by the one row of `installation`."""

    type = Instant()
    inherit_cache = True


@compiles(PresentTime, "postgresql")
def _postgresql_present(_element: PresentTime, _compiler: SQLCompiler, **_: Any) -> str:
    return (
        "(SELECT CASE mode WHEN 'stepped' THEN present"
        " ELSE clock_timestamp() + make_interval(secs => offset_seconds) END FROM installation)"
    )


@compiles(PresentTime, "sqlite")
def _sqlite_present(_element: PresentTime, _compiler: SQLCompiler, **_: Any) -> str:
    shifted = RealNow.sqlite(", printf('%+d seconds', offset_seconds)")
    return f"(SELECT CASE mode WHEN 'stepped' THEN present ELSE {shifted} END FROM installation)"
