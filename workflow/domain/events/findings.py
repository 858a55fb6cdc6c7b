"""Findings (预警纠错记录) and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRaised(Event):
    """An accountability finding (预警纠错记录) against the post that held the case; suspected (待核实) until confirmed."""

    finding: int
    colour: str
    rule: str
    basis: str
    clock: str | None
    generation: int | None
    post: str
    organ: str
    person: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCancelled(Event):
    """A finding was cancelled (取消预警) with the reason; it is never deleted."""

    finding: int
    reason: str
