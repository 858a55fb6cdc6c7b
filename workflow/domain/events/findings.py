"""Findings (预警纠错记录) and what becomes of them: heard, confirmed or cancelled, measures, results, appeals."""

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
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCancelled(Event):
    """A finding was cancelled (取消预警) with the reason; it is never deleted."""

    finding: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAcknowledged(Event):
    """Whoever answers for the finding has taken note of it (签收); reading it is not enough."""

    finding: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEscalated(Event):
    """Nobody acknowledged the finding in time: it went up to `person`, the head of `organ` (逐级上报)."""

    finding: int
    level: int
    organ: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingExplained(Event):
    """The respondent explained (情况说明)."""

    finding: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingConfirmed(Event):
    """An auditor confirmed the finding after the respondent was heard, or did not speak in time."""

    finding: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationProposed(Event):
    """Somebody proposed to cancel the finding; a second person decides."""

    finding: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureTaken(Event):
    """What followed from a confirmed finding. `measure`: rectification (整改), order (督办), supervision_proposal
    (监察建议书, a draft that the competent organ signs); `due_on` is when it is to be done.
    """

    finding: int
    measure: str
    text: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRecorded(Event):
    """What came of it (处理结果): talk, self_examination, criticism, transferred, none."""

    finding: int
    result: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingStruckOff(Event):
    """The finding is settled (销号)."""

    finding: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAppealed(Event):
    """The respondent appealed against a confirmed finding (申诉)."""

    finding: int
    grounds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided(Event):
    """Another than who had confirmed it decided the appeal; an upheld one cancels the finding."""

    finding: int
    upheld: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFrozen(Event):
    """An auditor froze the case: nobody acts on it, while time and what time brings go on."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUnfrozen(Event):
    """The case may be acted on again."""

    reason: str
