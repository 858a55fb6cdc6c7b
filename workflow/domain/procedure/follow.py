"""How the events of the procedure change a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.domain import events as e
from workflow.domain.case import Case
from workflow.domain.procedure import values as v
from workflow.domain.procedure.values import Hearing, InterestedParty, Procedure, Refusal
from workflow.domain.values import replace


def _with(case: Case, **changed: Any) -> Case:
    return replace(case, procedure=replace(case.procedure, **changed))


def _marked(procedure: Procedure, names: tuple[str, ...], **changed: Any) -> tuple[InterestedParty, ...]:
    return tuple(replace(p, **changed) if p.name in names else p for p in procedure.parties)


def _named(case: Case, event: e.InterestedPartiesNamed, actor: str) -> Case:
    added = tuple(InterestedParty(name=name) for name in event.parties)
    return _with(case, parties=(*case.procedure.parties, *added))


def _told(case: Case, event: e.InterestedPartiesTold, actor: str) -> Case:
    return _with(case, parties=_marked(case.procedure, event.parties, heard=v.TOLD))


def _heard(case: Case, event: e.InterestedPartiesHeard, actor: str) -> Case:
    how = v.SILENT if event.silent else v.HEARD
    return _with(case, parties=_marked(case.procedure, event.parties, heard=how))


def _right_told(case: Case, event: e.HearingRightTold, actor: str) -> Case:
    return _with(
        case,
        parties=_marked(case.procedure, event.parties, hearing_told=True),
        hearing=Hearing(stage=v.OFFERED),
    )


def _waived(case: Case, event: e.HearingWaived, actor: str) -> Case:
    return _with(case, hearing=Hearing(stage=v.WAIVED))


def _called(case: Case, event: e.HearingCalled, actor: str) -> Case:
    return _with(case, hearing=Hearing(stage=v.CALLED, own_initiative=event.own_initiative))


def _scheduled(case: Case, event: e.HearingScheduled, actor: str) -> Case:
    hearing = case.procedure.hearing or Hearing(stage=v.CALLED)
    told = replace(hearing, stage=v.SCHEDULED, on=event.on, place=event.place, chair=event.chair)
    return _with(case, hearing=told)


def _chair_replaced(case: Case, event: e.HearingChairReplaced, actor: str) -> Case:
    hearing = case.procedure.hearing or Hearing(stage=v.SCHEDULED)
    return _with(case, hearing=replace(hearing, chair=event.chair, removed=(*hearing.removed, event.removed)))


def _held(case: Case, event: e.HearingHeld, actor: str) -> Case:
    hearing = case.procedure.hearing or Hearing(stage=v.HELD)
    held = replace(hearing, stage=v.HELD, chair=event.chair)
    return _with(case, hearing=held, hearings_held=case.procedure.hearings_held + 1)


def _called_off(case: Case, event: e.HearingCalledOff, actor: str) -> Case:
    return _with(case, hearing=Hearing(stage=v.CALLED_OFF))


def _reported(case: Case, event: e.RefusalReported, actor: str) -> Case:
    refusal = Refusal(number=event.refusal, outcome=event.outcome, person=actor)
    return _with(case, refusals=(*case.procedure.refusals, refusal))


def _acknowledged(case: Case, event: e.RefusalAcknowledged, actor: str) -> Case:
    return _with(
        case,
        refusals=tuple(
            replace(r, objected=event.objected) if r.number == event.refusal else r
            for r in case.procedure.refusals
        ),
    )


FOLLOWERS: dict[type[e.Event], Callable[[Case, Any, str], Case]] = {
    e.InterestedPartiesNamed: _named,
    e.InterestedPartiesTold: _told,
    e.InterestedPartiesHeard: _heard,
    e.HearingRightTold: _right_told,
    e.HearingWaived: _waived,
    e.HearingCalled: _called,
    e.HearingScheduled: _scheduled,
    e.HearingChairReplaced: _chair_replaced,
    e.HearingHeld: _held,
    e.HearingCalledOff: _called_off,
    e.RefusalReported: _reported,
    e.RefusalAcknowledged: _acknowledged,
}
"""To be put among those of `workflow.domain.evolve`."""
