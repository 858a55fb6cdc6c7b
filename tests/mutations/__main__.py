"""`python -m tests.mutations [ID…] [--jobs N]`: plant each bug and see that it is noticed; exit 1 unless all are."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from sqlalchemy import make_url

from tests.mutations.catalogue import MUTATIONS
from tests.mutations.mutation import Mutation, NotThere, checked
from tests.mutations.trial import Copy, Outcome, shared_out
from workflow.testing.postgres import temporary_postgres


def main(argv: Sequence[str] | None = None) -> int:
    """Try the mutations that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument(
        "ids", nargs="*", metavar="ID", help="mutations, or how their names begin; by default all"
    )
    parser.add_argument("--jobs", type=int, default=2, help="how many are tried at once (2)")
    parser.add_argument("--check", action="store_true", help="only see that each can still be planted")
    parser.add_argument("--quick", action="store_true", help="do not run the tests without the mistake first")
    asked = parser.parse_args(argv)
    chosen = [one for one in MUTATIONS if not asked.ids or any(one.id.startswith(name) for name in asked.ids)]
    if not chosen:
        parser.error("no mutation is called that")
    if asked.check:
        faults = list(_unplanted(chosen))
        _say("\n".join(faults) or f"{len(chosen)} mutations can be planted")
        return 1 if faults else 0
    return _try(chosen, asked.jobs, quick=asked.quick)


def _unplanted(chosen: Sequence[Mutation]) -> Iterator[str]:
    for one in chosen:
        try:
            checked(one)
        except (NotThere, SyntaxError, OSError) as fault:
            yield f"{one.id}: {fault}"


def _try(chosen: Sequence[Mutation], jobs: int, *, quick: bool) -> int:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="banjie-mutants-") as home, _database() as database:
        free: SimpleQueue[Copy] = SimpleQueue()
        for number in range(jobs):
            free.put(Copy(Path(home) / f"copy-{number}", database))

        def baseline(tests: Sequence[str]) -> dict[str, str]:
            copy = free.get()
            try:
                return copy.baseline(tests)
            finally:
                free.put(copy)

        def tried(one: Mutation) -> Outcome:
            wrong = next((f"{test}: {why}" for test, why in unsound.items() if _named(one, test)), None)
            if wrong is not None:
                return Outcome(id=one.id, caught=False, how=f"fails without the mistake, {wrong}", seconds=0)
            copy = free.get()
            try:
                return copy.tried(one)
            except (NotThere, SyntaxError) as fault:
                return Outcome(id=one.id, caught=False, how=str(fault), seconds=0)
            finally:
                free.put(copy)

        with _pool(jobs) as pool:
            unsound: dict[str, str] = {}
            for failed in pool.map(baseline, [] if quick else filter(None, shared_out(chosen, jobs))):
                unsound |= failed
            outcomes = []
            for outcome in pool.map(tried, chosen):
                outcomes.append(outcome)
                mark = "caught  " if outcome.caught else "SURVIVED"
                _say(f"{mark} {outcome.id:42} {outcome.seconds:5.1f} s  {outcome.how}")
    alive = [outcome.id for outcome in outcomes if not outcome.caught]
    counted = f"{len(outcomes) - len(alive)} of {len(outcomes)} caught"
    _say(f"\n{counted} in {time.monotonic() - begun:.0f} s, {sum(os.times()[2:4]):.0f} s of them at work")
    if alive:
        _say("not caught: " + ", ".join(alive))
    return 1 if alive else 0


def _named(one: Mutation, failed: str) -> bool:
    return any(failed == test or failed.startswith(f"{test}::") for test in one.caught_by)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def _pool(jobs: int) -> Iterator[ThreadPoolExecutor]:
    """So many hands; whoever breaks off waits for what is under way and for nothing that is queued."""
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _database() -> Iterator[str]:
    """One PostgreSQL server for all trials: the one that BANJIE_TEST_DATABASE_URL names, or one of our own."""
    given = os.environ.get("BANJIE_TEST_DATABASE_URL")
    if given:
        yield make_url(given).render_as_string(hide_password=False)
        return
    with temporary_postgres(connections=100) as server:
        yield server.render_as_string(hide_password=False)


if __name__ == "__main__":
    sys.exit(main())
