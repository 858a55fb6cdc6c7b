"""Timeliness (时效) of many concluded cases: lines that can be added, made of groups of cases that are alike.

The denominator of the on-time rate is the completed cases whose handling periods ran (`timed`); cases that were not
accepted, or that the applicant ended himself, are named apart and count neither as on time nor as late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from workflow.domain.figures.facts import Ending
from workflow.domain.figures.numbers import added, percent, percentile

Key = TypeVar("Key")

MEDIAN, NINETY = 50, 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """So many concluded cases that are alike in all of this."""

    matter: str
    organ: str
    month: str
    ending: str
    timed: bool
    late: bool
    early: bool
    promise_kept: bool | None
    statute_kept: bool | None
    used: int | None
    extensions: int
    provisional: bool
    deemed: bool
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The figures of some cases. `used` counts timed cases by the working days of their handling period that were used up;
    `extended` are timed cases with an extension, `extensions` how many those were; `provisional` rests on days that no
    notice has arranged yet; `over_promise` and `over_statute` missed the promise, and the statute.
    """

    concluded: int = 0
    not_accepted: int = 0
    withdrawn: int = 0
    timed: int = 0
    late: int = 0
    early: int = 0
    over_promise: int = 0
    over_statute: int = 0
    extended: int = 0
    extensions: int = 0
    provisional: int = 0
    deemed: int = 0
    used: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: Line) -> Line:
        sums = {name: getattr(self, name) + getattr(other, name) for name in COUNTS}
        return Line(**sums, used=added(self.used, other.used))

    @property
    def completed(self) -> int:
        """Those that went to their end, timed or not."""
        return self.concluded - self.not_accepted - self.withdrawn

    @property
    def on_time(self) -> int:
        """The numerator of the rate."""
        return self.timed - self.late

    @property
    def rate(self) -> str | None:
        """On-time rate in percent."""
        return percent(self.on_time, self.timed)

    @property
    def early_share(self) -> str | None:
        """Share of the timed cases done before their last day, in percent."""
        return percent(self.early, self.timed)

    @property
    def median(self) -> int | None:
        """Median of the working days used, by nearest rank."""
        return percentile(self.used, MEDIAN)

    @property
    def ninetieth(self) -> int | None:
        """90th percentile of the working days used, by nearest rank."""
        return percentile(self.used, NINETY)


COUNTS = (
    "concluded", "not_accepted", "withdrawn", "timed", "late", "early", "over_promise", "over_statute", "extended",
    "extensions", "provisional", "deemed",
)  # fmt: skip
"""The counts of a line, each of which is the sum over its parts."""


def line_of(group: Group) -> Line:
    """One group as a line."""
    cases = group.cases
    return Line(
        concluded=cases,
        not_accepted=cases * (group.ending == Ending.NOT_ACCEPTED),
        withdrawn=cases * (group.ending == Ending.WITHDRAWN),
        timed=cases * group.timed,
        late=cases * group.late,
        early=cases * group.early,
        over_promise=cases * (group.promise_kept is False),
        over_statute=cases * (group.statute_kept is False),
        extended=cases * (group.extensions > 0),
        extensions=cases * group.extensions,
        provisional=cases * group.provisional,
        deemed=cases * group.deemed,
        used={group.used: cases} if group.timed and group.used is not None else {},
    )


def lines(groups: Iterable[Group], by: Callable[[Group], Key]) -> dict[Key, Line]:
    """The line of each key, in the order of the keys as text."""
    found: dict[Key, Line] = {}
    for group in groups:
        key = by(group)
        found[key] = found.get(key, Line()) + line_of(group)
    return dict(sorted(found.items(), key=lambda item: str(item[0])))


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """A post (or organ, or person) over the cases it held: `days` it had them, in `over` of them beyond the limits of its
    steps, by `excess` days; `overrun` is its part of the days by which cases were late.
    """

    cases: int = 0
    over: int = 0
    days: int = 0
    excess: int = 0
    overrun: int = 0
    held: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: PostLine) -> PostLine:
        return PostLine(
            cases=self.cases + other.cases,
            over=self.over + other.over,
            days=self.days + other.days,
            excess=self.excess + other.excess,
            overrun=self.overrun + other.overrun,
            held=added(self.held, other.held),
        )

    @property
    def within(self) -> int:
        """Cases it kept within the limits of its steps."""
        return self.cases - self.over

    @property
    def rate(self) -> str | None:
        """Share of those, in percent."""
        return percent(self.within, self.cases)

    @property
    def median(self) -> int | None:
        """Median of the working days it held a case, by nearest rank."""
        return percentile(self.held, MEDIAN)

    @property
    def ninetieth(self) -> int | None:
        """90th percentile of the same."""
        return percentile(self.held, NINETY)
