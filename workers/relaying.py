"""The relay's process: hints on their way, and every few seconds a word to the supervisor whether work stands still."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from workers import process
from workers.announcing import Announcer
from workers.broker import Backlog
from workers.celery_app import publishing_app
from workers.hints import Hints
from workers.idling import Idling
from workers.logs import Log
from workers.measuring import answer_prometheus
from workers.relay import Relay
from workers.reports import Reporter
from workers.stopping import Stop
from workflow.config import Settings
from workflow.engine.banjie import Banjie
from workflow.errors import Unavailable
from workflow.storage.changes import Changes

log = Log("workers.relaying")

#: Seconds between two reports to the supervisor.
REPORT_EVERY = 5.0

#: Seconds without a step after which the relay is stuck. It may wait thrice for SQLite's lock, fifteen seconds each time.
RELAY_STUCK = 60.0

#: Work that has been seen undone for SUSPECT seconds, and nothing done anywhere for so many that together they make
#: STALLED_AFTER, stands still: tasks take work in milliseconds, a pulse in two seconds.
SUSPECT, STALLED_AFTER = 10.0, 30.0

#: Cases looked at for that; those that have been due longest come first.
SAMPLE = 50


class Accounts(Protocol):
    """The part of the store that tells how the work goes."""

    def unhinted(self, limit: int) -> Sequence[str]: ...
    def overlooked(self, seconds: float, limit: int) -> Sequence[str]: ...
    def done_counts(self) -> Mapping[str, int]: ...


class Progress:
    """Tells the supervisor every REPORT_EVERY seconds whether work stands still, in a thread beside the relay.

    It measures the work itself: that processes are there says nothing about what they do, and one that is frozen with the
    database's lock in its hand stops all others. A case that was tried and failed, and is to be tried again, is not meant.
    """

    def __init__(
        self,
        accounts: Accounts,
        reporter: Reporter,
        *,
        idle: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._accounts = accounts
        self._reporter = reporter
        self._idle = idle
        self._clock = clock
        self._alive_at = clock()
        self._first_seen: dict[str, float] = {}
        self._done: tuple[int, float] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)

    def start(self) -> None:
        """Tell from a thread of its own: the relay itself may wait for a lock that somebody frozen holds."""
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(1.0)

    def relay_is_alive(self) -> None:
        """Called by the relay at every step."""
        self._alive_at = self._clock()

    def tell(self) -> None:
        """Report once, unless the relay itself is stuck: its silence will tell."""
        now = self._clock()
        if now - self._alive_at < RELAY_STUCK:
            self._reporter.progress(stalled=self._stands_still(now))
            if self._idle():
                self._reporter.say(idle=True)

    def _stands_still(self, now: float) -> bool:
        try:
            seen = [*self._accounts.unhinted(SAMPLE), *self._accounts.overlooked(SUSPECT, SAMPLE)]
            self._first_seen = {case_id: self._first_seen.get(case_id, now) for case_id in seen}
            if all(now - since < SUSPECT for since in self._first_seen.values()):
                self._done = None
                return False
            # Counting all that was ever done is dear, so it is asked only on suspicion.
            done = sum(self._accounts.done_counts().values())
        except Unavailable:
            # Without the database nobody can work, and new workers could not either.
            self._first_seen, self._done = {}, None
            return False
        if self._done is None or self._done[0] != done:
            self._done = (done, now)
        return now - self._done[1] >= STALLED_AFTER - SUSPECT

    def _run(self) -> None:
        while not self._stopping.wait(REPORT_EVERY):
            try:
                self.tell()
            except BrokenPipeError:
                # The supervisor is gone, and on this system that has not ended us.
                os.kill(os.getpid(), signal.SIGTERM)
                return
            except Exception:
                log.exception("progress_not_told")


def serve(settings: Settings, banjie: Banjie, reporter: Reporter) -> int:
    """Relay until SIGTERM or SIGINT."""
    stop = Stop()
    hints = Hints(publishing_app(settings.broker_url))
    idling = Idling(hints, banjie.store.unhinted, Backlog(settings.broker_url))
    relay = Relay(
        banjie.store, idling, backlog=Backlog(settings.broker_url), changed=Changes(banjie.store.engine)
    )
    progress = Progress(banjie.store, reporter, idle=idling)
    end_answering = answer_prometheus(settings, banjie)
    reporter.ready()
    progress.start()
    announcer = Announcer(banjie.store.notifications, hints) if banjie.notifier is not None else None
    while not stop.wait(_stepped(relay, announcer)):
        progress.relay_is_alive()
    progress.stop()
    end_answering()
    hints.close()
    return 0


def _stepped(relay: Relay, announcer: Announcer | None) -> float:
    """A step of each; gives the seconds until the next."""
    return min(relay.step(), announcer.step()) if announcer is not None else relay.step()


def main(argv: Sequence[str] | None = None) -> int:
    return process.run("relaying", serve, argv)


if __name__ == "__main__":
    sys.exit(main())
