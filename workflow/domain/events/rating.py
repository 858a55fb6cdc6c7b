"""What the applicant thinks of how the case was handled (满意度评价)."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRated(Event):
    """The applicant rated the concluded case, once; `grade` is one of the five words of `workflow.domain.rating`."""

    grade: str
