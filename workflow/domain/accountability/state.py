"""A finding as far as later steps must know it, and the course of its life."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """Where a finding stands in its life; a cancelled one (取消预警) is marked beside it and never deleted."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    EXPLAINED = "explained"
    CONFIRMED = "confirmed"
    MEASURED = "measured"
    RESULTED = "resulted"
    STRUCK_OFF = "struck_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding (预警纠错记录) against a post, with whoever answers for it. `proposed_by` asks that it be cancelled,
    `confirmed_by` confirmed it; `appealed` while an appeal is open; `level` is how far it has been escalated.
    """

    number: int
    colour: str
    rule: str
    clock: str | None
    generation: int | None
    post: str = ""
    organ: str = ""
    person: str | None = None
    basis: str = ""
    standing: Standing = Standing.RAISED
    cancelled: bool = False
    proposed_by: str | None = None
    confirmed_by: str | None = None
    appealed: bool = False
    level: int = 0
    escalated_to: str | None = None

    @property
    def open(self) -> bool:
        """Whether something is still to be done about it."""
        return not self.cancelled and self.standing is not Standing.STRUCK_OFF
