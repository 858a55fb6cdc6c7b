"""Worker and relay processes: the real parts without their threads, each a thread of work of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from workers.announcing import Announcer
from workers.broker import BrokerWatch
from workers.celery_settings import TASK
from workers.desks import DeskKeeper
from workers.looking import Looker
from workers.pulse import IDLE, Pulse
from workers.relay import Relay
from workers.sending import Sender
from workers.sweeping import Sweeper
from workflow.engine.absences import follow_absences, note_days
from workflow.engine.advance import advance, advance_many
from workflow.engine.notifying import deliver
from workflow.engine.shipped_calendars import note_shipped
from workflow.engine.sweep import sweep
from workflow.errors import Unavailable

if TYPE_CHECKING:
    from tests.simulation.world import Process, World
    from workflow.engine.banjie import Banjie
    from workflow.storage.store import Store

WAITS = 0.5
"""Seconds that a consumer waits for a message at a time."""


class Book:
    """The store's book of failures, which here is also read: what fails without a fault of ours is a bug."""

    def __init__(self, world: World, store: Store) -> None:
        self.world, self.store = world, store

    def pass_over(self, case_id: str) -> None:
        self.store.pass_over(case_id)

    def failed(self, case_id: str, error: str, *, attempts: int) -> bool:
        self.world.noted.append(f"{case_id}: {error}")
        return self.store.failed(case_id, error, attempts=attempts)


class Asked:
    """A sender's queue that nobody waits at."""

    def __init__(self) -> None:
        self.waiting: list[str] = []

    def put_nowait(self, one: str) -> None:
        self.waiting.append(one)

    def get(self, timeout: float) -> str:
        import queue  # noqa: PLC0415 - for its exception alone

        if not self.waiting:
            raise queue.Empty
        return self.waiting.pop(0)


def counting(world: World, name: str, do: Callable[..., int]) -> Callable[..., Any]:
    """Count what a look has done."""

    def counted(*given: Any, **named: Any) -> Any:
        done = do(*given, **named)
        world.machine += done if isinstance(done, int) else done[0]
        world.counts[f"{name}_looks"] += 1
        return done

    return counted


def start_worker(world: World, name: str) -> Process:
    """A worker as `workers.worker.serve` puts it together. When it dies, a supervisor starts another in a while."""
    process = world.process(name)
    process.on_death = lambda: _restarted(world, name, start_worker)
    process.spawn("start", lambda: _worker(world, process))
    return process


def _restarted(world: World, name: str, start: Callable[[World, str], Process]) -> None:
    def later() -> None:
        world.hub.rest(world.rng.uniform(0.05, 3.0))
        start(world, name)

    world.hub.spawn(f"supervisor.{name}", world.observer, later)


def _worker(world: World, process: Process) -> None:
    banjie = world.engine_of(process)
    clock, rng = world.monotonic, world.rng
    watch = BrokerWatch(world.broker.backlog, clock=clock)
    looker = Looker(
        counting(world, "one", partial(advance, banjie)),
        counting(world, "many", partial(advance_many, banjie)),
        Book(world, banjie.store),
    )
    pulse = Pulse(banjie.store, looker.look_at_all, backlog=watch, behind=looker.behind, clock=clock)
    desks = DeskKeeper(partial(follow_absences, banjie))
    sweeper = Sweeper(partial(swept, world, banjie), rest=0.5, clock=clock)
    sweeper._limit = rng.choice((1, 2, 5, 50))
    sender = None
    if banjie.notifier is not None:
        sender = Sender(partial(deliver, banjie), banjie.store.notifications, backlog=watch, clock=clock)
        sender._asked = Asked()  # type: ignore[assignment]
    _again(world, lambda: note_shipped(banjie))
    _again(world, lambda: note_days(banjie))
    process.spawn("pulse", lambda: _beats(world, pulse.beat))
    process.spawn("sweeper", lambda: _beats(world, sweeper.beat))
    process.spawn("desks", lambda: _beats(world, lambda: (desks.keep(), 2.0)[1]))
    if sender is not None:
        process.spawn("sender", lambda: _beats(world, lambda: (sender.beat(), 2.0)[1]))
    _consumes(world, looker, sender)


def swept(world: World, banjie: Banjie, *, limit: int) -> Any:
    done = sweep(banjie, limit=limit)
    world.machine += done.tally.moved
    world.noted.extend(f"sweep {case_id}: {error}" for case_id, error in done.failed.items())
    return done


def _again(world: World, do: Callable[[], Any]) -> None:
    """What a worker does when it starts, again until the database answers: it would be started again."""
    while True:
        try:
            do()
        except Unavailable:
            world.hub.rest(0.5)
        else:
            return


def _beats(world: World, beat: Callable[[], float]) -> None:
    """As the threads of a worker do: what is unavailable is tried again."""
    while True:
        try:
            pause = beat()
        except Unavailable:
            pause = IDLE
        world.hub.rest(pause)


def _consumes(world: World, looker: Looker, sender: Sender | None) -> None:
    broker = world.broker
    current = world.hub.current
    assert current is not None
    while True:
        message = broker.take()
        if message is None:
            broker.listening.append(current)
            world.hub.rest(WAITS)
            continue
        task, ids = message
        if task == TASK:
            looker.by_task(*ids)
        elif sender is not None:
            sender.by_task(*ids)
        world.counts["messages_taken"] += 1


def start_relay(world: World, name: str) -> Process:
    """A relay and its announcer."""
    process = world.process(name)
    process.on_death = lambda: _restarted(world, name, start_relay)
    process.spawn("relay", lambda: _relays(world, process))
    return process


def _relays(world: World, process: Process) -> None:
    banjie = world.engine_of(process)
    clock = world.monotonic
    relay = Relay(banjie.store, world.broker, backlog=world.broker.backlog, changed=lambda: True, clock=clock)
    announcer = None
    if banjie.notifier is not None:
        announcer = Announcer(banjie.store.notifications, world.broker, clock=clock)
    while True:
        pause = relay.step()
        if announcer is not None:
            pause = min(pause, announcer.step())
        world.hub.rest(max(pause, 0.4))
