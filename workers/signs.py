"""Signs of life of a worker: not that it is there, but that each of its loops comes round and takes what lies before it.

A thread of its own tells the supervisor every few seconds what is stuck; silence tells that the whole process is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from workers.keeper import Keeper
from workers.logs import Log
from workers.reports import Reporter

log = Log("workers.signs")

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds between two reports.
PAUSE = 5.0

#: Seconds for which hints may lie in the broker while this worker, idle, takes none of them.
DEAF = 25.0


class Signs:
    """What the loops of a process are at. Safe for several threads.

    `threads` are the names of those that must be there; `backlog` says how many hints lie in the broker, None when it does
    not answer.
    """

    def __init__(
        self,
        threads: Sequence[str] = (),
        *,
        backlog: Callable[[], int | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._threads = threads
        self._backlog = backlog
        self._clock = clock
        self._lock = threading.Lock()
        self._at_work: dict[
            int, tuple[str, float]
        ] = {}  # what is being done -> until when it must have come round
        self._count = 0
        self._taking = False
        self._heard_at = clock()

    @contextmanager
    def doing(self, name: str, limit: float) -> Iterator[None]:
        """What the block does is called so, and may take so many seconds."""
        with self._lock:
            self._count += 1
            number = self._count
            self._at_work[number] = (name, self._clock() + limit)
        try:
            yield
        finally:
            with self._lock:
                del self._at_work[number]

    def watched(self, name: str, limit: float, act: Callable[P, T]) -> Callable[P, T]:
        """The same function, seen at its work."""

        @wraps(act)
        def seen(*args: P.args, **kwargs: P.kwargs) -> T:
            with self.doing(name, limit):
                return act(*args, **kwargs)

        return seen

    def hearing(self, act: Callable[P, T]) -> Callable[P, T]:
        """The same function, which a message calls: this worker is not deaf."""

        @wraps(act)
        def heard(*args: P.args, **kwargs: P.kwargs) -> T:
            self._taking = True
            try:
                return act(*args, **kwargs)
            finally:
                self._taking, self._heard_at = False, self._clock()

        return heard

    def stuck(self) -> list[str]:
        """What does not come round: work that takes too long, threads that are gone, ears that hear nothing."""
        now = self._clock()
        with self._lock:
            found = {name for name, until in self._at_work.values() if now > until}
        alive = {thread.name for thread in threading.enumerate()}
        found |= {name for name in self._threads if name not in alive}
        if self._taking or not self._backlog():
            self._heard_at = now
        elif now - self._heard_at > DEAF:
            found.add("ears")
        return sorted(found)


class Teller(Keeper):
    """Tells the supervisor every PAUSE seconds what is stuck."""

    def __init__(self, signs: Signs, reporter: Reporter) -> None:
        super().__init__("signs", log=log, pause=PAUSE, at_once=True)
        self._signs = signs
        self._reporter = reporter

    def keep(self) -> None:
        """Tell once."""
        self._reporter.say(stuck=self._signs.stuck())
