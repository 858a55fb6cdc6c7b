"""What it costs to find, claim and fire a thousand due rungs among ten thousand to a million open clocks.

    python -m benchmarks sweep [--quick] [--rounds N]

PostgreSQL with its durable defaults. Licences with an examiner, whose step limit has a rung at one midnight; a thousand of
them fall due in each round, those of all others later. One process does what relay and workers do: `take_due` as the relay
asks it, then `advance_many` for as many cases as a message names. The floor in the same rounds: psycopg, writing the same
rows for as many cases, in transactions of as many, after reading them FOR UPDATE, its statements pipelined; it claims
nothing and decides nothing. The cases that are not due are copies without a content, because nothing ever opens them.

Bars: at most three times the floor; from ten thousand to a million at most 1.5 times as much; exit 1 if missed.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Interval,
    delete,
    func,
    literal,
    select,
    true,
    type_coerce,
)

from benchmarks import _floor
from benchmarks._copies import multiply, settle
from benchmarks._installation import Installation, installation, processor_seconds
from benchmarks._results import Result, merge
from benchmarks._walk import LICENCE, act
from benchmarks.timers import ACCEPTED, set_clock
from workers.relay import IN_FLIGHT, TOGETHER
from workflow.engine.advance import advance, advance_many
from workflow.storage import tables as t
from workflow.storage.columns import Instant

DUE, ROUNDS, SIZES = 1000, 5, (10_000, 100_000, 1_000_000)
MOST_OF_FLOOR, MOST_GROWTH = 3.0, 1.5

#: How much later the templates' own rungs fire.
AWAY = timedelta(days=9000)

#: Copies made at once.
CHUNK = 20_000


@dataclass(slots=True)
class Figures:
    """Milliseconds of each round: finding and claiming, all of ours, the floor; and the processor's, client and server."""

    claimed: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    ours_cpu: list[float] = field(default_factory=list)
    floor_cpu: list[float] = field(default_factory=list)


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks sweep")
    parser.add_argument("--quick", action="store_true", help="two rounds, and no million")
    parser.add_argument("--rounds", type=int)
    options = parser.parse_args(argv)
    rounds = options.rounds or (2 if options.quick else ROUNDS)
    sizes = SIZES[:2] if options.quick else SIZES
    with (
        tempfile.TemporaryDirectory(prefix="banjie-") as folder,
        installation(Path(folder), mode="offset", start=ACCEPTED) as made,
        _floor.connected(made.settings.database_url) as connection,
    ):
        bench = Bench(made, connection)
        found = {}
        print(f"{DUE:,} due, ms (medians of {rounds} rounds)\n")
        print("| open clocks | claimed | claimed and fired | floor | ÷ floor | CPU ms | floor's CPU ms |")
        print("|---|---|---|---|---|---|---|")
        for size in sizes:
            bench.grow(size, rounds)
            found[size] = bench.measured(rounds)
            show(size, found[size])
        merge(results(found), made.store.engine, quick=options.quick)
    return judged(found)


