"""Answering Prometheus: what the processes measured, added up, and what the database and the broker say when asked.

The gauges of the database are the same whoever is asked: take the `max` of them, not the `sum`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client import multiprocess as several
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from workflow.config import metrics_address
from workflow.domain.definition import Colour
from workflow.engine.alarms import STANDING
from workflow.errors import BadSetting, BanjieError
from workflow.operation.metrics import OWN
from workflow.queries.gauges import Gauges, gauges

if TYPE_CHECKING:
    from workflow.storage.store import Store

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
FRESH: Final = 2.0
"""Seconds for which the numbers of the database are told again without asking it: many may ask."""


class Database(Collector):
    """The gauges of the database. `store` gives it or raises; `backlog` counts the hints in the broker, None
    if it does not answer.
    """

    def __init__(self, store: Callable[[], Store], backlog: Callable[[], int | None] | None = None) -> None:
        self._store = store
        self._backlog = backlog
        self._lock = Lock()
        self._asked = float("-inf")
        self._last: Gauges | None = None

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked when it is registered."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Ask, unless somebody just has. A database that is away leaves `banjie_database_up` alone."""
        with self._lock:
            if time.monotonic() - self._asked >= FRESH:
                self._last = self._read()
                self._asked = time.monotonic()
            now = self._last
        yield _gauge(
            "banjie_database_up",
            "Whether the database answers with the schema of this program.",
            now is not None,
        )
        hints = self._backlog() if self._backlog is not None else None
        if self._backlog is not None:
            yield _gauge("banjie_broker_up", "Whether the broker answers.", hints is not None)
        if now is not None:
            yield from families(now, hints)

    def _read(self) -> Gauges | None:
        try:
            return gauges(self._store())
        except BanjieError:
            return None


def families(now: Gauges, hints: int | None) -> Iterable[Metric]:
    """The gauges as Prometheus takes them."""
    yield _gauge(
        "banjie_oldest_due_seconds",
        "Seconds since the oldest undone work fell due.",
        now.oldest_due_seconds,
    )
    yield _gauge(
        "banjie_relay_lag_seconds",
        "Seconds since the oldest work fell due of which no worker was told yet.",
        now.relay_lag_seconds,
    )
    yield _gauge("banjie_jobs_undone", "Automatic steps that are asked for and not done.", now.jobs_undone)
    depth = now.queue_depth | ({"hints": hints} if hints is not None else {})
    yield _gauges(
        "banjie_queue_depth",
        "What waits: rungs due, jobs undone, notifications not sent, hints in the broker.",
        "queue",
        depth,
    )
    yield _gauges(
        "banjie_findings_open",
        "Accountability findings that stand.",
        "colour",
        {str(colour): now.findings_open.get(colour, 0) for colour in Colour},
    )
    yield _gauge(
        "banjie_clocks_provisional",
        "Open periods whose date rests on an assumed calendar.",
        now.clocks_provisional,
    )
    yield _gauge(
        "banjie_work_parked", "Rungs and jobs that failed too often and are left alone.", now.work_parked
    )
    yield _gauge("banjie_notifications_dead", "Notifications that could not be sent.", now.notifications_dead)
    yield _gauge(
        "banjie_outcomes_withheld",
        "Outcomes of silence that wait, their date being provisional.",
        now.outcomes_withheld,
    )
    yield _gauge(
        "banjie_outcomes_frozen",
        "Whether irreversible outcomes are held back, a clock having jumped.",
        now.outcomes_frozen,
    )
    yield _gauge(
        "banjie_invariants_broken",
        "Contradictions that the reconciler has found.",
        now.alarms.get("invariant_broken", 0),
    )
    yield _gauges(
        "banjie_alarms_standing",
        "Alarms that stand, by name.",
        "alarm",
        {name: now.alarms.get(name, 0) for name in STANDING},
    )
    if now.reconciled_seconds is not None:
        yield _gauge(
            "banjie_reconciler_age_seconds",
            "Seconds since the reconciler last looked.",
            now.reconciled_seconds,
        )


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=float(value))


def _gauges(name: str, what: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=[label])
    for key, value in values.items():
        family.add_metric([key], float(value))
    return family


def registry(database: Database) -> CollectorRegistry:
    """Everything that can be told here: of all processes that share the folder, if there is one, else of this one."""
    told = CollectorRegistry()
    told.register(database)
    folder = os.environ.get(FOLDER)
    if folder:
        told.register(_Living(folder))
    else:
        told.register(_Own())
    return told


class _Own(Collector):
    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        return OWN.collect()


class _Living(Collector):
    """Adds up what all processes wrote; what those held that live no more is forgotten, what they counted is not."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._written: Collector = several.MultiProcessCollector(None, folder)  # type: ignore[no-untyped-call]

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterable[Metric]:
        for file in self._folder.glob("gauge_live*_*.db"):
            pid = int(file.stem.rpartition("_")[2])
            if not _lives(pid):
                several.mark_process_dead(pid, str(self._folder))  # type: ignore[no-untyped-call]
        return self._written.collect()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def text(told: CollectorRegistry) -> bytes:
    """All of it in Prometheus' text format 0.0.4."""
    return generate_latest(told)


def serve(told: CollectorRegistry, address: str) -> Callable[[], None]:
    """Answer at `HOST:PORT`, or `PORT` of this machine alone, from a thread; gives what ends it. Raises BadSetting."""
    host, port = metrics_address(address)
    try:
        server, thread = start_http_server(port, host, told)
    except OSError as error:
        raise BadSetting(
            name="BANJIE_METRICS_PORT", reason=f"{host}:{port}: {error.strerror or error}"
        ) from error

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join(1.0)

    return end
