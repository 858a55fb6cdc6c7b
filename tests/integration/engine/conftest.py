"""An engine on the sample licence, on each kind of database, with its time in the test's hands."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog, Matter
from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.engine.absences import follow_absences
from workflow.engine.advance import advance
from workflow.engine.banjie import Banjie
from workflow.engine.handle import case_id_for, handle
from workflow.testing import sample

ELLA_KEY = "filing-1"


class Office:
    """Files and acts as people do, and lets the machine do what is due."""

    def __init__(self, banjie: Banjie) -> None:
        self.banjie = banjie
        self.store = banjie.store

    def file(
        self, key=ELLA_KEY, *, matter="sample-licence", materials=("charter", "funds"), form=None, settle=True
    ):
        receipt = handle(
            self.banjie,
            SubmitFiling(
                case_id=case_id_for("ella", key),
                key=key,
                actor="ella",
                matter=matter,
                form=form or {"name": "王小明"},
                materials=materials,
            ),
        )
        if settle:
            self.settle()
        return receipt

    def act(self, receipt, actor, action, key=None, **fields):
        return self.act_on(receipt.case_id, actor, action, key, **fields)

    def act_on(self, case_id, actor, action, key=None, *, seen_version=None, **fields):
        done = handle(
            self.banjie,
            TakeAction(
                case_id=case_id,
                key=key or f"{action}-{case_id}-{self.store.clock().now.isoformat()}",
                actor=actor,
                action=action,
                fields=fields,
                seen_version=seen_version,
            ),
        )
        self.settle()
        return done

    def settle(self):
        """Everything due now is done."""
        follow_absences(self.banjie)
        while waiting := self.store.overlooked(0, 100):
            for case_id in waiting:
                advance(self.banjie, case_id, done_by="task")

    def until(self, moment):
        """Time passes up to `moment`, and whatever falls due on the way is done when it does."""
        while (due := self.store.next_due()) is not None and due <= moment:
            self.store.advance(due)
            self.settle()
        self.store.advance(moment)

    def case(self, receipt):
        return self.store.case(receipt.case_id)

    def events(self, receipt):
        return [event for _, event in self.store.history(receipt.case_id)]


@pytest.fixture
def office(store):
    definition, content = sealed(sample.definition())
    matter = Matter(
        definition=definition, canonical=content, texts={"zh-CN": {}, "en": {}}, tree={}, path=Path("-")
    )
    facts = sample.facts()
    catalog = Catalog(
        matters={definition.code: matter},
        directory=facts.directory,
        law=facts.law,
        calendars={"cn": facts.calendar},
    )
    return Office(Banjie(store=store, catalog=catalog))
