"""What a process measures of itself: the time that steps take, how late rungs fire, who does the work, memory.

With several worker processes each writes its numbers into files of its own (prometheus_client's multiprocess mode, in the
folder that `PROMETHEUS_MULTIPROC_DIR` names), and whoever is asked adds them up. No label holds an id, a person or anything
else of which there are many. docs/operations/metrics.md says what each number is for.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Final, Self

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from workflow.engine.watching import Look, Watch
from workflow.errors import BanjieError
from workflow.operation import doing

OWN: Final = CollectorRegistry()
"""What this process measures itself."""

STEP_SECONDS: Final = Histogram(
    "banjie_step_seconds",
    "Seconds that a command, or a look at what is due, took from its first try to the commit.",
    ["what", "result"],
    registry=OWN,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)
TIMER_LAG_SECONDS: Final = Histogram(
    "banjie_timer_lag_seconds",
    "Seconds from the instant at which a rung was to fire until it did.",
    registry=OWN,
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600, 86400),
)
WORK_DONE: Final = Counter(
    "banjie_work_done", "Rungs and automatic steps done, by the hand that did them.", ["hand"], registry=OWN
)
REQUEST_SECONDS: Final = Histogram(
    "banjie_request_seconds",
    "Seconds that the portal took to answer, by kind of page and by status.",
    ["route", "status"],
    registry=OWN,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
MEMORY: Final = Gauge(
    "banjie_process_memory_bytes",
    "Memory that a process holds; the largest where a part has several.",
    ["part"],
    registry=OWN,
    multiprocess_mode="livemax",
)

HANDS: Final = ("task", "pulse")
for _hand in HANDS:
    # There from the start, so that a share can be told before either has done anything.
    WORK_DONE.labels(_hand)

_TIMED: Final[dict[tuple[str, str], Histogram]] = {}


class _Measured:
    """One thing being done: timed, and known to the log lines that are written meanwhile."""

    __slots__ = ("_began", "_what")

    def __init__(self, what: str, case_id: str, command: str) -> None:
        self._what = what
        doing.note(case_id, command)
        self._began = perf_counter()

    def __enter__(self) -> Self:
        return self

    def did(self, things: int, hand: str, late: Sequence[float]) -> None:
        if things:
            WORK_DONE.labels(hand).inc(things)
        for seconds in late:
            TIMER_LAG_SECONDS.observe(max(seconds, 0.0))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        took = perf_counter() - self._began
        doing.end()
        result = "done" if error is None else "refused" if isinstance(error, BanjieError) else "failed"
        timed = _TIMED.get((self._what, result))
        if timed is None:
            timed = _TIMED[self._what, result] = STEP_SECONDS.labels(self._what, result)
        timed.observe(took)


def measured(what: str, case_id: str, command: str) -> Look:
    """The `watch` of an engine in a process that measures itself."""
    return _Measured(what, case_id, command)


WATCH: Final[Watch] = measured


def request_answered(route: str, status: int, seconds: float) -> None:
    """The portal has answered. `route` is the pattern of the address, never what somebody typed."""
    REQUEST_SECONDS.labels(route, str(status)).observe(seconds)


def note_memory(part: str) -> int:
    """Measure how much memory this process holds; gives the bytes."""
    held = resident_bytes()
    MEMORY.labels(part).set(held)
    return held


def resident_bytes() -> int:
    """What is held now where the system tells it, else the most that ever was."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
