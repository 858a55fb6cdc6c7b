"""The keeper of the desks: in every worker process a thread that lets work items follow absences (AB岗).

It looks twice a second whether an absence has begun or ended since, which costs a look at one row. What it does are
commands like any other, so all the keepers there are may do it at once.
"""

from __future__ import annotations

from collections.abc import Callable

from workers.keeper import Keeper
from workers.logs import Log
from workflow.engine.absences import Followed

log = Log("workers.desks")

#: Seconds between two looks.
PAUSE = 0.5


class DeskKeeper(Keeper):
    """One keeper. `follow` looks at the work items, if they wait for it, and says what came of it."""

    def __init__(self, follow: Callable[[], Followed]) -> None:
        super().__init__("desks", log=log, pause=PAUSE, at_once=True)
        self._follow = follow

    def keep(self) -> None:
        """Look once."""
        for case_id, why in self._follow().failed.items():
            # The kind of error; its message may hold somebody's values.
            log.error("hand_over_failed", case_id=case_id, reason=why.partition(":")[0])
