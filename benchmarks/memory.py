"""Whether a worker's memory stays flat over a hundred thousand steps.

    python -m benchmarks memory [--steps N] [--cases N] [--sqlite] [--every N]

One real worker process under the real supervisor, on a database of its own that is quick and not durable (memory is
measured here, not speed; with `--sqlite` a file in /dev/shm). Many cases have an examiner; the clock is set to one rung
after the other, and the worker fires each on every case, raises its finding and writes the step. The first half is done
without a broker, one case in each transaction, by the pulse; then a broker comes, and tasks do the rest, many cases
together. Resident memory is read every 10,000 steps; the first reading is the warm-up. Bar: every later one within a tenth
of it; exit 1 if missed.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select, text

from benchmarks._copies import multiply
from benchmarks._installation import Installation
from benchmarks.timers import ACCEPTED, set_clock
from workers.embedded_broker import server_program
from workflow.cli.embedded import embedded_stack
from workflow.config import Settings
from workflow.storage import tables as t
from workflow.testing.brokers import temporary_broker
from workflow.testing.postgres import temporary_postgres
from workflow.testing.waiting import wait_until

STEPS, EVERY, CASES, TOLERANCE = 100_000, 10_000, 10_000, 0.10
SHM = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it

#: Seconds in which a wave of one rung on every case must be done.
PATIENCE = 900.0


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks memory")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--every", type=int, default=EVERY)
    parser.add_argument("--sqlite", action="store_true")
    options = parser.parse_args(argv)
    with made(sqlite=options.sqlite) as (here, address), ExitStack() as later:
        fill(here, options.cases)
        with embedded_stack(here.settings, workers=1) as stack:
            pid = stack.pids["workers"][0]
            readings, broker = [(0, resident(pid))], False
            print(f"{0:>9,} steps {readings[0][1]:8.1f} MB", flush=True)
            begun = time.monotonic()
            while (done := readings[-1][0]) < options.steps:
                if not broker and done * 2 >= options.steps:
                    later.enter_context(temporary_broker(server_program(), address))
                    broker = True
                wanted = min(done + options.every, options.steps)
                steps = reached(here, wanted)
                readings.append((steps, resident(pid)))
                rate = steps / (time.monotonic() - begun)
                print(
                    f"{steps:>9,} steps {readings[-1][1]:8.1f} MB  {rate:5.0f}/s  {hands(here)}", flush=True
                )
    return judged(readings)


@contextmanager
def made(*, sqlite: bool) -> Iterator[tuple[Installation, Path]]:
    """An installation on a quick database, and where its broker will be."""
    shm = str(SHM) if SHM.is_dir() else None
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="banjie-", dir=shm)))
        env = {"BANJIE_HOME": str(folder / "home"), "BANJIE_BROKER_URL": f"unix://{folder}/b"}
        settings = Settings.from_environment(env)
        if not sqlite:
            server = running.enter_context(temporary_postgres())
            url = server.render_as_string(hide_password=False)
            settings = replace(settings, database_url=Settings.from_environment(
                {**env, "BANJIE_DATABASE_URL": url}
            ).database_url)  # fmt: skip
        yield Installation(settings, "offset", ACCEPTED), folder / "b"


def fill(here: Installation, cases: int) -> None:
    """So many cases with an examiner."""
    template = here.file("template")
    here.accept(template)
    with here.store.engine.begin() as connection:
        multiply(connection, template.case_id, cases - 1)
    with here.store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def reached(here: Installation, wanted: int) -> int:
    """Let time pass until so many steps are done; gives how many are."""

    def enough() -> bool:
        if fired(here) >= wanted:
            return True
        if here.store.quiet():
            due = here.store.next_due()
            if due is None:
                raise RuntimeError("no rung waits any more: take more --cases")
            set_clock(here, due)
        return False

    wait_until(enough, PATIENCE, every=0.2, what=f"{wanted:,} steps")
    return fired(here)


def fired(here: Installation) -> int:
    with here.store.read() as connection:
        return int(
            connection.execute(select(func.count()).where(t.rungs.c.fired_at.is_not(None))).scalar_one()
        )


def hands(here: Installation) -> str:
    return ", ".join(f"{hand} {done:,}" for hand, done in here.store.done_counts().items())


def resident(pid: int) -> float:
    """Megabytes of memory that the process holds."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def judged(readings: Sequence[tuple[int, float]]) -> int:
    """Whether every reading after the warm-up is near the first of them."""
    _, (_, warm), *rest = readings
    worst = max((abs(held / warm - 1) for _, held in rest), default=0.0)
    print(f"after the warm-up {warm:.1f} MB; at most {worst:.1%} away from it (bar {TOLERANCE:.0%})")
    if worst > TOLERANCE:
        print("MISSED")
    return 1 if worst > TOLERANCE else 0
