"""The installation's clock: real for ever, or simulated from the day the database is created (design §2, idea 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import Connection, bindparam, exists, func, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.errors import ClockIsReal, Conflict, DatabaseUnavailable
from workflow.storage import tables as t
from workflow.storage.calendar_register import SWEEP_WAITS
from workflow.storage.columns import PresentTime, RealNow
from workflow.storage.desk_register import DESKS_WAIT, NEXT_DAY

Mode = Literal["real", "stepped", "offset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Which time a database keeps, and what time it is there. `offset` is what is added to real time."""

    mode: Mode
    now: datetime
    offset: timedelta = timedelta(0)


_READ = select(t.installation.c.mode, t.installation.c.offset_seconds, PresentTime().label("now"))
_REAL = select(RealNow())
_CREATE = {
    name: dialect.insert(t.installation)
    .values(
        id=1,
        mode=bindparam("mode"),
        present=bindparam("present"),
        offset_seconds=bindparam("offset"),
        created_at=RealNow(),
    )
    .on_conflict_do_nothing()  # somebody else may be as quick
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_MOVE = update(t.installation).values(present=bindparam("to"))

_NEXT = [
    select(func.min(due)).where(waits, hint)
    for due, waits, hinted in (
        (t.rungs.c.fires_at, t.rung_waits, t.rungs.c.hinted_at),
        (t.jobs.c.due_at, t.job_waits, t.jobs.c.hinted_at),
    )
    for hint in (hinted.is_(None), hinted.is_not(None))  # an index each
]
_NEXT_DUE = union_all(*_NEXT, NEXT_DAY)
_ANYTHING_DUE = select(
    exists().where(t.rung_waits, t.rungs.c.hinted_at.is_(None), t.rungs.c.fires_at <= PresentTime())
    | exists().where(t.rung_waits, t.rungs.c.hinted_at.is_not(None))
    | exists().where(t.job_waits, t.jobs.c.hinted_at.is_(None), t.jobs.c.due_at <= PresentTime())
    | exists().where(t.job_waits, t.jobs.c.hinted_at.is_not(None))
    | SWEEP_WAITS
    | DESKS_WAIT
)


def read_clock(connection: Connection) -> Clock | None:
    """The database's clock, or None when none has been created."""
    row = connection.execute(_READ).first()
    if row is None:
        return None
    return Clock(mode=cast("Mode", row.mode), now=row.now, offset=timedelta(seconds=row.offset_seconds))


def create_clock(connection: Connection, mode: Mode, start: datetime | None) -> Clock:
    """Give a new database its clock; one that has this mode already is left as it is, whatever time it has come to.

    A stepped clock stands at `start` until it is moved; an offset clock reads `start` now and runs on from there.
    Raises Conflict when the database keeps another kind of time, ValueError when `start` is missing or not wanted.
    """
    if (start is None) != (mode == "real"):
        raise ValueError("a simulated clock needs its start, and a real one has none")
    there = read_clock(connection)
    if there is None:
        real = connection.execute(_REAL).scalar_one()
        offset = round((start - real).total_seconds()) if mode == "offset" and start is not None else 0
        present = start if mode == "stepped" else None
        given = {"mode": mode, "present": present, "offset": offset}
        connection.execute(_CREATE[connection.dialect.name], given)
        there = read_clock(connection)
    if there is None or there.mode != mode:
        raise Conflict(reason=f"this database keeps {there.mode if there else 'no'} time, not {mode}")
    return there


def quiet(connection: Connection) -> bool:
    """Whether nothing is due, undone or unpublished at the present time, nor any open clock behind the calendars, nor a work
    item behind the directory. What is parked or withheld does not count."""
    return not connection.execute(_ANYTHING_DUE).scalar_one()


def next_due(connection: Connection) -> datetime | None:
    """The earliest instant at which something falls due, or fell due and is undone."""
    found = [row[0] for row in connection.execute(_NEXT_DUE)]
    return min((moment for moment in found if moment is not None), default=None)


def advance(connection: Connection, to: datetime) -> None:
    """Move a stepped clock forward to `to`, in a transaction of its own that holds the clock.

    Raises ClockIsReal unless the clock is stepped; Conflict when it would go back, or while something is due or undone.
    """
    row = connection.execute(
        select(t.installation.c.mode, t.installation.c.present).with_for_update()
    ).first()
    if row is None:
        raise DatabaseUnavailable(reason="it has no clock yet")
    if row.mode != "stepped":
        raise ClockIsReal
    if to < row.present:
        raise Conflict(reason=f"time does not go back from {row.present.isoformat()} to {to.isoformat()}")
    if not quiet(connection):
        raise Conflict(reason="time stands still while something is due and undone")
    connection.execute(_MOVE, {"to": to})
