"""The hash chain of a case: every event's hash covers its envelope, its payload and the hash before it.

Fields are length-prefixed, so no two different events have the same bytes, and a leading 0x00 separates leaves from the
nodes of a tree built over them (RFC 6962). `alg` travels with each event: SHA-256 by default, SM3 (GB/T 32905) beside it.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache

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
    payload, before = envelope.payload, envelope.prev_hash
    framed = (
        b"\x00",
        _framed(envelope.alg),
        _framed(envelope.case_id),
        _framed(str(envelope.seq)),
        _framed(envelope.type),
        _framed(str(envelope.schema_version)),
        _framed(instant(envelope.recorded_at)),
        _framed(instant(envelope.effective_at)),
        _framed(envelope.actor),
        _framed(_or_none(envelope.acting_for)),
        _framed(envelope.rule),
        _framed(_or_none(envelope.caused_by)),
        _framed(envelope.command_id),
        _framed(";".join([f"{name}={facts[name]}" for name in sorted(facts)])),
        len(payload).to_bytes(8, "big"),
        payload,
        len(before).to_bytes(8, "big"),
        before,
    )
    return hashlib.new(envelope.alg, b"".join(framed)).digest()


@lru_cache(4096)
def _framed(text: str) -> bytes:
    """A field behind its length. The events of a step share most of theirs, and steps many."""
    part = text.encode()
    return len(part).to_bytes(8, "big") + part


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
    return _written(moment)


@lru_cache(256)
def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


def _or_none(text: str | None) -> str:
    return "-" if text is None else f"+{text}"
