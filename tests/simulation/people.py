"""People who file and act, each at a portal that may die under their hands; who is not answered asks again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.acceptance.walking import Walk
from tests.simulation.database import Death
from tests.simulation.history import FAIL, OK, UNKNOWN, Asked, History
from workflow.domain.commands import PUBLIC, SYSTEM, SubmitFiling, TakeAction
from workflow.domain.reckoning import civil_date
from workflow.engine.banjie import Banjie
from workflow.engine.handle import case_id_for, handle
from workflow.errors import BanjieError, Unavailable
from workflow.testing.forms import filled_form

if TYPE_CHECKING:
    from tests.simulation.world import Process, World
    from workflow.catalog.loader import Catalog
    from workflow.domain.case import Case
    from workflow.domain.definition import Definition, Field

Errand = Callable[[Banjie], Any]

VERBS: tuple[tuple[str, Callable[[date, str], dict[str, Any]]], ...] = (
    ("claim", lambda on, other: {}),
    ("claim", lambda on, other: {}),
    ("release", lambda on, other: {}),
    ("transfer", lambda on, other: {"person": other, "reason": "出差"}),
    ("delegate", lambda on, other: {"person": other, "instructions": "请代为核实"}),
    ("hand_back", lambda on, other: {"opinion": "已核实"}),
    ("take_back", lambda on, other: {}),
    ("order", lambda on, other: {"text": "请抓紧办理", "due_on": (on + timedelta(days=3)).isoformat()}),
    ("urge", lambda on, other: {}),
    ("recuse", lambda on, other: {"ground": "other"}),
    ("countersign", lambda on, other: {"mode": "all", "signers": [other], "question": "是否同意"}),
    ("cosign", lambda on, other: {"vote": "agree"}),
)
"""What may be done at any desk besides what a matter declares; much of it is refused, which writes nothing."""


class Sight(Walk):
    """What somebody can see of one case: what may be done next, by whom and with what."""

    def __init__(self, banjie: Banjie, definition: Definition, world: World) -> None:
        self.banjie, self.definition, self.rng = banjie, definition, world.rng
        self.world = world

    @property
    def today(self) -> date:
        return civil_date(self.world.now, self.definition.zone)

    def _value(self, case: Case, key: str, field: Field, actor: str) -> Any:
        if key == "chair" and "hearing_chair" not in self.definition.posts:
            return self.rng.choice(("sven", "anna"))
        return super()._value(case, key, field, actor)


@cache
def distances(definition: Definition) -> Mapping[str, int]:
    """How many transitions lie between each state and the nearest end."""
    ways = {name: 0 for name, state in definition.states.items() if state.final}
    reached = set(ways)
    for steps in range(1, len(definition.states)):
        reached = {
            source
            for action in definition.actions.values()
            if action.to in reached
            for source in action.sources
            if source not in ways
        }
        ways |= dict.fromkeys(reached, steps)
    return ways


_BY_HASH: dict[str, Mapping[str, int]] = {}


def _ways(definition: Definition) -> Mapping[str, int]:
    if definition.hash not in _BY_HASH:
        _BY_HASH[definition.hash] = distances.__wrapped__(definition)
    return _BY_HASH[definition.hash]


class Crowd:
    """Everybody who files or acts, what they know, and what they have not been answered yet."""

    def __init__(self, world: World, matters: tuple[str, ...], *, cases: int) -> None:
        self.world, self.matters, self.wanted = world, matters, cases
        self.rng = world.rng
        self.history = History()
        self.unanswered: deque[Asked] = deque()
        self.errands: deque[tuple[str, Errand]] = deque()
        self.closed = False
        self.working = 0
        self.commands = 0
        self.filed = 0
        self.known: list[str] = []
        self.open: list[str] = []
        self.over: set[str] = set()
        self.canaries: set[str] = set()
        self.staff = sorted(_staff(world.catalog, matters))
        self.banjie = Banjie(store=world.store, catalog=world.catalog)

    # --- at a portal -------------------------------------------------------------------------------------------------

    def start(self, name: str) -> Process:
        """A portal with one person at it; when it dies it is started again."""
        world = self.world
        process = world.process(name)

        def again() -> None:
            world.hub.rest(self.rng.uniform(0.02, 1.0))
            self.start(name)

        process.on_death = lambda: world.hub.spawn(f"supervisor.{name}", world.observer, again) and None
        process.spawn("person", lambda: self._stands(world.engine_of(process)))
        return process

    def _stands(self, banjie: Banjie) -> None:
        world, rng = self.world, self.rng
        while True:
            if self.errands and rng.random() < 0.5:
                self._runs(banjie, *self.errands.popleft())
            elif (asked := self._next()) is not None:
                self._asks(banjie, asked)
            elif self.closed:
                world.hub.rest(5.0)
                continue
            else:
                world.hub.rest(1.0)
            world.hub.rest(rng.expovariate(16.0))

    def _runs(self, banjie: Banjie, name: str, errand: Errand) -> None:
        self.commands += 1
        self.working += 1
        try:
            errand(banjie)
        except Unavailable:
            self.errands.append((name, errand))
            self.tell(f"{name} unknown")
        except Death:
            self.errands.append((name, errand))
            self.tell(f"{name} unknown, the portal died")
            raise
        except BanjieError as error:
            self.tell(f"{name} refused {error.code}")
        else:
            self.world.counts[f"errand_{name}"] += 1
            self.tell(f"{name} done")
        finally:
            self.working -= 1

    def _asks(self, banjie: Banjie, asked: Asked) -> None:
        history, world = self.history, self.world
        history.invoke(asked, world.now)
        self.commands += 1
        self.working += 1
        try:
            receipt = handle(banjie, asked.command)
        except Unavailable as error:
            history.end(asked, UNKNOWN, world.now, code=error.code, message=str(error))
            self._again(asked)
        except Death:
            history.end(asked, UNKNOWN, world.now, code="died")
            self._again(asked)
            raise
        except BanjieError as error:
            history.end(asked, FAIL, world.now, code=error.code, message=f"{error}")
            world.counts["refused"] += 1
        else:
            history.end(asked, OK, world.now, receipt=receipt)
            world.counts["repeated" if receipt.repeated else "accepted"] += 1
            if receipt.case_id not in self.known:
                self.known.append(receipt.case_id)
                self.open.append(receipt.case_id)
            if world.faulty and self.rng.random() < 0.04:
                world.counts["reply_lost"] += 1
                self.unanswered.append(asked)
        finally:
            self.working -= 1

    def _again(self, asked: Asked) -> None:
        if asked.attempts < 12 and (self.rng.random() < 0.9 or self.closed):
            self.unanswered.append(asked)

    def tell(self, line: str) -> None:
        self.history.tell(self.world.now, line)

    # --- what is asked next -------------------------------------------------------------------------------------------

    def _next(self) -> Asked | None:
        rng = self.rng
        if self.unanswered and (self.closed or rng.random() < 0.6):
            return self.unanswered.popleft()
        if self.closed:
            return None
        with self.world.observing() as store:
            if rng.random() < 0.05:
                self.open = [one for one in store.case_ids() if one not in self.over]
            if len(self.open) < self.wanted and (not self.open or rng.random() < 0.3):
                return self._filing()
            for _ in range(4):
                known = self.open if self.open and rng.random() < 0.98 else self.known
                case = store.case(rng.choice(known)) if known else None
                if case is not None and (command := self._act(case)) is not None:
                    return self.history.ask(command, self.world.now, {})
        return None

    def _filing(self) -> Asked:
        self.filed += 1
        rng, catalog = self.rng, self.world.catalog
        definition = catalog.matter(rng.choice(self.matters)).definition
        on = civil_date(self.world.now, definition.zone)
        key = f"filing-{self.filed}"
        filer = rng.choice(_filers(definition, catalog.directory, on) or [f"{PUBLIC}:{self.filed}"])
        form = _form(definition, self.rng, on, self.filed)
        personal = {name: form[name] for name in definition.personal if name in form}
        self.canaries.update(str(value) for value in personal.values() if len(str(value)) > 5)
        command = SubmitFiling(
            case_id=case_id_for(filer, key),
            key=key,
            actor=filer,
            matter=definition.code,
            form=form,
            materials=tuple(m for m in definition.materials if rng.random() < 0.97),
        )
        return self.history.ask(command, self.world.now, personal)

    def _act(self, case: Case) -> TakeAction | None:
        rng = self.rng
        definition = self.banjie.definition(self.world.store, case.definition)
        if definition.states[case.state].final:
            self.over.add(case.id)
            if case.id in self.open:
                self.open.remove(case.id)
            if rng.random() < 0.9:
                return None
        sight = Sight(self.banjie, definition, self.world)
        if rng.random() < 0.12:
            return self._verb(sight, case)
        name = self._choice(definition, case.state)
        if name is None:
            return self._verb(sight, case) if rng.random() < 0.1 else None
        may = sight.who_may(case, name)
        if not may and rng.random() < 0.9:
            return None
        actor = rng.choice(may) if may and rng.random() < 0.97 else rng.choice(self._everybody())
        seen = case.version - (rng.random() < 0.03) if rng.random() < 0.5 else None
        return self._command(case, actor, name, sight._fields(case, name, actor), seen)

    def _verb(self, sight: Sight, case: Case) -> TakeAction | None:
        name, fields = self.rng.choice(VERBS)
        waiting = sight.definition.states[case.state].post
        holders = self._everybody()
        if waiting is not None and self.rng.random() < 0.9:
            kind = sight.definition.posts[waiting].kind
            holders = (
                sorted({one.person for one in self.world.catalog.directory.holdings if one.kind == kind})
                or holders
            )
        held = case.desk.assignment
        actor = held.person if held is not None and self.rng.random() < 0.7 else self.rng.choice(holders)
        return self._command(case, actor, name, fields(sight.today, self.rng.choice(holders)), None)

    def _command(
        self, case: Case, actor: str, name: str, fields: dict[str, Any], seen: int | None
    ) -> TakeAction:
        key = f"{name}-{len(self.history.asked) + 1}"
        return TakeAction(
            case_id=case.id, key=key, actor=actor, action=name, fields=fields, seen_version=seen
        )

    def _choice(self, definition: Definition, state: str) -> str | None:
        actions = definition.actions
        names = [name for name in definition.actions_from(state) if SYSTEM not in actions[name].by]
        if not names:
            return None
        if self.rng.random() < 0.35:
            return self.rng.choice(names)
        far = _ways(definition)
        here = far.get(state, 99)
        ahead = [n for n in names if (to := actions[n].to) is not None and far.get(to, 99) <= here + 1]
        nice = [n for n in ahead if actions[n].to != "withdrawn"] or ahead or names
        return self.rng.choice(nice)

    def _everybody(self) -> list[str]:
        return self.staff


def _staff(catalog: Catalog, matters: tuple[str, ...]) -> set[str]:
    """Who holds a post that one of these matters names."""
    kinds = {post.kind for code in matters for post in catalog.matter(code).definition.posts.values()}
    return {held.person for held in catalog.directory.holdings if held.kind in kinds}


def _filers(definition: Definition, directory: Any, on: date) -> list[str]:
    posts = [definition.posts[p] for p in definition.filed_by if p in definition.posts]
    return [
        h.person
        for h in directory.holdings
        if h.in_force(on)
        for p in posts
        if h.kind == p.kind and p.organ in (h.organ, f"@{p.organ[1:]}")
    ]


def _form(definition: Definition, rng: Any, on: date, number: int) -> dict[str, Any]:
    """A form in which every personal value that may be anything can be known again."""
    if "properties" not in definition.form:
        return {"name": f"王小明{number:04d}号"}
    form = filled_form(definition, rng, on)
    for name in definition.personal:
        schema = definition.form["properties"].get(name, {})
        if (
            name in form
            and schema.get("type") == "string"
            and not {"enum", "format", "pattern"} & set(schema)
        ):
            form[name] = f"密{number:04d}{name}"[: schema.get("maxLength", 40)]
    return form
