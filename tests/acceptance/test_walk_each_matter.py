"""Every public matter, walked at random through the engine and a database: whatever those who may act do, in whatever order,
while time passes and falls due, each case comes to its archive, its row is what its events say after every step, and over
the walks every transition of the definition is taken.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy.event import listen

from workflow.catalog.loader import Catalog, load
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
from workflow.errors import BadFields, ConditionRefused, GuardRefused, NoRuleInForce, NotAuthorised
from workflow.evidence.walk import walk as audit
from workflow.storage.store import open_store
from workflow.testing.forms import filled_form

#: Walks until every transition has been taken; short procedures need thirty, the longest two hundred.
MOST = 300

#: After so many acts whoever may withdraw the case does.
PATIENCE = 60

#: How often the fields of an act are drawn anew while its condition does not hold on them.
TRIES = 12

#: Walks begin under the law and the calendar of different years, at nine in the morning in Beijing.
STARTS = (datetime(2008, 9, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, 1, tzinfo=UTC))

#: Why an act of somebody who may, or may not, act in this state is refused; nothing else is expected.
REFUSALS = (ConditionRefused, GuardRefused, NoRuleInForce, NotAuthorised, BadFields)

PUBLIC_MATTERS = sorted(code for code, matter in load().matters.items() if matter.audience == "public")

Edge = tuple[str, str]
"""A state, and an action taken in it."""


def edges(definition: Definition) -> set[Edge]:
    """Every transition of a definition."""
    return {(source, name) for name, action in definition.actions.items() for source in action.sources}


class Walk:
    """One case on its way. What no walk has taken yet is in `untaken`, and is preferred; `refused` counts refusals."""

    def __init__(
        self, banjie: Banjie, code: str, rng: Random, untaken: set[Edge], case_id: str | None = None
    ) -> None:
        self.banjie = banjie
        self.store = banjie.store
        self.definition = banjie.catalog.matter(code).definition
        self.rng = rng
        self.untaken = untaken
        self.refused = 0
        self.vain: set[tuple[int, str]] = set()
        self.commands = 0
        self.children: dict[str, Walk] = {}
        self.folded: Case | None = None
        self.case_id = case_id or self._file()

    @property
    def today(self) -> date:
        return civil_date(self.store.clock().now, self.definition.zone)

    def to_the_end(self) -> None:
        """Walk until the case is archived."""
        while not self.definition.states[self.checked().state].final:
            assert self.commands < 3 * PATIENCE
            self._let_time_pass()
            if self.rng.random() < 0.8 and (child := self._child()) is not None:
                child._act(leaving=child.commands > PATIENCE // 5)
            else:
                self._act(leaving=self.commands > PATIENCE)
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
                    self.untaken.discard((event.source, event.action))
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

    def _child(self) -> Walk | None:
        """One of the children that are still open, as a walk of its own; None if there are none."""
        cases = [case for case in map(self.store.case, self.store.case_ids()) if case is not None]
        mine = [
            c
            for c in cases
            if c.parent is not None and c.parent.case_id == self.case_id and not c.archived_at
        ]
        if not mine:
            return None
        case = self.rng.choice(mine)
        if case.id not in self.children:
            self.children[case.id] = Walk(self.banjie, case.matter, self.rng, set(), case.id)
        return self.children[case.id]

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
        wanted = any((state, name) in self.untaken for name in self.definition.actions_from(state))
        if self.definition.states[state].automatic and self.rng.random() < (0.3 if wanted else 0.03):
            assert self.store.failed(self.case_id, "the test said so", attempts=1)
        while not self.store.quiet():
            assert sum(advance(self.banjie, case_id, done_by="task") for case_id in self.store.case_ids()) > 0

    def _act(self, *, leaving: bool) -> None:
        """Somebody does something, if there is anything that people may do."""
        case = self.checked()
        names = [n for n in self.definition.actions_from(case.state) if SYSTEM not in self._by(n)]
        idle = 0.6 if case.open_objections() else 0.2
        if not names or (not leaving and self._ends_by_itself(case.state) and self.rng.random() < idle):
            return
        name = self.rng.choice(names) if leaving else self._choice(case, names)
        if leaving and "withdraw" in names:
            name = "withdraw"
        everybody = sorted(self.banjie.catalog.directory.persons)
        may = self._who_may(case, name)
        actor = self.rng.choice(may if may and (leaving or self.rng.random() < 0.9) else everybody)
        self._ask(case, name, actor)
        self._settle()

    def _ask(self, before: Case, name: str, actor: str) -> None:
        """One act, which is done once or refused whole."""
        self.commands += 1
        command = TakeAction(
            case_id=before.id,
            key=f"{before.id}/{self.commands}",
            actor=actor,
            action=name,
            fields=self._fields(before, name, actor),
            seen_version=before.version,
        )
        try:
            receipt = handle(self.banjie, command)
        except REFUSALS:
            self.vain.add((before.version, name))
            self.refused += 1
            assert self.checked() == before
            return
        after = self.checked()
        assert receipt.seq == after.seq > before.seq
        assert handle(self.banjie, command).repeated
        assert self.checked() == after

    # --- who, and with what ---------------------------------------------------------------------------

    def _by(self, name: str) -> tuple[str, ...]:
        return self.definition.actions[name].by

    def _choice(self, case: Case, names: list[str]) -> str:
        """Mostly what no walk has done yet, or else what leads nearer to it; now and then anything."""
        names = [name for name in names if (case.version, name) not in self.vain] or names
        fresh = [name for name in names if (case.state, name) in self.untaken]
        if self.rng.random() < 0.02:
            return self.rng.choice(names)
        # What ends the case waits for another walk now and then, or no walk would come far.
        goes_on = [name for name in fresh if not self._ends(name)]
        if goes_on or (fresh and self.rng.random() < 0.4):
            return self.rng.choice(goes_on or fresh)
        names = [name for name in names if not self._ends(name)] or names
        if self.rng.random() < 0.4:
            return self.rng.choice(names)
        far = {name: self._far(self.definition.actions[name].to) for name in names}
        return self.rng.choice([name for name in names if far[name] == min(far.values())])

    def _ends_by_itself(self, state: str) -> bool:
        """Whether a period leads on from here; people often just let it run, and what is open is open after it."""
        actions = [spec.expiry_action for spec in self.definition.clocks.values() if spec.expiry_action]
        return any(state in self.definition.actions[action].sources for action in actions)

    def _ends(self, name: str) -> bool:
        return any(effect.do == "conclude" for effect in self.definition.actions[name].effects)

    def _far(self, state: str | None) -> int:
        """How many transitions lie between a state and the next that no walk has taken; an act that stays leads nowhere."""
        if state is None:
            return 99
        aims = {source for source, _ in self.untaken}
        near, steps = {state}, 0
        while near and not near & aims:
            reached = near | {
                action.to
                for action in self.definition.actions.values()
                if action.to and near & set(action.sources)
            }
            near, steps = (reached, steps + 1) if reached != near else (set(), 99)
        return steps

    def _who_may(self, case: Case, name: str) -> list[str]:
        directory, on = self.banjie.catalog.directory, self.today

        def may(who: str) -> bool:
            right = authority.may(self.definition, case, name, actor=who, directory=directory, on=on)
            return isinstance(right, authority.Allowed)

        kinds = {self.definition.posts[post].kind for post in self._by(name) if post in self.definition.posts}
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
        if key == "objection":
            return next((found.number for found in case.open_objections()), 1)
        if key == "materials":
            return [name for name in self.definition.materials if self.rng.random() < 0.97]
        if key == "inspectors":
            return self.rng.sample(sorted(self.banjie.catalog.directory.persons), 2)
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


@contextmanager
def engines(catalog: Catalog, template: Path, file: Path) -> Iterator[Callable[[datetime], Banjie]]:
    """Gives, for an instant, an engine on a fresh SQLite database whose stepped clock stands there: one database after the
    other in one place, so that statements are compiled once, and with no waiting for a disk that nobody will unplug.
    """
    store = open_store(f"sqlite:///{file}")
    listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))

    def fresh(start: datetime) -> Banjie:
        store.close()
        for suffix in ("-wal", "-shm", "-journal"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        shutil.copy(template, file)
        store.create_clock("stepped", start)
        return Banjie(store=store, catalog=catalog)

    yield fresh
    store.close()


@pytest.mark.parametrize("code", PUBLIC_MATTERS)
def test_a_matter_is_walked_in_every_way_and_always_to_its_end(
    code: str, catalog: Catalog, sqlite_template: Path, tmp_path: Path
) -> None:
    definition = catalog.matter(code).definition
    untaken = edges(definition)
    refused = walks = 0
    with engines(catalog, sqlite_template, tmp_path / "banjie.db") as fresh:
        while (untaken or not refused) and walks < MOST:
            walk = Walk(fresh(STARTS[walks % len(STARTS)]), code, Random(f"{code}/{walks}"), untaken)
            walk.to_the_end()
            refused += walk.refused
            walks += 1

    assert untaken == set()
    assert refused > 0
