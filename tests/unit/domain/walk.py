"""One case of the sample licence walked by commands, for the tests of the domain."""

from __future__ import annotations

from workflow.domain.commands import SYSTEM, FireRung, RunJob, SubmitFiling, TakeAction
from workflow.domain.decide import decide
from workflow.domain.evolve import evolve
from workflow.testing import sample
from workflow.testing.sample import at

DEFINITION = sample.definition()
FACTS = sample.facts()
FILED = at("2026-09-21")


class Walk:
    """One case walked by commands; remembers the events and keeps the case."""

    def __init__(self, definition=DEFINITION) -> None:
        self.definition = definition
        self.case = None
        self.events = []
        self.actors = []

    def do(self, command, now):
        decided = decide(self.definition, self.case, command, FACTS, now)
        for item in decided:
            self.case = evolve(self.case, item.event, case_id="c1", actor=item.actor)
            self.events.append(item.event)
            self.actors.append(item.actor)
        return [type(item.event).__name__ for item in decided]

    def file(self, now=FILED, materials=("charter", "funds")):
        command = SubmitFiling(
            case_id="c1", key="k", actor="ella", matter="sample-licence", form={}, materials=materials
        )
        names = self.do(command, now)
        self.job("precheck", now)
        return names

    def job(self, action, now):
        return self.do(
            RunJob(case_id="c1", key="j", actor=SYSTEM, job=1, action=action, visit=self.case.visit), now
        )

    def act(self, actor, action, now, **fields):
        seen = fields.pop("seen_version", None)
        effective_at = fields.pop("effective_at", None)
        command = TakeAction(
            case_id="c1",
            key="k",
            actor=actor,
            action=action,
            fields=fields,
            seen_version=seen,
            effective_at=effective_at,
        )
        return self.do(command, now)

    def fire(self, clock, rung, now, generation=1, revision=0):
        command = FireRung(
            case_id="c1",
            key="r",
            actor=SYSTEM,
            clock=clock,
            generation=generation,
            rung=rung,
            revision=revision,
        )
        return self.do(command, now)

    def due_on(self, clock):
        return self.case.clock(clock).due.on


def to_review(walk, day="2026-09-22"):
    walk.file()
    walk.act("clerk", "accept", at(day))


def to_notice(walk):
    to_review(walk)
    walk.act("anna", "review", at("2026-09-23"), inspectors=["anna", "bo"])
    walk.act("chen", "agree", at("2026-09-24"))
