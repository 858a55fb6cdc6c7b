"""Distribution by load (派件): plan who gets what waits unclaimed for a post, and give it out, each item by a command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow.domain.commands import TakeAction
from workflow.domain.desk.distribution import spread
from workflow.domain.desk.ownership import able, item_of
from workflow.domain.reckoning import civil_date
from workflow.domain.scene import Scene
from workflow.engine.handle import handle
from workflow.errors import BanjieError

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What became of one work item: to whom it went or would go, None if there is nobody; the error if it was refused."""

    case_id: str
    no: str
    person: str | None
    error: BanjieError | None = None


def planned(
    banjie: Banjie, case_ids: Sequence[str], persons: Sequence[str], loads: dict[str, int]
) -> tuple[Given, ...]:
    """Who of `persons` would get each of these unclaimed items, the most urgent first. Writes nothing."""
    now = banjie.store.clock().now
    cases = {case.id: case for case in banjie.store.cases(case_ids)}
    scenes = {}
    for case_id, case in cases.items():
        definition = banjie.definition(banjie.store, case.definition)
        facts = banjie.facts(definition)
        scenes[case_id] = Scene(
            definition=definition, case_id=case_id, case=case, facts=facts, now=now, actor=""
        )

    def may_have(case_id: str, person: str) -> bool:
        scene = scenes[case_id]
        item = item_of(scene.definition, scene.here)
        if item is None or scene.here.desk.assignment is not None:
            return False
        away = scene.facts.directory.absent(person, civil_date(now, scene.definition.zone))
        return not away and able(scene, item, person) is None

    known = [case_id for case_id in case_ids if case_id in cases]
    return tuple(
        Given(case_id=share.case_id, no=cases[share.case_id].no, person=share.person)
        for share in spread(known, persons, loads, may_have)
    )


def distribute(banjie: Banjie, plan: Sequence[Given], *, actor: str, key: str) -> Iterator[Given]:
    """Give each planned item out as `actor`, the head; what was refused is told and stops no other."""
    for one in plan:
        if one.person is None:
            yield one
            continue
        command = TakeAction(
            case_id=one.case_id,
            key=f"{key}:{one.case_id}",
            actor=actor,
            action="assign",
            fields={"person": one.person},
        )
        try:
            handle(banjie, command)
        except BanjieError as error:
            yield Given(case_id=one.case_id, no=one.no, person=None, error=error)
        else:
            yield one
