"""A case of a shipped matter walked through the pure domain, with the clock in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from workflow.catalog.loader import Catalog, load
from workflow.domain import authority
from workflow.domain.case import Case
from workflow.domain.commands import AnyCommand, EndChild, FireRung, RunJob, SubmitFiling, TakeAction
from workflow.domain.decide import decide
from workflow.domain.definition import Definition, Field
from workflow.domain.desk import urn
from workflow.domain.desk.opinions import has_minutes
from workflow.domain.desk.panel_state import PanelSecret
from workflow.domain.evolve import evolve
from workflow.domain.quota.book import changed
from workflow.domain.scene import Facts
from workflow.errors import BadFields, Conflict, NoRuleInForce, NotAuthorised
from workflow.testing.forms import filled_form
from workflow.testing.quotas import plenty

CATALOG = load()
FILERS = {
    "transfer-into-beijing": "zhi-moxiang",
    "talent-agency-licence": "wen-zhanmo",
    "environmental-permit-nl": "public:applicant",
}
"""Who files what the walks past hard places are about; for random walks anybody who may is found in the directory."""


class Walk:
    """One case under way, with the clock in hand."""

    def __init__(self, code: str, start: datetime, catalog: Catalog = CATALOG) -> None:
        self.definition: Definition = catalog.matter(code).definition
        self.facts = Facts(
            calendar=catalog.calendars[self.definition.calendar],
            law=catalog.law,
            directory=catalog.directory,
            quota=plenty(self.definition, catalog.directory),
        )
        self.now = start
        self.case: Case | None = None
        self.history: list[Any] = []
        self.secrets: dict[tuple[int, str], PanelSecret] = {}

    @property
    def here(self) -> Case:
        assert self.case is not None
        return self.case

    @property
    def over(self) -> bool:
        return self.definition.states[self.here.state].final

    def do(self, command: AnyCommand) -> None:
        command = self.with_secrets(command)
        events = decide(self.definition, self.case, command, self.facts, self.now)
        moved = changed(self.facts.quota, (decided.event for decided in events))
        self.facts = replace(self.facts, quota={**self.facts.quota, **moved})
        for decided in events:
            self.case = evolve(self.case, decided.event, case_id="c", actor=decided.actor)
            self.history.append((decided.event, decided.actor))

    def with_secrets(self, command: AnyCommand) -> AnyCommand:
        """What the engine does for a panel, with bytes that are no secret."""
        if not isinstance(command, TakeAction) or command.action not in urn.WITH_SECRETS:
            return command

        def kept(panel: int, kind: str) -> PanelSecret | None:
            return self.secrets.get((panel, kind))

        entropy = bytes([len(self.history) % 256] * 32)
        command, panel, keep = urn.prepared(command, self.here, kept, entropy)
        self.facts = replace(self.facts, panel=panel)
        self.secrets.update({(one.panel, one.kind): one for one in keep})
        return command

    def file(self, *materials: str, form: dict[str, Any] | None = None) -> None:
        code = self.definition.code
        actor = FILERS[code] if code in FILERS else self.filer()
        form = form or {}
        self.do(SubmitFiling(case_id="c", key="0", actor=actor, matter=code, form=form, materials=materials))
        self.run_automatic()

    def file_somehow(self, chance: Random, share: float) -> None:
        """File with a form filled in at random and each material as likely as `share`."""
        form = filled_form(self.definition, chance, self.now.date())
        self.file(*(name for name in self.definition.materials if chance.random() < share), form=form)

    def filer(self) -> str:
        """Somebody who may file this matter."""
        posts = [self.definition.posts[p] for p in self.definition.filed_by if p in self.definition.posts]
        holdings = self.facts.directory.holdings
        return next(
            (
                h.person
                for p in posts
                for h in holdings
                if h.kind == p.kind and p.organ in (h.organ, f"@{p.organ[1:]}")
            ),
            "public:applicant",
        )

    def act(self, actor: str, action: str, **fields: Any) -> None:
        key = str(len(self.history))
        self.do(TakeAction(case_id="c", key=key, actor=actor, action=action, fields=fields))
        self.run_automatic()

    def end_a_child(self) -> None:
        """The first child that is still open, if there is one, is concluded somehow."""
        for child in self.here.children:
            if child.outcome is None:
                named = {"join": child.join, "round": child.round, "child": child.child}
                end = EndChild(case_id="c", key="e", actor="system", child_case="x", outcome="done", **named)
                self.do(end)
                self.run_automatic()
                return

    def run_automatic(self) -> None:
        while actions := self.definition.states[self.here.state].automatic_actions:
            action = actions[0]
            self.do(RunJob(case_id="c", key="j", actor="system", job=1, action=action, visit=self.here.visit))

    def to(self, moment: datetime) -> None:
        """Let time pass, everything that falls due on the way at its own instant."""
        while (due := self.next_rung()) is not None and due[0] <= moment:
            self.now = max(self.now, due[0])
            clock, generation, rung, revision = due[1:]
            self.do(
                FireRung(
                    case_id="c",
                    key="r",
                    actor="system",
                    clock=clock,
                    generation=generation,
                    rung=rung,
                    revision=revision,
                )
            )
            self.run_automatic()
        self.now = moment

    def next_rung(self) -> tuple[datetime, str, int, str, int] | None:
        waiting = [
            (rung.at, clock.clock, clock.generation, rung.rung, rung.revision)
            for clock in self.here.open_clocks()
            for rung in clock.rungs
            if not rung.fired and not rung.withheld
        ]
        return min(waiting, default=None)

    def actors(self, action: str) -> Iterator[str]:
        on = self.now.astimezone(ZoneInfo(self.definition.zone)).date()
        for post in self.definition.actions[action].by:
            if post in self.definition.posts:
                organ = authority.organ_of(self.definition, self.here.parties, post)
                yield from self.facts.directory.holders(organ or "", self.definition.posts[post].kind, on)
            elif post == "public":
                yield "public:somebody"


def filled(name: str, field: Field, chance: Random, walk: Walk) -> Any:
    if name == "objection":
        return next((found.number for found in walk.here.open_objections()), 1)
    if name == "materials":
        return list(walk.definition.materials)
    if name in PROCEDURE:
        return PROCEDURE[name](walk)
    match field.type:
        case "choice":
            return chance.choice(field.choices)
        case "list":
            return ["zhou-mingli", "he-jie"]
        case "date":
            return walk.now.date().isoformat()
        case "integer":
            return chance.randint(1, 9)
        case "boolean":
            return chance.choice([True, False])
    return "文字"


def _staff(walk: Walk) -> list[str]:
    """Two people of the organ that examines."""
    on = walk.now.astimezone(ZoneInfo(walk.definition.zone)).date()
    posts = [p for p in ("ministry_reviewer", "handler") if p in walk.definition.posts]
    for post in posts:
        organ = authority.organ_of(walk.definition, walk.here.parties, post)
        there = {h.person for h in walk.facts.directory.holdings if h.organ == organ and h.in_force(on)}
        if len(there) > 1:
            return sorted(there)[:2]
    return ["zhou-mingli", "he-jie"]


def _chair(walk: Walk) -> str:
    """Somebody who may chair a hearing and has not had to withdraw from it."""
    hearing = walk.here.procedure.hearing
    past = {*hearing.removed, hearing.chair} if hearing else set()
    free = [person for person in walk.actors("hold_hearing") if person not in past]
    return next(iter(free), "gongsun-lu")


def _parties(walk: Walk) -> list[str]:
    return [party.name for party in walk.here.procedure.parties]


PROCEDURE: dict[str, Callable[[Walk], Any]] = {
    "inspectors": _staff,
    "credentials_shown": lambda walk: True,
    "chair": _chair,
    "hearing_on": lambda walk: (walk.now + timedelta(days=20)).date().isoformat(),
    "parties": lambda walk: [f"利害关系人{len(_parties(walk)) + 1}"],
    "heard": _parties,
    "waivers": _parties,
}
"""What the law leaves no choice in: who inspects and chairs, and how long before a hearing its day is told."""


def hold_a_panel(walk: Walk, chance: Random) -> None:
    """Where an act asks for the minutes of a panel, whoever chairs it convenes one, and all who are drawn vote."""
    definition, state = walk.definition, walk.here.state
    chairs = [
        actor
        for name in definition.actions_from(state)
        if "panel_minutes_given" in definition.actions[name].guards and not has_minutes(walk.here)
        for actor in walk.actors(name)
    ]
    for chair in chairs:
        try:
            walk.act(chair, "convene_panel", pool="expert-panels", size=5)
        except (NotAuthorised, Conflict):
            continue
        walk.act(chair, "draw_panel")
        seats = [seat.person for seat in walk.here.panels[-1].seats]
        for person in seats:
            walk.act(person, "cast_ballot", vote=chance.choice(["agree", "agree", "disagree", "abstain"]))
        walk.act(chair, "count_ballots")
        walk.act(chair, "panel_minutes", attendees=seats, text="评审意见")
        return


def far(walk: Walk, name: str, taken: AbstractSet[str]) -> int:
    """How many transitions lie between where an action leads and the next action that is not in `taken`."""
    definition = walk.definition
    aims = {
        source
        for other, action in definition.actions.items()
        if other not in taken
        for source in action.sources
    }
    near, steps = {definition.actions[name].to or walk.here.state}, 0
    while not near & aims:
        reached = near | {a.to for a in definition.actions.values() if a.to and near & set(a.sources)}
        if reached == near:
            return len(definition.states)
        near, steps = reached, steps + 1
    return steps


def take_a_step(walk: Walk, chance: Random, taken: AbstractSet[str] = frozenset()) -> None:
    """Some legal action by somebody who may, or none at all.

    One that is not in `taken` comes first, then whatever leads nearer to one that is not.
    """
    if chance.random() < 0.6:
        walk.end_a_child()
    if chance.random() < 0.9:
        hold_a_panel(walk, chance)
    names = [
        name
        for name in walk.definition.actions_from(walk.here.state)
        if "system" not in walk.definition.actions[name].by
    ]
    chance.shuffle(names)
    # The nearest way may be closed to this case for good, so a farther one is tried now and then.
    for name in sorted(
        names, key=lambda name: (name in taken, far(walk, name, taken) + chance.randint(0, 3))
    ):
        fields = walk.definition.actions[name].fields
        given_ = {key: filled(key, field, chance, walk) for key, field in fields.items()}
        actors = list(walk.actors(name))
        chance.shuffle(actors)
        for actor in actors:
            try:
                walk.act(actor, name, **given_)
            except (NotAuthorised, Conflict, NoRuleInForce, BadFields):
                continue
            return


def beijing(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


def licence(start: datetime) -> Walk:
    walk = Walk("talent-agency-licence", start)
    walk.file(*walk.definition.materials)
    return walk


def due(walk: Walk, clock: str) -> date:
    found = walk.here.clock(clock)
    assert found is not None
    assert found.due is not None
    return found.due.on
