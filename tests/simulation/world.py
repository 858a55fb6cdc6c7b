"""The world of one seed: a database, a broker, processes that come and go, and what goes wrong."""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

import workflow.engine.banjie
import workflow.engine.directories
import workflow.storage.freezing
import workflow.storage.store
from tests.simulation.account import Claim
from tests.simulation.broker import Broker, Manners
from tests.simulation.database import (
    EPOCH,
    Death,
    Line,
    Memory,
    broken,
    busy,
    switchboard,
    template,
)
from tests.simulation.hub import Hub, Task
from workflow.catalog.loader import Catalog
from workflow.domain.directory import Directory
from workflow.engine.banjie import Banjie
from workflow.storage.hostclock import HostClock
from workflow.storage.store import Store


@dataclass(slots=True, kw_only=True)
class Weather:
    """How often, of a thousand points, each thing goes wrong, and how often somebody else goes first."""

    death: float = 0.0
    busy: float = 0.0
    disk: float = 0.0
    lost: float = 0.0  # the line breaks before a commit
    unknown: float = 0.0  # the line breaks after a commit, before it is known
    death_after_commit: float = 0.0
    stall: float = 0.0  # the process is stopped for seconds, with whatever it holds
    switch: float = 0.0
    manners: Manners = field(default_factory=Manners)


class Process:
    """One process: what it has open, and whether it is still alive."""

    def __init__(self, world: World, name: str, *, spared: bool = False) -> None:
        self.world, self.name, self.spared = world, name, spared
        self.alive = True
        self.lines: set[Line] = set()
        self.tasks: list[Task] = []
        self.on_death: Callable[[], None] | None = None

    def spawn(self, name: str, body: Callable[[], None]) -> Task:
        task = self.world.hub.spawn(f"{self.name}.{name}", self, body)
        self.tasks.append(task)
        return task

    # --- what the database tells of -------------------------------------------------------------------------------

    def reach(self, kind: str) -> None:
        self.world.point(self, kind)

    def begin(self, connection: Line, do: Callable[[], None]) -> None:
        world = self.world
        world.point(self, "begin")
        do()
        world.writer = connection

    def commit(self, do: Callable[[], None]) -> None:
        self.world.commit(self, do)

    def ended(self, connection: Line) -> None:
        if self.world.writer is connection:
            self.world.writer = None

    def holds(self, connection: Line) -> None:
        self.lines.add(connection)

    def gives(self, connection: Line) -> None:
        self.lines.discard(connection)


class NoTurn:
    """Instead of the turn of writers within one process: the world has one for all."""

    def take(self) -> None: ...
    def give(self) -> None: ...


