"""The keeper of the clock: in every worker process a thread that looks whether the clocks can be believed.

It costs a look at one row every two seconds. When they cannot, whoever sees it first holds irreversible outcomes back, and
all learn from the same row when two persons have released them.
"""

from __future__ import annotations

from collections.abc import Callable

from workers.keeper import Keeper
from workers.logs import Log
from workflow.engine.time_watch import Looked

log = Log("workers.clocks")

#: Seconds between two looks.
PAUSE = 2.0


class ClockKeeper(Keeper):
    """One keeper. `look` looks at the clocks and says what it found."""

    def __init__(self, look: Callable[[], Looked]) -> None:
        super().__init__("clocks", log=log, pause=PAUSE, at_once=True)
        self._look = look
        self._frozen = False

    def keep(self) -> None:
        """Look once; what has just begun, or ended, is told."""
        looked = self._look()
        if looked.jump is not None:
            log.error("outcomes_frozen", because=looked.jump.because, shift=str(looked.jump.shift))
        elif self._frozen and not looked.frozen:
            log.warning("outcomes_released")
        self._frozen = looked.frozen
