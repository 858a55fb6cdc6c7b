"""Every rung of every period of every shipped matter fires: filed, let lie, and found by real Celery workers through a real
broker while the stepped clock goes from due to due. A configured alarm that never runs is the commonest failure there is.

What is to fire is read from the definitions themselves: the ladders of the matters' periods, what their expiry brings, the
alarms and limits of excluded time, and the periods of the house (supervisors' orders, acknowledging, explaining). Afterwards
every case is read again from its events, and what each rung brought is held against what it should have brought.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.acceptance.lying import Office
from tests.acceptance.rungs import Point, point
from workflow.catalog.loader import Catalog
from workflow.cli.embedded import embedded_stack
from workflow.config import Settings
from workflow.domain import events as e
from workflow.domain.accountability.procedural import PROCEDURE
from workflow.domain.authority import organ_of
from workflow.domain.case import Case
from workflow.domain.commands import SYSTEM
from workflow.domain.definition import Colour, Definition, Holder
from workflow.domain.evolve import evolve
from workflow.domain.own_clocks import ACKNOWLEDGEMENT, NUMBERED, ORDER, is_own, number_of, spec_of
from workflow.domain.reckoning import civil_date
from workflow.domain.timekeeping import ALARM, EXPIRY, LIMIT
from workflow.engine.banjie import Banjie
from workflow.queries.finding_rules import NOTICE, finding_rules
from workflow.storage import tables
from workflow.storage.store import Store, open_store

pytestmark = pytest.mark.timeout(600)

#: A Monday: the law of 2019 holds, the Dutch law still holds, and the calendars are known for years to come.
START = datetime(2021, 1, 4, 1, tzinfo=UTC)

CANNOT_FIRE: dict[Point, str] = {}
"""Rungs that no case can come to, each with the reason. None is left: what is configured runs."""


@dataclass(frozen=True, kw_only=True)
class Firing:
    """A rung that fired: on the case as it stood before, with what followed from it in the same transaction."""

    before: Case
    fired: e.RungFired
    then: tuple[tuple[e.Event, str], ...]

    @property
    def key(self) -> tuple[Any, ...]:
        fired = self.fired
        return self.before.id, fired.clock, fired.generation, fired.rung, fired.revision

    @property
    def point(self) -> Point:
        return point(self.before, self.fired.clock, self.fired.generation, self.fired.rung)


@dataclass(frozen=True, kw_only=True)
class Left:
    """What the run left behind."""

    store: Store
    catalog: Catalog
    office: Office
    firings: tuple[Firing, ...]
    findings: int

    def definition(self, case: Case) -> Definition:
        return self.catalog.matter(case.matter).definition


@pytest.fixture(scope="module")
def left(catalog: Catalog, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    folder = tmp_path_factory.mktemp("lying")
    shutil.copy(sqlite_template, folder / "banjie.db")
    url = f"sqlite:///{folder / 'banjie.db'}"
    settings = Settings.from_environment({"BANJIE_HOME": str(folder / "home"), "BANJIE_DATABASE_URL": url})
    store = open_store(url)
    store.create_clock("stepped", START)
    office = Office(
        Banjie(store=store, catalog=catalog), sorted(catalog.matters), hopeless=CANNOT_FIRE.keys()
    )
    with embedded_stack(settings):
        office.until_all_has_fired()
    firings, findings = [], 0
    for case_id in store.case_ids():
        firings += list(fired_on(store, case_id))
        findings += sum(
            isinstance(event, e.FindingRaised) and event.clock is not None
            for _, event in store.history(case_id)
        )
    yield Left(store=store, catalog=catalog, office=office, firings=tuple(firings), findings=findings)
    store.close()


def fired_on(store: Store, case_id: str) -> Iterator[Firing]:
    """Every rung that fired on a case, in order."""
    history = store.history(case_id)
    case: Case | None = None
    for number, (envelope, event) in enumerate(history):
        if isinstance(event, e.RungFired) and case is not None:
            then = ((later, told.actor) for told, later in history[number + 1 : number + 3])
            yield Firing(before=case, fired=event, then=tuple(then))
        case = evolve(case, event, case_id=case_id, actor=envelope.actor)


def test_every_rung_of_every_matter_fires(left: Left) -> None:
    assert left.office.missing == set()
    assert {firing.point for firing in left.firings}.isdisjoint(CANNOT_FIRE), (
        "take it from the table: it fires"
    )


def test_each_fired_once(left: Left) -> None:
    assert {key: count for key, count in Counter(one.key for one in left.firings).items() if count > 1} == {}


def test_real_workers_did_it_and_left_nothing_undone(left: Left) -> None:
    with left.store.read() as connection:
        hands = Counter(connection.execute(select(tables.rungs.c.done_by)).scalars())
    done = hands.total() - hands[None]
    assert done == len(left.firings)
    assert hands["task"] >= 0.95 * done
    assert left.store.parked() == []


def test_a_rung_of_colour_brings_its_finding_and_nothing_else_does(left: Left) -> None:
    brought = [one for one in left.firings if isinstance(one.then[0][0], e.FindingRaised)]
    coloured = [one for one in left.firings if expected_colour(left, one) is not None]

    assert [one.key for one in brought] == [one.key for one in coloured]
    assert left.findings == len(coloured)
    for one in coloured:
        raised, actor = one.then[0]
        assert isinstance(raised, e.FindingRaised)
        assert (raised.colour, actor) == (expected_colour(left, one), SYSTEM), one.key
        assert (raised.clock, raised.generation) == (one.fired.clock, one.fired.generation)
        assert raised.rule == expected_rule(one), one.key


def expected_colour(left: Left, one: Firing) -> str | None:
    """By what the period is: a reminder before its end, yellow for a broken promise, red for a broken law and for what has
    not been put right three working days later; the periods of the side that files only remind.
    """
    definition, rung = left.definition(one.before), one.fired.rung
    if rung.startswith(ALARM):
        return Colour.REMINDER
    if rung == EXPIRY or rung.startswith(LIMIT) or one.fired.clock.startswith(ACKNOWLEDGEMENT):
        return None
    spec = spec_of(definition, one.fired.clock)
    offset = next(known.offset for known in spec.rungs if known.name == rung)
    waiting = spec.scope == "step" and definition.states[one.before.state].holder == Holder.APPLICANT
    if offset < 0 or spec.scope == "applicant" or waiting:
        return Colour.REMINDER
    statute = left.catalog.law.rules[spec.rule][-1].basis == "statute"
    return Colour.RED if statute or offset > 0 else Colour.YELLOW


def files(definition: Definition, post: str | None) -> bool:
    """Whether it is a post of the side that files, not of an organ that examines."""
    return (
        post in definition.filed_by
        and post in definition.posts
        and definition.posts[post].organ.startswith("@")
    )


def expected_rule(one: Firing) -> str:
    rung = one.fired.rung
    clock = next(c for c in one.before.open_clocks() if c.clock == one.fired.clock)
    if rung.startswith(ALARM):
        return f"ground.{one.point[2].partition(':')[2]}.alarm"
    return f"{clock.rule}.{rung}"


def test_every_rule_that_is_listed_has_raised_a_finding(left: Left) -> None:
    """All but the duties of the Licensing Law and a date that moves, which have tests of their own."""
    raised = {
        (event.rule, event.colour)
        for one in left.firings
        for event, _ in one.then[:1]
        if type(event) is e.FindingRaised
    }
    listed = {
        (rule.id, rule.colour)
        for rule in finding_rules(left.catalog)
        if rule.basis not in (PROCEDURE, NOTICE)
    }
    assert raised == listed


def test_it_falls_on_the_post_that_answers_and_on_somebody_who_holds_it(left: Left) -> None:
    for one in left.firings:
        raised = one.then[0][0]
        if not isinstance(raised, e.FindingRaised):
            continue
        definition, case = left.definition(one.before), one.before
        if is_own(one.fired.clock):
            addressed = case.desk.orders if one.fired.clock.startswith(ORDER) else case.findings
            to = next(known for known in addressed if known.number == number_of(one.fired.clock))
            assert (raised.post, raised.organ, raised.person) == (to.post, to.organ, to.person)
            continue
        spec = definition.clocks[one.fired.clock]
        post = spec.answerable or definition.states[case.state].post
        assert raised.post == post, one.key
        assert post is not None
        if post not in definition.posts:
            continue
        assert raised.organ == (organ_of(definition, case.parties, post) or "")
        on = civil_date(raised.at, definition.zone)
        directory = left.catalog.directory
        holders = directory.holders(raised.organ, definition.posts[post].kind, on, case.matter)
        assert raised.person in (*holders, directory.head_of(raised.organ, on)), one.key


def test_no_card_falls_on_nobody_or_on_the_side_that_files(left: Left) -> None:
    """The period of the organ that examines is nobody else's fault."""
    astray = set()
    for one in left.firings:
        raised, definition = one.then[0][0], left.definition(one.before)
        if not isinstance(raised, e.FindingRaised) or raised.colour == Colour.REMINDER:
            continue
        if left.catalog.matter(one.before.matter).audience == "replay":
            continue  # its organ is that of a foreign log, in no directory of ours
        if files(definition, raised.post) or raised.person is None or not raised.organ:
            astray.add(
                (one.before.matter, one.before.state, one.fired.clock.partition(NUMBERED)[0], raised.post)
            )
    assert astray == set()


