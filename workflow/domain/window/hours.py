"""On which day something counts as received that came in at the window (民法典 art. 203 §2: business hours)."""

from __future__ import annotations

from datetime import date, datetime, time

from workflow.domain.calendar import Calendar
from workflow.domain.definition import Definition
from workflow.domain.instants import aware, zone_info


def counts_on(definition: Definition, calendar: Calendar, at: datetime) -> tuple[date, bool]:
    """The civil day on which what came in at `at` counts as received, and whether that was after closing.

    A window without a closing time takes things in all day. After closing, and on a day on which it is shut, it is the
    next working day.
    """
    local = aware(at).astimezone(zone_info(definition.zone))
    day = local.date()
    if definition.closing_time is None:
        return day, False
    if calendar.is_working(day) and local.timetz().replace(tzinfo=None) < closing(definition, calendar, day):
        return day, False
    return calendar.add_working_days(day, 1), True


def closing(definition: Definition, calendar: Calendar, day: date) -> time:
    """When the window closes on a working day, in local time; earlier on a half day."""
    closes = time.fromisoformat(definition.closing_time or "23:59:59")
    half = calendar.day(day).closes_at
    return min(closes, half) if half is not None else closes
