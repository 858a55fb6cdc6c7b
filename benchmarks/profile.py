"""Where the time of a step goes.

    python -m benchmarks profile [--cases N] [--sqlite] [--functions N] [--rows]

Three views of the walk of `steps`, on one connection: the phases of a step by the clock (each without the phases inside it);
the functions with the most time of their own, by cProfile, which slows calls down and so is only for comparing; and, with
`--rows`, what the rows of each table cost the database's server, measured by the floor's one call with and without them.
It judges nothing and keeps no results.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import importlib
import pstats
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from benchmarks import _floor
from benchmarks._contenders import Engine, Floor
from benchmarks._installation import Installation, installation, processor_seconds
from benchmarks._walk import SIX_STEPS, changes_of

CASES, FUNCTIONS = 200, 40

#: The phases of a step: what is called there, as module:name; what is no longer there is passed over.
PHASES = {
    "begin": ("workflow.storage.store:Store._kept_clock", "sqlalchemy.engine.base:Engine.raw_connection"),
    "open (round trip)": (
        "workflow.storage.postgresql:PostgresqlSession.open",
        "workflow.storage.sqlite:SqliteSession.open",
    ),
    "decode": ("workflow.storage.transaction:decode_case",),
    "facts": (
        "workflow.engine.banjie:Banjie.facts",
        "workflow.engine.handle:prepare",
        "workflow.engine.handle:seal",
    ),
    "decide": ("workflow.engine.handle:decide",),
    "evolve": ("workflow.engine.handle:evolve", "workflow.domain.scene:evolve"),
    "chain": ("workflow.engine.handle:_envelope",),
    "key's hash": ("workflow.engine.handle:_request_hash",),
    "rows": ("workflow.storage.transaction:rows_of",),
    "other statements": (
        "workflow.storage.postgresql:PostgresqlSession.run",
        "workflow.storage.sqlite:SqliteSession.run",
    ),
    "write (round trip)": (
        "workflow.storage.postgresql:PostgresqlSession.write",
        "workflow.storage.sqlite:SqliteSession.write",
    ),
    "commit (round trip)": ("psycopg:Connection.commit",),
    "rest of handle": ("benchmarks._walk:handle",),
}


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks profile")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--functions", type=int, default=FUNCTIONS)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--rows", action="store_true")
    options = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory(prefix="banjie-") as folder,
        installation(Path(folder), sqlite=options.sqlite) as made,
    ):
        walker = Engine(made.settings.to_environment(), "six-steps")
        walk(walker, 40)
        gc.collect()
        gc.freeze()
        show_phases(walker, options.cases)
        show_functions(walker, options.cases, options.functions)
        if options.rows and not options.sqlite:
            show_rows(made, options.cases)
    return 0


def walk(walker: Engine | Floor, cases: int) -> list[float]:
    walker.file(cases)
    walker.ready()
    return walker.walk()


# --- phases ---------------------------------------------------------------------------------------------------------


class Phases:
    """Seconds and calls of each phase, without those of the phases inside it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self._inside: list[float] = []

    def timed(self, phase: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def timed(*args: Any, **given: Any) -> Any:
            self._inside.append(0.0)
            began = time.perf_counter()
            try:
                return work(*args, **given)
            finally:
                took = time.perf_counter() - began
                self.seconds[phase] += took - self._inside.pop()
                self.calls[phase] += 1
                if self._inside:
                    self._inside[-1] += took

        return timed

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Every phase is timed inside the block."""
        changed = []
        try:
            for phase, paths in PHASES.items():
                for owner, name in filter(None, map(_found, paths)):
                    work = getattr(owner, name)
                    changed.append((owner, name, work))
                    setattr(owner, name, self.timed(phase, work))
            yield
        finally:
            for owner, name, work in reversed(changed):
                setattr(owner, name, work)


def _found(path: str) -> tuple[Any, str] | None:
    module, _, names = path.partition(":")
    *owners, name = names.split(".")
    try:
        owner: Any = importlib.import_module(module)
        for one in owners:
            owner = getattr(owner, one)
        getattr(owner, name)
    except (ImportError, AttributeError):
        return None
    return owner, name


def show_phases(walker: Engine, cases: int) -> None:
    walker.file(cases)
    walker.ready()
    phases = Phases()
    cpu = time.process_time()
    with phases.watching():
        steps = walker.walk()
    cpu = time.process_time() - cpu
    count, whole = len(steps), sum(steps)
    print(
        f"{count:,} steps: median {statistics.median(steps) * 1000:.2f} ms, mean {whole / count * 1000:.2f} ms,"
        f" client CPU {cpu / count * 1000:.2f} ms\n\n| phase | ms a step | part | calls a step |\n|---|---|---|---|"
    )
    for phase in PHASES:
        if phase in phases.seconds:
            spent = phases.seconds[phase]
            print(
                f"| {phase} | {spent / count * 1000:.3f} | {spent / whole:.0%} | {phases.calls[phase] / count:.1f} |"
            )
    print(flush=True)


# --- functions ------------------------------------------------------------------------------------------------------


def show_functions(walker: Engine, cases: int, most: int) -> None:
    walker.file(cases)
    walker.ready()
    profile = cProfile.Profile()
    profile.enable()
    steps = walker.walk()
    profile.disable()
    stats: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    packages: dict[str, float] = defaultdict(float)
    for (file, _, _), (_, _, own, _, _) in stats.items():
        packages[_package(file)] += own
    count = len(steps)
    print("own time by package under cProfile, ms a step:")
    told = sorted(packages.items(), key=lambda one: -one[1])
    print(", ".join(f"{name} {own / count * 1000:.3f}" for name, own in told if own / count > 5e-6))
    print("\n| own ms a step | with callees | calls a step | function |\n|---|---|---|---|")
    for (file, line, name), (_, calls, own, total, _) in sorted(stats.items(), key=lambda one: -one[1][2])[
        :most
    ]:
        where = name if file == "~" else f"{_short(file)}:{line} {name}"
        print(f"| {own / count * 1000:.3f} | {total / count * 1000:.3f} | {calls / count:.1f} | {where} |")
    print(flush=True)


def _short(file: str) -> str:
    for mark in ("site-packages/", "workflow/", "lib/python3"):
        if mark in file:
            rest = file.rsplit(mark, maxsplit=1)[-1]
            return mark + rest if mark == "workflow/" else rest
    return Path(file).name


def _package(file: str) -> str:
    short = _short(file)
    if file == "~":
        return "builtins and C"
    parts = short.split("/")
    return (
        "/".join(parts[:2]) if parts[0] == "workflow" else parts[0] if len(parts) > 1 else "standard library"
    )


# --- rows -----------------------------------------------------------------------------------------------------------


def show_rows(made: Installation, cases: int) -> None:
    """What a step's one call costs without the rows of one table."""
    with _floor.connected(made.settings.database_url) as connection:
        _floor.create(connection)
        first, changes = changes_of(made, SIX_STEPS, connection)
    names = sorted({change.table.name for step in changes for change in step} - {"cases"})
    variants: dict[str, Sequence[Sequence[_floor.Change]]] = {"everything": changes}
    for left_out in names:
        variants[f"without {left_out}"] = [
            [one for one in step if one.table.name != left_out] for step in changes
        ]
    variants["without the case's body"] = [
        [
            one._replace(changed=tuple(name for name in one.changed if name != "body"))
            if one.table.name == "cases"
            else one
            for one in step
        ]
        for step in changes
    ]
    writers = {
        name: Floor(
            made.settings.database_url,
            [_floor.at_once(step, upsert=False) for step in of],
            _floor.filling(first),
        )
        for name, of in variants.items()
    }
    spent: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(4):
        for name, writer in writers.items():
            writer.file(cases)
            before = processor_seconds().get("postgres", 0.0)
            steps = writer.walk()
            server = processor_seconds().get("postgres", 0.0) - before
            spent[name].append((statistics.median(steps) * 1000, server / len(steps) * 1000))
    print(
        f"| {cases * len(SIX_STEPS.acts):,} steps of one call each | rows a step | median ms | server CPU ms |\n"
        "|---|---|---|---|"
    )
    for name, runs in spent.items():
        rows = sum(len(step) for step in variants[name]) / len(SIX_STEPS.acts)
        wall, server = (statistics.median(column) for column in zip(*runs[1:], strict=True))
        print(f"| {name} | {rows:.1f} | {wall:.3f} | {server:.3f} |")
    print(flush=True)
