"""The walk over all cases that `banjie audit verify` takes: in chunks, reading only, while others write.

A case's row and its events are read one after the other, so a case that moved in between looks wrong for a moment;
therefore what looks wrong is read again, alone, before it is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, select

from workflow.catalog.canonical import definition_of, hash_of
from workflow.domain.envelope import Envelope
from workflow.errors import UnknownCase
from workflow.evidence.verify import Broken, Flaw, Record, verify
from workflow.storage import tables as t
from workflow.storage.codec import decode_facts

if TYPE_CHECKING:
    from workflow.domain.definition import Definition
    from workflow.storage.store import Store

CHUNK: Final = 100
"""Cases read at a time: a few thousand events, some megabytes."""

LOOKS: Final = 3
"""How often a case that looks wrong is read; a case moves once in minutes, a reading takes milliseconds."""

_REPEATED: Final = (
    "matter", "definition", "state", "version", "visit", "letter", "outcome", "entered_at", "received_at",
    "accepted_at", "decided_at", "concluded_at", "archived_at",
)  # fmt: skip
_COUNT = select(func.count()).select_from(t.cases)
_CHUNK = (
    select(t.cases.c.id, t.cases.c.no)
    .where(t.cases.c.id > bindparam("after"))
    .order_by(t.cases.c.id)
    .limit(bindparam("limit"))
)
_ONE = select(t.cases.c.id, t.cases.c.no).where(t.cases.c.no == bindparam("no"))
_ROWS = select(t.cases).where(t.cases.c.id.in_(bindparam("ids", expanding=True)))
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

Looked = Record | Broken
Name = tuple[str, str]
"""A case's id and number."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What the walk has come to so far: of `total` cases `cases` were read, with `events` events."""

    total: int = 0
    cases: int = 0
    events: int = 0
    broken: list[Broken] = field(default_factory=list)


def walk(store: Store, *, no: str | None = None, on_chunk: Callable[[Report], None] | None = None) -> Report:
    """Verify every case, or the one with the number `no`; `on_chunk` is told how far it is after each chunk.

    Raises UnknownCase, DatabaseUnavailable. Writes nothing.
    """
    definitions = _definitions(store)
    report = Report(total=1 if no is not None else _count(store))
    for chunk in [_named(store, no)] if no is not None else _chunks(store):
        for record in _read(store, chunk):
            report.cases += 1
            report.events += len(record.events) if isinstance(record, Record) else 0
            if (found := _examined(store, record, definitions)) is not None:
                report.broken.append(found)
        if on_chunk is not None:
            on_chunk(report)
    if no is None:
        report.broken.extend(_orphans(store))
    return report


def _examined(store: Store, record: Looked, definitions: Mapping[str, Definition]) -> Broken | None:
    for look in range(1, LOOKS + 1):
        found = (
            record
            if isinstance(record, Broken)
            else verify(record, definitions.get(record.definition), definitions)
        )
        if found is None or look == LOOKS:
            return found
        if found.flaw is Flaw.DEFINITION:
            # The case may have been filed under a definition that was first stored while we walked.
            definitions = _definitions(store)
        record = _alone(store, (found.case_id, found.no))
    raise AssertionError("unreachable")


# --- reading --------------------------------------------------------------------------------------------------------


def _chunks(store: Store) -> Iterator[list[Name]]:
    after = ""
    while True:
        with store.read() as connection:
            found = connection.execute(_CHUNK, {"after": after, "limit": CHUNK}).all()
        if not found:
            return
        after = found[-1].id
        yield [(row.id, row.no) for row in found]


def _named(store: Store, no: str) -> list[Name]:
    with store.read() as connection:
        row = connection.execute(_ONE, {"no": no}).first()
    if row is None:
        raise UnknownCase(what="case", name=no)
    return [(row.id, row.no)]


def _read(store: Store, names: Sequence[Name]) -> list[Looked]:
    try:
        return _together(store, [case_id for case_id, _ in names])
    except ValueError:
        # One of them has a value that cannot even be read (an instant that is none): find it.
        return [_alone(store, name) for name in names]


def _alone(store: Store, name: Name) -> Looked:
    case_id, no = name
    try:
        found = _together(store, [case_id])
    except ValueError as error:
        seq = _unreadable(store, case_id)
        return Broken(case_id=case_id, no=no, seq=seq, flaw=Flaw.UNREADABLE, detail=str(error))
    return found[0] if found else Broken(case_id=case_id, no=no, seq=1, flaw=Flaw.ORPHAN)


def _together(store: Store, ids: Sequence[str]) -> list[Looked]:
    with store.read() as connection:
        rows = connection.execute(_ROWS, {"ids": ids}).mappings().all()
        events = connection.execute(_EVENTS, {"ids": ids}).mappings().all()
    by_case: dict[str, list[Envelope]] = defaultdict(list)
    for event in events:
        by_case[event["case_id"]].append(_envelope(dict(event)))
    return [
        Record(
            case_id=row["id"],
            no=row["no"],
            definition=row["definition"],
            seq=row["seq"],
            head=row["head"],
            body=row["body"],
            columns={name: row[name] for name in _REPEATED},
            events=by_case[row["id"]],
        )
        for row in rows
    ]


def _unreadable(store: Store, case_id: str) -> int:
    """The first event of a case that cannot be read; 1 when it is the row."""
    with store.read() as connection:
        for seq in connection.execute(_SEQS, {"case_id": case_id}).scalars().all():
            try:
                event = connection.execute(_EVENT, {"case_id": case_id, "seq": seq}).mappings().one()
                _envelope(dict(event))
            except ValueError:
                return int(seq)
    return 1


def _envelope(event: dict[str, Any]) -> Envelope:
    return Envelope(**{**event, "facts": decode_facts(event["facts"])})


def _definitions(store: Store) -> dict[str, Definition]:
    """The stored definitions that are what their hash says."""
    with store.read() as connection:
        stored = connection.execute(_DEFINITIONS).all()
    return {row.hash: definition_of(row.body) for row in stored if hash_of(row.body) == row.hash}


def _orphans(store: Store) -> list[Broken]:
    with store.read() as connection:
        rows = connection.execute(_ORPHANS).all()
    return [Broken(case_id=row.case_id, no="-", seq=row.seq, flaw=Flaw.ORPHAN) for row in rows]


def _count(store: Store) -> int:
    with store.read() as connection:
        return int(connection.execute(_COUNT).scalar_one())
