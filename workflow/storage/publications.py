"""The versions of matters that have been published (施行版本): which definition is used from when to when, and who said so.

Rows are only ever added. A definition is stored under the hash of its content and never replaced.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from workflow.domain.versions import Publication
from workflow.errors import DefinitionInUse, VersionInUse
from workflow.storage import tables as t
from workflow.storage.columns import Instant, PresentTime, RealNow
from workflow.storage.directory_register import Origin, note

_ROWS = select(t.publications).order_by(t.publications.c.code, t.publications.c.valid_from)
_OF = _ROWS.where(t.publications.c.code == bindparam("of"))
_DEFINITION = select(t.definitions.c.body).where(t.definitions.c.hash == bindparam("named"))
_STORE = {
    name: dialect.insert(t.definitions)
    .values(
        hash=bindparam("named"),
        code=bindparam("of"),
        body=bindparam("content"),
        texts=bindparam("words"),
        stored_at=RealNow(),
    )
    .on_conflict_do_nothing()
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_FILED = (
    select(func.count(), func.min(t.cases.c.no))
    .where(t.cases.c.matter == bindparam("of"), t.cases.c.definition != bindparam("named"))
    .where(t.cases.c.received_at >= bindparam("since", type_=Instant()))
)


def publications(connection: Connection, code: str | None = None) -> list[Publication]:
    """Everything that was published, or of one matter only, in the order in which it begins."""
    rows = connection.execute(_ROWS if code is None else _OF, {} if code is None else {"of": code})
    return [Publication(**row._mapping) for row in rows]  # noqa: SLF001 - its public name for keyword use


def publish(
    connection: Connection,
    *,
    code: str,
    hash_: str,
    content: bytes,
    texts: bytes,
    days: tuple[date, date | None],
    instants: tuple[datetime, datetime | None],
    origin: Origin,
) -> Publication:
    """Store a definition and say from when to when it is used; repeating it word for word changes nothing.

    `instants` are when the first day begins and when the last is over (UTC). Raises DefinitionInUse when other content
    stands under the hash, VersionInUse when another version begins on that day, or cases were filed under another one on
    days that this one would claim.
    """
    connection.execute(
        _STORE[connection.dialect.name], {"named": hash_, "of": code, "content": content, "words": texts}
    )
    if bytes(connection.execute(_DEFINITION, {"named": hash_}).scalar_one()) != content:
        raise DefinitionInUse(name=code)
    same_day = next((one for one in publications(connection, code) if one.valid_from == days[0]), None)
    if same_day is not None:
        if (same_day.hash, same_day.valid_to) == (hash_, days[1]):
            return same_day
        raise VersionInUse(name=code, on=days[0].isoformat(), reason=same_day.hash[:12])
    filed = _FILED if instants[1] is None else _FILED.where(t.cases.c.received_at < instants[1])
    count, first = connection.execute(filed, {"of": code, "named": hash_, "since": instants[0]}).one()
    if count:
        raise VersionInUse(name=code, on=days[0].isoformat(), reason=f"{first} +{count - 1}")
    connection.execute(
        t.publications.insert().values(
            code=code,
            hash=hash_,
            valid_from=days[0],
            valid_to=days[1],
            published_by=origin.by,
            published_at=PresentTime(),
        )
    )
    note(connection, "matter.published", code, origin, hash=hash_, since=str(days[0]))
    return next(one for one in publications(connection, code) if one.valid_from == days[0])


def stored(connection: Connection, code: str, beginning: str = "") -> list[tuple[str, bytes, bytes]]:
    """The stored definitions of a matter whose hash begins so: hash, canonical bytes, texts."""
    found = connection.execute(
        select(t.definitions.c.hash, t.definitions.c.body, t.definitions.c.texts)
        .where(t.definitions.c.code == code, t.definitions.c.hash.startswith(beginning, autoescape=True))
        .order_by(t.definitions.c.hash)
    )
    return [(row.hash, bytes(row.body), bytes(row.texts)) for row in found]


def running(connection: Connection, code: str) -> list[str]:
    """Ids of the cases of a matter that are not archived, in their order."""
    found = select(t.cases.c.id).where(t.cases.c.matter == code, t.cases.c.archived_at.is_(None))
    return list(connection.execute(found.order_by(t.cases.c.id)).scalars())
