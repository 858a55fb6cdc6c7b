"""The watchdog: it measures whether work gets done, not whether processes are there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from workers.child import Child
from workers.logs import Log

log = Log("workers.watchdog")

#: Seconds of silence after which the relay, which reports every five, is taken to be stuck.
RELAY_SILENT = 30.0

#: Seconds that restarted workers are given before they are judged again.
MERCY = 30.0


class Watchdog:
    """Kills the workers when the relay reports that work stands still, and the relay when it says nothing at all. Their
    supervisor starts them again; what they were at is rolled back and stands in the database as undone."""

    def __init__(
        self, relay: Child, workers: Sequence[Child], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._relay = relay
        self._workers = workers
        self._clock = clock
        self._heard_at = clock()
        self._merciful_until = clock()

    def begin(self) -> None:
        """All is ready: count the relay's silence from now."""
        self._heard_at = self._clock()

    def heard(self, child: Child, reports: Iterable[dict[str, Any]]) -> None:
        """Take in what a child has reported."""
        if child is not self._relay:
            return
        self._heard_at = self._clock()
        if any(report.get("stalled") for report in reports) and self._clock() >= self._merciful_until:
            log.error("workers_stalled", workers=[worker.pid for worker in self._workers])
            self._merciful_until = self._clock() + MERCY
            for worker in self._workers:
                worker.kill()

    def judge(self) -> None:
        """Look at who has said nothing for too long."""
        if self._relay.running and self._clock() - self._heard_at > RELAY_SILENT:
            log.error("relay_silent", pid=self._relay.pid)
            self._heard_at = self._clock()
            self._relay.kill()
