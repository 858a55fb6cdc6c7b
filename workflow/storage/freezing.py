"""What holds irreversible outcomes back while the clocks are in doubt: the freeze that is written down, and this host's own
clock, by which nothing irreversible is done before its time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, or_, select

from workflow.domain.timekeeping import EXPIRY
from workflow.storage import tables as t
from workflow.storage.clock import Clock
from workflow.storage.driver import Session, prepared
from workflow.storage.hostclock import HOST
from workflow.storage.watch_tables import time_watch

_FROZEN = select(time_watch.c.frozen_at).scalar_subquery()

MAY_FIRE: Final = or_(
    t.rungs.c.rung != EXPIRY, and_(t.rungs.c.fires_at <= bindparam("host"), _FROZEN.is_(None))
)
"""A rung is a reminder or a card; or it is time for its outcome by the host's clock too, and no freeze stands."""

_STANDS = prepared(select(time_watch.c.frozen_at, time_watch.c.releases))


def host_time(clock: Clock, now: datetime) -> datetime:
    """The instant up to which this host agrees that time has come; stepped time needs no second opinion."""
    return now if clock.mode == "stepped" else HOST.now() + clock.offset


def held(session: Session, clock: Clock, due: datetime) -> bool:
    """Whether an outcome that fell due at `due` is held back. It reads one row; ask only when there is such an outcome."""
    row = session.one(_STANDS, {})
    if row is not None:
        HOST.released(int(row[1]))
        if row[0] is not None:
            return True
    return due > host_time(clock, due)
