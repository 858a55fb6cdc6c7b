"""How the events of findings change a case. They are not acts on the matter itself: the version that people see stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.domain import events as e
from workflow.domain.accountability.state import Finding, Standing
from workflow.domain.case import Case
from workflow.domain.values import replace


def _raised(case: Case, event: e.FindingRaised, actor: str) -> Case:
    found = Finding(
        number=event.finding,
        colour=event.colour,
        rule=event.rule,
        clock=event.clock,
        generation=event.generation,
        post=event.post,
        organ=event.organ,
        person=event.person,
        basis=event.basis,
    )
    return replace(case, findings=(*case.findings, found))


def _changed(case: Case, number: int, **changes: Any) -> Case:
    findings = tuple(replace(one, **changes) if one.number == number else one for one in case.findings)
    return replace(case, findings=findings)


FOLLOWERS: dict[type[e.Event], Callable[[Case, Any, str], Case]] = {
    e.FindingRaised: _raised,
    e.FindingCancelled: lambda case, event, actor: _changed(
        case, event.finding, cancelled=True, appealed=False
    ),
    e.FindingAcknowledged: lambda case, event, actor: _changed(
        case, event.finding, standing=Standing.ACKNOWLEDGED
    ),
    e.FindingExplained: lambda case, event, actor: _changed(case, event.finding, standing=Standing.EXPLAINED),
    e.FindingEscalated: lambda case, event, actor: _changed(
        case, event.finding, level=event.level, escalated_to=event.person
    ),
    e.FindingConfirmed: lambda case, event, actor: _changed(
        case, event.finding, standing=Standing.CONFIRMED, confirmed_by=actor, proposed_by=None
    ),
    e.CancellationProposed: lambda case, event, actor: _changed(case, event.finding, proposed_by=actor),
    e.MeasureTaken: lambda case, event, actor: _changed(case, event.finding, standing=Standing.MEASURED),
    e.ResultRecorded: lambda case, event, actor: _changed(case, event.finding, standing=Standing.RESULTED),
    e.FindingStruckOff: lambda case, event, actor: _changed(
        case, event.finding, standing=Standing.STRUCK_OFF
    ),
    e.FindingAppealed: lambda case, event, actor: _changed(case, event.finding, appealed=True),
    e.AppealDecided: lambda case, event, actor: _changed(case, event.finding, appealed=False),
    e.CaseFrozen: lambda case, event, actor: replace(case, frozen_by=actor),
    e.CaseUnfrozen: lambda case, event, actor: replace(case, frozen_by=None),
}
"""The fold of each event of accountability; `workflow.domain.evolve` takes them in."""
