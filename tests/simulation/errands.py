"""What happens in an office beside its cases: people fall ill, holidays are moved, posts change hands, a matter gets a new
version and its running cases are moved to it. Each is asked for again, as it was, until it is known to be done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog
from workflow.catalog.plans import Plan
from workflow.domain.calendar import Notice, NoticeDay
from workflow.domain.directory import Absence, Holding
from workflow.domain.instants import civil_date
from workflow.engine import calendar_notices, directory_changes
from workflow.engine.migrations import migrate
from workflow.engine.versions import publish

if TYPE_CHECKING:
    from tests.simulation.people import Crowd
    from tests.simulation.world import World
    from workflow.engine.banjie import Banjie

SAMPLE = "sample-licence"
ZONE = "Asia/Shanghai"


class Office:
    """Makes up errands."""

    def __init__(self, world: World, crowd: Crowd) -> None:
        self.world, self.crowd, self.rng = world, crowd, world.rng
        self.made = 0
        directory, on = world.catalog.directory, civil_date(world.now, ZONE)
        self.system = directory.administrators("system", on)[0]
        self.security = directory.administrators("security", on)[0]
        # What counts in the end is one order of all that is proposed: the next waits for the one before.
        self.kinds: tuple[Callable[[], None], ...] = (
            self.absence, self.absence, self.absence, self.notice, self.notice, self.post, self.version,
        )  # fmt: skip

    def goes_on(self) -> None:
        """Something comes up now and then."""
        while self.world.faulty:
            self.world.hub.rest(self.rng.expovariate(0.08))
            if self.rng.random() < 0.3:  # whoever sleeps wakes when days pass at once
                self.made += 1
                self.rng.choice(self.kinds)()

    def _ask(self, name: str, errand: Callable[[Banjie], Any]) -> None:
        self.crowd.errands.append((name, errand))

    def absence(self) -> None:
        who = self.rng.choice(self.crowd.staff)
        on = civil_date(self.world.now, ZONE)
        since = on + timedelta(days=self.rng.choice((0, 0, 1)))
        away = Absence(person=who, since=since, until=since + timedelta(days=self.rng.randint(0, 4)))
        self._ask("absence", lambda banjie: directory_changes.record(banjie, away, by=who))

    def notice(self) -> None:
        on = civil_date(self.world.now, ZONE)
        days = tuple(
            NoticeDay(date=on + timedelta(days=one), off=self.rng.random() < 0.5, name="调休")
            for one in sorted(self.rng.sample(range(1, 40), self.rng.randint(1, 3)))
        )
        name = f"notice-{self.made}"
        paper = Notice(
            id=name, number=name, issued_on=on, source="test", title=name, days=days, confirms=None
        )

        def both(banjie: Banjie) -> None:
            calendar_notices.propose(banjie, "cn", paper, by=self.system)
            calendar_notices.publish(banjie, "cn", name, by=self.security)

        self._ask("notice", both)

    def post(self) -> None:
        """Somebody is given a post as a deputy."""
        who, kind = self.rng.choice(self.crowd.staff), self.rng.choice(("handler", "checker"))
        on = civil_date(self.world.now, ZONE)

        def both(banjie: Banjie) -> None:
            present = banjie.directory()
            held = Holding(person=who, kind=kind, organ="office", since=on, deputy=True)
            if all((one.person, one.kind, one.organ) != (who, kind, "office") for one in present.holdings):
                new = replace(present, holdings=(*present.holdings, held), absences=())
                kept = directory_changes.propose(banjie, new, by=self.system)
                directory_changes.confirm(banjie, kept.number, by=self.security)

        self._ask("post", both)

    def version(self) -> None:
        """The sample licence promises another period from tomorrow on, and running cases come under it."""
        world = self.world
        promise = f"{self.rng.randint(8, 19)}wd"
        catalog = with_promise(world.catalog, promise)
        tomorrow = civil_date(world.now, ZONE) + timedelta(days=self.made)
        to = catalog.matter(SAMPLE).definition.hash
        plan = Plan(matter=SAMPLE, reason="承诺时限缩短", hash=to)

        def both(banjie: Banjie) -> None:
            newer = replace(banjie, catalog=catalog)
            publish(newer, SAMPLE, since=tomorrow, until=None, by=self.system)
            for one in migrate(newer, plan, to, by=self.system, dry_run=False):
                world.counts["migrated" if one.error is None else "migration_refused"] += 1

        self._ask("version", both)


def with_promise(catalog: Catalog, promise: str) -> Catalog:
    """The catalogue with another promise for the decision of the sample licence."""
    matter = catalog.matter(SAMPLE)
    clocks = matter.definition.clocks
    changed = {**clocks, "decision": replace(clocks["decision"], promise=promise)}
    definition, content = sealed(replace(matter.definition, clocks=changed))
    return replace(
        catalog,
        matters={**catalog.matters, SAMPLE: replace(matter, definition=definition, canonical=content)},
    )
