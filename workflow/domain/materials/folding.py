"""How the events of materials change a case. Each moves the version that people see: what a desk looks at has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from workflow.domain import events as e
from workflow.domain.materials.state import COUNTING, HandedIn, Standing
from workflow.domain.values import replace

if TYPE_CHECKING:
    from workflow.domain.case import Case


def _received(case: Case, event: e.MaterialReceived, actor: str) -> Case:
    return _stands(case, _handed(event, Standing.RECEIVED), required=False)


def _replaced(case: Case, event: e.MaterialReplaced, actor: str) -> Case:
    before = next((one for one in case.handed_in if one.material == event.material), None)
    new = _handed(event, Standing.CORRECTED if event.corrects else Standing.RECEIVED)
    kept = replace(new, original=new.original or (before is not None and before.original))
    return _stands(case, kept, required=False)


def _taken_over(case: Case, event: e.MaterialTakenOver, actor: str) -> Case:
    digest = event.file.digest if event.file is not None else None
    held = HandedIn(material=event.material, state=Standing.HELD, version=event.version, digest=digest)
    return _stands(case, held, required=False)


def _waived(case: Case, event: e.MaterialWaived, actor: str) -> Case:
    waived = HandedIn(
        material=event.material, state=Standing.WAIVED, version=event.version, reason=event.reason
    )
    return _stands(case, waived, required=False)


def _judged(state: Standing) -> Callable[[Case, Any, str], Case]:
    def follow(case: Case, event: e.MaterialFoundDefective | e.MaterialWithdrawn, actor: str) -> Case:
        before = next((one for one in case.handed_in if one.material == event.material), None)
        before = before or HandedIn(material=event.material, state=state, version=event.version)
        after = replace(before, state=state, reason=event.reason)
        return _stands(case, after, required=event.required)

    return follow


def _returned(case: Case, event: e.OriginalReturned, actor: str) -> Case:
    handed_in = tuple(
        replace(one, original=False) if one.material == event.material else one for one in case.handed_in
    )
    return replace(case, version=case.version + 1, handed_in=handed_in)


def _handed(event: e.MaterialReceived | e.MaterialReplaced, state: Standing) -> HandedIn:
    return HandedIn(
        material=event.material,
        state=state,
        version=event.version,
        digest=event.file.digest if event.file is not None else None,
        original=event.original,
    )


def _stands(case: Case, now: HandedIn, *, required: bool) -> Case:
    """The case with the material as it stands now, and with its name where it belongs: handed in, missing, or neither."""
    known = any(one.material == now.material for one in case.handed_in)
    handed_in = (
        tuple(now if one.material == now.material else one for one in case.handed_in)
        if known
        else (*case.handed_in, now)
    )
    materials = tuple(name for name in case.materials if name != now.material)
    missing = tuple(name for name in case.missing if name != now.material)
    if now.state in COUNTING:
        materials = case.materials if now.material in case.materials else (*materials, now.material)
    elif required:
        missing = case.missing if now.material in case.missing else (*missing, now.material)
    return replace(case, version=case.version + 1, handed_in=handed_in, materials=materials, missing=missing)


FOLLOWERS: dict[type[e.Event], Callable[[Case, Any, str], Case]] = {
    e.MaterialReceived: _received,
    e.MaterialReplaced: _replaced,
    e.MaterialTakenOver: _taken_over,
    e.MaterialFoundDefective: _judged(Standing.DEFECTIVE),
    e.MaterialWaived: _waived,
    e.MaterialWithdrawn: _judged(Standing.WITHDRAWN),
    e.OriginalReturned: _returned,
}
"""The fold of each event of materials; `workflow.domain.evolve` takes them in."""
