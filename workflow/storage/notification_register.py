"""The outbox of notifications: claimed under a lease with a fencing epoch, sent outside any transaction, settled if the
epoch still holds. All times given and compared here are real.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from workflow.domain.events import Event
from workflow.storage import tables as t
from workflow.storage.codec import decode_event
from workflow.storage.columns import Instant, RealNow
from workflow.storage.notification_rows import AT_ONCE, continued_digest
from workflow.storage.notification_tables import notifications

_n = notifications.c
_KEY = (_n.case_id, _n.seq, _n.kind, _n.recipient)
_WAITS = _n.standing == "waiting"
_NOW = bindparam("now", type_=Instant())


LONGEST_DIGEST = 100
"""Notifications that go out in one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A notification under our lease. `attempts` counts this one; `sending`: an earlier call was begun and its end was
    never recorded; `channel` is the one it was last tried on.
    """

    case_id: str
    seq: int
    kind: str
    recipient: str
    id: str
    finding: int | None
    post: str | None
    organ: str | None
    raised_at: datetime
    attempts: int
    epoch: int
    channel: str | None
    sending: bool
    digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A notification as it stands: waiting (from `due_at` on), sent, dead or unwanted; `error` says why it was not sent."""

    id: str
    case_id: str
    no: str
    seq: int
    kind: str
    recipient: str
    finding: int | None
    raised_at: datetime
    due_at: datetime
    standing: str
    attempts: int
    channel: str | None
    digest: str | None
    sent_at: datetime | None
    error: str | None


