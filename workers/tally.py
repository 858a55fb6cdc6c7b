"""The tally of a worker: how much its task and its pulse have done, told to the database once a minute.

In a healthy installation tasks do nearly all; when pulses do the work, deadlines are still kept, but something is wrong that
nobody would notice. The reconciler tells by this tally (alarm `tasks_idle`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from workers.keeper import Keeper
from workers.logs import Log

log = Log("workers.tally")

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds between two times of telling.
PAUSE = 60.0


class Tally(Keeper):
    """One tally. `tell` is given how much was done by tasks and by pulses since the last time."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        super().__init__("tally", log=log, pause=PAUSE, at_once=False)
        self._tell = tell
        self._lock = threading.Lock()
        self._done = {"task": 0, "pulse": 0}

    def add(self, hand: str, count: int) -> None:
        """So many rungs and jobs were done by that hand."""
        with self._lock:
            self._done[hand] += count

    def counting(self, act: Callable[P, T]) -> Callable[P, T]:
        """The same function, `advance` or `advance_many`, whose deeds are counted."""

        @wraps(act)
        def counted(*args: P.args, **kwargs: P.kwargs) -> T:
            came_of_it = act(*args, **kwargs)
            done = came_of_it[0] if isinstance(came_of_it, tuple) else came_of_it
            if done:
                self.add(str(kwargs["done_by"]), int(cast("int", done)))
            return came_of_it

        return counted

    def keep(self) -> None:
        """Tell; what cannot be told is kept for the next time."""
        with self._lock:
            done = dict(self._done)
        if any(done.values()):
            self._tell(done["task"], done["pulse"])
            with self._lock:
                for hand, count in done.items():
                    self._done[hand] -= count
