"""Reading and allotting quotas (进京指标). What cases do to them is written with their steps (`quota_rows`).

Within a step the lock on a quota comes after the case's and before any number counter's (design §2); an allotment locks
nothing but its quota.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from workflow.domain.quota.book import Balance, QuotaKey
from workflow.domain.quota.need import Need
from workflow.errors import AllotmentDiffers, QuotaInUse, UnknownQuota
from workflow.storage import quota_tables as q
from workflow.storage import tables as t
from workflow.storage.columns import PresentTime
from workflow.storage.driver import Session, prepared

Entry = Literal["granted", "adjusted"]

_DIALECTS: Final = {"postgresql": postgresql, "sqlite": sqlite}
_KEY: Final = (q.quotas.c.kind, q.quotas.c.organ, q.quotas.c.year)
_BALANCE: Final = (q.quotas.c.places, q.quotas.c.reserved, q.quotas.c.consumed, q.quotas.c.revision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """A paper that allotted places (指标下达) or corrected their number: `places` more when granted, in all when adjusted;
    `total` is how many there are after it.
    """

    key: QuotaKey
    revision: int
    entry: str
    places: int
    total: int
    document: str
    reason: str
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A row of the ledger: what an event of a case did with places of the quota."""

    key: QuotaKey
    case_id: str
    no: str
    seq: int
    entry: str
    places: int
    held: str | None
    reason: str | None
    revision: int | None
    actor: str
    effective_at: datetime
    recorded_at: datetime


_LOCK = prepared(
    select(*_KEY, *_BALANCE)
    .where(
        q.quotas.c.kind == bindparam("kind"),
        q.quotas.c.organ == bindparam("organ"),
        q.quotas.c.year >= bindparam("since"),
    )
    .order_by(q.quotas.c.year)
    .with_for_update()
)


def lock(session: Session, needs: Sequence[Need]) -> dict[QuotaKey, Balance]:
    """Lock these quotas in their order until the transaction ends; gives what has been allotted of them."""
    book: dict[QuotaKey, Balance] = {}
    for need in needs:
        given = {"kind": need.kind, "organ": need.organ, "since": need.since}
        for row in session.all(_LOCK, given):
            book.update([_read(row)])
    return book


def grant(
    connection: Connection, key: QuotaKey, places: int, *, document: str, by: str, reason: str = ""
) -> Allotment:
    """Allot so many more places under a document; entering the same again changes nothing.

    Raises AllotmentDiffers when the document stands there with something else.
    """
    known = _entered(connection, key, document, "granted", places)
    if known is not None:
        return known
    first = _FIRST[connection.dialect.name]
    connection.execute(first, {"of": key.kind, "to": key.organ, "in_": key.year})
    return _put_down(connection, key, "granted", places, document=document, by=by, reason=reason)


def adjust(
    connection: Connection, key: QuotaKey, places: int, *, document: str, by: str, reason: str
) -> Allotment:
    """Set the number of places there are in all; entering the same again changes nothing.

    Raises UnknownQuota when nothing was ever allotted, QuotaInUse for fewer than are in use, AllotmentDiffers.
    """
    known = _entered(connection, key, document, "adjusted", places)
    if known is not None:
        return known
    return _put_down(connection, key, "adjusted", places, document=document, by=by, reason=reason)


_FIRST = {
    name: dialect.insert(q.quotas)
    .values(
        kind=bindparam("of"), organ=bindparam("to"), year=bindparam("in_"), places=0, reserved=0, consumed=0,
        revision=0,
    )
    .on_conflict_do_nothing()
    for name, dialect in _DIALECTS.items()
}  # fmt: skip
"""The balance of a quota before its first paper."""


def _put_down(
    connection: Connection, key: QuotaKey, entry: Entry, places: int, *, document: str, by: str, reason: str
) -> Allotment:
    found = connection.execute(select(*_KEY, *_BALANCE).where(_is(key)).with_for_update()).one_or_none()
    if found is None:
        raise UnknownQuota(what="quota", name=f"{key.kind} {key.organ} {key.year}")
    # Somebody may have entered the same paper while we waited for the lock.
    known = _entered(connection, key, document, entry, places)
    if known is not None:
        return known
    _, balance = _read(found)
    total = balance.places + places if entry == "granted" else places
    if total < balance.used:
        raise QuotaInUse(
            kind=key.kind,
            organ=key.organ,
            year=key.year,
            places=total,
            reserved=balance.reserved,
            consumed=balance.consumed,
            used=balance.used,
        )
    revision = balance.revision + 1
    connection.execute(update(q.quotas).where(_is(key)).values(places=total, revision=revision))
    connection.execute(
        insert(q.quota_allotments).values(
            kind=key.kind,
            organ=key.organ,
            year=key.year,
            revision=revision,
            entry=entry,
            places=places,
            total=total,
            document=document,
            reason=reason,
            entered_by=by,
            entered_at=PresentTime(),
        )
    )
    return next(one for one in allotments(connection, key) if one.revision == revision)


