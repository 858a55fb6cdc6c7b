"""Since which schema version events of a type, or with a certain field, are written; what is not listed is as old as 1.

Two versions of the program may run side by side. An older one must never write to a case about which it does not know
everything, so a new type of event, or a new field of an old one, comes with a new SCHEMA_VERSION and is listed here:
`{"NewEvent": 2, "FilingSubmitted.new_field": 2}`. From then on every event carries the lowest version that reads it, a
case the highest of its events (`Case.reader`), and an older program leaves such a case to a newer one
(docs/decisions/0018).
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.domain.events.base import Event, Reader

INTRODUCED: Final[Mapping[str, Reader]] = {}
"""`Type`, or `Type.field` for a field that is not at its default, to the schema version since which it is written."""


def schema_of(event: Event, introduced: Mapping[str, Reader] = INTRODUCED) -> Reader:
    """The lowest schema version under which a program reads all of this event."""
    if not introduced:
        return 1
    kind = type(event).__name__
    needed = introduced.get(kind, 1)
    for field in fields(event):
        since = introduced.get(f"{kind}.{field.name}", 1)
        if since > needed and getattr(event, field.name) != _default(field):
            needed = since
    return needed


def _default(field: object) -> object:
    """What a field holds when nothing was said; a field without a default always says something."""
    factory = getattr(field, "default_factory", MISSING)
    return factory() if callable(factory) else getattr(field, "default", MISSING)
