"""`make simulate SEEDS=300 FIRST=1 JOBS=1`: many seeds, each played and judged; exit 1 with the history of what failed."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.simulate import LEAST, Outcome, run

LAST_LINES = 60
"""Lines of a failed seed's history that are shown."""


def outcomes(first: int, seeds: int, jobs: int, least: int) -> Iterator[tuple[Outcome, float]]:
    """Each seed's outcome with the CPU seconds it took."""
    every = range(first, first + seeds)
    if jobs == 1:
        yield from (_timed(seed, least) for seed in every)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_timed, every, [least] * seeds, chunksize=4)


def _timed(seed: int, least: int) -> tuple[Outcome, float]:
    began = time.process_time()
    gc.disable()  # collected once a seed, instead of walking the catalogue again and again
    gc.collect(1)
    return run(seed, least=least), time.process_time() - began


def main(argv: list[str] | None = None) -> int:
    """Run them; gives the exit code."""
    parser = argparse.ArgumentParser(prog="simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--least", type=int, default=LEAST, help="commands of a seed at least")
    given = parser.parse_args(argv)
    run(0, least=20)  # statements are compiled and definitions are loaded before anything is measured
    gc.collect()
    gc.freeze()
    counts: Counter[str] = Counter()
    commands, spent, failed = 0, 0.0, 0
    for outcome, seconds in outcomes(given.first, given.seeds, given.jobs, given.least):
        counts += outcome.counts
        commands += outcome.commands
        spent += seconds
        if outcome.faults:
            failed += 1
            _tell(outcome)
    for name, number in sorted(counts.items()):
        print(f"  {name:28} {number}")  # noqa: T201 - a report
    rate = commands / spent * 60 if spent else 0
    print(  # noqa: T201 - a report
        f"seeds {given.first}..{given.first + given.seeds - 1}: {given.seeds - failed} green, {failed} failed; "
        f"{commands} commands, {rate:.0f} a minute of one core"
    )
    return 1 if failed else 0


def _tell(outcome: Outcome) -> None:
    print(f"SEED {outcome.seed} FAILED after {outcome.commands} commands")  # noqa: T201 - a report
    for fault in outcome.faults[:10]:
        print(f"  {fault}")  # noqa: T201 - a report
    about = {fault.split(" ")[1][:8] for fault in outcome.faults[:10] if " " in fault}
    lines = [
        line for line in outcome.lines if any(name.strip("('") in line for name in about)
    ] or outcome.lines
    for line in lines[-LAST_LINES:]:
        print(f"    {line}")  # noqa: T201 - a report


if __name__ == "__main__":
    sys.exit(main())