def _free(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(_WAITS, _n.due_at <= now, or_(_n.leased_until.is_(None), _n.leased_until <= now))


_TIME = select(RealNow())
_WANTED = or_(
    _n.id == bindparam("wanted"),
    _n.digest.in_(select(_n.digest).where(_n.id == bindparam("wanted"), _n.digest.is_not(None))),
)
# Locked in the order of the keys: two who claim one digest wait for each other, and the second finds nothing.
_CLAIM = (
    select(*(_n[name] for name in Claimed.__dataclass_fields__))
    .where(_free(_NOW), _WANTED)
    .order_by(*_KEY)
    .with_for_update()
)
_OURS = and_(
    *(column == bindparam(f"k_{column.name}") for column in _KEY),
    _WAITS,
    _n.epoch == bindparam("k_epoch"),
)


_REST = (
    update(notifications)
    .where(_n.digest == bindparam("whole"), _free(_NOW))
    .values(digest=bindparam("another", type_=Text()), hinted_at=None)
)


def real_time(connection: Connection) -> datetime:
    """The database's own wall clock."""
    return connection.execute(_TIME).scalar_one()


def claim(connection: Connection, wanted: str, now: datetime, until: datetime) -> list[Claimed]:
    """Claim the delivery of that id, with all that goes out in the same digest, until an instant. Nothing, if it is not
    due, is somebody else's, or has been settled. What is too much for one digest becomes another.
    """
    rows = connection.execute(_CLAIM, {"wanted": wanted, "now": now}).mappings().all()
    claims = [
        Claimed(**{**row, "epoch": row["epoch"] + 1, "attempts": row["attempts"] + 1})
        for row in rows[:LONGEST_DIGEST]
    ]
    if claims:
        ours: dict[str, Any] = {"leased_until": until, "hinted_at": now}
        keys = [{**_key(one), "k_epoch": one.epoch - 1} for one in claims]
        _change(connection, keys, {**ours, "epoch": _n.epoch + 1, "attempts": _n.attempts + 1})
    if len(rows) > len(claims):
        first = rows[len(claims)]
        another = continued_digest(first["digest"], first["id"])
        connection.execute(_REST, {"whole": first["digest"], "now": now, "another": another})
    return claims


def move(connection: Connection, claims: Sequence[Claimed], values: dict[str, Any]) -> int:
    """Change rows that we have claimed; gives how many were still ours."""
    return _change(connection, [{**_key(one), "k_epoch": one.epoch} for one in claims], values)


def _key(one: Claimed) -> dict[str, Any]:
    return {f"k_{column.name}": getattr(one, column.name) for column in _KEY}


def _change(connection: Connection, keys: Sequence[dict[str, Any]], values: dict[str, Any]) -> int:
    given = {f"v_{name}": value for name, value in values.items() if not isinstance(value, ColumnElement)}
    set_to = {
        name: bindparam(f"v_{name}", type_=_n[name].type) if f"v_{name}" in given else value
        for name, value in values.items()
    }
    statement = update(notifications).where(_OURS).values(**set_to)
    return connection.execute(statement, [{**key, **given} for key in keys]).rowcount


# --- who is told to look --------------------------------------------------------------------------------------------

_SILENT = and_(_free(_NOW), _n.hinted_at.is_(None))
_UNHINTED = select(_n.id).where(_SILENT).order_by(_n.due_at, _n.raised_at).limit(bindparam("most"))
_OVERLOOKED = (
    select(_n.id)
    .where(_free(_NOW), _n.hinted_at <= bindparam("before", type_=Instant()))
    .order_by(_n.hinted_at)
    .limit(bindparam("most"))
)
_MARK = (
    update(notifications)
    .where(_n.id.in_(bindparam("ids", expanding=True)), _WAITS, _n.hinted_at.is_(None))
    .values(hinted_at=_NOW)
    .returning(_n.id)
)
_UNMARK = update(notifications).where(_n.id.in_(bindparam("ids", expanding=True)), _WAITS)


def unhinted(connection: Connection, now: datetime, limit: int) -> list[str]:
    """Deliveries that are due and of which nobody was told."""
    return list(connection.execute(_UNHINTED, {"now": now, "most": limit}).scalars())


def overlooked(connection: Connection, now: datetime, before: datetime, limit: int) -> list[str]:
    """Deliveries that are due, nobody's, and of which somebody was told before that instant."""
    given = {"now": now, "before": before, "most": limit}
    return list(connection.execute(_OVERLOOKED, given).scalars())


def mark(connection: Connection, ids: Sequence[str], now: datetime) -> list[str]:
    """Mark these as told; gives those that nobody else marked."""
    return list(connection.execute(_MARK, {"ids": list(ids), "now": now}).scalars())


def unmark(connection: Connection, ids: Sequence[str]) -> None:
    """Take the marks away again: the hint could not be sent."""
    connection.execute(_UNMARK.values(hinted_at=None), {"ids": list(ids)})


# --- what there is ----------------------------------------------------------------------------------------------------

_RECENT = select(func.count(func.distinct(func.coalesce(_n.digest, _n.id)))).where(
    _n.standing == "sent",
    _n.recipient == bindparam("whose"),
    _n.channel == bindparam("by"),
    _n.sent_at > bindparam("since", type_=Instant()),
)
_KEPT = select(*(t.cases.c.no if name == "no" else _n[name] for name in Kept.__dataclass_fields__)).join_from(
    notifications, t.cases, t.cases.c.id == _n.case_id
)
_COUNTS = select(_n.standing, func.count()).group_by(_n.standing)
_EVENT = select(t.events.c.type, t.events.c.schema_version, t.events.c.payload).where(
    t.events.c.case_id == bindparam("of"), t.events.c.seq == bindparam("number")
)
_FILER = select(t.events.c.actor).where(t.events.c.case_id == bindparam("of"), t.events.c.seq == 1)
_RETRY = (
    update(notifications)
    .where(_n.id == bindparam("wanted", type_=Text()), _n.standing.in_(("dead", "unwanted")))
    .values(
        standing="waiting",
        due_at=AT_ONCE,
        hinted_at=None,
        attempts=0,
        leased_until=None,
        sending=False,
        channel=None,
        digest=None,
        error=None,
        epoch=_n.epoch + 1,
    )
)


RESTORED: Final = "restored"
"""Why a notification is held: the database was restored, and before that it may have been sent."""

_HOLD = (
    update(notifications)
    .where(_WAITS)
    .values(standing="dead", error=RESTORED, leased_until=None, sending=False, epoch=_n.epoch + 1)
)
_RELEASE = (
    update(notifications)
    .where(_n.standing == "dead", _n.error == RESTORED)
    .values(
        standing="waiting",
        due_at=AT_ONCE,
        hinted_at=None,
        attempts=0,
        channel=None,
        error=None,
        epoch=_n.epoch + 1,
    )
)


def hold(connection: Connection) -> int:
    """Send nothing of what waits before a person has looked; gives how many notifications that are."""
    return connection.execute(_HOLD).rowcount


def release_held(connection: Connection) -> int:
    """Have all that is held sent after all; gives how many notifications that are."""
    return connection.execute(_RELEASE).rowcount


def recent(connection: Connection, recipient: str, channel: str, since: datetime) -> int:
    """How many messages, a digest being one, a recipient got by a channel since then."""
    return int(connection.execute(_RECENT, {"whose": recipient, "by": channel, "since": since}).scalar_one())


def kept(
    connection: Connection,
    *,
    standing: str | None = None,
    recipient: str | None = None,
    case_id: str | None = None,
    finding: int | None = None,
    limit: int = 100,
) -> list[Kept]:
    """Notifications, the latest first."""
    wanted = (
        (_n.standing, standing),
        (_n.recipient, recipient),
        (_n.case_id, case_id),
        (_n.finding, finding),
    )
    query: Select[Any] = _KEPT.where(*(column == value for column, value in wanted if value is not None))
    ordered = query.order_by(_n.raised_at.desc(), _n.case_id, _n.seq.desc(), _n.kind, _n.recipient)
    return [Kept(**row) for row in connection.execute(ordered.limit(limit)).mappings()]


def counts(connection: Connection) -> dict[str, int]:
    """How many notifications there are by their standing."""
    return {row[0]: row[1] for row in connection.execute(_COUNTS)}


def retry(connection: Connection, wanted: str) -> bool:
    """Have a delivery that is dead or was not wanted tried anew; whether there was one."""
    return connection.execute(_RETRY, {"wanted": wanted}).rowcount > 0


def event(connection: Connection, case_id: str, seq: int) -> Event:
    """The event that a notification tells of."""
    row = connection.execute(_EVENT, {"of": case_id, "number": seq}).one()
    return decode_event(row.type, row.schema_version, bytes(row.payload))


def filer(connection: Connection, case_id: str) -> str:
    """Who filed a case: a person's code, or another name for the public."""
    return str(connection.execute(_FILER, {"of": case_id}).scalar_one())
