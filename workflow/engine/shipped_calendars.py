"""A program may bring notices on holidays in its own definitions: then they are carried to the open clocks as one that was
published here is, by raising the revision of the calendars and opening a sweep.

All programs of an installation are expected to bring the same definitions; the first worker of a new release notes it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from workflow.engine.calendar_notices import reach

if TYPE_CHECKING:
    from workflow.domain.calendar import Calendar
    from workflow.engine.banjie import Banjie

EVERYTHING: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The first changed day where it cannot be said what changed."""


def note_shipped(banjie: Banjie) -> None:
    """Note which calendars this program brings, and open a sweep for those that give an open period another end. Every
    worker does so when it starts; the first does it for all. Raises Unavailable.
    """
    for code, calendar in banjie.catalog.calendars.items():
        known = banjie.store.shipped_calendars(code)
        if code == calendar.code and calendar.version not in known:
            banjie.store.note_shipped(code, calendar.version, _first_changed(banjie, calendar, known))


def _first_changed(banjie: Banjie, calendar: Calendar, known: list[str]) -> datetime | None:
    if not known:
        # A new database, or one from before this was noted: then the clocks themselves tell.
        present = banjie.calendars()[calendar.code].version
        return EVERYTHING if banjie.store.reckoned_otherwise(calendar.code, present) else None
    before = calendar.known_as(known[-1])
    return EVERYTHING if before.version != known[-1] else reach(before, calendar)
