"""What an operator watches: how long due work has waited, how much is undone, what stands and waits for a person.

Each number is read from an index that holds little in a healthy installation, so asking costs milliseconds at a million open
cases. A count stops at `MOST`: beyond it the alarm is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, Table, and_, func, literal, select

from workflow.storage import tables as t
from workflow.storage.columns import PresentTime, RealNow
from workflow.storage.notification_tables import notifications
from workflow.storage.watch_tables import alarm_stands, alarms, reconciler, time_watch

if TYPE_CHECKING:
    from workflow.storage.store import Store

MOST: Final = 100_000
"""Where counting stops."""


def _count(table: Table, *where: ColumnElement[bool]) -> Select[int]:
    rows = select(literal(1)).select_from(table).where(*where).limit(MOST)
    return select(func.count()).select_from(rows.subquery())


def _silent(table: Table, waits: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(waits, table.c.hinted_at.is_(None))


def _hinted(table: Table, waits: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(waits, table.c.hinted_at.is_not(None))


_RUNG, _JOB = (t.rungs, t.rung_waits), (t.jobs, t.job_waits)

NUMBERS: Final[dict[str, Select[Any]]] = {
    "rungs_silent": _count(t.rungs, _silent(*_RUNG), t.rungs.c.fires_at <= PresentTime()),
    "rungs_hinted": _count(t.rungs, _hinted(*_RUNG)),
    "jobs_silent": _count(t.jobs, _silent(*_JOB)),
    "jobs_hinted": _count(t.jobs, _hinted(*_JOB)),
    "notifications": _count(
        notifications, notifications.c.standing == literal("waiting", literal_execute=True)
    ),
    "dead": _count(notifications, notifications.c.standing == literal("dead", literal_execute=True)),
    "provisional": _count(t.clocks, t.clocks.c.ended_on.is_(None), t.clocks.c.provisional),
    "rungs_parked": _count(
        t.rungs,
        t.rungs.c.parked_at.is_not(None),
        t.rungs.c.fired_at.is_(None),
        t.rungs.c.cancelled_at.is_(None),
    ),
    "jobs_parked": _count(t.jobs, t.jobs.c.parked_at.is_not(None), t.jobs.c.done_at.is_(None)),
    "withheld": _count(
        t.rungs,
        t.rungs.c.withheld_at.is_not(None),
        t.rungs.c.fired_at.is_(None),
        t.rungs.c.cancelled_at.is_(None),
    ),
}
"""What is counted."""

MOMENTS: Final[dict[str, Select[Any]]] = {
    "rung_silent": select(func.min(t.rungs.c.fires_at)).where(_silent(*_RUNG)),
    "rung_hinted": select(func.min(t.rungs.c.fires_at)).where(_hinted(*_RUNG)),
    "job_silent": select(func.min(t.jobs.c.due_at)).where(_silent(*_JOB)),
    "job_hinted": select(func.min(t.jobs.c.due_at)).where(_hinted(*_JOB)),
}
"""The earliest instants of what is undone."""

FINDINGS: Final = (
    select(t.findings.c.colour, func.count().label("n"))
    .where(t.findings.c.cancelled_at.is_(None))
    .group_by(t.findings.c.colour)
)
ALARMS: Final = select(alarms.c.name, func.count().label("n")).where(alarm_stands).group_by(alarms.c.name)
_TIMES = select(PresentTime().label("present"), RealNow().label("real"))
_LOOKED = select(reconciler.c.looked_at)
_FROZEN = select(time_watch.c.frozen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """`oldest_due_seconds`: by the installation's clock since the oldest undone work fell due, `relay_lag_seconds` since the
    oldest of which nobody was told did, 0 if there is none. `queue_depth`: what is undone, by queue. `findings_open`:
    findings that stand, by colour. `alarms`: those that stand, by name. `reconciled_seconds`: of real time since the
    invariants were last looked at, None if never.
    """

    oldest_due_seconds: float
    relay_lag_seconds: float
    queue_depth: dict[str, int]
    clocks_provisional: int
    work_parked: int
    notifications_dead: int
    outcomes_withheld: int
    outcomes_frozen: bool
    reconciled_seconds: float | None
    findings_open: dict[str, int] = field(default_factory=dict)
    alarms: dict[str, int] = field(default_factory=dict)

    @property
    def jobs_undone(self) -> int:
        """Automatic steps that are asked for and not done."""
        return self.queue_depth["jobs"]


def gauges(store: Store) -> Gauges:
    """Read them all. Parked and withheld work is not among the undone: nothing will do it before somebody has looked."""
    with store.read() as connection:
        present, real = connection.execute(_TIMES).one()
        counted = {name: int(connection.execute(query).scalar_one()) for name, query in NUMBERS.items()}
        first = {name: connection.execute(query).scalar() for name, query in MOMENTS.items()}
        findings = {row.colour: int(row.n) for row in connection.execute(FINDINGS)}
        standing = {row.name: int(row.n) for row in connection.execute(ALARMS)}
        looked = connection.execute(_LOOKED).scalar()
        frozen = connection.execute(_FROZEN).scalar()
    return Gauges(
        oldest_due_seconds=_since(present, *first.values()),
        relay_lag_seconds=_since(present, first["rung_silent"], first["job_silent"]),
        queue_depth={
            "rungs": counted["rungs_silent"] + counted["rungs_hinted"],
            "jobs": counted["jobs_silent"] + counted["jobs_hinted"],
            "notifications": counted["notifications"],
        },
        clocks_provisional=counted["provisional"],
        work_parked=counted["rungs_parked"] + counted["jobs_parked"],
        notifications_dead=counted["dead"],
        outcomes_withheld=counted["withheld"],
        outcomes_frozen=frozen is not None,
        reconciled_seconds=None if looked is None else _since(real, looked),
        findings_open=findings,
        alarms=standing,
    )


def _since(now: datetime | None, *moments: datetime | None) -> float:
    """Seconds from the earliest of these to now, 0 if none of them is past."""
    earliest = min((moment for moment in moments if moment is not None), default=None)
    if now is None or earliest is None:
        return 0.0
    return max((now - earliest).total_seconds(), 0.0)
