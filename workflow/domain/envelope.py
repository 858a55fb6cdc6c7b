"""What an event is recorded in: who, when, by which rule, on which facts, and its link in the case's chain (design §3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A personal value in an event: whose it is, which field, and a salted commitment to it, never the value itself."""

    subject: str
    field: str
    commitment: str


# Without slots, so that the hash is put to it by copying a dictionary.
@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One recorded event: who, when, by which rule, on which facts, and its link in the case's chain (design §3).

    `payload` is the canonical bytes of the event as stored; `hash` covers every other field and `prev_hash`.
    """

    case_id: str
    seq: int
    type: str
    schema_version: int
    recorded_at: datetime
    effective_at: datetime
    actor: str
    acting_for: str | None
    rule: str
    caused_by: str | None
    command_id: str
    facts: Mapping[str, str]
    payload: bytes
    prev_hash: bytes
    hash: bytes
    alg: str
