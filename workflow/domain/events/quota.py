"""What became of places of a quota (进京指标) on a case. `revision` is the quota's own after the event, so that all that
was ever done with one quota has one order, across cases.
"""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaReserved(Event):
    """Places were reserved (预占) for the case when it was reported up."""

    kind: str
    organ: str
    year: int
    places: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaConsumed(Event):
    """Reserved places were consumed (使用) when the case was approved."""

    kind: str
    organ: str
    year: int
    places: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaReleased(Event):
    """Places were given back (释放); `held` says out of what (reserved, consumed), `reason` is the action, or `concluded`
    when the case ended without having consumed them.
    """

    kind: str
    organ: str
    year: int
    places: int
    held: str
    reason: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaExempted(Event):
    """The case takes no place of the quota (不占指标); `places` it would have taken, `reason` is the condition that
    holds.
    """

    kind: str
    organ: str
    year: int
    places: int
    reason: str
