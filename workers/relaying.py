"""The relay's process: hints on their way, and every few seconds a word to the supervisor whether work stands still."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from workers import process
from workers.broker import Backlog
from workers.celery_app import publishing_app
from workers.hints import Hints
from workers.relay import Relay
from workers.reports import Reporter
from workers.stopping import Stop
from workflow.config import Settings
from workflow.engine.banjie import Banjie
from workflow.errors import Unavailable
from workflow.storage.changes import Changes

#: Seconds between two reports to the supervisor.
REPORT_EVERY = 5.0

#: Work that nobody has touched for so many seconds stands still: tasks take it in milliseconds, a pulse in two seconds.
STALLED_AFTER = 30.0


class Undone(Protocol):
    """The part of the store that tells whether work stands still."""

    def overlooked(self, seconds: float, limit: int) -> Sequence[str]: ...


class Progress:
    """Tells the supervisor every REPORT_EVERY seconds whether work stands still. It measures the work itself: that
    the workers' processes are there says nothing about what they do."""

    def __init__(
        self, undone: Undone, reporter: Reporter, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._undone = undone
        self._reporter = reporter
        self._clock = clock
        self._told = clock()

    def tell(self) -> None:
        now = self._clock()
        if now - self._told >= REPORT_EVERY:
            self._told = now
            self._reporter.progress(stalled=self._stands_still())

    def _stands_still(self) -> bool:
        try:
            return bool(self._undone.overlooked(STALLED_AFTER, 1))
        except Unavailable:
            # Without the database nobody can work, and new workers could not either.
            return False


def serve(settings: Settings, banjie: Banjie, reporter: Reporter) -> int:
    """Relay until SIGTERM or SIGINT."""
    stop = Stop()
    hints = Hints(publishing_app(settings.broker_url))
    relay = Relay(
        banjie.store, hints, backlog=Backlog(settings.broker_url), changed=Changes(banjie.store.engine)
    )
    progress = Progress(banjie.store, reporter)
    reporter.ready()
    while not stop.wait(relay.step()):
        progress.tell()
    hints.close()
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    return process.run("relaying", serve, argv)


if __name__ == "__main__":
    sys.exit(main())
