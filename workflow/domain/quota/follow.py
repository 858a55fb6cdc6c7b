"""How the events of a quota change a case: what it holds, and of which year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from workflow.domain.case import Case
from workflow.domain.events import Event, QuotaConsumed, QuotaExempted, QuotaReleased, QuotaReserved
from workflow.domain.quota.book import QuotaHold
from workflow.domain.values import replace


def _reserved(case: Case, event: QuotaReserved, actor: str) -> Case:  # noqa: ARG001 - as every follower
    return replace(case, quota=_hold(event, reserved=event.places))


def _consumed(case: Case, event: QuotaConsumed, actor: str) -> Case:  # noqa: ARG001 - as every follower
    hold = _held(case, event)
    left = hold.reserved - event.places
    return replace(case, quota=replace(hold, reserved=left, consumed=hold.consumed + event.places))


def _released(case: Case, event: QuotaReleased, actor: str) -> Case:  # noqa: ARG001 - as every follower
    hold = _held(case, event)
    if event.held == "consumed":
        return replace(case, quota=replace(hold, consumed=hold.consumed - event.places))
    return replace(case, quota=replace(hold, reserved=hold.reserved - event.places))


def _exempted(case: Case, event: QuotaExempted, actor: str) -> Case:  # noqa: ARG001 - as every follower
    return replace(case, quota=_hold(event, exempt=True))


def _hold(event: QuotaReserved | QuotaExempted, **what: Any) -> QuotaHold:
    return QuotaHold(kind=event.kind, organ=event.organ, year=event.year, **what)


def _held(case: Case, event: QuotaConsumed | QuotaReleased) -> QuotaHold:
    if case.quota is None:
        raise ValueError(f"{type(event).__name__} on a case that holds no place")
    return case.quota


FOLLOWERS: Final[dict[type[Event], Callable[[Case, Any, str], Case]]] = {
    QuotaReserved: _reserved,
    QuotaConsumed: _consumed,
    QuotaReleased: _released,
    QuotaExempted: _exempted,
}
