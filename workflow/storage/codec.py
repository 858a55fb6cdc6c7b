"""Values to canonical bytes and back: sorted keys, no spaces, UTF-8, no floats, instants as RFC 3339 with `Z`.

A `Sealed` value inside a form or an action's fields is stored, and comes back, as a plain object of its three fields;
likewise lists come back as lists. Everything with a declared type comes back as that type.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from workflow.domain.case import Case
from workflow.domain.envelope import Sealed
from workflow.domain.events import (
    EVENT_TYPES,
    SCHEMA_VERSION,
    ActionTaken,
    Event,
    FilingSubmitted,
    FormCorrected,
)
from workflow.errors import NeedsNewerProgram, RecordBroken

_encoder = msgspec.json.Encoder(order="sorted")
_cases = msgspec.json.Decoder(Case)


class _AnyCase(msgspec.Struct):
    reader: int = 0


_readers = msgspec.json.Decoder(_AnyCase)
_facts = msgspec.json.Decoder(dict[str, str])
_events = {name: msgspec.json.Decoder(kind) for name, kind in EVENT_TYPES.items()}


def canonical(value: Any) -> bytes:
    """The canonical JSON bytes of plain data. Raises ValueError for what has none, as a float or a naive time."""
    return _encoder.encode(_plain(value))


def encode_event(event: Event) -> bytes:
    """An event's payload as it is hashed and stored. Raises ValueError for values that have no canonical form."""
    if isinstance(event, FilingSubmitted):
        _plain(event.form)
    elif isinstance(event, ActionTaken):
        _plain(event.fields)
    elif isinstance(event, FormCorrected):
        _plain({**event.old, **event.new})
    return _encoder.encode(event)


def decode_event(type_: str, schema_version: int, payload: bytes) -> Event:
    """The event that was stored under this type. Raises NeedsNewerProgram for one of a schema that came after this program,
    ValueError for one that nobody can read.
    """
    if schema_version > SCHEMA_VERSION:
        raise NeedsNewerProgram(what=type_, reader=schema_version, known=SCHEMA_VERSION)
    decoder = _events.get(type_)
    if decoder is None or schema_version < 1:
        raise ValueError(f"events of type {type_!r}, schema {schema_version}, are not known to this program")
    return decoder.decode(payload)


def encode_case(case: Case) -> str:
    """A case as the text of its row's body."""
    return _encoder.encode(case).decode()


def decode_case(body: str | bytes, case_id: str = "?") -> Case:
    """The case that a row's body holds. Raises RecordBroken when it cannot be read, NeedsNewerProgram when a program wrote
    it that knows more than this one.
    """
    try:
        return _cases.decode(body)
    except (msgspec.DecodeError, ValueError) as error:
        needed = _reader(body)
        if needed > SCHEMA_VERSION:
            raise NeedsNewerProgram(what=case_id, reader=needed, known=SCHEMA_VERSION) from error
        raise RecordBroken(case=case_id, seq="?", reason=f"its row cannot be read: {error}") from error


def _reader(body: str | bytes) -> int:
    """The schema version that a case wants which could not be decoded; 0 when it does not even say that."""
    try:
        return _readers.decode(body).reader
    except (msgspec.DecodeError, ValueError):
        return 0


def encode_facts(facts: Mapping[str, str]) -> str:
    """The versions of facts that an event rests on, as canonical text."""
    return _encoder.encode(dict(facts)).decode()


def decode_facts(text: str) -> dict[str, str]:
    """The versions of facts as they were recorded. Raises ValueError when the text is not what was written."""
    return _facts.decode(text)


def _plain(value: Any) -> Any:
    """The same value with its instants in UTC. Only what reads back the same for ever may be hashed: a float may print
    differently, a time without a zone means nothing.
    """
    if value is None or isinstance(value, (str, int, bytes, Sealed)):
        return value
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise ValueError(f"the keys {list(value)!r} are not all text")
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)
    if isinstance(value, date):
        return value
    raise ValueError(f"{value!r} has no canonical form: write it as text or a whole number")
