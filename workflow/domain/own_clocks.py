"""Periods that belong to no matter: those of the house itself, which run on any case beside the matter's own.

Each run has a number in its name (`order#2` is the period of the second supervisor's order), so several may run at once.
A migration to another version of the matter leaves them alone.
"""

from __future__ import annotations

from typing import Final

from workflow.domain.definition import ClockSpec, Colour, Definition, Rung, Trigger

ORDER: Final = "order"
"""A supervisor's dated order (督办): it runs to the day that the order names."""

ACKNOWLEDGEMENT: Final = "acknowledgement"
"""How long a finding may wait for whoever answers for it to take note; after that it climbs (逐级上报)."""

EXPLANATION: Final = "explanation"
"""How long the respondent has to explain a finding (情况说明)."""

NUMBERED: Final = "#"

OWN: Final[dict[str, ClockSpec]] = {
    ORDER: ClockSpec(
        rule="cn.house.order",
        start=Trigger(),
        end=Trigger(),
        scope="house",
        rungs=(
            Rung(name="one_day_left", offset=-1, colour=Colour.REMINDER),
            Rung(name="overdue", offset=0, colour=Colour.YELLOW),
            Rung(name="uncured", offset=3, colour=Colour.RED),
        ),
    ),
    ACKNOWLEDGEMENT: ClockSpec(
        rule="cn.accountability.acknowledgement",
        start=Trigger(),
        end=Trigger(),
        scope="house",
        rungs=tuple(
            Rung(name=f"level_{level}", offset=level - 1, colour=Colour.REMINDER) for level in (1, 2, 3)
        ),
    ),
    EXPLANATION: ClockSpec(
        rule="cn.accountability.explanation",
        start=Trigger(),
        end=Trigger(),
        scope="house",
        rungs=(Rung(name="overdue", offset=0, colour=Colour.YELLOW),),
    ),
}
"""The periods of the house by the first part of their names."""


def spec_of(definition: Definition, clock: str) -> ClockSpec:
    """What a period is: the matter's own, or one of the house. Raises KeyError for a name of neither."""
    spec = definition.clocks.get(clock)
    return spec if spec is not None else OWN[clock.partition(NUMBERED)[0]]


def is_own(clock: str) -> bool:
    """Whether a period belongs to the house and not to the matter."""
    return NUMBERED in clock


def of_the_desk(clock: str) -> bool:
    """Whether a period is one that whoever has the work keeps: the matter's own, and supervisors' orders."""
    return not is_own(clock) or clock.startswith(ORDER)


def numbered(kind: str, number: int) -> str:
    """The name of the `number`th period of a kind."""
    return f"{kind}{NUMBERED}{number}"


def number_of(clock: str) -> int:
    """The number in the name of a period of the house."""
    return int(clock.partition(NUMBERED)[2])
