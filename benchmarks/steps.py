"""How fast a step is: the engine against the floor and against a peer, in one run on one server.

    python -m benchmarks steps [--quick] [--rounds N] [--seconds S] [--connections 1,2,8] [--no-peer] [--no-sqlite]
                               [--way six-steps|licence]

PostgreSQL with its durable defaults (fsync, synchronous_commit). Cases are filed first; what is timed is what persons then
do with each. The bars are those of a plain approval in six steps; the shipped licence with its twelve periods, whose step
leaves three times as many rows, follows for comparison (`--way` measures only one of them). All ways of
writing take turns in rounds, in the same processes, one connection each; figures are medians of the rounds. What is compared
with what: docs/performance.md.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import _floor
from benchmarks._contenders import Engine, Floor, Peer
from benchmarks._field import Field, Makers, Run
from benchmarks._field import field as processes_of
from benchmarks._installation import Installation, installation
from benchmarks._results import Result, merge
from benchmarks._walk import WAYS, changes_of

CONNECTIONS = (1, 2, 8)
SIX = "six-steps"
ROUNDS, SECONDS = 5, 1.0

ENGINE, FOUR, EACH, ONE, FEW, FEW_ONE, PEER = (
    "engine",
    "floor, 4 statements",
    "floor, a statement a table",
    "floor, 1 call",
    "only 4 rows, 4 statements",
    "only 4 rows, 1 call",
    "SpiffWorkflow + JSON row",
)

#: The same in the names of results.
SHORT = {
    ENGINE: "engine",
    FOUR: "floor4",
    EACH: "floor_each_table",
    ONE: "floor1",
    FEW: "four_rows",
    FEW_ONE: "four_rows_1call",
    PEER: "spiff",
}

#: The least that the engine is to reach, as a part of another's steps per second, at so many connections.
BARS = {(FOUR, 2): 0.6, (FOUR, 8): 0.45, (PEER, 2): 1.5}

#: Cases per connection in the first round, to see how many fill the time.
TASTE = 40


@dataclass(slots=True)
class Figures:
    """What the rounds of one contender at one number of connections came to."""

    rates: list[float] = field(default_factory=list)
    filed: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    clients: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    def add(self, run: Run, filed: Run) -> None:
        self.rates.append(len(run.steps) / run.seconds)
        self.clients.append(run.clients / len(run.steps) * 1000)
        self.server.append(run.server / len(run.steps) * 1000)
        self.steps += run.steps
        if filed.steps:
            self.filed.append(len(filed.steps) / filed.seconds)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    def ratio(self, other: Figures) -> float:
        """This one's rate as a part of the other's: the median over the rounds, in each of which they ran one after the
        other, so that a machine that is slower for a while is so for both.
        """
        return statistics.median(ours / theirs for ours, theirs in zip(self.rates, other.rates, strict=True))

    def quantile(self, part: float) -> float:
        """Milliseconds within which that part of the steps was done."""
        return sorted(self.steps)[min(int(len(self.steps) * part), len(self.steps) - 1)] * 1000


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks steps")
    parser.add_argument("--quick", action="store_true", help="few rounds and short ones")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float, help="roughly the length of a round of one contender")
    parser.add_argument("--connections", default=",".join(map(str, CONNECTIONS)))
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--no-sqlite", action="store_true")
    parser.add_argument("--way", choices=tuple(WAYS))
    options = parser.parse_args(argv)
    peer = not options.no_peer and find_spec("SpiffWorkflow") is not None
    if not peer and not options.no_peer:
        print("SpiffWorkflow is not installed, so the peer is left out: make bench installs it\n")
    rounds = options.rounds or (3 if options.quick else ROUNDS)
    seconds = options.seconds or (0.3 if options.quick else SECONDS)
    connections = [int(one) for one in options.connections.split(",")]
    ways = [options.way] if options.way else list(WAYS)
    missed = 0
    for way in ways:
        counts = connections if way == SIX or options.way else [one for one in connections if one == 2]
        found = on_postgresql(way, counts, rounds, seconds, peer=peer, quick=options.quick)
        missed |= judged(found) if way == SIX else 0
    if not options.no_sqlite:
        found_there = on_sqlite([count for count in connections if count <= 2] or [1], rounds, seconds)
        merge(found_there, quick=options.quick)
    return missed


def on_postgresql(
    way: str, connections: Sequence[int], rounds: int, seconds: float, *, peer: bool, quick: bool
) -> dict[int, dict[str, Figures]]:
    """All contenders, each walking cases that way, at each number of connections."""
    found: dict[int, dict[str, Figures]] = {}
    if not connections:
        return found
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="banjie-")))
        made = running.enter_context(installation(folder))
        makers = prepared(made, way, peer=peer)
        several = running.enter_context(processes_of(max(connections), makers))
        for count in connections:
            found[count] = measured(several, count, list(makers), rounds, seconds)
            plural = "s" if count > 1 else ""
            show(f"{way}: PostgreSQL, {count} connection{plural}, a process each", found[count])
        merge(results(found, "" if way == SIX else f"{way}_"), made.store.engine, quick=quick)
    return found


def on_sqlite(connections: Sequence[int], rounds: int, seconds: float) -> list[Result]:
    """The engine on a SQLite file, which has one writer at a time."""
    with (
        tempfile.TemporaryDirectory(prefix="banjie-") as folder,
        installation(Path(folder), sqlite=True) as made,
        processes_of(max(connections), {ENGINE: (Engine, (made.settings.to_environment(), SIX))}) as several,
    ):
        found = []
        for count in connections:
            figures = measured(several, count, [ENGINE], rounds, seconds)
            show(f"SQLite, {count} process{'es' if count > 1 else ''}", figures)
            found.append(Result(f"step_sqlite_engine_{count}conn", figures[ENGINE].rate, "steps/s"))
        return found


def prepared(made: Installation, way: str, *, peer: bool) -> Makers:
    """The contenders; the floor's rows are those that a walk of the engine leaves."""
    url = made.settings.database_url
    env = made.settings.to_environment()
    with _floor.connected(url) as connection:
        _floor.create(connection)
        first, changes = changes_of(made, WAYS[way], connection)
        if peer:
            from benchmarks import _peer  # noqa: PLC0415 - it needs a package that only benchmarks have

            _peer.create(connection)
    cases = _floor.filling(first)
    few = [_floor.of_each_kind(one) for one in changes]
    tell(changes)

    def floor(of: Sequence[list[_floor.Change]], write: Any, *, upsert: bool) -> tuple[Any, tuple[Any, ...]]:
        return Floor, (url, [write(one, upsert=upsert) for one in of], cases)

    makers = {
        FOUR: floor(changes, _floor.in_four, upsert=False),
        EACH: floor(changes, _floor.several, upsert=False),
        ONE: floor(changes, _floor.at_once, upsert=False),
        FEW: floor(few, _floor.several, upsert=True),
        FEW_ONE: floor(few, _floor.at_once, upsert=True),
        ENGINE: (Engine, (env, way)),
    }
    return makers | ({PEER: (Peer, (url, way))} if peer else {})