class World:
    """Everything of one seed."""

    def __init__(self, seed: int | str, catalog: Catalog, *, start: datetime, weather: Weather) -> None:
        self.seed, self.catalog, self.weather = seed, catalog, weather
        self.rng = Random(f"banjie/{seed}")
        self.start = start
        self.faulty = False
        self.counts: Counter[str] = Counter()
        self.points = 0
        self.shifted = 0  # microseconds by which the wall clock was moved beside the time that passed
        self.began = (start - EPOCH) // timedelta(microseconds=1)
        self.board = switchboard()
        self.hub = Hub(self.rng, self._on_switch)
        self.memory = Memory(template(), lambda: (self.began + self.hub.time + self.shifted) // 1000)
        self.writer: Line | None = None
        self.processes: list[Process] = []
        self.noted: list[str] = []  # what the engine could not do without a fault having been put in
        self.received: list[
            tuple[str, str, bool]
        ] = []  # channel, delivery, whether a second copy does no harm
        self.claims: list[Claim] = []
        self.machine = 0  # commands of the machine
        self.broker = Broker(self, weather.manners)
        self.host = HostClock(
            time_of_day=lambda: self.now,
            running=lambda: timedelta(microseconds=self.hub.time),
            host="simulated",
        )
        self.channels: tuple[str, ...] = ()  # those by which people are told; none: nobody is
        self.equip: Callable[[Banjie], None] = lambda _: None
        self.on_point: Callable[[Process, str], None] | None = None
        self.observer = Process(self, "observer", spared=True)
        self.board.memory, self.board.site = self.memory, self.observer
        self.store = self.new_store()  # the observer's: nothing happens to it

    # --- time --------------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """What the wall clock of the database reads."""
        return EPOCH + timedelta(microseconds=(self.began + self.hub.time + self.shifted) // 1000 * 1000)

    def monotonic(self) -> float:
        """What every process's own clock reads, in seconds."""
        return self.hub.time / 1e6

    # --- processes ---------------------------------------------------------------------------------------------------

    def process(self, name: str) -> Process:
        made = Process(self, name)
        self.processes.append(made)
        return made

    def new_store(self) -> Store:
        return Store(self.board.engine, reader=self.board.engine)

    def engine_of(self, process: Process) -> Banjie:
        """The engine as a process that has just begun has it."""
        banjie = Banjie(store=self.new_store(), catalog=self.catalog)
        self.equip(banjie)
        return banjie

    def kill(self, process: Process, where: str) -> None:
        """It is gone, and with it whatever it had begun."""
        self.counts[f"death_{where}"] += 1
        process.alive = False
        self.processes.remove(process)
        # In no order that hangs on addresses: only a writer has anything to undo.
        for line in process.lines:
            line.end()
        if self.writer in process.lines:
            self.writer = None
        process.lines.clear()
        for task in process.tasks:
            self.hub.wake(task)
        if process.on_death is not None:
            process.on_death()

    def _on_switch(self, owner: Any) -> None:
        self.board.site = owner if isinstance(owner, Process) else self.observer

    @contextmanager
    def observing(self) -> Iterator[Store]:
        """Look into the database without being part of what happens."""
        before, self.board.site = self.board.site, self.observer
        try:
            yield self.store
        finally:
            self.board.site = before

    # --- points --------------------------------------------------------------------------------------------------------

    def point(self, process: Process, kind: str) -> None:
        """A process comes to a statement: it may die, fail, or have to let others go first."""
        if not process.alive:
            raise Death
        if process.spared:
            return
        self.points += 1
        self.hub.time += 150
        if self.on_point is not None:
            self.on_point(process, kind)
        weather = self.weather
        # While somebody writes nobody else can read or write: whatever he did would only come before or after.
        if self.writer is None and self.rng.random() * 1000 < weather.switch:
            self.hub.pause()
        if not self.faulty:
            return
        chance = self.rng.random() * 1000
        if chance < weather.death:
            self.kill(process, f"at_{kind}")
            raise Death
        chance -= weather.death
        if chance < weather.busy:
            self.counts["busy"] += 1
            raise busy()
        if chance < weather.busy + weather.disk:
            self.counts["disk_fault"] += 1
            raise broken()
        if chance < weather.busy + weather.disk + weather.stall:
            self.counts["stalled"] += 1
            self.hub.time += round(self.rng.expovariate(0.05) * 1e6)

    def commit(self, process: Process, do: Callable[[], None]) -> None:
        self.point(process, "commit")
        weather = self.weather
        chance = self.rng.random() * 1000 if self.faulty and not process.spared else 1000.0
        if chance < weather.lost:
            self.counts["lost_before_commit"] += 1
            raise busy("connection lost")
        do()
        self.counts["commits"] += not process.spared
        chance -= weather.lost
        if chance < weather.unknown:
            self.counts["commit_unknown"] += 1
            raise busy("connection lost while committing")
        if chance < weather.unknown + weather.death_after_commit:
            self.kill(process, "after_commit")
            raise Death

    def close(self) -> None:
        self.faulty = False
        for process in list(self.processes):
            process.on_death = None
            self.kill(process, "at_the_end")
        self.hub.close()
        self.memory.close()


@contextmanager
def simulated(rng: Random, world: World) -> Iterator[None]:
    """What the engine takes from its surroundings comes from the seed; definitions are read once for all processes."""
    level = logging.root.manager.disable
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secrets, "token_bytes", lambda size=32: rng.randbytes(size))
        patch.setattr(secrets, "token_hex", lambda size=32: rng.randbytes(size).hex())
        patch.setattr(secrets, "choice", lambda these: these[int(rng.random() * len(these))])
        patch.setattr(workflow.storage.store, "WriterTurn", NoTurn)
        patch.setattr(workflow.storage.freezing, "HOST", world.host)
        for module, name in _PURE:
            patch.setattr(module, name, _once(getattr(module, name)))
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(level)


_PURE = (
    (workflow.engine.banjie, "whole"),
    (workflow.engine.banjie, "with_notices"),
    (workflow.engine.directories, "directory_of"),
    (workflow.engine.directories, "with_absences"),
)
"""Dear functions of nothing but what they are given: what one process of a world has reckoned, the others need not."""


def _once(reckon: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[Any, Any] = {}

    def asked(*given: Any, **named: Any) -> Any:
        large = tuple(id(one) if isinstance(one, (Mapping, Directory)) else _still(one) for one in given)
        key = (large, *named.items())
        if key not in known:
            known[key] = reckon(*given, **named), given  # kept, so that no other thing comes to have its id
        return known[key][0]

    return asked


def _still(one: Any) -> Any:
    return tuple(one) if isinstance(one, list) else one
