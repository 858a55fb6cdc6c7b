"""The keeper of the desks: in every worker process a thread that lets work items follow absences (AB岗).

It looks twice a second whether an absence has begun or ended since, which costs a look at one row. What it does are
commands like any other, so all the keepers there are may do it at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from workers.logs import Log
from workflow.engine.absences import Followed
from workflow.errors import Unavailable

log = Log("workers.desks")

#: Seconds between two looks.
PAUSE = 0.5


class DeskKeeper:
    """One keeper. `follow` looks at the work items, if they wait for it, and says what came of it."""

    def __init__(self, follow: Callable[[], Followed]) -> None:
        self._follow = follow
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="desks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Ask it to stop and wait, at most `timeout` seconds, for the item it is at."""
        self._stopping.set()
        self._thread.join(timeout)

    def beat(self) -> None:
        """Look once. What goes wrong is logged and looked at again the next time."""
        try:
            followed = self._follow()
        except Unavailable as error:
            log.warning("desks_postponed", code=error.code, reason=error.message)
        except Exception:
            # A fault of ours must not end the one thread that sees to it that nobody's work lies idle.
            log.exception("desks_failed")
        else:
            for case_id, reason in followed.failed.items():
                log.error("hand_over_failed", case_id=case_id, reason=reason)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.beat()
            self._stopping.wait(PAUSE)