def tell(changes: Sequence[Sequence[_floor.Change]]) -> None:
    """What a step of the engine writes, on the average."""
    tables: dict[str, int] = {}
    for one in (change for step in changes for change in step):
        tables[one.table.name] = tables.get(one.table.name, 0) + 1
    each = ", ".join(f"{name} {count / len(changes):.1f}" for name, count in tables.items())
    print(f"rows of a step: {sum(tables.values()) / len(changes):.1f} ({each})\n", flush=True)


def measured(
    several: Field, count: int, names: Sequence[str], rounds: int, seconds: float
) -> dict[str, Figures]:
    """Rounds in which each contender has its turn; the first only warms up, and tells how many cases fill the time."""
    cases = {}
    for name in names:
        run, _ = turn(several, count, name, TASTE)
        cases[name] = max(10, round(TASTE * seconds / run.seconds))
    figures = {name: Figures() for name in names}
    for _ in range(rounds):
        for name in names:
            figures[name].add(*turn(several, count, name, cases[name]))
    return figures


def turn(several: Field, count: int, name: str, cases: int) -> tuple[Run, Run]:
    """One contender's turn: so many cases on each connection. Gives the walk and the filing."""
    filed = several.together(count, name, "file", cases)
    several.together(count, name, "ready")
    return several.together(count, name, "walk"), filed


def results(found: dict[int, dict[str, Figures]], prefix: str) -> Iterator[Result]:
    """Every rate, and the engine's against those that a bar or a question is about."""
    for count, figures in found.items():
        for name, one in figures.items():
            yield Result(f"{prefix}step_{SHORT[name]}_{count}conn", one.rate, "steps/s")
        engine = figures[ENGINE]
        for part, quantile in (("p50", 0.5), ("p99", 0.99)):
            yield Result(f"{prefix}step_engine_{part}_{count}conn", engine.quantile(quantile), "ms")
        for part, spent in (("client_cpu", engine.clients), ("server_cpu", engine.server)):
            yield Result(f"{prefix}step_engine_{part}_{count}conn", statistics.median(spent), "ms")
        for against in (FOUR, EACH, ONE, FEW, FEW_ONE, PEER):
            if against in figures:
                name = f"{prefix}step_vs_{SHORT[against]}_{count}{'proc' if against == PEER else 'conn'}"
                other = figures[against]
                yield Result(
                    name, engine.rate, "steps/s", engine.ratio(other), f"{against}: {other.rate:,.0f} steps/s"
                )


def judged(found: dict[int, dict[str, Figures]]) -> int:
    """Say which bars are missed."""
    missed = 0
    for (against, count), least in BARS.items():
        figures = found.get(count, {})
        if against in figures and (ratio := figures[ENGINE].ratio(figures[against])) < least:
            print(f"MISSED: {ratio:.2f} of {against} with {count} connections, not {least}")
            missed = 1
    return missed


def show(title: str, figures: dict[str, Figures]) -> None:
    """A table of one number of connections."""
    ours = figures[ENGINE]
    print(title)
    print("| | steps/s | engine ÷ this | p50 ms | p99 ms | client CPU ms | server CPU ms | filings/s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, one in figures.items():
        filed = f"{statistics.median(one.filed):,.0f}" if one.filed else "–"
        print(
            f"| {name} | {one.rate:,.0f} | {ours.ratio(one):.2f} | {one.quantile(0.5):.2f} | {one.quantile(0.99):.2f}"
            f" | {statistics.median(one.clients):.2f} | {statistics.median(one.server):.2f} | {filed} |"
        )
    print(flush=True)
