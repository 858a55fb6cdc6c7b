"""The share of voices that a countersign or a panel asks for: two whole numbers, or percent; never a fraction in binary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow.domain.desk.signing_state import RATIO, WEIGHTED
from workflow.domain.fields import wrong


def share(action: str, mode: str, fields: Mapping[str, Any]) -> tuple[int, int, bool]:
    """Numerator, denominator, and whether more than that is asked for. A weighted ballot that says nothing asks for over
    half (过半数); a ratio must be said; other modes have none. Raises BadFields.
    """
    numerator, denominator = fields.get("numerator"), fields.get("denominator")
    percent, over = fields.get("percent"), fields.get("over")
    given = [one for one in (numerator, denominator, percent, over) if one is not None]
    if mode not in (RATIO, WEIGHTED):
        if given:
            raise wrong(action, ("percent", "only_in_modes", f"{RATIO}, {WEIGHTED}"))
        return 1, 1, False
    if percent is not None:
        if numerator is not None or denominator is not None:
            raise wrong(action, ("percent", "either_or", ""))
        numerator, denominator = percent, 100
    if numerator is None and denominator is None and mode == WEIGHTED:
        numerator, denominator, over = 1, 2, True if over is None else over
    if numerator is None or denominator is None or not 0 < numerator <= denominator:
        raise wrong(action, ("numerator, denominator", "share", ""))
    if over and numerator == denominator:
        raise wrong(action, ("over", "more_than_whole", ""))
    return numerator, denominator, bool(over)
