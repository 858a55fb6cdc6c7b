"""Periods of the law (期限): six units that are six types.

A working day (工作日), a calendar day (日), a week, a month (月), a year (年) and an hour are different things in law
(Civil Code 民法典 art. 200; Licensing Law 行政许可法 art. 82), so they are different types here: two of one unit can be
added and compared, two of different units cannot (TypeError). There is no float and no conversion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final, Self, TypeAlias

from workflow.errors import BadPeriod

LONGEST: Final = 99_999
"""No period is longer than this many units (273 years of days): a slip of the keyboard is refused, not computed."""


@dataclass(frozen=True, slots=True, order=True)
class _Amount:
    """A whole, non-negative number of one unit; only subclasses are used."""

    amount: int
    unit: ClassVar[str] = ""

    def __post_init__(self) -> None:
        # bool is an int to Python, but not an amount to anybody else.
        if type(self.amount) is not int or not 0 <= self.amount <= LONGEST:
            raise BadPeriod(value=f"{self.amount}{self.unit}")

    def __add__(self, other: Self) -> Self:
        if type(other) is not type(self):
            return NotImplemented
        return type(self)(self.amount + other.amount)

    def __sub__(self, other: Self) -> Self:
        if type(other) is not type(self):
            return NotImplemented
        return type(self)(self.amount - other.amount)

    def __bool__(self) -> bool:
        return self.amount > 0

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


@dataclass(frozen=True, slots=True, order=True)
class WorkingDays(_Amount):
    """Working days (工作日) of the calendar that the rule names."""

    unit: ClassVar[str] = "wd"


@dataclass(frozen=True, slots=True, order=True)
class Days(_Amount):
    """Calendar days (日, 自然日)."""

    unit: ClassVar[str] = "d"


@dataclass(frozen=True, slots=True, order=True)
class Weeks(_Amount):
    """Weeks of seven calendar days (周)."""

    unit: ClassVar[str] = "w"


@dataclass(frozen=True, slots=True, order=True)
class Months(_Amount):
    """Months (月), ending on the corresponding day or the last of the month (Civil Code art. 202)."""

    unit: ClassVar[str] = "mo"


@dataclass(frozen=True, slots=True, order=True)
class Years(_Amount):
    """Years (年), ending on the corresponding day or the last of the month (Civil Code art. 202)."""

    unit: ClassVar[str] = "y"


@dataclass(frozen=True, slots=True, order=True)
class Hours(_Amount):
    """Hours (小时) of elapsed time, counted from the instant itself (Civil Code art. 201 §2)."""

    unit: ClassVar[str] = "h"


Period: TypeAlias = WorkingDays | Days | Weeks | Months | Years | Hours

UNITS: Final[dict[str, type[WorkingDays | Days | Weeks | Months | Years | Hours]]] = {
    kind.unit: kind for kind in (WorkingDays, Days, Weeks, Months, Years, Hours)
}

_PATTERN: Final = re.compile(r"(0|[1-9][0-9]{0,4})(wd|d|w|mo|y|h)")


def parse_period(text: str) -> Period:
    """Read `20wd`, `60d`, `8w`, `3mo`, `1y` or `48h`; `str()` of the result gives the text back.

    Raises BadPeriod for anything else: another unit, a sign, a fraction, a space, a leading zero.
    """
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise BadPeriod(value=text)
    return UNITS[found[2]](int(found[1]))
