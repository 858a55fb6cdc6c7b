"""The course of a case: declared actions, the decision, papers, notices and objections, its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTaken(Event):
    """Somebody, or the system, took a declared action; `post` is the post it was taken from."""

    action: str
    source: str
    target: str
    post: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(Event):
    """The organ decided (决定); `outcome` is a word of the definition."""

    outcome: str
    reasons: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentIssued(Event):
    """A paper was issued; `number` is its 文号, taken in the transaction that decided to issue it."""

    document: str
    series: str | None = None
    year: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsDelivered(Event):
    """What was issued reached the applicant (送达)."""

    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePublished(Event):
    """A notice stands in the open: `before_effect` is 公示 (objections are heard), otherwise 公开."""

    notice: str
    before_effect: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTakenDown(Event):
    """A notice's time is over; from now on only counts remain."""

    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised(Event):
    """Somebody objected (异议) to a public notice; signing waits for a written finding."""

    objection: int
    grounds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecided(Event):
    """The objection was looked into and answered in writing."""

    objection: int
    upheld: bool
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalReported(Event):
    """The person has arrived (结果回报): the household and the post are taken up."""

    arrived_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseConcluded(Event):
    """The case is concluded (办结) for the count of the promise; it may still be delivered and archived."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseArchived(Event):
    """The file is closed (归档)."""
