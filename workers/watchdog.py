"""The watchdog: it measures whether work gets done, not whether processes are there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from workers.child import Child
from workers.logs import Log

log = Log("workers.watchdog")

#: Seconds of silence after which the relay or a worker, which report every five, is taken to be stuck.
RELAY_SILENT = WORKER_SILENT = 30.0

#: And the reconciler, which reports at each pass and, in a full proof, at each step.
RECONCILER_SILENT = 180.0

#: A process that has said nothing yet is given so many times as long: it may have to read much on a machine in a rush.
BEFORE_ITS_FIRST_WORD = 3

#: Seconds that restarted workers are given before they are judged again.
MERCY = 30.0


class Watchdog:
    """Kills the workers when the relay reports that work stands still, one of them when a loop of it does not come round,
    and whoever says nothing at all. Their supervisor starts them again; what they were at is rolled back and stands in the
    database as undone.
    """

    def __init__(
        self,
        relay: Child,
        workers: Sequence[Child],
        reconciler: Child | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._relay = relay
        self._workers = workers
        self._clock = clock
        self._patience = {id(relay): ("relay_silent", RELAY_SILENT)}
        self._patience |= {id(worker): ("worker_silent", WORKER_SILENT) for worker in workers}
        if reconciler is not None:
            self._patience[id(reconciler)] = ("reconciler_silent", RECONCILER_SILENT)
        self._watched = [relay, *workers, *([reconciler] if reconciler is not None else [])]
        # child -> its process, when that was last heard, and whether it has said anything at all
        self._heard: dict[int, tuple[int, float, bool]] = {}
        self._merciful_until = clock()

    def begin(self) -> None:
        """All is ready: count everybody's silence from now."""
        for child in self._watched:
            self._hears(child)

    def heard(self, child: Child, reports: Iterable[dict[str, Any]]) -> None:
        """Take in what a child has reported."""
        self._hears(child)
        for report in reports:
            if child is self._relay and report.get("stalled"):
                self._work_stands_still()
            elif child is self._relay and report.get("idle"):
                log.error("relay_idle", pid=child.pid)
                child.kill()
                return
            elif report.get("stuck") and child is not self._relay:
                log.error("thread_stuck", child=child.name, pid=child.pid, stuck=report["stuck"])
                child.kill()
                return

    def judge(self) -> None:
        """Look at who has said nothing for too long."""
        for child in self._watched:
            name, patience = self._patience[id(child)]
            pid, at, spoke = self._heard.get(id(child), (0, 0.0, False))
            if not child.running or pid != child.pid:
                self._heard[id(child)] = (child.pid, self._clock(), False)
            elif self._clock() - at > (patience if spoke else patience * BEFORE_ITS_FIRST_WORD):
                log.error(name, child=child.name, pid=child.pid)
                self._hears(child)
                child.kill()

    def _hears(self, child: Child) -> None:
        self._heard[id(child)] = (child.pid, self._clock(), True)

    def _work_stands_still(self) -> None:
        if self._clock() >= self._merciful_until:
            log.error("workers_stalled", workers=[worker.pid for worker in self._workers])
            self._merciful_until = self._clock() + MERCY
            for worker in self._workers:
                worker.kill()
