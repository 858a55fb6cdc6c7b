"""The keeper of files: in every worker process a thread that sweeps away files which no case named within a day.

What it does is in the rows, so it may be killed at any moment, and any number of them may sweep at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from workers.logs import Log
from workflow.engine.materials import Swept
from workflow.errors import Unavailable

log = Log("workers.files")

#: Seconds between two sweeps, and before the first: a worker that has just begun has better things to do.
PAUSE = 3600.0


class FileKeeper:
    """One keeper. `sweep` removes what is due and says what came of it."""

    def __init__(self, sweep: Callable[[], Swept]) -> None:
        self._sweep = sweep
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="files", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Ask it to stop and wait, at most `timeout` seconds, for the file it is at."""
        self._stopping.set()
        self._thread.join(timeout)

    def beat(self) -> None:
        """Sweep once. What goes wrong is logged, and gone on with the next time."""
        try:
            swept = self._sweep()
        except Unavailable as error:
            log.warning("files_postponed", code=error.code, reason=error.message)
        except Exception:
            # A fault of ours must not end the thread: orphans are personal data, too.
            log.exception("files_failed")
        else:
            if swept.removed:
                log.info("files_swept", removed=swept.removed, waiting=swept.waiting)

    def _run(self) -> None:
        while not self._stopping.wait(PAUSE):
            self.beat()
