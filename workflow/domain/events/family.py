"""A case that was divided (联办件), and the ends of its children."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildrenOpened(Event):
    """The case was divided (联办件): each child is a case of its own, opened by a job of its own."""

    join: str
    round: int
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEnded(Event):
    """A child case was concluded; told to its parent once, by a command of its own."""

    join: str
    round: int
    child: str
    case_id: str
    outcome: str
