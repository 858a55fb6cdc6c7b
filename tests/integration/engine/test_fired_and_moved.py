"""An act that comes when a rung is due and moves the date of its period: the rung fires first, and its row says so."""

from __future__ import annotations

from sqlalchemy import select

from workflow.domain.commands import TakeAction
from workflow.domain.events import RungFired
from workflow.engine.handle import handle
from workflow.evidence.walk import walk
from workflow.storage import tables as t


def test_a_rung_that_fires_in_the_step_that_moves_its_date_has_fired(office):
    receipt = office.file()
    office.act(receipt, "clerk", "accept")
    reminder = office.store.next_due()
    office.store.advance(reminder)

    handle(
        office.banjie,
        TakeAction(
            case_id=receipt.case_id,
            key="extend",
            actor="dong",
            action="extend",
            fields={"reason": "案情复杂"},
        ),
    )

    assert sum(isinstance(event, RungFired) for event in office.events(receipt)) == 1
    with office.store.read() as connection:
        row = connection.execute(
            select(t.rungs).where(t.rungs.c.rung == "reminder", t.rungs.c.revision == 0)
        ).one()
    assert (row.fired_at, row.cancelled_at) == (reminder, None)
    assert walk(office.store).broken == []
