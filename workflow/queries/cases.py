"""Cases to look at: one by its number with the definition it is pinned to, or many in the order of their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from workflow.catalog.pinned import Pinned, pinned
from workflow.errors import NotFound, UnknownCase
from workflow.storage import tables as t
from workflow.storage.codec import decode_case

if TYPE_CHECKING:
    from workflow.domain.case import Case
    from workflow.storage.store import Store

_ONE = (
    select(t.cases.c.id, t.cases.c.body, t.definitions.c.body.label("definition"), t.definitions.c.texts)
    .join_from(t.cases, t.definitions, t.definitions.c.hash == t.cases.c.definition)
    .where(t.cases.c.no == bindparam("no"))
)
_KEYS = select(t.commands.c.key).where(t.commands.c.key.startswith(bindparam("beginning"), autoescape=False))
_MATTER = select(t.definitions.c.body, t.definitions.c.texts).where(t.definitions.c.hash == bindparam("hash"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A case in a list."""

    no: str
    matter: str
    state: str
    received_at: datetime
    entered_at: datetime
    outcome: str | None
    archived_at: datetime | None


def id_of(store: Store, no: str) -> str:
    """The id of a case by its number. Raises UnknownCase."""
    case_id = store.case_id(no)
    if case_id is None:
        raise UnknownCase(what="case", name=no)
    return case_id


def case_by_no(store: Store, no: str) -> tuple[Case, Pinned]:
    """A case by its number, and the matter as it is kept for this case's life. Raises UnknownCase."""
    with store.read() as connection:
        row = connection.execute(_ONE, {"no": no}).first()
    if row is None:
        raise UnknownCase(what="case", name=no)
    return decode_case(row.body, row.id), pinned(bytes(row.definition), bytes(row.texts))


def accepted_keys(store: Store, beginning: str) -> frozenset[str]:
    """The keys of all accepted commands, whoever gave them, that begin so."""
    with store.read() as connection:
        return frozenset(connection.execute(_KEYS, {"beginning": beginning}).scalars())


def matter_of(store: Store, hash_: str) -> Pinned:
    """A matter as it was stored under the hash of its definition. Raises NotFound."""
    with store.read() as connection:
        row = connection.execute(_MATTER, {"hash": hash_}).first()
    if row is None:
        raise NotFound(what="definition", name=hash_)
    return pinned(bytes(row.body), bytes(row.texts))


def listed(
    store: Store, *, matter: str | None = None, open_only: bool = False, after: str = "", limit: int = 50
) -> list[Listed]:
    """Cases in the order of their numbers, from the one after the number `after` on."""
    query = select(*(t.cases.c[name] for name in Listed.__dataclass_fields__)).where(t.cases.c.no > after)
    if matter is not None:
        query = query.where(t.cases.c.matter == matter)
    if open_only:
        query = query.where(t.cases.c.archived_at.is_(None))
    with store.read() as connection:
        rows = connection.execute(query.order_by(t.cases.c.no).limit(limit)).mappings()
        return [Listed(**row) for row in rows]
