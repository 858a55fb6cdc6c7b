"""The hash chain of a case: every event's hash covers its envelope, its payload and the hash before it.

Fields are length-prefixed, so no two different events have the same bytes, and a leading 0x00 separates leaves from the
nodes of a tree built over them (RFC 6962). `alg` travels with each event: SHA-256 by default, SM3 (GB/T 32905) beside it.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from workflow.domain.envelope import Envelope

ALGORITHM = "sha256"
_NO_OFFSET = timedelta(0)

GENESIS = b""
"""What the first event of a case is chained to."""


def link(envelope: Envelope) -> bytes:
    """The hash of one event, over every field of its envelope but `hash` itself. Raises ValueError when the
    algorithm `alg` is not available here.
    """
    facts = envelope.facts
    texts = (
        envelope.alg,
        envelope.case_id,
        str(envelope.seq),
        envelope.type,
        str(envelope.schema_version),
        instant(envelope.recorded_at),
        instant(envelope.effective_at),
        envelope.actor,
        _or_none(envelope.acting_for),
        envelope.rule,
        _or_none(envelope.caused_by),
        envelope.command_id,
        ";".join([f"{name}={facts[name]}" for name in sorted(facts)]),
    )
    framed = bytearray(b"\x00")
    for part in (*map(str.encode, texts), envelope.payload, envelope.prev_hash):
        framed += len(part).to_bytes(8, "big")
        framed += part
    return hashlib.new(envelope.alg, framed).digest()


def commitment(salt: bytes, field: str, value: str) -> str:
    """The salted commitment (hex) that stands in an event for a personal value: without the salt it tells nothing."""
    digest = hashlib.sha256(b"\x02")
    for part in (salt, field.encode(), value.encode()):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def instant(moment: datetime) -> str:
    """An aware UTC instant as it is hashed and stored: RFC 3339 with microseconds and Z. Raises ValueError if naive."""
    if moment.tzinfo is not UTC and moment.utcoffset() != _NO_OFFSET:
        raise ValueError("instants are kept in UTC")
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


def _or_none(text: str | None) -> str:
    return "-" if text is None else f"+{text}"
