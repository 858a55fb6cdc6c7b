"""Shipped matters walked by the people of the sample directory, on a stepped clock that moves only when told."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.integration.transfers import shipped
from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.engine.advance import advance
from workflow.engine.banjie import Banjie
from workflow.engine.handle import case_id_for, handle
from workflow.testing.forms import filled_form

BEIJING = ZoneInfo("Asia/Shanghai")


class Approvals:
    """Files cases of any shipped matter and acts on them."""

    def __init__(self, store):
        self.store = store
        self.banjie = Banjie(store=store, catalog=shipped())
        self._acts = 0

    def file(self, matter, filer, **form):
        definition = self.banjie.catalog.matter(matter).definition
        on = self.store.clock().now.astimezone(BEIJING).date()
        receipt = handle(
            self.banjie,
            SubmitFiling(
                case_id=case_id_for(filer, matter),
                key=matter,
                actor=filer,
                matter=matter,
                form={**filled_form(definition, Random(7), on), **form},
                materials=tuple(definition.materials),
            ),
        )
        self.settle()
        return receipt.no

    def act(self, no, person, action, **fields):
        self._acts += 1
        command = TakeAction(
            case_id=self.store.case_id(no),
            key=f"act-{self._acts}",
            actor=person,
            action=action,
            fields=fields,
        )
        handle(self.banjie, command)
        self.settle()
        return self.case(no)

    def to(self, *when):
        """Time passes up to that hour in Beijing, and whatever falls due on the way is done when it does."""
        moment = datetime(*when, tzinfo=BEIJING)
        while (due := self.store.next_due()) is not None and due <= moment:
            self.store.advance(due)
            self.settle()
        self.store.advance(moment)

    def days(self, count):
        now = self.store.clock().now.astimezone(BEIJING) + timedelta(days=count)
        self.to(now.year, now.month, now.day, now.hour, now.minute)

    def settle(self):
        while waiting := self.store.overlooked(0, 100):
            for case_id in waiting:
                advance(self.banjie, case_id, done_by="task")

    def case(self, no):
        return self.store.case(self.store.case_id(no))

    def children(self, no):
        """The cases that name this one as their parent, by their place in it."""
        parent = self.store.case_id(no)
        cases = [self.store.case(case_id) for case_id in self.store.case_ids()]
        return {c.parent.child: c for c in cases if c.parent is not None and c.parent.case_id == parent}

    def events(self, no, *kinds):
        history = self.store.history(self.store.case_id(no))
        return [event for _, event in history if not kinds or type(event).__name__ in kinds]

    def papers(self, no):
        return {paper.document for paper in self.case(no).documents}
