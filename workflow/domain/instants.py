"""Instants and civil days (时刻与日): where a day of a zone begins and ends, in UTC, whatever its clocks do that day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflow.domain.calendar import Calendar
from workflow.domain.law import EndOfDayRule
from workflow.errors import InstantNeeded, UnknownZone

DAY: Final = timedelta(days=1)
MIDNIGHT: Final = time(0)


@lru_cache(maxsize=64)
def zone_info(zone: str) -> ZoneInfo:
    """The zone of an IANA name. Raises UnknownZone when there is none."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise UnknownZone(name=zone) from wrong


def start_of_day(day: date, zone: str) -> datetime:
    """The UTC instant at which a civil day begins in a zone."""
    return datetime.combine(day, MIDNIGHT, zone_info(zone)).astimezone(UTC)


def civil_date(instant: datetime, zone: str) -> date:
    """The civil date of an aware instant in a zone."""
    return aware(instant).astimezone(zone_info(zone)).date()


def end_instant(
    on: date,
    zone: str,
    end_of_day: EndOfDayRule,
    begin: datetime | None,
    closing_time: time | None,
    calendar: Calendar,
) -> datetime:
    """The exclusive UTC instant at which the last day `on` ends."""
    if end_of_day is EndOfDayRule.SAME_TIME:
        if begin is None:
            raise InstantNeeded(what=on.isoformat())
        local = begin.astimezone(zone_info(zone)).timetz().replace(tzinfo=None, fold=0)
        return datetime.combine(on, local, zone_info(zone)).astimezone(UTC)
    if end_of_day is EndOfDayRule.CLOSING_TIME and closing_time is not None:
        half = calendar.day(on).closes_at
        closes = min(closing_time, half) if half is not None else closing_time
        return datetime.combine(on, closes, zone_info(zone)).astimezone(UTC)
    return start_of_day(on + DAY, zone)


def aware(value: datetime) -> datetime:
    """An aware time as UTC. Raises InstantNeeded for one that does not say its offset."""
    if value.tzinfo is None or value.utcoffset() is None:
        raise InstantNeeded(what=value.isoformat())
    return value.astimezone(UTC)