def test_an_end_has_its_declared_effect_at_its_own_instant(left: Left) -> None:
    ends = [one for one in left.firings if one.fired.rung == EXPIRY]
    assert ends
    for one in ends:
        taken, actor = one.then[0]
        clock = next(c for c in one.before.open_clocks() if c.clock == one.fired.clock)
        assert clock.due is not None
        assert isinstance(taken, e.ActionTaken), one.key
        spec = left.definition(one.before).clocks[one.fired.clock]
        assert (taken.action, taken.at, actor) == (spec.expiry_action, clock.due.at, SYSTEM), one.key


def test_the_limit_of_a_ground_counts_again(left: Left) -> None:
    limits = [one for one in left.firings if one.fired.rung.startswith(LIMIT)]
    assert limits
    for one in limits:
        resumed, _ = one.then[0]
        assert isinstance(resumed, e.CountingResumed)
        assert resumed.ref == one.fired.rung.removeprefix(LIMIT)


def test_what_nobody_acknowledges_climbs_head_by_head(left: Left) -> None:
    climbed: Counter[int] = Counter()
    for one in left.firings:
        if not one.fired.clock.startswith(ACKNOWLEDGEMENT):
            continue
        level = int(one.fired.rung.rpartition("_")[2])
        found = next(f for f in one.before.findings if f.number == number_of(one.fired.clock))
        directory, on = left.catalog.directory, civil_date(one.fired.at, left.definition(one.before).zone)
        heads = [directory.head_of(organ, on) for organ in (found.organ, *directory.superiors(found.organ))]
        above = [head for head in dict.fromkeys(heads) if head not in (None, found.person)]
        told = [event for event, _ in one.then[:1] if isinstance(event, e.FindingEscalated)]
        assert [(event.level, event.person) for event in told] == [
            (level, head) for head in above[level - 1 : level]
        ], one.key
        climbed.update(event.level for event in told)
    assert climbed[1] > 0
