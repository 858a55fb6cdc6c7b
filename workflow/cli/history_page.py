"""How the history of a case looks, to people and to programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from workflow.cli.rendering import local, table
from workflow.queries.timeline import Told, timeline
from workflow.texts import t

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.cli.looked import Looked
    from workflow.domain.envelope import Envelope
    from workflow.domain.events import Event

Events = Sequence["tuple[Envelope, Event]"]


def history_page(looked: Looked, events: Events) -> list[str]:
    """The lines of `case history`."""
    heads = [t(f"case.label.{name}") for name in ("seq", "when", "what", "who", "detail")]
    return table(heads, _lines(looked, events))


def history_plain(looked: Looked, events: Events) -> dict[str, Any]:
    """The history for programs: every envelope, its payload as it was hashed, and its title."""
    told = timeline(events, looked.words)
    return {
        "no": looked.case.no,
        "events": [
            {
                "seq": envelope.seq,
                "type": envelope.type,
                "title": line.title,
                "detail": line.detail,
                "recorded_at": envelope.recorded_at,
                "effective_at": envelope.effective_at,
                "actor": envelope.actor,
                "acting_for": envelope.acting_for,
                "rule": envelope.rule,
                "caused_by": envelope.caused_by,
                "facts": envelope.facts,
                "payload": msgspec.Raw(envelope.payload),
                "hash": envelope.hash.hex(),
            }
            for (envelope, _), line in zip(events, told, strict=True)
        ],
    }


def _lines(looked: Looked, events: Events) -> Iterator[tuple[str, ...]]:
    zone = looked.matter.definition.zone
    before: tuple[str, datetime] | None = None
    for told in timeline(events, looked.words):
        when, written = local(told.effective_at, zone), local(told.recorded_at, zone)
        # What takes effect at another time than it was written down says so: acceptance deemed back to the receipt.
        late = t("case.recorded", at=written) if when != written else ""
        # What follows from an act is part of it: whose it was is said once.
        who = "" if before == (told.actor, told.recorded_at) and not told.post else _who(told)
        before = (told.actor, told.recorded_at)
        detail = t("case.comma").join(text for text in (told.detail, late) if text)
        yield str(told.seq), when, told.title, who, detail


def _who(told: Told) -> str:
    return t("case.from_post", person=told.person, post=told.post) if told.post else told.person
