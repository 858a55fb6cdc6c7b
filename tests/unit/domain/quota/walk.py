"""One case of the small matter under a quota, walked by commands; the book of the quota moves with it."""

from __future__ import annotations

from dataclasses import replace

from workflow.domain.commands import SYSTEM, FireRung, RunJob, SubmitFiling, TakeAction
from workflow.domain.decide import decide
from workflow.domain.definition import QuotaYear
from workflow.domain.evolve import evolve
from workflow.domain.quota.book import Balance, changed
from workflow.testing import quota_matter, sample
from workflow.testing.sample import at

FILED = at("2026-09-21")


class Walk:
    """A case, and the book that it shares with nobody unless `shared` is given."""

    def __init__(self, allotted=10, *, year=QuotaYear.REPORT, book=None, now=FILED, form=None, **spec):
        self.definition = quota_matter.definition(year, **spec)
        self.book = (
            book
            if book is not None
            else {quota_matter.key(in_): Balance(places=allotted, revision=1) for in_ in (2025, 2026, 2027)}
        )
        self.case = None
        self.now = now
        self.events = []
        self.do(
            SubmitFiling(
                case_id="c", key="0", actor="ella", matter=self.definition.code, form=form or {}, materials=()
            )
        )

    def do(self, command):
        facts = replace(sample.facts(), quota=self.book)
        decided = decide(self.definition, self.case, command, facts, self.now)
        events = [item.event for item in decided]
        self.book.update(changed(self.book, events))
        for item in decided:
            self.case = evolve(self.case, item.event, case_id="c", actor=item.actor)
        self.events += events
        return [type(event).__name__ for event in events if type(event).__name__.startswith("Quota")]

    def act(self, actor, action, *, on=None, effective_at=None, **fields):
        self.now = self.now if on is None else at(on)
        return self.do(
            TakeAction(
                case_id="c", key="k", actor=actor, action=action, fields=fields, effective_at=effective_at
            )
        )

    def report(self, **more):
        return self.act("ella", "report", **more)

    def job(self):
        action = self.definition.states[self.case.state].automatic
        return self.do(
            RunJob(case_id="c", key="j", actor=SYSTEM, job=1, action=action, visit=self.case.visit)
        )

    def expire(self):
        clock = self.case.clock("answer")
        rung = clock.rungs[-1]
        self.now = rung.at
        return self.do(
            FireRung(
                case_id="c",
                key="r",
                actor=SYSTEM,
                clock="answer",
                generation=clock.generation,
                rung=rung.rung,
                revision=rung.revision,
            )
        )

    def balance(self, year=2026):
        found = self.book[quota_matter.key(year)]
        return found.places, found.reserved, found.consumed
