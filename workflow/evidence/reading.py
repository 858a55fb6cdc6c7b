"""What the walk reads: the rows and events of a chunk of cases, and every table that is derived from the events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, and_, bindparam, func, or_, select, tuple_

from workflow.catalog.canonical import definition_of, hash_of
from workflow.domain.envelope import Envelope
from workflow.evidence.derived import CHECKED
from workflow.evidence.verify import Broken, Flaw, Record
from workflow.storage import tables as t
from workflow.storage.codec import decode_facts

if TYPE_CHECKING:
    from workflow.domain.definition import Definition
    from workflow.storage.store import Store

Name = tuple[str, str]
"""A case's id and number."""

Rows = Sequence[Mapping[str, Any]]

_REPEATED: Final = (
    "no", "matter", "definition", "state", "version", "visit", "letter", "outcome", "entered_at", "received_at",
    "accepted_at", "decided_at", "concluded_at", "archived_at",
)  # fmt: skip
_COUNT = select(func.count()).select_from(t.cases)
_CHUNK = (
    select(t.cases.c.id, t.cases.c.no)
    .where(t.cases.c.id > bindparam("after"), t.cases.c.id >= bindparam("since"))
    .order_by(t.cases.c.id)
    .limit(bindparam("limit"))
)
_ONE = select(t.cases.c.id, t.cases.c.no).where(t.cases.c.no == bindparam("no"))
_ROWS = select(t.cases).where(t.cases.c.id.in_(bindparam("ids", expanding=True))).order_by(t.cases.c.id)
_EVENTS = (
    select(t.events)
    .where(t.events.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(t.events.c.case_id, t.events.c.seq)
)
_SEQS = select(t.events.c.seq).where(t.events.c.case_id == bindparam("case_id")).order_by(t.events.c.seq)
_EVENT = select(t.events).where(
    t.events.c.case_id == bindparam("case_id"), t.events.c.seq == bindparam("seq")
)
_DEFINITIONS = select(t.definitions.c.hash, t.definitions.c.body)
_ORPHANS = (
    select(t.events.c.case_id, func.min(t.events.c.seq).label("seq"))
    .where(~select(t.cases.c.id).where(t.cases.c.id == t.events.c.case_id).exists())
    .group_by(t.events.c.case_id)
    .order_by(t.events.c.case_id)
)
# Remembered commands are kept by who asked, so those of a case are found by its events and never by a search.
_COMMANDS = (
    select(t.commands)
    .where(
        tuple_(t.commands.c.actor, t.commands.c.key).in_(
            select(t.events.c.actor, t.events.c.command_id).where(
                t.events.c.case_id.in_(bindparam("ids", expanding=True))
            )
        )
    )
    .order_by(t.commands.c.actor, t.commands.c.key)
)
_UNCALLED = (
    select(t.commands.c.case_id, t.commands.c.seq, t.commands.c.actor, t.commands.c.key)
    .join_from(
        t.commands,
        t.events,
        and_(t.events.c.case_id == t.commands.c.case_id, t.events.c.seq == t.commands.c.seq),
        isouter=True,
    )
    .where(or_(t.events.c.command_id.is_(None), t.events.c.command_id != t.commands.c.key))
    .order_by(t.commands.c.case_id, t.commands.c.seq)
)
_DERIVED = {
    name: select(table).where(table.c.case_id.in_(bindparam("ids", expanding=True)))
    for name, table in CHECKED.items()
    if name != "commands"
}
_PERSONAL = select(t.personal_values).where(t.personal_values.c.case_id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A case as it lies in the database, with its rows in the derived tables and its personal values."""

    record: Record
    tables: Mapping[str, Rows]
    personal: Rows


def chunks(store: Store, after: str, size: int, since: str = "") -> Iterator[list[Name]]:
    """Cases in the order of their ids, from the one after the id `after` on, and not before `since`."""
    while True:
        with store.read() as connection:
            found = connection.execute(_CHUNK, {"after": after, "since": since, "limit": size}).all()
        if not found:
            return
        after = found[-1].id
        yield [(row.id, row.no) for row in found]


def named(store: Store, no: str) -> Name | None:
    """The case with a number."""
    with store.read() as connection:
        row = connection.execute(_ONE, {"no": no}).first()
    return (row.id, row.no) if row is not None else None


def count(store: Store) -> int:
    """How many cases there are."""
    with store.read() as connection:
        return int(connection.execute(_COUNT).scalar_one())


def together(store: Store, ids: Sequence[str]) -> list[Found]:
    """These cases, as far as they are there. Raises ValueError when a value of one of them cannot be read."""
    with store.read() as connection:
        rows = [dict(row) for row in connection.execute(_ROWS, {"ids": ids}).mappings()]
        events = connection.execute(_EVENTS, {"ids": ids}).mappings().all()
        tables = {name: _by_case(connection, query, ids) for name, query in _DERIVED.items()}
        tables["commands"] = _by_case(connection, _COMMANDS, ids)
        personal = _by_case(connection, _PERSONAL, ids)
    by_case: dict[str, list[Envelope]] = defaultdict(list)
    for event in events:
        by_case[event["case_id"]].append(envelope_of(dict(event)))
    return [
        Found(
            record=_record(row, by_case[row["id"]]),
            tables={name: found.get(row["id"], []) for name, found in tables.items()},
            personal=personal.get(row["id"], []),
        )
        for row in rows
    ]


def _record(row: Mapping[str, Any], events: list[Envelope]) -> Record:
    return Record(
        case_id=row["id"],
        no=row["no"],
        definition=row["definition"],
        seq=row["seq"],
        head=bytes(row["head"]),
        body=row["body"],
        columns={name: row[name] for name in _REPEATED},
        events=events,
    )


def _by_case(connection: Connection, query: Any, ids: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in connection.execute(query, {"ids": ids}).mappings():
        found[row["case_id"]].append(dict(row))
    return found


def unreadable(store: Store, case_id: str) -> int:
    """The first event of a case that cannot be read; 1 when it is the row, or a row of another table."""
    with store.read() as connection:
        for seq in connection.execute(_SEQS, {"case_id": case_id}).scalars().all():
            try:
                event = connection.execute(_EVENT, {"case_id": case_id, "seq": seq}).mappings().one()
                envelope_of(dict(event))
            except ValueError:
                return int(seq)
    return 1


def envelope_of(event: dict[str, Any]) -> Envelope:
    """An event's row as its envelope. Raises ValueError when its facts cannot be read."""
    return Envelope(**{**event, "facts": decode_facts(event["facts"])})


def definitions(store: Store) -> dict[str, Definition]:
    """The stored definitions that are what their hash says."""
    with store.read() as connection:
        stored = connection.execute(_DEFINITIONS).all()
    return {row.hash: definition_of(row.body) for row in stored if hash_of(row.body) == row.hash}


def orphans(store: Store) -> list[Broken]:
    """What goes back to no case: events without their case's row, and remembered commands that no event is of."""
    with store.read() as connection:
        rows = connection.execute(_ORPHANS).all()
        uncalled = connection.execute(_UNCALLED).all()
    lost = [Broken(case_id=row.case_id, no="-", seq=row.seq, flaw=Flaw.ORPHAN) for row in rows]
    return lost + [
        Broken(
            case_id=row.case_id,
            no="-",
            seq=row.seq,
            flaw=Flaw.TABLE,
            detail=f"commands: actor={row.actor}, key={row.key}",
            table="commands",
            key=f"actor={row.actor}, key={row.key}",
        )
        for row in uncalled
    ]
