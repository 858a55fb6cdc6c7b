"""The keeper of files: in every worker process a thread that sweeps away files which no case named within a day.

What it does is in the rows, so it may be killed at any moment, and any number of them may sweep at once.
"""

from __future__ import annotations

from collections.abc import Callable

from workers.keeper import Keeper
from workers.logs import Log
from workflow.engine.materials import Swept

log = Log("workers.files")

#: Seconds between two sweeps, and before the first: a worker that has just begun has better things to do.
PAUSE = 3600.0


class FileKeeper(Keeper):
    """One keeper. `sweep` removes what is due and says what came of it."""

    def __init__(self, sweep: Callable[[], Swept]) -> None:
        super().__init__("files", log=log, pause=PAUSE, at_once=False)
        self._sweep = sweep

    def keep(self) -> None:
        """Sweep once; orphans are personal data, too."""
        swept = self._sweep()
        if swept.removed:
            log.info("files_swept", removed=swept.removed, waiting=swept.waiting)
