"""What the watch over time writes down: the latest time seen, a freeze, its release by two persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.domain.timekeeping import EXPIRY
from workflow.errors import NotFrozen, SamePersonReleases
from workflow.storage import tables as t
from workflow.storage.columns import PresentTime, RealNow
from workflow.storage.directory_register import Origin, note
from workflow.storage.watch_tables import time_watch

if TYPE_CHECKING:
    from sqlalchemy import Connection

FROZEN: Final = "clock_frozen"
"""What stands as the error of a rung that was parked because the clocks are in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The times told at one moment: by the database, by a host, and how long that host has been running."""

    database: datetime
    host: str
    host_at: datetime
    elapsed: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is written down: the `mark`, and the freeze, if one stands. `shift`: by how much the clock had jumped."""

    mark: datetime
    host: str
    host_at: datetime
    elapsed: timedelta
    releases: int
    frozen_at: datetime | None = None
    because: str | None = None
    shift: timedelta | None = None
    proposed_by: str | None = None
    reason: str | None = None


_w = time_watch.c
_READ = select(time_watch)
_TIME = select(RealNow())
_MARKS = ("mark", "host", "host_at", "host_elapsed")
_GIVEN = {"id": 1, **{name: bindparam(f"n_{name}", type_=_w[name].type) for name in _MARKS}}
_SET = {name: _GIVEN[name] for name in _MARKS}
_FIRST = {
    name: dialect.insert(time_watch).values(**_GIVEN).on_conflict_do_nothing()
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_MARK = update(time_watch).where(_w.frozen_at.is_(None)).values(**_SET)
_FREEZE = (
    update(time_watch)
    .where(_w.frozen_at.is_(None))
    .values(frozen_at=RealNow(), frozen_because=bindparam("because"), shift=bindparam("by"))
)
_UNFROZEN = {
    "frozen_at": None,
    "frozen_because": None,
    "shift": None,
    "proposed_by": None,
    "proposed_at": None,
    "reason": None,
}
_HOLD = tuple(
    update(t.rungs)
    .where(t.rungs.c.rung == EXPIRY, t.rung_waits, t.rungs.c.fires_at <= PresentTime(), hinted)
    .values(parked_at=RealNow(), error=FROZEN)
    for hinted in (t.rungs.c.hinted_at.is_(None), t.rungs.c.hinted_at.is_not(None))
)
_HELD = and_(
    t.rungs.c.parked_at.is_not(None),
    t.rungs.c.error == FROZEN,
    t.rungs.c.fired_at.is_(None),
    t.rungs.c.cancelled_at.is_(None),
)
_COUNT_HELD = select(func.count()).select_from(t.rungs).where(_HELD)
_LET_GO = update(t.rungs).where(_HELD).values(parked_at=None, error=None, attempts=0, hinted_at=None)


def real_time(connection: Connection) -> datetime:
    """What the database's own clock tells."""
    return connection.execute(_TIME).scalar_one()


def watched(connection: Connection) -> Watched | None:
    """What is written down, or None where nobody has looked yet."""
    row = connection.execute(_READ).first()
    if row is None:
        return None
    return Watched(
        mark=row.mark,
        host=row.host,
        host_at=row.host_at,
        elapsed=timedelta(milliseconds=row.host_elapsed),
        releases=row.releases,
        frozen_at=row.frozen_at,
        because=row.frozen_because,
        shift=timedelta(milliseconds=row.shift) if row.shift is not None else None,
        proposed_by=row.proposed_by,
        reason=row.reason,
    )


def mark(connection: Connection, seen: Seen) -> None:
    """Write down what was seen, unless a freeze stands."""
    connection.execute(_FIRST[connection.dialect.name], _given(seen))
    connection.execute(_MARK, _given(seen))


def freeze(connection: Connection, because: str, shift: timedelta) -> bool:
    """Hold irreversible outcomes back from now on; whether it was this call that did it."""
    given = {"because": because, "by": round(shift.total_seconds() * 1000)}
    return connection.execute(_FREEZE, given).rowcount > 0


def hold(connection: Connection) -> None:
    """Park the outcomes that have fallen due during the freeze, so that no worker tries them in vain."""
    for statement in _HOLD:
        connection.execute(statement)


def count_held(connection: Connection) -> int:
    """How many outcomes are held back at present."""
    return int(connection.execute(_COUNT_HELD).scalar_one())


def propose_release(connection: Connection, origin: Origin, reason: str) -> Watched:
    """Put down that somebody finds the clocks right. Raises NotFrozen."""
    _frozen(connection)
    connection.execute(update(time_watch).values(proposed_by=origin.by, proposed_at=RealNow(), reason=reason))
    note(connection, "clock.release_proposed", "clock", origin, reason=reason)
    return _frozen(connection)


def release(connection: Connection, origin: Origin, seen: Seen) -> int:
    """Let irreversible outcomes have their way again, and take the present time for right; gives how many were held back.

    Raises NotFrozen, also when nobody has proposed it; SamePersonReleases.
    """
    kept = _frozen(connection)
    if kept.proposed_by is None:
        raise NotFrozen
    if kept.proposed_by == origin.by:
        raise SamePersonReleases(person=origin.by)
    connection.execute(update(time_watch).values(**_SET, **_UNFROZEN, releases=_w.releases + 1), _given(seen))
    count = connection.execute(_LET_GO).rowcount
    said = {"reason": kept.reason, "proposed_by": kept.proposed_by, "held": count}
    note(connection, "clock.released", "clock", origin, **said)
    return count


def _frozen(connection: Connection) -> Watched:
    connection.execute(select(_w.id).with_for_update())
    kept = watched(connection)
    if kept is None or kept.frozen_at is None:
        raise NotFrozen
    return kept


def _given(seen: Seen) -> dict[str, object]:
    elapsed = round(seen.elapsed.total_seconds() * 1000)
    return {
        "n_mark": seen.database,
        "n_host": seen.host,
        "n_host_at": seen.host_at,
        "n_host_elapsed": elapsed,
    }
