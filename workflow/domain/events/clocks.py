"""What happens to a period (期限): the interval events that its due date is derived from, and its rungs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.domain.events.base import DueDate, Event, RungTime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted(Event):
    """A period began to run under a version of a rule; `on` is the day of the event, which is not counted.

    `closing_time` (HH:MM, local) is that of the window for a case filed there: some rules end their last day with it.
    """

    clock: str
    generation: int
    rule: str
    rule_version: str
    period: str
    on: date
    due: DueDate
    rungs: tuple[RungTime, ...] = ()
    closing_time: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingStopped(Event):
    """From `on` days are not counted (停止计时), on a listed ground; `notice` is the paper that told the applicant."""

    clock: str
    generation: int
    ground: str
    on: date
    ref: str
    notice: str | None = None
    due: DueDate | None = None
    rungs: tuple[RungTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingResumed(Event):
    """From `on` days are counted again (恢复计时)."""

    clock: str
    generation: int
    ground: str
    on: date
    ref: str
    due: DueDate | None
    rungs: tuple[RungTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted(Event):
    """The head of the organ extended the period (延长期限) before it expired, with the reason told."""

    clock: str
    generation: int
    period: str
    reason: str
    on: date
    ref: str
    due: DueDate | None
    rungs: tuple[RungTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRemoved(Event):
    """An extension was taken back, with the reason; the period is again as long as before it."""

    clock: str
    generation: int
    reason: str
    on: date
    ref: str
    due: DueDate | None
    rungs: tuple[RungTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDateReprojected(Event):
    """A new calendar notice moved an open due date, or only the ladder beside it; nothing that was closed moves. There is
    no date while counting is stopped.
    """

    clock: str
    generation: int
    old: DueDate | None
    due: DueDate | None
    reason: str
    rungs: tuple[RungTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEnded(Event):
    """What the period waited for was done, `late` when its due instant had passed."""

    clock: str
    generation: int
    on: date
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RungFired(Event):
    """A rung of the ladder was reached while the clock ran; fired once per revision."""

    clock: str
    generation: int
    rung: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeWithheld(Event):
    """A deemed outcome fell due on a provisional date; it waits until the calendar notice is out (design §3)."""

    clock: str
    generation: int
    rung: str
    revision: int
