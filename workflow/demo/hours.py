"""Office hours (办公时间): the instants at which people act, four in a working day of the calendar.

Acts are gathered in a few slots, so that the stepped clock has few places to stop at; what the machine does by itself
has instants of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from workflow.domain.calendar import Calendar

SLOTS: Final = (time(9, 30), time(11, 0), time(14, 30), time(16, 30))
"""Local times at which people act; slot 0 of a day is the first."""

PER_DAY: Final = len(SLOTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """Slots numbered from 0, the first one of `first` (a working day) on; a rest day has none."""

    calendar: Calendar
    first: date

    def at(self, slot: int) -> datetime:
        """The instant (UTC) of a slot."""
        day = self.day(slot)
        return datetime.combine(day, SLOTS[slot % PER_DAY], ZoneInfo(self.calendar.zone)).astimezone(UTC)

    def day(self, slot: int) -> date:
        """The civil day of a slot."""
        ahead = slot // PER_DAY
        return self.calendar.add_working_days(self.first, ahead) if ahead else self.first

    def after(self, moment: datetime) -> int:
        """The number of the first slot later than an instant, never below 0."""
        local = moment.astimezone(ZoneInfo(self.calendar.zone))
        if local.date() < self.first:
            return 0
        passed = self.calendar.working_days_between(self.first, local.date())
        if not self.calendar.is_working(local.date()):
            return (passed + 1) * PER_DAY
        return passed * PER_DAY + sum(slot <= local.time() for slot in SLOTS)


def opening_day(calendar: Calendar, on: date) -> date:
    """The working day on which work begins if it is to begin on `on`."""
    return on if calendar.is_working(on) else calendar.add_working_days(on, 1)
