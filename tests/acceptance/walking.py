"""Walking one case at random through the engine and a database: what those who may act may do, in whatever order, while time
passes and falls due. Walks of one matter share what they have covered, and each makes for what no walk has done yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.acceptance.law_fields import PROCEDURE
from tests.acceptance.panels import hold_a_panel, said_of
from workflow.domain import authority, conditions
from workflow.domain.case import Case
from workflow.domain.commands import PUBLIC, SYSTEM, SubmitFiling, TakeAction
from workflow.domain.definition import Definition, Field
from workflow.domain.events import ActionTaken
from workflow.domain.evolve import evolve
from workflow.domain.reckoning import civil_date
from workflow.engine.advance import advance
from workflow.engine.banjie import Banjie
from workflow.engine.handle import case_id_for, handle
from workflow.errors import (
    BadFields,
    ClockRefused,
    ConditionRefused,
    Conflict,
    GuardRefused,
    NoRuleInForce,
    NotAuthorised,
)
from workflow.evidence.walk import walk as audit
from workflow.testing.forms import filled_form

#: After so many rounds a walk makes for the end; after so many it should have come there.
PATIENCE, LONGEST = 120, 600

#: Rounds in one place after which what the machine was waited for to do there does not happen to this case.
WAITED = 15

#: Refusals in one walk after which an act is not tried there again.
REFUSED = 3

#: How often the fields of an act are drawn anew while its condition does not hold on them.
TRIES = 12

#: Why an act of somebody who may, or may not, act in this state is refused; nothing else is expected.
REFUSALS = (ConditionRefused, GuardRefused, ClockRefused, NoRuleInForce, NotAuthorised, BadFields)

Edge = tuple[str, str]
"""A state, and an action taken in it."""


def edges(definition: Definition) -> set[Edge]:
    """Every transition of a definition."""
    return {(source, name) for name, action in definition.actions.items() for source in action.sources}


@dataclass(slots=True)
class Covered:
    """What the walks of one matter have come to: the transitions that none has taken, how often each was made for, and how
    many acts were refused.
    """

    untaken: set[Edge] = field(default_factory=set)
    aimed: Counter[Edge] = field(default_factory=Counter)
    refused: int = 0


class Walk:
    """One case on its way."""

    def __init__(
        self, banjie: Banjie, code: str, rng: Random, covered: Covered, case_id: str | None = None
    ) -> None:
        self.banjie = banjie
        self.store = banjie.store
        self.definition = banjie.catalog.matter(code).definition
        self.rng = rng
        self.covered = covered
        self.aim: Edge | None = None
        self.refusals: Counter[Edge] = Counter()
        self.waits: Counter[tuple[int, str]] = Counter()
        self.closed: set[Edge] = set()
        self.rounds = 0
        self.children: dict[str, Walk] = {}
        self.folded: Case | None = None
        self.case_id = case_id or self._file()

    @property
    def today(self) -> date:
        return civil_date(self.store.clock().now, self.definition.zone)

    def to_the_end(self) -> None:
        """Walk until the case is archived."""
        while not self.definition.states[self.checked().state].final:
            assert self.rounds < LONGEST, self.checked().state
            self._let_time_pass()
            self.one_of_the_family().step()
        archived = self.checked()
        assert archived.archived_at is not None
        # What the machine failed at and the case has left behind since comes to nothing.
        self._help()
        assert self.checked() == archived
        assert self.store.parked() == []
        assert audit(self.store).broken == []

    def checked(self) -> Case:
        """The case as its row has it, which is what its events come to: those before were folded when they came."""
        case = self.store.case(self.case_id)
        assert case is not None
        if self.folded is None or self.folded.seq != case.seq:
            history = self.store.history(self.case_id)
            for envelope, event in history[self.folded.seq if self.folded else 0 :]:
                self.folded = evolve(self.folded, event, case_id=case.id, actor=envelope.actor)
                if isinstance(event, ActionTaken):
                    self.covered.untaken.discard((event.source, event.action))
        assert self.folded == case
        return case

    # --- what happens ---------------------------------------------------------------------------------

    def _file(self) -> str:
        directory, on = self.banjie.catalog.directory, self.today
        posts = [self.definition.posts[p] for p in self.definition.filed_by if p in self.definition.posts]
        holdings = [h for h in directory.holdings if h.in_force(on)]
        filer = self.rng.choice(
            [
                h
                for h in holdings
                for p in posts
                if h.kind == p.kind and p.organ in (h.organ, f"@{p.organ[1:]}")
            ]
        )
        command = SubmitFiling(
            case_id=case_id_for(filer.person, "0"),
            key="0",
            actor=filer.person,
            matter=self.definition.code,
            form=filled_form(self.definition, self.rng, on),
            materials=tuple(m for m in self.definition.materials if self.rng.random() < 0.97),
        )
        case_id = handle(self.banjie, command).case_id
        self.case_id = case_id
        self._settle()
        return case_id

    def one_of_the_family(self) -> Walk:
        """Whose turn it is: mostly one of the children that are still open, as long as there are any."""
        cases = [case for case in map(self.store.case, self.store.case_ids()) if case is not None]
        mine = [c.id for c in cases if c.parent and c.parent.case_id == self.case_id and not c.archived_at]
        if not mine or self.rng.random() < 0.2:
            return self
        child = self.rng.choice(mine)
        if child not in self.children:
            matter = next(case.matter for case in cases if case.id == child)
            self.children[child] = Walk(self.banjie, matter, self.rng, Covered(), child)
        return self.children[child]

    def _let_time_pass(self) -> None:
        """A while, or until something falls due; everything due on the way is done at its own instant."""
        if self.rng.random() < 0.4:
            return
        due = self.store.next_due() if self.rng.random() < 0.5 else None
        moment = due or self.store.clock().now + timedelta(hours=self.rng.randint(1, 72))
        while (due := self.store.next_due()) is not None and due <= moment:
            self.store.advance(due)
            self._settle()
        self.store.advance(moment)
        if self.rng.random() < 0.5:
            self._help()

    def _help(self) -> None:
        """Somebody helps the machine on where it failed, in the case or in its children."""
        for case_id in self.store.case_ids():
            self.store.release(case_id)
        self._settle()

    def _settle(self) -> None:
        """The machine does what is due; now and then it fails at it until somebody helps, and only time goes on."""
        state = self.checked().state
        wanted = any((state, name) in self.covered.untaken for name in self.definition.actions_from(state))
        if self.definition.states[state].automatic and self.rng.random() < (0.3 if wanted else 0.03):
            assert self.store.failed(self.case_id, "the test said so", attempts=1)
        while not self.store.quiet():
            assert sum(advance(self.banjie, case_id, done_by="task") for case_id in self.store.case_ids()) > 0

    def step(self) -> None:
        """Somebody does something, if there is anything to do but wait."""
        self.rounds += 1
        hold_a_panel(self, self._did)
        case = self.checked()
        if (name := self._choice(case)) is not None:
            self._ask(case, name)
            self._settle()

    def _did(self, who: str, verb: str, **fields: object) -> bool:
        """A verb of the desk taken by somebody; whether he could."""
        key = f"{self.case_id}/{verb}/{self.checked().seq}"
        command = TakeAction(case_id=self.case_id, key=key, actor=who, action=verb, fields=fields)
        try:
            handle(self.banjie, command)
        except (NotAuthorised, Conflict):
            return False
        self._settle()
        return True

    def _ask(self, before: Case, name: str) -> None:
        """One act by somebody who may, or now and then by anybody: done once, or refused whole."""
        may = self.who_may(before, name)
        entitled = bool(may) and self.rng.random() < 0.95
        actor = self.rng.choice(may if entitled else sorted(self.banjie.catalog.directory.persons))
        command = TakeAction(
            case_id=before.id,
            key=f"{before.id}/{self.rounds}",
            actor=actor,
            action=name,
            fields=self._fields(before, name, actor),
            seen_version=before.version,
        )
        try:
            receipt = handle(self.banjie, command)
        except REFUSALS:
            self._refused((before.state, name), for_good=not may)
            assert self.checked() == before
            return
        after = self.checked()
        assert receipt.seq == after.seq > before.seq
        assert handle(self.banjie, command).repeated
        assert self.checked() == after

    def _refused(self, edge: Edge, *, for_good: bool) -> None:
        self.covered.refused += 1
        self.refusals[edge] += 1
        if for_good or self.refusals[edge] >= REFUSED:
            self.closed.add(edge)

    # --- where to -------------------------------------------------------------------------------------

    def _choice(self, case: Case) -> str | None:
        """Mostly what leads to the aim, or None when that is the machine's; now and then what leads nowhere, or anything."""
        actions = self.definition.actions
        names = [
            name
            for name in self.definition.actions_from(case.state)
            if SYSTEM not in actions[name].by and not self._too_early(case, name)
        ]
        stays = [n for n in names if actions[n].to is None and (case.state, n) not in self.closed]
        if stays and self.rng.random() < 0.15:
            return self.rng.choice(stays)
        if names and self.rng.random() < 0.03:
            return self.rng.choice(names)
        ahead = self._ahead(case)
        if mine := [name for name in names if name in ahead]:
            return self.rng.choice(mine)
        self.waits[case.version, case.state] += 1
        if self.waits[case.version, case.state] >= WAITED:
            self.closed |= {(case.state, name) for name in ahead}
        return None

    def _too_early(self, case: Case, name: str) -> bool:
        """Whether everybody still waits for the day of the hearing."""
        hearing = case.procedure.hearing
        held = any(effect.do == "hold_hearing" for effect in self.definition.actions[name].effects)
        return held and hearing is not None and hearing.on is not None and hearing.on > self.today

    def _ahead(self, case: Case) -> list[str]:
        """The actions that take the case to the aim of this walk, or to the end when there is none left: mostly the nearest
        way, now and then any, for what an act rests on may lie beside it."""
        aim = self._first(case, self._aim_from(case.state))
        if aim is not None and aim[0] == case.state:
            return [aim[1]]
        final = {name for name, one in self.definition.states.items() if one.final}
        ways = self._ways_to({aim[0]} if aim else final)
        open_ = [n for n in self.definition.actions_from(case.state) if (case.state, n) not in self.closed]
        far = {name: ways.get(self.definition.actions[name].to or case.state, LONGEST) for name in open_}
        if aim is not None and self.rng.random() < 0.3:
            return [name for name in open_ if far[name] < LONGEST]
        return [name for name in open_ if far[name] == min(far.values())]

    def _aim_from(self, state: str) -> Edge | None:
        """The transition that this walk makes for; a new one when it has been taken, or cannot be come to any more."""
        if self.rounds > PATIENCE:
            self.aim = None
        elif (
            self.aim not in self.covered.untaken
            or self.aim in self.closed
            or state not in self._ways_to({self.aim[0]})
        ):
            self.aim = self._new_aim(state)
        return self.aim

    def _first(self, case: Case, aim: Edge | None) -> Edge | None:
        """What must be done before the aim can be: an objection is raised before it is decided, time is out before it counts
        again.
        """
        actions = self.definition.actions
        if aim is not None and any(effect.do == "resume_periods" for effect in actions[aim[1]].effects):
            stop = (
                "drafting_opinion" if "drafting_opinion" in self.definition.states else aim[0],
                "stop_counting",
            )
            out = any(clock.stopped for clock in case.open_clocks())
            return aim if out or stop in self.closed or stop[0] not in actions[stop[1]].sources else stop
        if aim is None or "open_objection" not in actions[aim[1]].guards or case.open_objections():
            return aim
        raising = [
            (source, name)
            for name, action in actions.items()
            if any(effect.do == "raise_objection" for effect in action.effects)
            for source in action.sources
            if case.state in self._ways_to({source}) and source in self._ways_to({aim[0]})
        ]
        return min(raising, key=lambda edge: self._ways_to({edge[0]})[case.state], default=aim)

    def _new_aim(self, state: str) -> Edge | None:
        """One of the transitions that can still be come to and have been made for least often."""
        left = sorted(self.covered.untaken - self.closed)
        within = [edge for edge in left if state in self._ways_to({edge[0]})]
        if not within:
            return None
        fewest = min(self.covered.aimed[edge] for edge in within)
        aim = self.rng.choice([edge for edge in within if self.covered.aimed[edge] == fewest])
        self.covered.aimed[aim] += 1
        return aim

    def _ways_to(self, goals: set[str]) -> dict[str, int]:
        """How many transitions lie between each state and the nearest of some, as far as this walk knows."""
        ways, reached = dict.fromkeys(goals, 0), goals
        for steps in range(1, len(self.definition.states)):
            reached = {
                source
                for name, action in self.definition.actions.items()
                if action.to in reached
                for source in action.sources
                if source not in ways and (source, name) not in self.closed
            }
            ways |= dict.fromkeys(reached, steps)
        return ways

    # --- who, and with what ---------------------------------------------------------------------------

    def who_may(self, case: Case, name: str) -> list[str]:
        directory, on = self.banjie.catalog.directory, self.today

        def may(who: str) -> bool:
            right = authority.may(self.definition, case, name, actor=who, directory=directory, on=on)
            return isinstance(right, authority.Allowed)

        posts = [
            self.definition.posts[p] for p in self.definition.actions[name].by if p in self.definition.posts
        ]
        kinds = {post.kind for post in posts}
        holders = {holding.person for holding in directory.holdings if holding.kind in kinds}
        return [who for who in (PUBLIC, *sorted(holders)) if may(who)]

    def _fields(self, case: Case, name: str, actor: str) -> dict[str, Any]:
        """What is filled in: mostly, if it can be found by trying, something on which the act's condition holds."""
        action = self.definition.actions[name]
        given = self._drawn(case, action.fields, actor)
        for _ in range(TRIES):
            if conditions.open_(action, case, given) or self.rng.random() < 0.02:
                break
            given = self._drawn(case, action.fields, actor)
        return given

    def _drawn(self, case: Case, fields: Mapping[str, Field], actor: str) -> dict[str, Any]:
        return {
            key: self._value(case, key, field, actor)
            for key, field in fields.items()
            if field.required or self.rng.random() < 0.5
        }

    def _value(self, case: Case, key: str, field: Field, actor: str) -> Any:
        if (said := said_of(self, case, key)) is not None:
            return said
        if key == "objection":
            return next((found.number for found in case.open_objections()), 1)
        if key == "materials":
            return [name for name in self.definition.materials if self.rng.random() < 0.97]
        if key in PROCEDURE and (key != "ground" or "testing" in field.choices) and self.rng.random() < 0.98:
            return PROCEDURE[key](self, case)
        match field.type:
            case "choice":
                return self.rng.choice(field.choices)
            case "list":
                return ["所附证明不清晰"]
            case "date":
                return self.today.isoformat()
            case "integer":
                return self.rng.randint(1, 9)
            case "boolean":
                return self.rng.random() < 0.5
        return actor if key == "chair" else "经核，情况属实。"
