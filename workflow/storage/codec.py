"""Values to canonical bytes and back: sorted keys, no spaces, UTF-8, no floats, instants as RFC 3339 with `Z`.

A `Sealed` value inside a form or an action's fields is stored, and comes back, as a plain object of its three fields;
likewise lists come back as lists. Everything with a declared type comes back as that type.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from workflow.domain.case import Case
from workflow.domain.events import EVENT_TYPES, SCHEMA_VERSION, ActionTaken, Event, FilingSubmitted, Sealed
from workflow.errors import RecordBroken

_encoder = msgspec.json.Encoder(order="sorted")
_cases = msgspec.json.Decoder(Case)
_facts = msgspec.json.Decoder(dict[str, str])
_events = {name: msgspec.json.Decoder(kind) for name, kind in EVENT_TYPES.items()}


def canonical(value: Any) -> bytes:
    """The canonical JSON bytes of plain data or a dataclass. Raises ValueError if it holds a float or a naive time."""
    _check_plain(value)
    return _encoder.encode(value)


def encode_event(event: Event) -> bytes:
    """An event's payload as it is hashed and stored. Raises ValueError for values that have no canonical form."""
    if isinstance(event, FilingSubmitted):
        _check_plain(event.form)
    elif isinstance(event, ActionTaken):
        _check_plain(event.fields)
    return _encoder.encode(event)


def decode_event(type_: str, schema_version: int, payload: bytes) -> Event:
    """The event that was stored under this type. Raises ValueError when this program cannot read it."""
    decoder = _events.get(type_)
    if decoder is None or schema_version != SCHEMA_VERSION:
        raise ValueError(f"events of type {type_!r}, schema {schema_version}, are not known to this program")
    return decoder.decode(payload)


def encode_case(case: Case) -> str:
    """A case as the text of its row's body."""
    return _encoder.encode(case).decode()


def decode_case(body: str | bytes, case_id: str = "?") -> Case:
    """The case that a row's body holds. Raises RecordBroken when it cannot be read."""
    try:
        return _cases.decode(body)
    except (msgspec.DecodeError, ValueError) as error:
        raise RecordBroken(case=case_id, seq="?", reason=f"its row cannot be read: {error}") from error


def encode_facts(facts: Mapping[str, str]) -> str:
    """The versions of facts that an event rests on, as canonical text."""
    return _encoder.encode(dict(facts)).decode()


def decode_facts(text: str) -> dict[str, str]:
    """The versions of facts as they were recorded. Raises ValueError when the text is not what was written."""
    return _facts.decode(text)


def _check_plain(value: Any) -> None:
    """Only what reads back the same for ever may be hashed: a float may print differently, a naive time means nothing."""
    if value is None or isinstance(value, (str, int, bytes)):
        return
    if isinstance(value, float):
        raise ValueError(
            f"{value!r} is a float, which has no canonical form: write it as text or a whole number"
        )
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError(f"the key {key!r} is not text")
            _check_plain(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _check_plain(inner)
    elif isinstance(value, Sealed):
        return
