"""The sample licence at the handler's desk, in a ministry with other organs to ask and a pool of experts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workflow.domain.commands import SYSTEM, RunJob, SubmitFiling, TakeAction
from workflow.domain.decide import decide
from workflow.domain.desk import urn
from workflow.domain.directory import Absence, Holding, Organ, Person
from workflow.domain.evolve import evolve, fold
from workflow.domain.scene import Facts
from workflow.testing import sample
from workflow.testing.sample import at

SIGNERS = ("hu", "ivy", "jin")
EXPERTS = tuple(f"expert-{number:02}" for number in range(1, 13))
DAY = "2026-09-23"


def directory(*absences: Absence, more: tuple[Holding, ...] = ()):
    """Three organs with an officer each, the third with a deputy; a pool of twelve experts; heads for recusals."""
    base = sample.directory()
    held = [
        Holding(person="hu", kind="officer", organ="budget", since=sample.LONG_AGO),
        Holding(person="ivy", kind="officer", organ="law", since=sample.LONG_AGO),
        Holding(person="jin", kind="officer", organ="staff", since=sample.LONG_AGO),
        Holding(person="kim", kind="officer", organ="staff", since=sample.LONG_AGO, deputy=True),
        Holding(person="lee", kind="head", organ="office", since=sample.LONG_AGO),
        *(Holding(person=name, kind="expert", organ="pool", since=sample.LONG_AGO) for name in EXPERTS),
        *more,
    ]
    organs = {
        code: Organ(code=code, kind="division", names={"zh-CN": code, "en": code}, parent="office")
        for code in ("budget", "law", "staff", "pool")
    }
    names = {one.person for one in held}
    return replace(
        base,
        organs={**base.organs, **organs},
        persons={**base.persons, **{name: Person(code=name, name=name) for name in names}},
        holdings=(*base.holdings, *held),
        absences=absences,
    )


def away(person: str, day: str = DAY) -> Absence:
    return Absence(person=person, since=date.fromisoformat(day), until=date.fromisoformat(day))


class Asking:
    """One case at review, anna's work. Does for panels what the engine does, with bytes that are told beforehand."""

    def __init__(self, *absences: Absence, more: tuple[Holding, ...] = ()) -> None:
        self.definition = sample.definition()
        self.facts: Facts = replace(sample.facts(), directory=directory(*absences, more=more))
        self.case, self.history, self.secrets, self.given = None, [], {}, 0
        self.do(
            SubmitFiling(
                case_id="c1",
                key="k",
                actor="ella",
                matter="sample-licence",
                form={},
                materials=("charter", "funds"),
            ),
            at("2026-09-21"),
        )
        self.do(
            RunJob(case_id="c1", key="j", actor=SYSTEM, job=1, action="precheck", visit=self.case.visit),
            at("2026-09-21"),
        )
        self.act("clerk", "accept", day="2026-09-22")
        self.act("anna", "claim")

    def do(self, command, now):
        facts, kept = self.facts, ()
        if isinstance(command, TakeAction) and command.action in urn.WITH_SECRETS:
            self.given += 1
            look = lambda panel, kind: self.secrets.get((panel, kind))  # noqa: E731
            command, panel, kept = urn.prepared(command, self.case, look, bytes([self.given] * 32))
            facts = replace(facts, panel=panel)
        decided = decide(self.definition, self.case, command, facts, now)
        for item in decided:
            self.case = evolve(self.case, item.event, case_id="c1", actor=item.actor)
            self.history.append((item.event, item.actor))
        for secret in (*kept, *urn.spent(item.event for item in decided)):
            self.secrets[secret.panel, secret.kind] = secret
        return [item.event for item in decided]

    def act(self, actor, action, day=DAY, **fields):
        command = TakeAction(case_id="c1", key="k", actor=actor, action=action, fields=fields)
        happened = self.do(command, at(day))
        assert fold(self.history, case_id="c1") == self.case
        return [type(event).__name__ for event in happened]

    def ask(self, mode="all", signers=SIGNERS, **fields):
        return self.act("anna", "countersign", question="可否", mode=mode, signers=list(signers), **fields)

    def cosign(self, actor, vote="agree", **fields):
        words = {"words": "意见"} if vote == "disagree" else {}
        return self.act(actor, "cosign", vote=vote, **words, **fields)

    @property
    def round(self):
        return self.case.signing[-1]

    @property
    def panel(self):
        return self.case.panels[-1]

    def convene(self, size=5, **fields):
        return self.act("anna", "convene_panel", pool="pool", size=size, **fields)

    def seats(self):
        return [seat.person for seat in self.panel.seats]

    def vote(self, *votes):
        for person, vote in zip(self.seats(), votes, strict=False):
            self.act(person, "cast_ballot", vote=vote)
