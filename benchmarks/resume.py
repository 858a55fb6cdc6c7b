"""How long a step takes that its worker was killed in the middle of, and how long any step takes without a broker.

    python -m benchmarks resume [--kills N] [--steps N]

PostgreSQL with durable settings and the real supervisor. For every kill a case is filed while all are asleep; then one
worker is woken, takes the message, which is gone with that, and is stopped by a lock of ours in the middle of its step:
all is decided, and its rows wait to be written. There it is killed with -9, and its session in the database is ended, as
the machine's would be. The time runs from the kill until the step is done, by whomever. With two workers and with one,
with a broker and without. Bar: 35 s each.

Then steps without a broker and without kills: the time from the commit that asks for a step to the commit that does it,
by the database's clock. Bar: 5 s each. Exit 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from sqlalchemy import Connection, func, select, text

from benchmarks._installation import Installation
from benchmarks._results import Result, merge
from workflow.cli.embedded import StackProcess, embedded_stack
from workflow.config import Settings
from workflow.storage import tables as t
from workflow.testing.postgres import temporary_postgres
from workflow.testing.waiting import wait_until

KILLS, STEPS = 20, 200
RESUMED, WITHOUT_BROKER = 35.0, 5.0

#: Kills under one supervisor: one whose child dies ten times in a minute gives up, and it should.
PER_STACK = 8

#: Seconds between two filings, so that a step is not found by the look for the one before.
APART = 0.05

_WAITS = text("SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'events'::regclass")

_BUSY = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A set-up: so many workers, with a broker or without."""

    name: str
    title: str
    workers: int
    broker: bool


VARIANTS = (
    Variant(name="resume_2_workers", title="two workers", workers=2, broker=True),
    Variant(name="resume_1_worker", title="one worker", workers=1, broker=True),
    Variant(name="resume_2_workers_no_broker", title="two, no broker", workers=2, broker=False),
    Variant(name="resume_1_worker_no_broker", title="one, no broker", workers=1, broker=False),
)


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks resume")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args(argv)
    missed, results = False, list[Result]()
    with temporary_postgres(durable=True) as server, tempfile.TemporaryDirectory(prefix="banjie-") as folder:
        env = {
            "BANJIE_HOME": f"{folder}/home",
            "BANJIE_DATABASE_URL": server.render_as_string(hide_password=False),
        }
        here = Installation(Settings.from_environment(env), "real")
        without = Settings.from_environment({**env, "BANJIE_BROKER_URL": f"unix://{folder}/nobody"})
        print(f"{'':<18} {'kills':>6} {'p50 s':>7} {'max s':>7}")
        for variant in VARIANTS:
            settings = here.settings if variant.broker else without
            took = sorted(resumed(here, settings, variant, options.kills))
            results.append(Result(variant.name, took[-1], "s"))
            missed |= told(variant.title, took, RESUMED)
        took = sorted(undisturbed(here, without, options.steps))
        results.append(Result("step_without_broker_max", took[-1], "s"))
        missed |= told("no broker, no kill", took, WITHOUT_BROKER)
        merge(results, here.store.engine)
        here.store.close()
    return int(missed)


def told(title: str, took: Sequence[float], bar: float) -> bool:
    """Print a row; True when the bar is missed."""
    late = took[-1] > bar
    print(
        f"{title:<18} {len(took):>6} {took[len(took) // 2]:7.2f} {took[-1]:7.2f}{'  MISSED' if late else ''}",
        flush=True,
    )
    return late


def resumed(here: Installation, settings: Settings, variant: Variant, kills: int) -> Iterator[float]:
    """The seconds after each kill."""
    done = 0
    while done < kills:
        with embedded_stack(settings, variant.workers) as stack:
            for _ in range(min(PER_STACK, kills - done)):
                yield one_kill(here, stack, variant, done)
                done += 1


def one_kill(here: Installation, stack: StackProcess, variant: Variant, number: int) -> float:
    def workers() -> list[int]:
        return children(stack.pids["supervisor"], "workers.worker")

    wait_until(lambda: len(workers()) == variant.workers, 60, what="all workers to be there")
    wait_until(here.store.quiet, 60, what="nothing to be left from the last time")
    relay, hands = children(stack.pids["supervisor"], "workers.relaying")[0], workers()
    victim = hands[number % len(hands)]
    with asleep(here, [relay, *hands]), here.store.engine.connect() as holding:
        filed = here.submit(f"{variant.name} {number}").case_id
        holding.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        holding.execute(text("LOCK TABLE events IN SHARE MODE"))
        for pid in (relay, victim):
            os.kill(pid, signal.SIGCONT)
        session = wait_until(lambda: waiting(here), 60, what="the worker to be in the middle of its step")
        os.kill(victim, signal.SIGKILL)
        began = time.monotonic()
        with here.store.engine.connect() as ending:
            ending.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": session})
        holding.rollback()
    wait_until(lambda: not undone(here, filed), 120, every=0.005, what="the step to be done")
    return time.monotonic() - began


@contextmanager
def asleep(here: Installation, pids: Sequence[int]) -> Iterator[None]:
    """These are stopped, none of them within a transaction, and at the end go on, if they are still there."""

    def stopped() -> bool:
        send(pids, signal.SIGSTOP)
        with here.store.read() as connection:
            between = not connection.execute(_BUSY).scalar_one()
        if not between:
            send(pids, signal.SIGCONT)
        return between

    wait_until(stopped, 60, every=0.05, what="everybody to be stopped between two transactions")
    try:
        yield
    finally:
        send(pids, signal.SIGCONT)


def send(pids: Sequence[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def waiting(here: Installation) -> int:
    """The session that waits for our lock, if one does."""
    with here.store.read() as connection:
        return int(connection.execute(_WAITS).scalars().first() or 0)


def undone(here: Installation, case_id: str) -> bool:
    with here.store.read() as connection:
        return _undone(connection, case_id) > 0


def _undone(connection: Connection, case_id: str) -> int:
    rows = select(func.count()).where(t.jobs.c.case_id == case_id, t.jobs.c.done_at.is_(None))
    return int(connection.execute(rows).scalar_one())


def undisturbed(here: Installation, settings: Settings, steps: int) -> list[float]:
    """The seconds from being due to being done, of steps that come one by one while there is no broker."""
    pause = Event()
    with embedded_stack(settings):
        filed = []
        for number in range(steps):
            filed.append(here.submit(f"undisturbed {number}").case_id)
            pause.wait(APART)
        wait_until(here.store.quiet, 60, what="every step to be done")
    with here.store.read() as connection:
        rows = select(t.jobs.c.done_at, t.jobs.c.due_at).where(t.jobs.c.case_id.in_(filed))
        return [(done - due).total_seconds() for done, due in connection.execute(rows)]


def children(parent: int, module: str) -> list[int]:
    """The living children that run this module."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            state, above = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            if int(above) == parent and state != "Z" and module in (path / "cmdline").read_text():
                found.append(int(path.name))
    return sorted(found)
