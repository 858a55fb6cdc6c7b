"""The five grades, and how a rating changes a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from workflow.domain import events as e
from workflow.domain.case import Case
from workflow.domain.values import replace

GRADES: Final = ("very_dissatisfied", "dissatisfied", "fairly_satisfied", "satisfied", "very_satisfied")
"""非常不满意, 不满意, 基本满意, 满意, 非常满意: from one point to five."""


def points(grade: str) -> int:
    """A grade as one to five points. Raises ValueError for a word that is none."""
    return GRADES.index(grade) + 1


FOLLOWERS: dict[type[e.Event], Callable[[Case, Any, str], Case]] = {
    e.CaseRated: lambda case, event, actor: replace(case, rating=points(event.grade)),
}
"""It is no act on the matter itself: the version that people see stays."""
