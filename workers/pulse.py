"""The pulse: in every worker process a thread that does by itself what was hinted two seconds ago and is still undone.

A hint may be lost with a killed worker, a restarted broker or a dead relay; what is due stands in the database, and the
pulse asks the database. When the broker does not answer it takes the work at once. It never waits for the broker, for
the relay or for Celery, so nothing that stops them stops it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from workers.logs import Log
from workers.looking import ATTEMPTS
from workers.pace import Pace
from workflow.errors import Unavailable

log = Log("workers.pulse")

#: Seconds that a hint is given to lead to a look before the pulse looks by itself.
PATIENCE = 2.0

#: So many times as long while there are cases that only a newer program can do.
BEHIND = 3

#: Cases taken at once. Few, since other pulses may help.
BATCH = 20

#: Seconds between beats: while the pulse is the one who works, and while tasks do everything.
BUSY, IDLE = 0.01, 0.5


class Undone(Protocol):
    """The part of the store that a pulse needs."""

    def take_due(self, limit: int) -> Sequence[str]: ...
    def take_overlooked(self, seconds: float, limit: int, *, attempts: int) -> Sequence[str]: ...
    def unhinted(self, limit: int) -> Sequence[str]: ...


class LooksAtAll(Protocol):
    def __call__(self, case_ids: Sequence[str], stopping: Callable[[], bool]) -> int: ...


class Pulse:
    """One pulse. `backlog` says how many hints lie in the broker, or None when it does not answer; `behind` whether there
    are cases that this program must leave to a newer one."""

    def __init__(
        self,
        undone: Undone,
        look_at_all: LooksAtAll,
        *,
        backlog: Callable[[], int | None],
        behind: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._undone = undone
        self._behind = behind
        self._look_at_all = look_at_all
        self._backlog = backlog
        self._clock = clock
        self._pace = Pace(busy=BUSY, idle=IDLE, clock=clock)
        self._broker_was_up = True
        self._first_seen: dict[str, float] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Ask it to stop and wait, at most `timeout` seconds, for the case it is looking at. What it leaves undone is
        rolled back and found again by another."""
        self._stopping.set()
        self._thread.join(timeout)

    def beat(self) -> float:
        """Do what was overlooked. Gives the seconds to wait before the next beat."""
        case_ids = self._take()
        self._look_at_all(case_ids, self._stopping.is_set)
        return self._pace.worked() if case_ids else self._pace.rested()

    def _take(self) -> Sequence[str]:
        # An older program lets newer ones take first what it may have to leave to them.
        patience = PATIENCE * BEHIND if self._behind() else PATIENCE
        overlooked = self._undone.take_overlooked(patience, BATCH, attempts=ATTEMPTS)
        if overlooked:
            return overlooked
        backlog = self._backlog()
        self._tell_of_broker(up=backlog is not None)
        if backlog is None or (backlog == 0 and self._relay_sleeps()):
            return self._undone.take_due(BATCH)
        return ()

    def _relay_sleeps(self) -> bool:
        """Whether something due has gone without a hint for so long, with none in the broker, that no relay is awake."""
        now = self._clock()
        seen = self._undone.unhinted(BATCH)
        self._first_seen = {case_id: self._first_seen.get(case_id, now) for case_id in seen}
        return any(now - since >= PATIENCE for since in self._first_seen.values())

    def _tell_of_broker(self, *, up: bool) -> None:
        if up != self._broker_was_up:
            log.warning("broker_back" if up else "broker_unavailable")
            self._broker_was_up = up

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = self.beat()
            except Unavailable as error:
                log.warning("pulse_skipped", code=error.code, reason=error.message)
                pause = IDLE
            except Exception:
                # A fault of ours must not end the one thing that notices what everything else forgot.
                log.exception("pulse_failed")
                pause = IDLE
            self._stopping.wait(pause)
