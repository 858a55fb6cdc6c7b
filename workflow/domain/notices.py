"""What makes a calendar (日历): notices of holidays (放假通知), layers of regions and organs, the weekly rest, one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal, TypeAlias

Date: TypeAlias = date
"""The type, where a field is itself called `date`."""

LayerKind = Literal["closed", "open", "half_day", "emergency"]
Reason = Literal[
    "workday", "weekend", "holiday", "make_up", "assumed_holiday", "closed", "open", "half_day", "emergency"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDay:
    """One day that a notice fixes: off, or (a rest day) worked."""

    date: Date
    off: bool
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice on holidays. `issued_on` is the day it became known (公布), by which `as_of` selects; `number` is its
    document number (发文字号); `confirms` is the year it arranges as a whole, None for a mid-year amendment.
    """

    id: str
    issued_on: date
    source: str
    title: str
    days: tuple[NoticeDay, ...]
    number: str = ""
    confirms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerDay:
    """One day of a layer: closed, open although others rest, a half day (open until `closes_at`), or an emergency."""

    date: Date
    kind: LayerKind
    name: str
    decided_on: Date
    source: str = ""
    closes_at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What a region or an organ adds to the national calendar; among several, the last one added prevails."""

    code: str
    title: str
    days: tuple[LayerDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyRest:
    """The weekly rest days (Monday is 0) from a day on, until the next entry."""

    valid_from: date
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """What the calendar says of one day. `notice` is the id of the paper or layer that decided it, None when the
    weekly rhythm did; `closes_at` is the end of a half day in local time.
    """

    date: Date
    working: bool
    reason: Reason
    name: str
    notice: str | None
    provisional: bool
    closes_at: time | None = None
