"""One seed, from its first filing until all is quiet; and many of them from the command line (`make simulate`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from tests.simulation.account import Account
from tests.simulation.broker import Manners
from tests.simulation.errands import Office
from tests.simulation.judge import judge
from tests.simulation.people import Crowd
from tests.simulation.places import catalog
from tests.simulation.receivers import NEXT_OUT, notifier, watched
from tests.simulation.workers_of import start_relay, start_worker
from tests.simulation.world import Weather, World, simulated
from workflow.engine.banjie import Banjie

LEAST = 250
"""Commands of a seed at least."""

ROUNDS = 60
MOST_CALM = 30_000

MOST = 200_000
"""Switches after which a seed that is not quiet has failed."""

STARTS = tuple(
    datetime(*day, 1, tzinfo=UTC) for day in ((2026, 1, 5), (2026, 9, 7), (2026, 9, 28), (2025, 1, 13))
)
MATTERS = (
    "sample-licence",
    "talent-agency-licence",
    "transfer-into-beijing",
    "graduate-one-thing",
    "hotline-complaint",
    "policy-consultation",
    "information-disclosure-request",
    "talent-agency-change",
    "commendation",
    "spouse-reunion-transfer",
)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What came of a seed."""

    seed: int
    commands: int
    faults: list[str]
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)


def weather_of(rng: Random) -> Weather:
    """Some seeds are stormy in one way, some in every way."""

    def mostly(*rates: float) -> float:
        return rng.choice(rates)

    return Weather(
        death=mostly(0, 0.3, 1, 3),
        busy=mostly(0, 1, 5, 20),
        disk=mostly(0, 0, 0.5, 2),
        lost=mostly(0, 0, 10, 50),
        unknown=mostly(0, 10, 30, 100),
        death_after_commit=mostly(0, 2, 10, 30),
        stall=mostly(0, 0, 0.3, 1),
        switch=mostly(0, 20, 100, 400),
        manners=Manners(
            drop=mostly(0, 5, 30, 100),
            double=mostly(0, 5, 30, 60),
            delay=mostly(0, 10, 50),
            mix=mostly(0, 50, 100),
            forget=mostly(0, 0, 1, 5),
            away=mostly(0, 0, 1, 5),
            rubbish=mostly(0, 0, 2),
        ),
    )


class Days:
    """Lets days pass: to the very instant at which something falls due, just before or after it, or any time."""

    def __init__(self, world: World) -> None:
        self.world = world

    def pass_(self) -> None:
        world, rng = self.world, self.world.rng
        while world.faulty:
            world.hub.rest(rng.choice((0.1, 0.4, 1.0, 2.5)))
            with world.observing() as store:
                due = store.next_due()
            now = world.now
            if due is not None and now < due and rng.random() < 0.7:
                shift = rng.choice((-1, 0, 0, 0, 1, 1000))
                to = due + timedelta(milliseconds=shift)
                world.counts["jump_to_due"] += 1
            else:
                to = now + timedelta(minutes=rng.choice((5, 60, 600, 1440, 4000)))
                world.counts["jump"] += 1
            if to > now:
                world.hub.time += (to - now) // timedelta(microseconds=1)


@dataclass(slots=True, kw_only=True)
class Play:
    """A seed while it is played, and when it has been: everything that can be looked at then."""

    world: World
    crowd: Crowd
    faults: list[str] = field(default_factory=list)

    @property
    def commands(self) -> int:
        return self.crowd.commands + self.world.machine

    def testimony(self) -> Account:
        """What the judge is given."""
        world, history = self.world, self.crowd.history
        banjie = self.crowd.banjie
        revisions = range(world.store.directory.revision() + 1)
        return Account(
            history=history,
            directories={(one := banjie.directory(revision)).version: one for revision in revisions},
            said=world.broker.said,
            received=world.received,
            claims=world.claims,
            canaries=frozenset(self.crowd.canaries),
            told=[*world.noted, *(one.message for one in history.refusals())],
            unfinished=self.faults[0] if self.faults else "",
            now=world.now,
        )


