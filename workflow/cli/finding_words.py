"""How a finding stands, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.domain.definition import Colour
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.queries.findings import Listed


def standing(item: Listed) -> str:
    """Where a finding stands in its life; a reminder wants no answer, so it stands nowhere."""
    if item.cancelled_at is not None:
        return t("findings.standing.cancelled", reason=item.cancelled_because or "")
    if item.colour == Colour.REMINDER.value:
        return t("findings.standing.told")
    stands = t(f"findings.life.{item.standing}")
    if item.appealed:
        stands = t("findings.appealed", standing=stands)
    return t("findings.climbed", standing=stands, level=item.level) if item.level else stands
