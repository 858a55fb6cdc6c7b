"""Which version of a matter's definition is in force on a day (事项的施行版本): those published, each with its dates.

A matter that was never published is used as it is shipped. The version that begins latest goes before one that began
earlier, so a new one needs no end to be written for the old, and one with an end gives way to the old again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A definition published under its hash for the days from `valid_from` to `valid_to`, both included, by a person."""

    code: str
    hash: str
    valid_from: date
    valid_to: date | None
    published_by: str
    published_at: datetime

    def holds_on(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def in_force(published: Iterable[Publication], day: date) -> Publication | None:
    """Of the versions of one matter the one in force on a day, or None."""
    holding = (one for one in published if one.holds_on(day))
    return max(holding, key=lambda one: one.valid_from, default=None)


def not_yet_begun(published: Sequence[Publication], day: date) -> bool:
    """Whether nothing published has begun by that day, so that the matter is still used as it is shipped."""
    return all(day < one.valid_from for one in published)
