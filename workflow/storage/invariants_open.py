"""What is open and should not be: work that is due and that nobody does, hints that lead nowhere, leases that nobody holds.

Every query reads a small index of open rows, so it costs next to nothing however many cases there are. The one repair there
is: a row is taken for not hinted again, so that relay and pulse look at it anew. No fact is ever written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ColumnElement,
    Float,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from workflow.storage import tables as t
from workflow.storage.columns import PresentTime, RealNow, RealTimeAgo
from workflow.storage.notification_tables import notifications
from workflow.storage.watch_register import FROZEN

if TYPE_CHECKING:
    from sqlalchemy import Connection

PATIENCE: Final = 60.0
"""Seconds that due work may lie undone before it is called overdue; tasks take milliseconds, pulses two seconds."""

LEASE: Final = 120.0
"""Seconds of a sender's lease; one that ended as long ago and is claimed by nobody is stale."""

REMEMBERED: Final = 30 * 86_400.0
"""Seconds for which a sweep that failed on some cases is told of: that they were put right since leaves no mark on it."""

MOST: Final = 100
"""Rows told of at once."""

_KINDS: Final = (
    (t.rungs, t.rung_waits, t.rungs.c.fires_at, t.rungs.c.clock + "/" + t.rungs.c.rung),
    (t.jobs, t.job_waits, t.jobs.c.due_at, "job " + cast(t.jobs.c.job, Text) + " " + t.jobs.c.action),
)
_n = notifications.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Something open on a case that should not be: `what` it is, and the instant from which on."""

    case_id: str
    what: str
    since: datetime


def _ago(seconds: float) -> RealTimeAgo:
    return RealTimeAgo(literal(seconds, Float()))


def _forgotten(table: Table) -> ColumnElement[bool]:
    """Hinted so long ago that pulses would have come back to it; they double their patience with each try."""
    patience = PATIENCE + 4.0 * cast(literal(1).bitwise_lshift(table.c.attempts), Float)
    return and_(table.c.hinted_at <= _ago(PATIENCE), table.c.hinted_at <= RealTimeAgo(patience))


def _ahead(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Of a time that is still to come: the clock was set back since, and whoever waits for it would wait for hours."""
    return column > _ago(-10.0)


# In PostgreSQL and SQLite a partial index is used only where its condition is written out.
_SILENT = [
    select(table.c.case_id, what.label("what"), due.label("since"))
    .where(
        waits,
        table.c.hinted_at.is_(None),
        due <= func.coalesce(bindparam("by", type_=due.type), PresentTime()),
    )
    .order_by(due)
    .limit(MOST)
    for table, waits, due, what in _KINDS
]
_FORGOTTEN = [
    select(table.c.case_id, what.label("what"), due.label("since"))
    .where(waits, table.c.hinted_at.is_not(None), or_(_forgotten(table), _ahead(table.c.hinted_at)))
    .limit(MOST)
    for table, waits, due, what in _KINDS
]
_NOW = select(PresentTime(), t.installation.c.mode)
_REHINT = [
    update(table)
    .where(waits, table.c.hinted_at.is_not(None), or_(_forgotten(table), _ahead(table.c.hinted_at)))
    .values(hinted_at=None)
    for table, waits, _, _ in _KINDS
]
_WAITING = _n.standing == "waiting"
_NOT_LEASED = or_(_n.leased_until.is_(None), _n.leased_until <= RealNow())
_HINT_LOST = and_(
    _WAITING, _n.due_at <= RealNow(), _NOT_LEASED, or_(_n.hinted_at <= _ago(LEASE), _ahead(_n.hinted_at))
)
_FORGOTTEN_NOTICES = select(_n.case_id).where(_HINT_LOST).limit(1)
_REHINT_NOTICES = update(notifications).where(_HINT_LOST).values(hinted_at=None)
_STALE = (
    select(_n.case_id, (_n.kind + " to " + _n.recipient).label("what"), _n.leased_until.label("since"))
    .where(_WAITING, or_(_n.leased_until <= _ago(LEASE * 5), _n.leased_until > _ago(-LEASE * 2)))
    .limit(MOST)
)
_PARKED = union_all(
    *(
        select(
            table.c.case_id,
            (what + ": " + func.coalesce(table.c.error, "-")).label("what"),
            table.c.parked_at.label("since"),
        )
        .where(table.c.parked_at.is_not(None), undone, func.coalesce(table.c.error, "") != FROZEN)
        .limit(MOST)
        .subquery()
        .select()
        for (table, _, _, what), undone in zip(
            _KINDS,
            (t.rung_undone, t.jobs.c.done_at.is_(None)),
            strict=True,
        )
    )
)
_WITHHELD = (
    select(t.rungs.c.case_id, _KINDS[0][3].label("what"), t.rungs.c.withheld_at.label("since"))
    .where(t.rungs.c.withheld_at.is_not(None), t.rung_undone)
    .limit(MOST)
)
_DEAD = (
    select(
        _n.case_id,
        (_n.kind + " to " + _n.recipient + ": " + func.coalesce(_n.error, "-")).label("what"),
        _n.raised_at.label("since"),
    )
    .where(_n.standing == "dead")
    .order_by(_n.raised_at)
    .limit(MOST)
)
_LATE_SWEEP = select(t.calendar_sweeps.c.revision).where(
    t.calendar_sweeps.c.done_at.is_(None),
    t.calendar_sweeps.c.begun_at <= RealTimeAgo(bindparam("seconds", type_=Float())),
)
_FAILED_SWEEPS = select(
    t.calendar_sweeps.c.notice, t.calendar_sweeps.c.failed, t.calendar_sweeps.c.error
).where(t.calendar_sweeps.c.failed > 0, t.calendar_sweeps.c.begun_at > _ago(REMEMBERED))