@contextmanager
def played(seed: int, *, least: int = LEAST) -> Iterator[Play]:
    """A seed played to its end; its database is there until the block ends."""
    rng = Random(f"weather/{seed}")
    start = rng.choice(STARTS)
    matters = tuple(rng.sample(MATTERS, rng.randint(2, 4)))
    world = World(seed, catalog(), start=start, weather=weather_of(rng))
    with simulated(Random(f"secrets/{seed}"), world):
        try:
            world.store.create_clock("real")
            play = Play(world=world, crowd=Crowd(world, matters, cases=rng.randint(3, 10)))
            _play(play, least, rng)
            yield play
        finally:
            world.close()


def run(seed: int, *, least: int = LEAST) -> Outcome:
    """One seed, played and judged."""
    with played(seed, least=least) as play:
        world = play.world
        faults = [*world.hub.failures, *world.noted, *map(str, judge(world.store, play.testimony()))]
        counts = world.counts + world.broker.counts
        counts["points"] = world.points
        counts["switches"] = world.hub.switches
        return Outcome(
            seed=seed, commands=play.commands, faults=faults, counts=counts, lines=play.crowd.history.lines
        )


def equipped(world: World, banjie: Banjie) -> None:
    """An engine as each process of this world has it."""
    if world.channels:
        banjie.notifier = notifier(world)
        watched(world, banjie.store.notifications)


def _play(play: Play, least: int, rng: Random) -> None:
    world, crowd = play.world, play.crowd
    world.channels = rng.choice(((), ("hook",), ("mail",), ("hook", "mail"), ("mail", "hook")))
    world.equip = partial(equipped, world)
    for n in range(rng.randint(1, 3)):
        start_worker(world, f"worker{n}")
    for n in range(rng.randint(1, 2)):
        start_relay(world, f"relay{n}")
    for n in range(rng.randint(2, 4)):
        crowd.start(f"portal{n}")
    world.hub.spawn("office", world.observer, Office(world, crowd).goes_on)
    world.hub.spawn("days", world.observer, Days(world).pass_)
    world.faulty = True
    over = lambda: bool(play.commands >= least or world.hub.failures or world.noted)  # noqa: E731
    if not world.hub.run(over, most=MOST):
        play.faults.append("stuck before the faults ended")
    world.faulty = False
    play.faults += _calmed(world, crowd)


def _calmed(world: World, crowd: Crowd) -> list[str]:
    """After the last fault: everybody gets an answer, and the machine does all that is due, within half an hour."""
    crowd.closed = True
    for _ in range(ROUNDS):
        began = world.monotonic()
        if not world.hub.run(NowAndThen(world, lambda: _settled(world, crowd)), most=MOST_CALM):
            return [f"not quiet after the last fault: {_undone(world, crowd)}"]
        world.counts["calm_seconds"] += round(world.monotonic() - began)
        later = _waiting(world)
        if later is None or world.hub.failures or world.noted:
            return []
        world.hub.time += max(0, (later - world.now) // timedelta(microseconds=1)) + 1000
    return ["notifications go on for ever"]


class NowAndThen:
    """Asks only every hundred switches, because the answer costs a look into the database."""

    def __init__(self, world: World, holds: Callable[[], bool]) -> None:
        self.world, self.holds, self.last = world, holds, world.hub.switches

    def __call__(self) -> bool:
        if self.world.hub.failures or self.world.noted:
            return True
        if self.world.hub.switches - self.last < 40:
            return False
        self.last = self.world.hub.switches
        return self.holds()


def _settled(world: World, crowd: Crowd) -> bool:
    if crowd.unanswered or crowd.errands or crowd.working:
        return False
    with world.observing() as store:
        for one in store.parked():
            world.counts["released"] += 1
            store.release(one.case_id)
        now = world.now
        due = store.notifications
        return store.quiet() and not due.unhinted(1, now=now) and not due.overlooked(now, 1, now=now)


def _waiting(world: World) -> datetime | None:
    """When the next notification is to go out; None when none waits."""
    with world.observing() as store, store.read() as connection:
        return connection.execute(NEXT_OUT).scalar()


def _undone(world: World, crowd: Crowd) -> str:
    with world.observing() as store:
        return (
            f"unanswered {len(crowd.unanswered)}, errands {[name for name, _ in crowd.errands]}, "
            f"at work {crowd.working}, quiet {store.quiet()}, sweep {store.sweep_waits()}, desks {store.desks.wait()}, "
            f"unhinted {store.unhinted(5)}, due {store.overlooked(0, 5)}, next {store.next_due()}, now {world.now}"
        )