def _entered(
    connection: Connection, key: QuotaKey, document: str, entry: Entry, places: int
) -> Allotment | None:
    known = next((one for one in allotments(connection, key) if one.document == document), None)
    if known is not None and (known.entry, known.places) != (entry, places):
        raise AllotmentDiffers(
            kind=key.kind, organ=key.organ, year=key.year, document=document, places=known.places
        )
    return known


# --- reading --------------------------------------------------------------------------------------------------------


def balances(
    connection: Connection, *, kind: str | None = None, organ: str | None = None, year: int | None = None
) -> dict[QuotaKey, Balance]:
    """The balances there are, in their order, or of one kind, organ or year only."""
    wanted = select(*_KEY, *_BALANCE).order_by(*_KEY)
    for column, value in zip(_KEY, (kind, organ, year), strict=True):
        if value is not None:
            wanted = wanted.where(column == value)
    return dict(_read(tuple(row)) for row in connection.execute(wanted))


def allotments(connection: Connection, key: QuotaKey | None = None) -> list[Allotment]:
    """The papers of a quota, or of all, in the order in which they were entered."""
    a = q.quota_allotments.c
    wanted = select(q.quota_allotments).order_by(a.kind, a.organ, a.year, a.revision)
    if key is not None:
        wanted = wanted.where(and_(a.kind == key.kind, a.organ == key.organ, a.year == key.year))
    return [
        Allotment(
            key=QuotaKey(kind=row.kind, organ=row.organ, year=row.year),
            revision=row.revision,
            entry=row.entry,
            places=row.places,
            total=row.total,
            document=row.document,
            reason=row.reason,
            entered_by=row.entered_by,
            entered_at=row.entered_at,
        )
        for row in connection.execute(wanted)
    ]


def ledger(connection: Connection, *, key: QuotaKey | None = None, year: int | None = None) -> list[Entered]:
    """The rows of the ledger of one quota, of one year, or all, in the order of their recording."""
    of = q.quota_ledger.c
    wanted = (
        select(q.quota_ledger, t.cases.c.no)
        .join_from(q.quota_ledger, t.cases, t.cases.c.id == of.case_id)
        .order_by(of.recorded_at, of.revision, of.case_id, of.seq)
    )
    if key is not None:
        wanted = wanted.where(of.kind == key.kind, of.organ == key.organ, of.year == key.year)
    if year is not None:
        wanted = wanted.where(of.year == year)
    return [
        Entered(
            key=QuotaKey(kind=row.kind, organ=row.organ, year=row.year),
            case_id=row.case_id,
            no=row.no,
            seq=row.seq,
            entry=row.entry,
            places=row.places,
            held=row.held,
            reason=row.reason,
            revision=row.revision,
            actor=row.actor,
            effective_at=row.effective_at,
            recorded_at=row.recorded_at,
        )
        for row in connection.execute(wanted)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What the ledger of a year comes to for one kind and organ: places `released`, and `exempt` cases with the places they
    would have taken.
    """

    released: int = 0
    exempt_cases: int = 0
    exempt_places: int = 0


def totals(connection: Connection, year: int) -> dict[QuotaKey, Total]:
    """What the ledger of a year comes to. A case counts as exempt unless it was found to need a place later."""
    of, later = q.quota_ledger.c, q.quota_ledger.alias("later")
    overtaken = exists().where(
        later.c.case_id == of.case_id,
        later.c.seq > of.seq,
        later.c.entry.in_(("reserved", "exempted")),
    )
    wanted = (
        select(of.kind, of.organ, of.year, of.entry, func.count(), func.sum(of.places))
        .where(
            of.year == year,
            or_(of.entry == "released", and_(of.entry == "exempted", not_(overtaken))),
        )
        .group_by(of.kind, of.organ, of.year, of.entry)
    )
    found: dict[QuotaKey, Total] = {}
    for kind, organ, in_, entry, count, places in connection.execute(wanted):
        key = QuotaKey(kind=kind, organ=organ, year=in_)
        before = found.get(key, Total())
        if entry == "released":
            found[key] = replace(before, released=int(places))
        else:
            found[key] = replace(before, exempt_cases=int(count), exempt_places=int(places))
    return found


EVENTS: Final = ("QuotaReserved", "QuotaConsumed", "QuotaReleased", "QuotaExempted")


def events(connection: Connection) -> Iterator[tuple[str, int, str, int, bytes]]:
    """Every event of a quota as it is stored: case, number, type, schema version and payload."""
    of = t.events.c
    wanted = select(of.case_id, of.seq, of.type, of.schema_version, of.payload).where(of.type.in_(EVENTS))
    for row in connection.execute(wanted):
        yield row.case_id, row.seq, row.type, row.schema_version, bytes(row.payload)


def _is(key: QuotaKey) -> ColumnElement[bool]:
    return and_(q.quotas.c.kind == key.kind, q.quotas.c.organ == key.organ, q.quotas.c.year == key.year)


def _read(row: Sequence[Any]) -> tuple[QuotaKey, Balance]:
    kind, organ, year, places, reserved, consumed, revision = row
    balance = Balance(places=places, reserved=reserved, consumed=consumed, revision=revision)
    return QuotaKey(kind=kind, organ=organ, year=year), balance
