"""Many threads of work in one thread: each runs until it comes to a point where another may go on, and a seed says which.

Time is the simulation's own, in microseconds; it moves a little at every point, and to the next thing that waits when there
is nothing else to do.
"""

from __future__ import annotations

import heapq
import traceback
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from random import Random
from typing import Protocol

from greenlet import getcurrent, greenlet

from tests.simulation.database import Death


class Owner(Protocol):
    """The process that a thread of work belongs to."""

    alive: bool
    name: str


class Task:
    """A thread of work."""

    __slots__ = ("body", "done", "green", "name", "owner", "turn")

    def __init__(self, name: str, owner: Owner, body: Callable[[], None]) -> None:
        self.name, self.owner, self.body = name, owner, body
        self.done = False
        self.turn = 0  # rises at every switch, so that a waking call that comes too late is known
        self.green: greenlet = greenlet(self._run)

    def _run(self) -> None:
        try:
            if self.owner.alive:
                self.body()
        except Death:
            pass
        finally:
            self.done = True


class Hub:
    """Says who goes on. `failures` are errors that no process would have caught."""

    def __init__(self, rng: Random, on_switch: Callable[[Owner | None], None]) -> None:
        self.rng = rng
        self.time = 0  # microseconds since the beginning
        self.failures: list[str] = []
        self.switches = 0
        self.current: Task | None = None
        self._on_switch = on_switch
        self._main = getcurrent()
        self._ready: list[Task] = []
        self._asleep: list[tuple[int, int, int, Task]] = []
        self._numbers = count()

    # --- from outside --------------------------------------------------------------------------------------------

    def spawn(self, name: str, owner: Owner, body: Callable[[], None]) -> Task:
        """Begin a thread of work; it runs when it is chosen."""
        task = Task(name, owner, body)
        self._ready.append(task)
        return task

    def run(self, until: Callable[[], bool], *, most: int) -> bool:
        """Let all go on until something holds; False when it does not after so many switches, or nobody is left."""
        last = self.switches + most
        while not until():
            if self.switches >= last or not self._step():
                return False
        return True

    def _step(self) -> bool:
        self._wake()
        if not self._ready:
            return False
        ready = self._ready
        index = int(self.rng.random() * len(ready))
        ready[index], ready[-1] = ready[-1], ready[index]
        task = ready.pop()
        self.switches += 1
        task.turn += 1
        self.current = task
        self._on_switch(task.owner)
        try:
            task.green.switch()
        except Exception:  # noqa: BLE001 - whatever it is, it is told with the seed
            self.failures.append(f"{task.name}: {traceback.format_exc()}")
        finally:
            self.current = None
            self._on_switch(None)
        return True

    def _wake(self) -> None:
        asleep = self._asleep
        while asleep and (asleep[0][0] <= self.time or not self._ready):
            at, _, turn, task = heapq.heappop(asleep)
            if task.turn != turn or task.done:
                continue
            self.time = max(self.time, at)
            self._ready.append(task)

    # --- from within a thread of work -----------------------------------------------------------------------------

    def pause(self) -> None:
        """Let somebody else go first."""
        task = self.current
        if task is not None:
            self._ready.append(task)
            self._leave(task)

    def rest(self, seconds: float) -> None:
        """Go on after a while."""
        task = self.current
        if task is None:  # nobody else is there
            self.time += round(seconds * 1_000_000)
            return
        at = self.time + max(1, round(seconds * 1_000_000))
        heapq.heappush(self._asleep, (at, next(self._numbers), task.turn, task))
        self._leave(task)

    def wake(self, task: Task) -> None:
        """Let a thread that sleeps or waits go on now."""
        if not task.done and task is not self.current and task not in self._ready:
            task.turn += 1
            self._ready.append(task)

    def _leave(self, task: Task) -> None:
        self._main.switch()
        if not task.owner.alive:
            raise Death

    def close(self) -> None:
        """End what has not ended."""
        for task in [*self._ready, *(entry[3] for entry in self._asleep)]:
            if not task.done:
                task.owner.alive = False
                task.green.parent = getcurrent()
                with suppress(Death):  # one that never began lets it pass
                    task.green.throw(Death)
        self._ready.clear()
        self._asleep.clear()