class Bench:
    """An installation that grows, and the floor beside it."""

    def __init__(self, made: Installation, connection: psycopg.Connection[object]) -> None:
        self._made = made
        self._due = self._accepted("due")
        self._later = self._accepted("later")
        next_due = made.store.next_due()
        if next_due is None:
            raise RuntimeError("no rung waits")
        self._midnight: datetime = next_due
        self._rounds = 0
        self._chunks = 0
        self._writer = self._floor(connection)
        with made.store.engine.begin() as one:
            # What has ended is in no index that is asked, and would only take room a hundred thousand times.
            one.execute(delete(t.rungs).where(t.rungs.c.case_id == self._later, ~t.rung_waits))
            one.execute(
                delete(t.clocks).where(t.clocks.c.case_id == self._later, t.clocks.c.ended_on.is_not(None))
            )
            self._open_each = one.execute(
                select(func.count()).select_from(t.clocks).where(t.clocks.c.case_id == self._later)
            ).scalar_one()
        self._shift(self._due, AWAY)
        self._shift(self._later, AWAY)

    def _accepted(self, key: str) -> str:
        filed = self._made.file(key)
        act(self._made, LICENCE, filed.case_id, 0)
        return filed.case_id

    def _shift(self, case_id: str, by: timedelta) -> None:
        """The templates themselves are never due."""
        with self._made.store.engine.begin() as one:
            one.execute(t.rungs.update().where(t.rungs.c.case_id == case_id).values(fires_at=_later_by(by)))

    def _floor(self, connection: psycopg.Connection[object]) -> _floor.Writer:
        """A writer of what one case's firing leaves behind."""
        _floor.create(connection)
        fired = self._accepted("fired")
        before = _floor.Snapshot(connection, fired)
        set_clock(self._made, self._midnight + timedelta(seconds=5))
        advance(self._made.banjie, fired, done_by="task")
        changes = _floor.Snapshot(connection, fired).since(before)
        set_clock(self._made, ACCEPTED)
        return _floor.Writer(connection, [_floor.several(changes, upsert=False)], _floor.filling(before))

    def grow(self, size: int, rounds: int) -> None:
        """So many open clocks, and in each of the coming rounds a thousand that fall due."""
        with self._made.store.engine.connect() as one:
            there = one.execute(
                select(func.count()).select_from(t.clocks).where(t.clocks.c.ended_on.is_(None))
            ).scalar_one()
        for number in range(rounds):
            falls = timedelta(minutes=self._rounds + number + 1)
            self._copied(self._due, DUE, {t.rungs.c.fires_at: _later_by(falls - AWAY)})
        left = (size - there) // self._open_each - rounds * DUE
        while left > 0:
            later = timedelta(days=self._chunks % 300)
            given = {t.rungs.c.fires_at: _later_by(later)}
            self._copied(self._later, min(left, CHUNK), given, tables=(t.clocks, t.rungs), bare=true())
            left -= CHUNK
        settle(self._made.store.engine)

    def _copied(self, case_id: str, count: int, changed: dict, **given: object) -> None:  # type: ignore[type-arg]
        self._chunks += 1
        with self._made.store.engine.begin() as one:
            multiply(one, case_id, count, seed=self._chunks, changed=changed, **given)  # type: ignore[arg-type]

    def measured(self, rounds: int) -> Figures:
        figures = Figures()
        gc.collect()
        gc.freeze()
        for _ in range(rounds):
            self._rounds += 1
            set_clock(self._made, self._midnight + timedelta(minutes=self._rounds, seconds=5))
            claimed: list[float] = []
            ours, ours_cpu = _timed(lambda: self._fire(claimed))  # noqa: B023 - called at once
            case_ids = [str(uuid4()) for _ in range(DUE)]
            self._writer.fill(case_ids)
            floor, floor_cpu = _timed(lambda: self._write(case_ids))  # noqa: B023
            figures.claimed.append(sum(claimed) * 1000)
            figures.ours.append(ours)
            figures.floor.append(floor)
            figures.ours_cpu.append(ours_cpu)
            figures.floor_cpu.append(floor_cpu)
        return figures

    def _fire(self, claimed: list[float]) -> None:
        done = 0
        while True:
            began = time.perf_counter()
            case_ids = self._made.store.take_due(IN_FLIGHT * TOGETHER)
            claimed.append(time.perf_counter() - began)
            if not case_ids:
                break
            for first in range(0, len(case_ids), TOGETHER):
                fired, alone = advance_many(
                    self._made.banjie, case_ids[first : first + TOGETHER], done_by="task"
                )
                if alone:
                    raise RuntimeError(f"{len(alone)} cases could not be done together")
                done += fired
        if done != DUE:
            raise RuntimeError(f"{done} rungs fired, not {DUE}")

    def _write(self, case_ids: Sequence[str]) -> None:
        for first in range(0, len(case_ids), TOGETHER):
            self._writer.together(case_ids[first : first + TOGETHER], 0)


def _later_by(much: timedelta) -> ColumnElement[datetime]:
    return type_coerce(
        type_coerce(t.rungs.c.fires_at, DateTime(timezone=True)) + literal(much, Interval()), Instant()
    )


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processors of client and server."""
    server, client, began = processor_seconds().get("postgres", 0.0), time.process_time(), time.perf_counter()
    work()
    took = time.perf_counter() - began
    spent = time.process_time() - client + processor_seconds().get("postgres", 0.0) - server
    return took * 1000, spent * 1000


def show(size: int, one: Figures) -> None:
    claimed, ours, floor, cpu, floor_cpu = map(
        statistics.median, (one.claimed, one.ours, one.floor, one.ours_cpu, one.floor_cpu)
    )
    print(
        f"| {size:,} | {claimed:.1f} | {ours:.0f} | {floor:.0f} | {ours / floor:.2f} | {cpu:.0f} | {floor_cpu:.0f} |",
        flush=True,
    )


def results(found: dict[int, Figures]) -> list[Result]:
    named = {10_000: "10k", 100_000: "100k", 1_000_000: "1m"}
    given = []
    for size, one in found.items():
        ours, floor = statistics.median(one.ours), statistics.median(one.floor)
        given.append(Result(f"sweep_{named[size]}", ours, "ms", ours / floor, f"floor: {floor:,.0f} ms"))
        given.append(Result(f"sweep_claim_{named[size]}", statistics.median(one.claimed), "ms"))
    if 1_000_000 in found:
        least, most = (statistics.median(found[size].ours) for size in (10_000, 1_000_000))
        floor = statistics.median(found[1_000_000].floor)
        given.append(
            Result("sweep_growth_10k_1m", most, "ms", most / least, f"among 10,000: {least:,.0f} ms")
        )
        given.append(Result("sweep_vs_floor", most, "ms", most / floor, f"floor: {floor:,.0f} ms"))
    return given


def judged(found: dict[int, Figures]) -> int:
    missed = 0
    largest = max(found)
    ours, floor = statistics.median(found[largest].ours), statistics.median(found[largest].floor)
    if ours / floor > MOST_OF_FLOOR:
        print(f"MISSED: {ours / floor:.2f} times the floor, not {MOST_OF_FLOOR}")
        missed = 1
    growth = ours / statistics.median(found[min(found)].ours)
    if growth > MOST_GROWTH:
        print(f"MISSED: {growth:.2f} times as much among {largest:,}, not {MOST_GROWTH}")
        missed = 1
    return missed
