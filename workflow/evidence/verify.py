"""Whether a case's record is what it was: pure, from the stored bytes alone.

Every link of the chain is computed again, every event is folded again under the stored definition, and the result is
held against the case's row. What this cannot see is a forger who also rewrites every later hash and the row: for that
the heads must be known outside the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum

from workflow.domain import chain, machine
from workflow.domain.case import Case
from workflow.domain.definition import Definition
from workflow.domain.envelope import Envelope
from workflow.domain.events import ActionTaken, CaseMigrated, Event, FilingSubmitted
from workflow.domain.evolve import evolve
from workflow.errors import ActionNotAvailable, NeedsNewerProgram, RecordBroken
from workflow.evidence.steps import Told
from workflow.storage.codec import decode_case, decode_event

_LONGEST = 200
"""Characters shown of a value that differs."""


class Flaw(StrEnum):
    """What is wrong with a record; each has its text under `audit.flaw`."""

    MISSING = "missing"
    ALTERED = "altered"
    UNLINKED = "unlinked"
    UNREADABLE = "unreadable"
    IMPOSSIBLE = "impossible"
    BEYOND = "beyond"
    HEAD = "head"
    ROW = "row"
    DEFINITION = "definition"
    ORPHAN = "orphan"
    TABLE = "table"
    VALUE = "value"
    REWRITTEN = "rewritten"
    CUT = "cut"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first wrong event of a case: `seq` is its place in the chain, `detail` what was found there. `table` and `key`
    name a derived row; `field` is what differs, from `expected` to `found` (hashes in hex).
    """

    case_id: str
    no: str
    seq: int
    flaw: Flaw
    detail: str = ""
    table: str = ""
    key: str = ""
    field: str = ""
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A case as it lies in the database: its row, with the columns that repeat what the body says, and its events."""

    case_id: str
    no: str
    definition: str
    seq: int
    head: bytes
    body: str
    columns: dict[str, str | int | datetime | None] = field(default_factory=dict)
    events: Sequence[Envelope] = ()


def verify(
    record: Record, definition: Definition | None, others: Mapping[str, Definition] | None = None
) -> Broken | None:
    """The first thing wrong with a record, or None. `definition` is None when the stored one is not what its hash says;
    `others` are the stored definitions by hash, for cases that were migrated from one to another.
    """
    return followed(record, definition, others)[0]


def followed(
    record: Record, definition: Definition | None, others: Mapping[str, Definition] | None = None
) -> tuple[Broken | None, tuple[Told, ...]]:
    """What `verify` gives, and each event up to the first wrong one with the case around it."""
    told: list[Told] = []
    return _followed(record, definition, others, told), tuple(told)


def _followed(
    record: Record,
    definition: Definition | None,
    others: Mapping[str, Definition] | None,
    told: list[Told],
) -> Broken | None:
    if definition is None:
        return _broken(record, 1, Flaw.DEFINITION, record.definition)
    known = {**(others or {}), record.definition: definition}
    case: Case | None = None
    head = chain.GENESIS
    for place, envelope in enumerate(record.events, 1):
        try:
            if flaw := _flaw(envelope, place, head):
                return _at(_broken(record, place, flaw), *_differs(envelope, flaw, head))
            event = _event(envelope)
        except ValueError as error:
            return _broken(record, place, Flaw.UNREADABLE, str(error))
        named = _definition_after(case, event)
        if (under := known.get(named)) is None:
            return _broken(record, place, Flaw.DEFINITION, named)
        before = case
        try:
            case = _next(under, case, event, envelope)
        except (ActionNotAvailable, ValueError) as error:
            return _broken(record, place, Flaw.IMPOSSIBLE, str(error))
        told.append(Told(envelope=envelope, event=event, before=before, after=case, definition=under))
        head = envelope.hash
    return _row(record, case, head)


def _flaw(envelope: Envelope, place: int, head: bytes) -> Flaw | None:
    """What is wrong with one link. Raises ValueError when its hash cannot be computed."""
    if envelope.seq != place:
        return Flaw.MISSING
    if chain.link(envelope) != envelope.hash:
        return Flaw.ALTERED
    return Flaw.UNLINKED if envelope.prev_hash != head else None


def _at(broken: Broken, field: str, expected: str, found: str) -> Broken:
    return replace(broken, field=field, expected=expected, found=found)


def _differs(envelope: Envelope, flaw: Flaw, head: bytes) -> tuple[str, str, str]:
    """Which part of a link is not what it should be; of an altered event the one that its payload gives away, if any."""
    match flaw:
        case Flaw.MISSING:
            return "seq", "", str(envelope.seq)
        case Flaw.UNLINKED:
            return "prev_hash", head.hex(), envelope.prev_hash.hex()
    try:
        at = decode_event(envelope.type, envelope.schema_version, envelope.payload).at
    except (ValueError, NeedsNewerProgram):
        at = envelope.effective_at
    if at != envelope.effective_at:
        return "effective_at", chain.instant(at), chain.instant(envelope.effective_at)
    return "hash", chain.link(envelope).hex(), envelope.hash.hex()


def _row(record: Record, case: Case | None, head: bytes) -> Broken | None:
    """What is wrong with the row, given what a sound chain of events comes to."""
    last = len(record.events)
    if last < record.seq:
        return _broken(record, last + 1, Flaw.MISSING)
    if last > record.seq:
        return _broken(record, record.seq + 1, Flaw.BEYOND)
    if head != record.head:
        return _at(_broken(record, last, Flaw.HEAD), "head", head.hex(), record.head.hex())
    differing = _differing(record, case)
    if not differing:
        return None
    broken = _broken(record, last, Flaw.ROW, ", ".join(differing))
    first = differing[0]
    return _at(broken, first, _shown(getattr(case, first, None)), _in_row(record, first))


def _broken(record: Record, seq: int, flaw: Flaw, detail: str = "") -> Broken:
    return Broken(case_id=record.case_id, no=record.no, seq=seq, flaw=flaw, detail=detail)


def _event(envelope: Envelope) -> Event:
    event = decode_event(envelope.type, envelope.schema_version, envelope.payload)
    if event.at != envelope.effective_at:
        raise ValueError("its effective time is not that of its payload")
    return event


def _definition_after(case: Case | None, event: Event) -> str:
    """The hash of the definition that an event is judged by: a filing and a migration by the one they name."""
    match event:
        case FilingSubmitted():
            return event.definition
        case CaseMigrated():
            return event.new
    return case.definition if case is not None else "-"


def _next(definition: Definition, case: Case | None, event: Event, envelope: Envelope) -> Case:
    """The case after the event. Raises ActionNotAvailable or ValueError for one that cannot have followed."""
    if isinstance(event, ActionTaken):
        here = case.state if case is not None else "-"
        target = machine.target(definition, here, event.action)
        if (event.source, event.target) != (here, target):
            raise ActionNotAvailable(action=event.action, state=here, available=target)
    if isinstance(event, CaseMigrated):
        follows = case is not None and (event.old, event.source) == (case.definition, case.state)
        if not follows or event.target not in definition.states:
            raise ActionNotAvailable(action="CaseMigrated", state=event.source, available=event.target)
    return evolve(case, event, case_id=envelope.case_id, actor=envelope.actor)


def _in_row(record: Record, name: str) -> str:
    """What the row says of a field: its column where that is the one that differs, else its body."""
    try:
        body = getattr(decode_case(record.body, record.case_id), name, None)
    except (RecordBroken, NeedsNewerProgram):
        return ""
    beside = record.columns.get(name, body)
    return _shown(beside if beside != body else body)


def _shown(value: object) -> str:
    return "-" if value is None else str(value)[:_LONGEST]


def _differing(record: Record, case: Case | None) -> list[str]:
    """What the row says otherwise than the events do."""
    if case is None:
        return ["seq"]
    try:
        row = decode_case(record.body, record.case_id)
    except (RecordBroken, NeedsNewerProgram):
        # No event that led here wants a newer program, so the row must not either.
        return ["body"]
    inside = {item.name for item in fields(Case) if getattr(row, item.name) != getattr(case, item.name)}
    beside = {name for name, value in record.columns.items() if value != getattr(case, name)}
    return sorted(inside | beside)
