"""Work items as absences touch them: whose they are, and how far the directory's days have been followed.

An absence that begins or ends, and a directory that changes, makes work items wait for a sweep as long as anybody has
one. While they wait the database is not quiet, and `next_at` is one of its next instants, so a stepped clock goes past
neither end of an absence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, and_, bindparam, exists, func, or_, select, union, update

from workflow.storage import run_tables as r
from workflow.storage import signing_tables as st
from workflow.storage import tables as t
from workflow.storage.columns import Instant, PresentTime
from workflow.storage.signing_rows import COUNTERSIGN

_items = t.work_items.c
_OPEN = _items.closed_at.is_(None)
_HELD = and_(_OPEN, _items.claimed_by.is_not(None))
_REVISION = select(t.installation.c.directory_revision).scalar_subquery()
_BEHIND = or_(
    func.coalesce(r.desk_days.c.directory_revision < _REVISION, False),
    func.coalesce(r.desk_days.c.next_at <= PresentTime(), False),
)
DESKS_WAIT = and_(exists().where(_BEHIND), exists().where(_HELD))
"""Whether the days of the directory have moved on since the desks were looked at, and somebody has a work item."""

NEXT_DAY = select(r.desk_days.c.next_at).where(exists().where(_HELD))
"""When the next absence, or the next holding of a post, begins or ends, if anybody has a work item."""

_WAIT = select(DESKS_WAIT)
_SWEPT = (
    update(r.desk_days)
    .values(
        directory_revision=bindparam("revision"),
        next_at=bindparam("next", type_=Instant()),
    )
    .where(r.desk_days.c.directory_revision <= bindparam("revision"))
)
_BEGIN = (
    update(r.desk_days)
    .values(next_at=bindparam("next", type_=Instant()))
    .where(r.desk_days.c.next_at.is_(None))
)
_GROUPS = (
    select(_items.claimed_by, _items.claimed_how, _items.organ, _items.kind, t.cases.c.matter)
    .join_from(t.work_items, t.cases, t.cases.c.id == _items.case_id)
    .where(_OPEN)
    .distinct()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Open work items that are alike: who has them (nobody, if none is named) and how he came to them, and their post."""

    claimed_by: str | None
    claimed_how: str | None
    organ: str
    kind: str
    matter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """An open work item: its case, whose it is, and the case's version."""

    case_id: str
    no: str
    matter: str
    post: str
    kind: str
    organ: str
    visit: int
    seq: int
    version: int
    claimed_by: str | None


def wait(connection: Connection) -> bool:
    """Whether the desks wait for a sweep; cheap enough to be asked all day."""
    return bool(connection.execute(_WAIT).scalar_one())


def swept(connection: Connection, revision: int, next_at: datetime | None) -> None:
    """Note that the desks were looked at under a revision of the directory, and when to look next."""
    connection.execute(_SWEPT, {"revision": revision, "next": next_at})


def begin(connection: Connection, at: datetime) -> None:
    """Have the desks looked at from that instant on, unless it is known when."""
    connection.execute(_BEGIN, {"next": at})


def standings(connection: Connection) -> list[Standing]:
    """Every kind of open work item there is."""
    return [Standing(**_named(row)) for row in connection.execute(_GROUPS)]


_ITEM = (
    select(
        _items.case_id,
        t.cases.c.no,
        t.cases.c.matter,
        _items.post,
        _items.kind,
        _items.organ,
        _items.visit,
        t.cases.c.seq,
        t.cases.c.version,
        _items.claimed_by,
    )
    .join_from(t.work_items, t.cases, t.cases.c.id == _items.case_id)
    .where(_OPEN)
    .order_by(_items.due_at.is_(None), _items.due_at, t.cases.c.no)
)
_LIKE = _ITEM.where(
    _items.organ == bindparam("of"),
    _items.kind == bindparam("called"),
    t.cases.c.matter == bindparam("in_matter"),
    func.coalesce(_items.claimed_by, "") == bindparam("who", type_=Text()),
    func.coalesce(_items.claimed_how, "") == bindparam("how", type_=Text()),
)


_signed = st.signatures.c
_ASKED = union(
    select(_items.case_id).where(_OPEN, _items.lent_to == bindparam("who")),
    select(_signed.case_id).where(
        _signed.person == bindparam("who"), _signed.closed_at.is_(None), _signed.kind == COUNTERSIGN
    ),
)


def like(connection: Connection, standing: Standing) -> list[OpenItem]:
    """The open work items of that kind, the most pressing first."""
    given = {
        "of": standing.organ,
        "called": standing.kind,
        "in_matter": standing.matter,
        "who": standing.claimed_by or "",
        "how": standing.claimed_how or "",
    }
    return [OpenItem(**_named(row)) for row in connection.execute(_LIKE, given)]


def held_by(connection: Connection, person: str) -> list[OpenItem]:
    """The open work items that a person has, the most pressing first."""
    return [OpenItem(**_named(row)) for row in connection.execute(_ITEM.where(_items.claimed_by == person))]


def asked_of(connection: Connection, person: str) -> list[str]:
    """Ids of the cases that wait for a person otherwise: for work that was lent to him, or a signature."""
    return list(connection.execute(_ASKED, {"who": person}).scalars())


def unheld_at(connection: Connection, places: Sequence[tuple[str, str]]) -> list[OpenItem]:
    """The open work items that nobody has at these posts (organ, kind), the most pressing first."""
    if not places:
        return []
    at = or_(*(and_(_items.organ == organ, _items.kind == kind) for organ, kind in places))
    return [
        OpenItem(**_named(row)) for row in connection.execute(_ITEM.where(_items.claimed_by.is_(None), at))
    ]


def _named(row: Any) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - its public name
