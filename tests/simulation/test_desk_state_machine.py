"""Random verbs, absences, deputies, timers and rosters on the real engine, beside a small model that was written without it:
after each step state, owner, periods and findings agree, and what was recorded folds to the same case (issue 5).
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from tests.integration.engine.conftest import Office
from tests.simulation.desk_model import ACTIONS, DAY, EXAMINERS, HEAD, OUTSIDERS, OVER, PEOPLE, WAITS, Model
from tests.unit.domain.desk.office import STEP
from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog, Matter
from workflow.domain.commands import SubmitFiling
from workflow.domain.directory import Absence, Holding, Person
from workflow.domain.evolve import fold
from workflow.engine import directory_changes
from workflow.engine.absences import follow_absences
from workflow.engine.banjie import Banjie
from workflow.engine.filings import file_apart, file_together
from workflow.engine.handle import Receipt, case_id_for
from workflow.errors import BanjieError
from workflow.evidence.walk import walk
from workflow.storage import tables as t
from workflow.storage.store import open_store
from workflow.testing import sample
from workflow.testing.sample import LONG_AGO, at

MONDAY, LAST = date(2026, 9, 21), date(2026, 11, 13)
FIELDS = {
    "review": {"inspectors": ["x", "y"]},
    "hold_hearing": {"chair": "sven", "record": "held"},
    "extend": {"reason": "complex"},
}
PERIODS = ("acceptance", "decision", "publicity", "step")
CHOICE = (0, 0, 0, 0, 0, 0, 1, 1, 2)
people = st.sampled_from(PEOPLE)
numbers = st.integers(0, 2)


def catalog() -> Catalog:
    """The sample licence with a limit for its review, in an office with a second checker, a second approver and deputies."""
    plain, facts = sample.definition(), sample.facts()
    definition, content = sealed(replace(plain, clocks={**plain.clocks, "step": STEP}))
    matter = Matter(
        definition=definition, canonical=content, texts={"zh-CN": {}, "en": {}}, tree={}, path=Path("-")
    )
    more = {"carl": ("checker", False), "cleo": ("checker", True), "dan": ("approver", False)}
    directory = replace(
        facts.directory,
        persons={**facts.directory.persons, **{code: Person(code=code, name=code) for code in more}},
        holdings=(
            *facts.directory.holdings,
            *(
                Holding(person=code, kind=kind, organ="office", since=LONG_AGO, deputy=deputy)
                for code, (kind, deputy) in more.items()
            ),
        ),
    )
    return Catalog(
        matters={definition.code: matter},
        directory=directory,
        law=facts.law,
        calendars={"cn": facts.calendar},
    )


class Desks(Office):
    """An office whose machine also sees to the work of who is away."""

    def settle(self):
        super().settle()
        follow_absences(self.banjie)
        super().settle()


class DeskMachine(RuleBasedStateMachine):
    """The office, and beside it a model of each of its cases."""

    template: Path
    known = catalog()

    @initialize()
    def open(self):
        self.home = Path(mkdtemp(prefix="banjie-desks-"))
        shutil.copy(self.template, self.home / "banjie.db")
        self.store = open_store(f"sqlite:///{self.home / 'banjie.db'}")
        self.today = MONDAY
        self.store.create_clock("stepped", at(MONDAY.isoformat()))
        self.office = Desks(Banjie(store=self.store, catalog=self.known))
        self.absences, self.models, self.filed, self.steps, self.changed = {}, {}, 0, 0, False
        self._import(1, together=True)
        (first,) = self.models
        self._same(first, self.models[first].act("clerk", "accept"), "clerk", "accept", {})

    def teardown(self):
        if hasattr(self, "store"):
            chains = [one for one in walk(self.store).broken if one.flaw.value != "table"]
            assert chains == []
            self.store.close()
            shutil.rmtree(self.home)

    # --- filings and time ---------------------------------------------------------------------------------------------

    def _import(self, rows, *, together):
        keys = [f"row-{self.filed + n}" for n in range(rows)]
        commands = [
            SubmitFiling(
                case_id=case_id_for("ella", key), key=key, actor="ella", matter="sample-licence", form={"name": key},
                materials=("charter", "funds"), channel="roster",
            )
            for key in keys
        ]  # fmt: skip
        file = file_together if together else file_apart
        results = list(file(self.office.banjie, commands))
        assert all(isinstance(one, Receipt) for one in results)
        again = list(file(self.office.banjie, commands))
        assert [one.repeated for one in again] == [True] * rows, "a roster imported twice files nothing twice"
        self.office.settle()
        self.filed += rows
        for command in commands:
            self.models[command.case_id] = Model(today=self.today, away=self._away)

    @precondition(lambda self: self.filed < 3)
    @rule(rows=st.integers(1, 2), together=st.booleans())
    def a_roster_comes_in(self, rows, together):
        self._import(rows, together=together)

    @precondition(lambda self: self.today < LAST)
    @rule(days=st.sampled_from((1, 1, 2, 4)))
    def days_pass(self, days):
        for _ in range(days):
            self.today += DAY
            for model in self.models.values():
                model.midnight(self.today)
            if any(until + DAY == self.today for _, until in self.absences.values()):
                self.changed = True
            self._follow()
        self.office.until(at(self.today.isoformat()))

    # --- people come and go -------------------------------------------------------------------------------------------

    def _away(self, person):
        return any(who == person and self.today <= until for who, until in self.absences.values())

    @rule(person=people, days=st.integers(0, 6))
    def somebody_is_away(self, person, days):
        if any(who == person for who, _ in self.absences.values()):
            return
        until = self.today + timedelta(days=days)
        kept = directory_changes.record(
            self.office.banjie, Absence(person=person, since=self.today, until=until), by=person
        )
        self.absences[kept.number] = (person, until)
        self.changed = True
        self._follow()
        self.office.settle()

    def _follow(self):
        """The desks are looked at once after each change of who is there, as soon as anybody has anything."""
        if self.changed and any(model.owner for model in self.models.values()):
            self.changed = False
            for model in self.models.values():
                model.follow()

    @precondition(lambda self: any(until >= self.today for _, until in self.absences.values()))
    @rule(data=st.data())
    def somebody_is_back(self, data):
        number = data.draw(
            st.sampled_from([n for n, (_, until) in self.absences.items() if until >= self.today])
        )
        person, _ = self.absences.pop(number)
        directory_changes.cancel(self.office.banjie, number, by=person)
        self.changed = True
        self._follow()
        self.office.settle()

    # --- what people do -----------------------------------------------------------------------------------------------

    def _chosen(self, number):
        case_id = list(self.models)[number % len(self.models)]
        return case_id, self.models[case_id]

    def _one_of(self, data, *pools):
        """Somebody, mostly of the first pools that have anybody: what is refused is worth a look, but moves nothing."""
        kept = [list(pool) for pool in (*pools, PEOPLE) if pool]
        return data.draw(st.sampled_from(kept[min(data.draw(st.sampled_from(CHOICE)), len(kept) - 1)]))

    def _same(self, case_id, allowed, actor, verb, fields):
        """The engine does it exactly when the model has."""
        self.steps += 1
        refused = None
        try:
            self.office.act_on(case_id, actor, verb, f"step-{self.steps}", **fields)
        except BanjieError as error:
            refused = error
        assert (refused is None) == allowed, f"{actor} {verb} {fields}: {refused or 'done'}"
        self._follow()

    @rule(number=numbers, data=st.data())
    def an_action(self, number, data):
        case_id, model = self._chosen(number)
        likely = [
            name for name, (_, sources, _) in ACTIONS.items() if model.state in sources and name != "withdraw"
        ]
        action = data.draw(st.sampled_from(likely * 3 + ["withdraw"]))
        post = ACTIONS[action][0]
        can = [person for person in PEOPLE if model.may(person, post)]
        actor = self._one_of(data, can, [person for person in PEOPLE if model.holder(person, post)])
        allowed = model.act(actor, action)
        self._same(case_id, allowed, actor, action, FIELDS.get(action, {}))

    @rule(number=numbers, verb=st.sampled_from(("claim", "release")), data=st.data())
    def whose_it_is(self, number, verb, data):
        case_id, model = self._chosen(number)
        able = [person for person in PEOPLE if model.able(person)]
        actor = self._one_of(data, able if verb == "claim" else [model.owner] if model.owner else [], able)
        self._same(case_id, getattr(model, verb)(actor), actor, verb, {})

    @precondition(lambda self: any(model.move for model in self.models.values()))
    @rule(data=st.data())
    def taken_back(self, data):
        case_id = data.draw(
            st.sampled_from([case_id for case_id, model in self.models.items() if model.move])
        )
        model = self.models[case_id]
        actor = self._one_of(data, [model.move[0]])
        self._same(case_id, model.take_back(actor), actor, "take_back", {})

    @precondition(lambda self: any(model.state in ("review", "check") for model in self.models.values()))
    @rule(data=st.data())
    def extended(self, data):
        """An act that moves nothing: whoever acted before him can take nothing back any more."""
        running = [case_id for case_id, model in self.models.items() if model.state in ("review", "check")]
        case_id = data.draw(st.sampled_from(running))
        actor = self._one_of(data, ["dong", "dan"])
        self._same(case_id, self.models[case_id].act(actor, "extend"), actor, "extend", FIELDS["extend"])

    @rule(number=numbers, verb=st.sampled_from(("transfer", "delegate")), data=st.data())
    def given_on(self, number, verb, data):
        case_id, model = self._chosen(number)
        actor = self._one_of(data, [person for person in PEOPLE if model.has_it(person)])
        to = self._one_of(
            data, [person for person in PEOPLE if model.fit(person)] if verb == "transfer" else EXAMINERS
        )
        allowed = model.give(actor, to, assigned=False) if verb == "transfer" else model.delegate(actor, to)
        word = "reason" if verb == "transfer" else "instructions"
        self._same(case_id, allowed, actor, verb, {"person": to, word: "r"})

    @rule(number=numbers, actor=st.sampled_from((HEAD, HEAD, HEAD, *OUTSIDERS, "anna")), data=st.data())
    def assigned(self, number, actor, data):
        case_id, model = self._chosen(number)
        to = self._one_of(data, [person for person in PEOPLE if model.fit(person)])
        self._same(case_id, model.give(actor, to, assigned=True), actor, "assign", {"person": to})

    @precondition(lambda self: any(model.lent for model in self.models.values()))
    @rule(data=st.data())
    def handed_back(self, data):
        case_id = data.draw(
            st.sampled_from([case_id for case_id, model in self.models.items() if model.lent])
        )
        model = self.models[case_id]
        actor = self._one_of(data, [model.lent, model.owner])
        self._same(case_id, model.hand_back(actor), actor, "hand_back", {"opinion": "o"})

    @rule(number=numbers)
    def handed_over(self, number):
        case_id, model = self._chosen(number)
        self._same(case_id, model.hand_over(), "system", "hand_over", {})

    @rule(number=numbers, data=st.data())
    def stands_aside(self, number, data):
        case_id, model = self._chosen(number)
        actor = self._one_of(data, [one for one in (model.owner, model.lent) if one])
        self._same(case_id, model.recuse(actor), actor, "recuse", {"ground": "other"})

    @rule(number=numbers, who=people, actor=st.sampled_from((HEAD, HEAD, "sven")))
    def ordered_aside(self, number, who, actor):
        case_id, model = self._chosen(number)
        allowed = model.order_recusal(actor, who)
        self._same(case_id, allowed, actor, "order_recusal", {"person": who, "ground": "other"})

    # --- what must agree ----------------------------------------------------------------------------------------------

    @invariant()
    def model_and_engine_agree(self):
        items = self._items()
        for case_id, model in self.models.items():
            case = self.store.case(case_id)
            assert case.state == model.state, (case.state, model)
            held, lent = case.desk.assignment, case.desk.delegation()
            assert (held.person if held else None) == model.owner, (held, model)
            assert (lent.delegate if lent else None) == model.lent, (lent, model)
            assert {one.person for one in case.desk.recusals} == model.recused
            assert items.get(case_id) == (
                (WAITS[model.state], model.owner) if model.state not in OVER else None
            )
            # What follows a finding (its acknowledgement, its explanation) has periods of its own: not the desk's.
            ours = [clock for clock in case.open_clocks() if clock.clock in PERIODS]
            due = {clock.clock: clock.due.on if clock.due else None for clock in ours}
            expected = {name: clock.due for name, clock in model.clocks.items()}
            assert due == expected, f"{self.today}: {due} != {expected}"
            assert sum(finding.clock in PERIODS for finding in case.findings) == model.findings
            happened = self.store.history(case_id)
            assert fold([(event, envelope.actor) for envelope, event in happened], case_id=case_id) == case

    def _items(self):
        with self.store.read() as connection:
            open_items = connection.execute(select(t.work_items).where(t.work_items.c.closed_at.is_(None)))
            return {row.case_id: (row.post, row.claimed_by) for row in open_items}


SETTINGS = settings(
    max_examples=60,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_random_verbs_absences_deputies_timers_and_rosters_agree_with_the_model(sqlite_template):
    DeskMachine.template = sqlite_template
    run_state_machine_as_test(DeskMachine, settings=SETTINGS)
