"""How the events of the window change a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.domain import events as e
from workflow.domain.case import Case
from workflow.domain.values import replace
from workflow.domain.window.state import AtWindow


def _received(case: Case, event: e.ReceivedAtWindow, actor: str) -> Case:
    return replace(
        case,
        window=AtWindow(clerk=event.clerk, counts_on=event.counts_on),
        desk=replace(case.desk, first_contact=event.clerk),
    )


def _corrected(case: Case, event: e.FormCorrected, actor: str) -> Case:
    kept = {name: value for name, value in case.form.items() if name not in event.old}
    return replace(case, version=case.version + 1, form={**kept, **event.new})


def _delivered(case: Case, event: e.DeliveryRecorded, actor: str) -> Case:
    window = case.window
    if window is None:
        return replace(
            case,
            version=case.version + 1,
            delivered=tuple(dict.fromkeys((*case.delivered, *event.documents))),
        )
    handed = tuple(dict.fromkeys((*window.handed_out, *event.documents)))
    window = replace(window, handed_out=handed, receipts=event.receipt)
    return replace(case, version=case.version + 1, window=window)


FOLLOWERS: dict[type[e.Event], Callable[[Case, Any, str], Case]] = {
    e.ReceivedAtWindow: _received,
    e.FormCorrected: _corrected,
    e.DeliveryRecorded: _delivered,
}
