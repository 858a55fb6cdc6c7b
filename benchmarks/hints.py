"""How long it takes from the commit of a command to the start of the automatic step it calls for, in a worker.

    python -m benchmarks hints [--quick] [--pings N] [--sqlite | --postgresql]

The real stack: relay and two workers, a broker of its own. A licence is filed by `handle` in this process; the time runs
from the moment it returns to the instant at which the worker has locked the case for the pre-check, which the event
carries. In the same run a Celery task that does nothing is sent to two solo workers on another database of the same
broker; its time runs from before the send to its start. The two take turns, in a stream and after pauses of a second or
two. Then, what relay and server cost while nothing happens. Lastly the broker is killed, and what is filed must still
happen.

Bars, on PostgreSQL: p50 at most three times the no-op's, in the stream and after pauses; p99 at most 0.5 s. On both: without
a broker every step within 5 s. Exit 1 if missed.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event

from sqlalchemy import func, select

from benchmarks._installation import Installation, installation, processor_seconds
from benchmarks._results import Result, merge
from benchmarks.celery_pools import Sender, Variant, start_worker
from workers.broker import Backlog
from workers.celery_app import publishing_app
from workers.embedded_broker import server_program
from workflow.cli.embedded import StackProcess, embedded_stack
from workflow.storage import tables as t
from workflow.testing.brokers import temporary_broker
from workflow.testing.waiting import wait_until

PINGS, AFTER_PAUSES, WITHOUT_BROKER, WORKERS = 200, 15, 10, 2

#: Seconds between two pings of the stream, and of those after pauses: drawn from these.
STREAM, PAUSES = (0.02, 0.1), (1.0, 2.0)

#: Seconds of silence before, and of, the measuring of what silence costs.
SILENCE, LISTENED = 45.0, 10.0

MOST_RATIO, MOST_P99, MOST_WITHOUT = 3.0, 0.5, 5.0


@dataclass(frozen=True, slots=True)
class Latencies:
    """Seconds of each ping; `hinted` are the part of ours until the relay had marked the case as hinted."""

    ours: list[float]
    noop: list[float]
    hinted: list[float]


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks hints")
    parser.add_argument("--quick", action="store_true", help="fewer pings, and silence is not measured")
    parser.add_argument("--pings", type=int, default=PINGS)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--sqlite", action="store_true")
    only.add_argument("--postgresql", action="store_true")
    options = parser.parse_args(argv)
    missed = 0
    for sqlite in (False, True):
        if (options.postgresql, options.sqlite)[not sqlite]:
            continue
        with tempfile.TemporaryDirectory(prefix="banjie-") as folder, ExitStack() as running:
            made = running.enter_context(installation(Path(folder), sqlite=sqlite))
            missed |= measured(made, Path(folder), running, options)
    return missed


def measured(made: Installation, folder: Path, running: ExitStack, options: argparse.Namespace) -> int:
    """Everything on one database."""
    address = folder / "b"
    server = running.enter_context(temporary_broker(server_program(), address))
    url = f"redis+socket://{address}"
    stack = running.enter_context(embedded_stack(replace(made.settings, broker_url=url), WORKERS))
    noop = Noop(f"{url}?virtual_host=1", folder / "marks", running)
    bench = Bench(made, noop)
    bench.pinged(20, STREAM)
    few = 3 if options.quick else 1
    stream = bench.pinged(options.pings // few, STREAM)
    single = bench.pinged(AFTER_PAUSES // few, PAUSES)
    name = "SQLite" if made.store.dialect == "sqlite" else "PostgreSQL"
    print(f"{name}: ms from commit to start, against Celery's no-op from send to start\n")
    print(
        "| | pings | p50 | p99 | until hinted p50 | no-op p50 | no-op p99 | p50 ÷ no-op's |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    missed = judged("in a stream", stream) | judged("after a pause of 1–2 s", single)
    if made.store.dialect == "sqlite":
        missed = 0  # what is promised is promised on PostgreSQL
    found = [] if options.quick else silence(made, stack)
    noop.stop()
    server.kill()
    server.wait()
    without, _ = bench.filed(WITHOUT_BROKER // few, PAUSES)
    print(
        f"\nwithout a broker: {len(without)} steps, the last to start after {max(without):.2f} s", flush=True
    )
    if max(without) > MOST_WITHOUT:
        print(f"MISSED: {MOST_WITHOUT:.0f} s without a broker")
        missed = 1
    hands = made.store.done_counts()
    print(f"done by {hands}\n", flush=True)
    prefix = "hint_sqlite" if made.store.dialect == "sqlite" else "hint"
    found += results(prefix, stream, single, max(without))
    merge(found, made.store.engine, quick=options.quick)
    return missed


class Noop:
    """Two solo Celery workers that note when a task began; they are on a database of the broker where nobody else is."""

    def __init__(self, url: str, marks: Path, running: ExitStack) -> None:
        self._marks = marks
        self._workers = [
            start_worker(Variant(name="", pool="solo", processes=WORKERS), url, marks) for _ in range(WORKERS)
        ]
        running.callback(self.stop)
        self._sender = Sender(publishing_app(url), Backlog(url))
        self.ping()

    def ping(self) -> None:
        """Send one and wait until it has begun."""
        before = self._count()
        self._sender.send(["mark"])
        wait_until(lambda: self._count() > before, 30, every=0.001, what="the task that does nothing")

    def latencies(self) -> list[float]:
        """Seconds of every ping so far."""
        return [json.loads(line) for line in self._marks.read_text().splitlines()]

    def _count(self) -> int:
        return self._marks.stat().st_size if self._marks.exists() else 0

    def stop(self) -> None:
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.wait()


class Bench:
    """Files and pings in turn."""

    def __init__(self, made: Installation, noop: Noop) -> None:
        self._made = made
        self._noop = noop
        self._draw = Random(1)
        self._filed = 0

    def pinged(self, count: int, pauses: tuple[float, float]) -> Latencies:
        """So many of each, each after a pause, each waited for."""
        before = len(self._noop.latencies())
        ours, hinted = self.filed(count, pauses, then=self._noop.ping)
        return Latencies(ours, self._noop.latencies()[before:], hinted)

    def filed(
        self, count: int, pauses: tuple[float, float], then: Callable[[], object] | None = None
    ) -> tuple[list[float], list[float]]:
        """Seconds from the return of `handle` to the start of the pre-check, and to the mark of its hint."""
        committed = {}
        for _ in range(count):
            self._pause(pauses)
            self._filed += 1
            case_id = self._made.submit(f"hint-{self._filed}").case_id
            committed[case_id] = datetime.now(UTC)
            wait_until(lambda one=case_id: self._checked(one), 30, every=0.02, what="the pre-check")
            if then is not None:
                self._pause(pauses)
                then()
        ours = [(self._started(one) - at).total_seconds() for one, at in committed.items()]
        marks = {one: self._hinted(one) for one in committed}
        return ours, [(marked - committed[one]).total_seconds() for one, marked in marks.items() if marked]

    def _pause(self, pauses: tuple[float, float]) -> None:
        Event().wait(self._draw.uniform(*pauses))

    def _checked(self, case_id: str) -> bool:
        with self._made.store.read() as connection:
            return (
                connection.execute(select(t.cases.c.state).where(t.cases.c.id == case_id)).scalar()
                != "received"
            )

    def _started(self, case_id: str) -> datetime:
        with self._made.store.read() as connection:
            first = select(func.min(t.events.c.recorded_at)).where(
                t.events.c.case_id == case_id, t.events.c.actor == "system", t.events.c.type == "ActionTaken"
            )
            return connection.execute(first).scalar_one()

    def _hinted(self, case_id: str) -> datetime | None:
        with self._made.store.read() as connection:
            return connection.execute(select(t.jobs.c.hinted_at).where(t.jobs.c.case_id == case_id)).scalar()


def silence(made: Installation, stack: StackProcess) -> list[Result]:
    """What it costs when nothing happens: soon after the last work, and long after it."""
    found = []
    for name, seconds in (("a few seconds", 3.0), ("a long time", SILENCE)):
        Event().wait(seconds)
        began = time.monotonic()
        relay, server = _seconds_of(stack.pids["relay"]), processor_seconds().get("postgres", 0.0)
        Event().wait(LISTENED)
        passed = time.monotonic() - began
        relay, server = (
            (_seconds_of(stack.pids["relay"]) - relay) / passed,
            (processor_seconds().get("postgres", 0.0) - server) / passed,
        )
        print(
            f"silent for {name}: the relay takes {relay:.1%} of a core,"
            f" the database's server for all of the stack {server:.1%}"
        )
        found.append(
            Result(f"relay_cpu_silent_for_{name.replace(' ', '_')}_{made.store.dialect}", relay, "cores")
        )
    return found


def _seconds_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _quantile(seconds: Sequence[float], part: float) -> float:
    return sorted(seconds)[min(int(len(seconds) * part), len(seconds) - 1)]


def judged(name: str, found: Latencies) -> int:
    ours, noop = ([_quantile(one, part) * 1000 for part in (0.5, 0.99)] for one in (found.ours, found.noop))
    ratio = ours[0] / noop[0]
    print(
        f"| {name} | {len(found.ours)} | {ours[0]:.1f} | {ours[1]:.1f} | {_quantile(found.hinted, 0.5) * 1000:.1f}"
        f" | {noop[0]:.1f} | {noop[1]:.1f} | {ratio:.1f} |",
        flush=True,
    )
    return int(ratio > MOST_RATIO or ours[1] > MOST_P99 * 1000)


def results(prefix: str, stream: Latencies, single: Latencies, without: float) -> list[Result]:
    found = []
    for name, one in (("", stream), ("_after_pause", single)):
        p50, p99 = (_quantile(one.ours, part) * 1000 for part in (0.5, 0.99))
        noop = _quantile(one.noop, 0.5) * 1000
        against = f"Celery no-op, send to start: {noop:.2f} ms"
        found.append(Result(f"{prefix}_p50{name}_vs_celery_noop", p50, "ms", p50 / noop, against))
        found.append(Result(f"{prefix}_p99{name}", p99, "ms"))
    return [*found, Result(f"{prefix}_without_broker_max", without, "s")]
