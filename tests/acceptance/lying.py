"""Cases of every matter that are let lie: each goes where a period runs of which some rung has not fired yet, stays there
until it has, and goes on. All lie in one database; real workers do whatever falls due while the stepped clock goes from due
to due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from tests.acceptance.panels import hold_a_panel
from tests.acceptance.rungs import Point, beginnings, point, points
from tests.acceptance.walking import REFUSALS, Covered, Walk
from workflow.domain.case import Case
from workflow.domain.commands import PUBLIC, SubmitFiling, TakeAction
from workflow.domain.definition import Definition
from workflow.domain.own_clocks import ORDER
from workflow.domain.window.clerks import window_posts
from workflow.domain.window.receiving import WINDOW
from workflow.engine.banjie import Banjie
from workflow.engine.handle import case_id_for, handle
from workflow.errors import Conflict, NotAtWindow, NotAuthorised
from workflow.testing.forms import filled_form
from workflow.testing.waiting import wait_until

AT_ONCE = 3
"""Cases of one matter that lie at the same time."""

MOST = 40
"""Cases of one matter after which what has not fired is taken for what cannot."""

PATIENCE = 150
"""Rounds after which a case has shown what it can."""

STEPS = 6
"""Steps of a case in one round."""

SECONDS = 60
"""What the workers may take for one instant."""

DAY = timedelta(days=1)


@dataclass(slots=True)
class Matter:
    """How far the cases of one matter have come."""

    definition: Definition
    missing: set[Point]
    covered: Covered = field(default_factory=Covered)
    filed: int = 0

    def fired(self, fired: Point) -> None:
        if fired in self.missing:
            self.missing.discard(fired)
            self.aim()

    def aim(self) -> None:
        """Make for the beginnings of the periods of which something is missing."""
        names = {name for _, name, _ in self.missing if name in self.definition.clocks}
        self.covered.untaken = {
            edge for name in names for edge in beginnings(self.definition, self.definition.clocks[name])
        }


class Lying(Walk):
    """One case that is let lie."""

    def __init__(self, banjie: Banjie, matter: Matter, rng: Random, case_id: str | None = None) -> None:
        self.matter = matter
        self.ordered = False
        self.given_up = False
        self.seen: Case | None = None
        super().__init__(banjie, matter.definition.code, rng, matter.covered, case_id)

    def checked(self) -> Case:
        """The case as it was last looked at; afterwards all is read again from the events."""
        if self.seen is None:
            case = self.store.case(self.case_id)
            assert case is not None
            self.look(case)
        assert self.seen is not None
        return self.seen

    def look(self, case: Case) -> None:
        """See the case as it stands, and tell the matter what has fired on it and which ways it has gone."""
        if self.seen is not None and self.seen.seq == case.seq:
            return
        self.seen = case
        for clock in case.clocks:
            for rung in clock.rungs:
                if rung.fired:
                    self.matter.fired(point(case, clock.clock, clock.generation, rung.rung))

    @property
    def over(self) -> bool:
        return self.given_up or self.rounds > PATIENCE or self.definition.states[self.checked().state].final

    def lies(self) -> bool:
        """Whether it waits for something that has not fired on any case of its matter."""
        case = self.checked()
        return any(
            not rung.fired
            and not rung.withheld
            and point(case, clock.clock, clock.generation, rung.rung) in self.matter.missing
            for clock in case.open_clocks()
            for rung in clock.rungs
        )

    def goes_on(self) -> bool:
        """Take steps until it lies, or has none to take."""
        before = self.checked().seq
        if not self.ordered and any(name == ORDER for _, name, _ in self.matter.missing):
            self.ordered = self._an_order()
        for _ in range(STEPS):
            if self.over or self.lies():
                break
            state, seq = self.checked().state, self.checked().seq
            hold_a_panel(self, self._did)
            self._handed_out()
            self.step()
            if self.checked().seq == seq or self.definition.states[self.checked().state].automatic:
                break
            self.given_up = self._for_nothing(state)
        return self.checked().seq != before

    def _for_nothing(self, state: str) -> bool:
        """Whether nothing of what is missing can be come to any more, and nobody waits for the end of the case."""
        if self.aim is not None and self.aim not in self.covered.untaken:
            self.aim = None
        return (
            self.checked().parent is None and not self.lies() and self._aim_from(self.checked().state) is None
        )

    def _handed_out(self) -> None:
        """The papers of what came in at the window are handed out there."""
        case = self.checked()
        if case.window is None or not self.definition.states[case.state].automatic:
            return
        for clerk in self._clerks():
            if self._did(clerk, "record_delivery", recipient="申请人", how="in_person"):
                return

    def _clerks(self) -> list[str]:
        kinds = {self.definition.posts[post].kind for post in window_posts(self.definition)}
        holdings = self.banjie.catalog.directory.holdings
        return list(dict.fromkeys(h.person for h in holdings if h.kind in kinds and h.in_force(self.today)))

    def _an_order(self) -> bool:
        on = (self.today + 3 * DAY).isoformat()
        supervisors = [
            h.person for h in self.banjie.catalog.directory.holdings if h.kind in ("supervisor", "head")
        ]
        return any(
            self._did(who, "order", text="请抓紧办理", due_on=on) for who in dict.fromkeys(supervisors)
        )

    def _did(self, who: str, verb: str, **fields: object) -> bool:
        key = f"{self.case_id}/{verb}/{self.checked().seq}"
        try:
            handle(
                self.banjie, TakeAction(case_id=self.case_id, key=key, actor=who, action=verb, fields=fields)
            )
        except (NotAuthorised, Conflict):
            return False
        self._again()
        return True

    def _again(self) -> None:
        case = self.store.case(self.case_id)
        assert case is not None
        self.look(case)

    def _file(self) -> str:
        self.matter.filed += 1
        definition, on = self.definition, self.today
        posts = [definition.posts[p] for p in definition.filed_by if p in definition.posts]
        holdings = [h for h in self.banjie.catalog.directory.holdings if h.in_force(on)]
        filers = [
            h.person
            for h in holdings
            for p in posts
            if h.kind == p.kind and p.organ in (h.organ, f"@{p.organ[1:]}")
        ]
        filer = self.rng.choice(filers) if filers else f"{PUBLIC}:{definition.code}"
        key = f"{definition.code}/{self.matter.filed}"
        command = SubmitFiling(
            case_id=case_id_for(filer, key),
            key=key,
            actor=filer,
            matter=definition.code,
            form=filled_form(definition, self.rng, on),
            materials=tuple(m for m in definition.materials if self.rng.random() < 0.95),
        )
        # Papers of what came in over the counter wait there to be handed out; of all else the system delivers at once.
        if self.matter.filed % 2 == 0:
            for clerk in self._clerks():
                try:
                    return handle(self.banjie, replace(command, channel=WINDOW, received_by=clerk)).case_id
                except NotAtWindow:
                    continue
        return handle(self.banjie, command).case_id

    def _ask(self, before: Case, name: str) -> None:
        """One act by somebody who may, on the case as it was seen; the workers may be at it at the same time."""
        may = self.who_may(before, name)
        if not may:
            self._refused((before.state, name), for_good=True)
            return
        actor = self.rng.choice(may)
        command = TakeAction(
            case_id=before.id,
            key=f"{before.id}/{self.rounds}",
            actor=actor,
            action=name,
            fields=self._fields(before, name, actor),
        )
        try:
            handle(self.banjie, command)
        except (*REFUSALS, Conflict):
            self._refused((before.state, name), for_good=False)
        else:
            self.aim = None if self.aim == (before.state, name) else self.aim
            self._again()

    def _settle(self) -> None:
        """The workers do what is due."""


class Office:
    """All of them."""

    def __init__(self, banjie: Banjie, codes: Iterable[str], *, hopeless: AbstractSet[Point]) -> None:
        self.banjie = banjie
        self.store = banjie.store
        self.matters: dict[str, Matter] = {}
        for code in codes:
            definition = banjie.catalog.matter(code).definition
            self.matters[code] = Matter(definition, points(banjie, definition) - hopeless)
            self.matters[code].aim()
        self.walks: dict[str, Lying] = {}

    @property
    def missing(self) -> set[Point]:
        return {one for matter in self.matters.values() for one in matter.missing}

    def until_all_has_fired(self) -> None:
        """Let cases lie until every point has fired, or no more are filed of what has not."""
        while self.missing:
            self._file()
            self._work()
            if not self._let_people_act():
                return
            self._work()

    def _work(self) -> None:
        """The workers do what is due; then everybody looks at what has become of the cases."""
        wait_until(self.store.quiet, SECONDS, what=f"the workers, at {self.store.clock().now}")
        news = [case_id for case_id in self.store.case_ids() if case_id not in self.walks]
        for case in self.store.cases([*news, *(walk.case_id for walk in self._active())]):
            if case.id not in self.walks:
                self.walks[case.id] = Lying(self.banjie, self.matters[case.matter], Random(case.no), case.id)
            self.walks[case.id].look(case)

    def _active(self) -> list[Lying]:
        """The cases that may still show something, and those that they wait for."""
        there = [walk for walk in self.walks.values() if not walk.over or walk.lies()]
        wanted = {walk.case_id for walk in there if walk.matter.missing}
        parents = ((walk, walk.checked().parent) for walk in there)
        return [w for w, parent in parents if w.case_id in wanted or (parent and parent.case_id in wanted)]

    def _file(self) -> None:
        lying = Counter(walk.definition.code for walk in self._active())
        for code, matter in self.matters.items():
            for _ in range(AT_ONCE - lying[code]):
                if matter.missing and matter.filed < MOST:
                    walk = Lying(self.banjie, matter, Random(f"{code}/{matter.filed}"))
                    self.walks[walk.case_id] = walk

    def _let_people_act(self) -> bool:
        """Whoever has nothing to wait for goes on; when nobody can, time passes. False when all is over."""
        acting = [walk for walk in self._active() if not walk.lies()]
        steps = [walk.goes_on() for walk in acting]
        if any(steps):
            return True
        self._work()
        due = self.store.next_due()
        if acting:
            tomorrow = self.store.clock().now + DAY
            due = tomorrow if due is None else min(due, tomorrow)
        if due is None:
            return False
        self.store.advance(due)
        return True
