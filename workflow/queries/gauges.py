"""What an operator watches: how long the oldest due work has waited, how much is undone, how many findings stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from workflow.storage import tables as t
from workflow.storage.columns import PresentTime

if TYPE_CHECKING:
    from workflow.storage.store import Store

_JOBS = select(
    func.count().label("undone"), func.min(t.jobs.c.due_at).label("oldest"), PresentTime().label("now")
).where(t.job_waits)
_RUNGS = select(func.min(t.rungs.c.fires_at)).where(t.rung_waits)
_FINDINGS = (
    select(t.findings.c.colour, func.count().label("n"))
    .where(t.findings.c.cancelled_at.is_(None))
    .group_by(t.findings.c.colour)
    .order_by(t.findings.c.colour)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """`oldest_due_seconds`: whole seconds by the installation's clock since the oldest undone work fell due, 0 if none
    is; `findings_open`: findings that stand, by colour.
    """

    oldest_due_seconds: int
    jobs_undone: int
    findings_open: dict[str, int]


def gauges(store: Store) -> Gauges:
    """Read them all. Parked and withheld work is not among the undone: nothing will do it before somebody has looked."""
    with store.read() as connection:
        jobs = connection.execute(_JOBS).one()
        rung = connection.execute(_RUNGS).scalar()
        findings = {row.colour: int(row.n) for row in connection.execute(_FINDINGS)}
    oldest = min((due for due in (jobs.oldest, rung) if due is not None), default=None)
    waited = int((jobs.now - oldest).total_seconds()) if oldest is not None and jobs.now is not None else 0
    return Gauges(oldest_due_seconds=max(waited, 0), jobs_undone=jobs.undone, findings_open=findings)
