"""A broker as bad as one can be: it loses, doubles, delays and mixes up messages, forgets them all, or is not there."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from workers.celery_settings import TASK
from workers.hints import shared_out
from workflow.errors import BrokerUnavailable

if TYPE_CHECKING:
    from tests.simulation.hub import Task
    from tests.simulation.world import World


@dataclass(slots=True, kw_only=True)
class Manners:
    """How often, of a hundred messages or calls, a broker does what it should not."""

    drop: float = 0.0
    double: float = 0.0
    delay: float = 0.0
    mix: float = 0.0
    forget: float = 0.0
    away: float = 0.0
    rubbish: float = 0.0


class Broker:
    """Both ends of the queue. Every message is kept as text, for whoever looks whether it says too much."""

    def __init__(self, world: World, manners: Manners) -> None:
        self.world, self.manners = world, manners
        self.said: list[str] = []
        self.counts: Counter[str] = Counter()
        self.listening: list[Task] = []
        self._queue: list[tuple[str, list[str]]] = []
        self._later: list[tuple[int, int, tuple[str, list[str]]]] = []
        self._away_until = 0
        self._numbers = count()

    def _happens(self, rate: float) -> bool:
        return self.world.faulty and self.world.rng.random() * 100 < rate

    def _answer(self) -> None:
        """Raise BrokerUnavailable while it is away."""
        if self._happens(self.manners.away):
            self.counts["broker_away"] += 1
            self._away_until = self.world.hub.time + round(self.world.rng.expovariate(0.5) * 1e6)
        if self.world.faulty and self.world.hub.time < self._away_until:
            raise BrokerUnavailable(reason="simulated")

    def backlog(self) -> int:
        """How many messages lie in it."""
        self._answer()
        self._arrive()
        return len(self._queue)

    def send(self, case_ids: Sequence[str], messages: int, *, task: str = TASK) -> None:
        """As `workers.hints.Hints.send`; when it fails, some may have been sent."""
        self._answer()
        for some in shared_out(case_ids, messages):
            text = json.dumps([task, list(some)])
            self.said.append(text)
            if self._happens(self.manners.away):
                self.counts["broker_lost_while_sending"] += 1
                raise BrokerUnavailable(reason="simulated")
            self._put(text)
        for waiting in self.listening:
            self.world.hub.wake(waiting)
        self.listening.clear()

    def _put(self, text: str) -> None:
        if self._happens(self.manners.drop):
            self.counts["message_dropped"] += 1
            return
        copies = 1
        while copies < 10 and self._happens(self.manners.double):
            self.counts["message_doubled"] += 1
            copies += 1
        for _ in range(copies):
            message = self._read(text)
            if self._happens(self.manners.delay):
                self.counts["message_delayed"] += 1
                at = self.world.hub.time + round(self.world.rng.expovariate(0.3) * 1e6)
                heapq.heappush(self._later, (at, next(self._numbers), message))
            else:
                self._queue.append(message)

    def _read(self, text: str) -> tuple[str, list[str]]:
        task, ids = json.loads(text)
        if self._happens(self.manners.rubbish):
            self.counts["message_garbled"] += 1
            ids = [*ids, "'; DROP TABLE cases"]
        return task, ids

    def _arrive(self) -> None:
        while self._later and self._later[0][0] <= self.world.hub.time:
            self._queue.append(heapq.heappop(self._later)[2])

    def take(self) -> tuple[str, list[str]] | None:
        """The next message; it is gone from here, whatever becomes of whoever took it."""
        self._arrive()
        if self._happens(self.manners.forget):
            self.counts["broker_forgot_all"] += bool(self._queue)
            self._queue.clear()
        if not self._queue:
            return None
        if self._happens(self.manners.mix):
            self.counts["messages_mixed"] += len(self._queue) > 1
            return self._queue.pop(self.world.rng.randrange(len(self._queue)))
        return self._queue.pop(0)
