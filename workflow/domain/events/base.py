"""What every event is made of: its effective time, and the values that several kinds of event carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

Reader: TypeAlias = Literal[1]
"""The schema versions that this program reads and writes; see `workflow.domain.events.introduced`."""

SCHEMA_VERSION: Final[Reader] = 1
"""The newest of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """When a period ends: the last day `on` (inclusive, civil), the instant `at` from which it is overdue (UTC)."""

    on: date
    at: datetime
    provisional: bool
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RungTime:
    """When one rung of a clock's alarm ladder fires (UTC)."""

    rung: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Where a child case belongs: which join of which case opened it, in which round, under which name. `family` is the id
    of the first case of all, where that is not the parent.
    """

    case_id: str
    join: str
    round: int
    child: str
    family: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened, effective `at` (aware, UTC)."""

    at: datetime
