"""How fast a large directory is: 10,000 persons in 500 organs. `python -m benchmarks directory`; exit 1 if a bar is missed.

Bars: a look-up by post in at most 0.1 ms, because each step asks for several; a directory of the database read and
indexed in at most 1 s, because every process does it once for each revision. Each figure is the best of three.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from workflow.catalog.directory_content import content_of, directory_of, sealed, with_absences
from workflow.domain.directory import Absence, Directory, Holding, Organ, Person
from workflow.domain.directory_rules import faults_of
from workflow.exchange.directory.checking import check
from workflow.exchange.directory.writing import write

PERSONS = 10_000
PER_ORGAN = 20
LOOK_UPS = 20_000
RUNS = 3
ON = date(2026, 1, 5)
KINDS = ("handler", "checker", "approver", "reception")

MOST_LOOK_UP = 1e-4
MOST_READING = 1.0


def large() -> Directory:
    """Every organ has its four posts with deputies; every third person is away."""
    organs = {"m": Organ(code="m", kind="ministry", names={"zh-CN": "部", "en": "Ministry"})}
    for number in range(PERSONS // PER_ORGAN):
        code = f"o{number}"
        organs[code] = Organ(
            code=code, kind="division", names={"zh-CN": f"处{number}", "en": code}, parent="m"
        )
    persons = {f"p{number}": Person(code=f"p{number}", name=f"人{number}") for number in range(PERSONS)}
    holdings = tuple(
        Holding(
            person=f"p{number}",
            kind=KINDS[number % len(KINDS)],
            organ=f"o{number // PER_ORGAN}",
            since=date(2020, 1, 1),
            deputy=number % PER_ORGAN >= PER_ORGAN - len(KINDS),
        )
        for number in range(PERSONS)
    )
    absences = tuple(
        Absence(person=f"p{number}", since=date(2026, 1, 1), until=date(2026, 1, 9))
        for number in range(0, PERSONS, 3)
    )
    return sealed(Directory(version="", organs=organs, persons=persons, holdings=holdings, absences=absences))


def best(work: Callable[[], object]) -> float:
    """The shortest time of several runs, in seconds."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> int:
    """Measure, print, and judge."""
    directory = large()
    body = content_of(directory)
    look_up = best(lambda: [directory.present("o3", "handler", ON, "m") for _ in range(LOOK_UPS)]) / LOOK_UPS
    reading = best(lambda: with_absences(directory_of(body), directory.absences))
    print(f"look-up of who is present at a post: {look_up * 1e6:.1f} µs")
    print(f"read of the database and indexed: {reading:.3f} s for {len(body):,} bytes")
    print(f"judged by every rule: {best(lambda: faults_of(directory)):.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("directory.xlsx", "directory.zip"):
            path = Path(folder) / name
            written, checked = best(partial(write, directory, path, "en")), best(partial(check, path))
            print(f"{name}: written in {written:.2f} s, checked in {checked:.2f} s")
    return int(look_up > MOST_LOOK_UP or reading > MOST_READING)


if __name__ == "__main__":
    sys.exit(main())
