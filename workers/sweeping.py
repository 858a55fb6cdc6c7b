"""The sweeper: in every worker process a thread that carries a published notice on holidays to the open clocks.

It looks once a second whether any clock is behind, which costs a look into an index, and needs neither the broker nor the
relay. What it has done is in the rows, so it may be killed at any moment, and all the sweepers there are share the work.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from workers.logs import Log
from workers.pace import Pace
from workflow.engine.sweep import Swept
from workflow.errors import Unavailable

log = Log("workers.sweeping")

#: Seconds between two looks: between batches, and when no clock is behind.
BUSY, IDLE = 0.01, 1.0

#: Seconds that a batch is to take, which is how long an act on one of its cases may have to wait.
BATCH_SECONDS = 0.2

#: Cases in a batch, which grows and shrinks with how fast they go.
FIRST, FEWEST, MOST = 50, 5, 400

#: Of the time a batch took, how much is left to others before the next: where there is one writer at a time, they need it.
REST = {"postgresql": 0.0, "sqlite": 1.0}


class Sweeper:
    """One sweeper. `sweep` does a batch of at most so many cases (`limit`) and says what came of it."""

    def __init__(
        self, sweep: Callable[..., Swept], *, rest: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sweep = sweep
        self._rest = rest
        self._clock = clock
        self._limit = FIRST
        self._pace = Pace(busy=BUSY, idle=IDLE, clock=clock)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Ask it to stop and wait, at most `timeout` seconds, for its batch; what it leaves undone is rolled back."""
        self._stopping.set()
        self._thread.join(timeout)

    def beat(self) -> float:
        """Do a batch. Gives the seconds to wait before the next."""
        began = self._clock()
        swept = self._sweep(limit=self._limit)
        took = self._clock() - began
        for case_id, why in swept.failed.items():
            # The kind of error; its message, which may hold somebody's values, is in the database.
            log.error("reprojection_failed", case_id=case_id, reason=why.partition(":")[0])
        if not swept.cases:
            return self._pace.rested()
        if swept.cases >= self._limit:
            self._limit = _within(round(self._limit * BATCH_SECONDS / max(took, 0.001)))
        return max(self._pace.worked(), took * self._rest)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = self.beat()
            except Unavailable as error:
                log.warning("sweep_postponed", code=error.code, reason=error.message)
                pause = IDLE
            except Exception:
                # A fault of ours must not end the one thread that keeps the dates right.
                log.exception("sweep_failed")
                pause = IDLE
            self._stopping.wait(pause)


def _within(limit: int) -> int:
    return max(FEWEST, min(limit, MOST))
