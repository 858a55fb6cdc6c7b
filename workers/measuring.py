"""What the stack tells Prometheus: each process measures itself, the relay's answers for all of them.

Only where `BANJIE_METRICS_PORT` names a port; see `workers.measured` for how the processes of a stack are added up.
"""

from __future__ import annotations

from collections.abc import Callable

from workers.broker import Backlog, BrokerWatch
from workers.keeper import Keeper
from workers.logs import Log
from workflow.config import Settings
from workflow.engine.banjie import Banjie
from workflow.operation.exposition import Database, registry, serve
from workflow.operation.metrics import note_memory

log = Log("workers.measuring")

#: Seconds between two looks at the memory.
PAUSE = 15.0


class MemoryKeeper(Keeper):
    """Measures the memory of its process."""

    def __init__(self, part: str) -> None:
        super().__init__("memory", log=log, pause=PAUSE, at_once=True)
        self._part = part

    def keep(self) -> None:
        """Look once."""
        note_memory(self._part)


def answer_prometheus(settings: Settings, banjie: Banjie) -> Callable[[], None]:
    """Answer for the stack, if a port is named; gives what ends it. Raises BadSetting when the port cannot be had."""
    if not settings.metrics:
        return lambda: None
    database = Database(lambda: banjie.store, BrokerWatch(Backlog(settings.broker_url)))
    return serve(registry(database), settings.metrics)