def _rows(connection: Connection, statement: Any, **given: Any) -> list[Open]:
    return [
        Open(case_id=row.case_id, what=row.what, since=row.since)
        for row in connection.execute(statement, given)
    ]


def overdue(connection: Connection) -> list[Open]:
    """Rungs and jobs that have been due for longer than PATIENCE without a hint, or that a hint was given for and forgotten.
    On stepped time, which stands still until all is done, only the latter.
    """
    now, mode = connection.execute(_NOW).one()
    found = [row for one in _FORGOTTEN for row in _rows(connection, one)]
    if mode != "stepped":
        by = now - timedelta(seconds=PATIENCE)
        found += [row for one in _SILENT for row in _rows(connection, one, by=by)]
    return found[:MOST]


def forgotten(connection: Connection) -> bool:
    """Whether `rehint` would find anything; reads only."""
    return any(connection.execute(one).first() is not None for one in (*_FORGOTTEN, _FORGOTTEN_NOTICES))


def rehint(connection: Connection) -> int:
    """Take what was hinted and forgotten for not hinted; gives how many rows. No case is locked: a hint is no claim."""
    return sum(connection.execute(one).rowcount for one in (*_REHINT, _REHINT_NOTICES))


def parked(connection: Connection) -> list[Open]:
    """What failed too often and waits for a person; what waits only for the clock to be released is not among it."""
    return _rows(connection, _PARKED)


def withheld(connection: Connection) -> list[Open]:
    """Outcomes that wait because their date rests on an assumed calendar."""
    return _rows(connection, _WITHHELD)


def dead(connection: Connection) -> list[Open]:
    """Notifications that nobody got, or of which nobody knows."""
    return _rows(connection, _DEAD)


def stale_leases(connection: Connection) -> list[Open]:
    """Notifications under a lease that ended long ago, or that ends long after any lease could."""
    return _rows(connection, _STALE)


def sweep_late(connection: Connection, seconds: float) -> bool:
    """Whether a sweep of a notice on holidays has been under way for longer than that."""
    return connection.execute(_LATE_SWEEP, {"seconds": seconds}).first() is not None


def failed_sweeps(connection: Connection) -> dict[str, str]:
    """Notices that could not be carried to some cases, with what went wrong last."""
    return {row.notice: f"{row.failed} cases: {row.error}" for row in connection.execute(_FAILED_SWEEPS)}
