"""The arithmetic of figures: whole numbers and fractions, never floats; a percentile is a value that really occurred."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def percent(part: int, whole: int) -> str | None:
    """A share in percent with one decimal, rounded half up; None of nothing."""
    return tenths(Fraction(100 * part, whole)) if whole else None


def tenths(value: Fraction) -> str:
    """A number with one decimal, rounded half away from zero."""
    scaled = (abs(value) * 10 + Fraction(1, 2)).__floor__()
    sign = "-" if value < 0 and scaled else ""
    return f"{sign}{scaled // 10}.{scaled % 10}"


def percentile(counts: Mapping[int, int], share: int) -> int | None:
    """The nearest-rank percentile: the least value such that at least `share` percent of all are not greater. None of
    nothing. Of an even number of values the median is thus the lower of the two in the middle.
    """
    whole = sum(counts.values())
    if not whole:
        return None
    wanted = -(-whole * share // 100)
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= max(wanted, 1):
            return value
    raise AssertionError("unreachable")


def added(*histograms: Mapping[int, int]) -> dict[int, int]:
    """Histograms as one."""
    whole: dict[int, int] = {}
    for one in histograms:
        for value, count in one.items():
            whole[value] = whole.get(value, 0) + count
    return whole
