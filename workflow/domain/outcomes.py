"""Outcomes of silence that have fallen due on a case: what time alone brings about and nobody can take back."""

from __future__ import annotations

from datetime import datetime

from workflow.domain.case import Case
from workflow.domain.timekeeping import EXPIRY


def outcome_due(case: Case, until: datetime) -> datetime | None:
    """The latest instant up to `until` at which an outcome fell due that has not been decided yet; None if there is none.

    Whoever acts on the case at `until` would bring it about first (design §3).
    """
    return max(
        (
            rung.at
            for clock in case.clocks
            if clock.ended_on is None
            for rung in clock.rungs
            if rung.rung == EXPIRY and rung.at <= until and not rung.fired and not rung.withheld
        ),
        default=None,
    )
