"""A table of working days over whole years, so that adding and counting them are two look-ups.

`rank[i]` is the number of working days from the first day of the table up to and including its ith day;
`working[k]` is the date of the kth working day. Adding n working days is `working[rank[i] + n - 1]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import accumulate, compress


class DayTable:
    """Working days of some whole years. Immutable once made.

    `rest` gives, in order of time, from which day on which weekdays rest; `marks` overrides single days (True is
    working); the days of `doubtful` years are doubtful, except those in `sure`.
    """

    __slots__ = ("_base", "_doubt", "_rank", "_size", "_working", "first_year", "last_year")

    def __init__(
        self,
        years: range,
        rest: Iterable[tuple[date, frozenset[int]]],
        marks: Mapping[date, bool],
        doubtful: Iterable[int],
        sure: frozenset[date],
    ) -> None:
        self.first_year, self.last_year = years.start, years.stop - 1
        first, last = date(self.first_year, 1, 1), date(self.last_year, 12, 31)
        base = self._base = first.toordinal()
        size = self._size = last.toordinal() - base + 1
        flags = bytearray(b"\1" * size)
        for since, weekdays in rest:
            begin = max(since.toordinal() - base, 0)
            if begin < size:
                week = bytes((day + base + begin - 1) % 7 not in weekdays for day in range(7))
                flags[begin:] = (week * ((size - begin) // 7 + 1))[: size - begin]
        doubt = bytearray(size)
        for year in doubtful:
            begin, end = date(year, 1, 1).toordinal() - base, date(year, 12, 31).toordinal() - base + 1
            doubt[begin:end] = b"\1" * (end - begin)
        for day, working in marks.items():
            if 0 <= (at := day.toordinal() - base) < size:
                flags[at] = working
        for day in sure:
            if 0 <= (at := day.toordinal() - base) < size:
                doubt[at] = 0
        self._rank = list(accumulate(flags))
        self._working = [date.fromordinal(day) for day in compress(range(base, base + size), flags)]
        self._doubt = list(accumulate(doubt))

    def covers(self, day: date) -> bool:
        """Whether the table holds that day."""
        return self.first_year <= day.year <= self.last_year

    def is_working(self, day: date) -> bool:
        """Whether a covered day is a working day."""
        at = day.toordinal() - self._base
        return self._rank[at] > (self._rank[at - 1] if at else 0)

    def add(self, start: date, n: int) -> date | None:
        """The nth working day after (n < 0: before) `start`; None when the table does not reach."""
        at = start.toordinal() - self._base
        if not 0 <= at < self._size:
            return None
        if n > 0:
            place = self._rank[at] + n - 1
            return self._working[place] if place < len(self._working) else None
        if n == 0:
            return date.fromordinal(at + self._base)
        place = (self._rank[at - 1] if at else 0) + n
        return self._working[place] if place >= 0 else None

    def between(self, a: date, b: date) -> int:
        """Working days in (a, b]; for b before a, minus those in [b, a). Both days are covered."""
        first, last = a.toordinal() - self._base, b.toordinal() - self._base
        if last >= first:
            return self._rank[last] - self._rank[first]
        return (self._rank[last - 1] if last else 0) - (self._rank[first - 1] if first else 0)

    def doubts(self, a: date, b: date) -> int:
        """Doubtful days in (a, b], a before b, both covered."""
        return self._doubt[b.toordinal() - self._base] - self._doubt[a.toordinal() - self._base]
