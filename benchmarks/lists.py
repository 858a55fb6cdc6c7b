"""How long it takes to open a list when there are a million cases.

    python -m benchmarks lists [--quick] [--cases N]

PostgreSQL with its durable defaults. Of the cases two thirds are archived, the others wait at the window or with an
examiner of forty divisions, one in fifty of them with the one whose queue is asked for; every tenth has a finding. Measured:
an examiner's queue and its counts, the look-up of a case by its slip, the findings of all and of one division, and the
board; the median of twenty, first with ten thousand cases and then with all, because what should not grow is the price.
Those of other divisions have no content, for nothing reads it.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, case, func, literal, literal_column, type_coerce

from benchmarks._copies import COPY, multiply, settle
from benchmarks._installation import Installation, installation
from benchmarks._results import Result, merge
from benchmarks._walk import LICENCE, act
from benchmarks.timers import ACCEPTED, set_clock
from workflow.domain.publication import SLIP_CODE
from workflow.engine.advance import advance
from workflow.queries import desk
from workflow.queries.board import board
from workflow.queries.findings import findings
from workflow.queries.public import status
from workflow.storage import tables as t
from workflow.storage.columns import Instant

FEW, CASES, TIMES = 10_000, 1_000_000, 20
HANDLER, ORGAN = "jin-zhe", "talent-market"
CHUNK = 50_000

#: Whether a copy stays at the division of the case that it is a copy of: five of 256.
_HERE = func.substr(COPY, 1, 2) < "05"

#: Of ten cases, how many stand where.
ARCHIVED, WINDOW, EXAMINER, FOUND = 6, 1, 2, 1


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks lists")
    parser.add_argument("--quick", action="store_true", help="a tenth of the cases")
    parser.add_argument("--cases", type=int, default=CASES)
    options = parser.parse_args(argv)
    cases = options.cases // 10 if options.quick else options.cases
    with (
        tempfile.TemporaryDirectory(prefix="banjie-") as folder,
        installation(Path(folder), mode="offset", start=ACCEPTED) as made,
    ):
        bench = Bench(made)
        bench.grow(FEW)
        few = bench.measured()
        bench.grow(cases)
        many = bench.measured()
        print(f"| median ms of {TIMES} | {FEW:,} cases | {cases:,} cases |\n|---|---|---|")
        for name, took in many.items():
            print(f"| {name} | {few[name]:.1f} | {took:.1f} |")
        print(flush=True)
        found = [
            Result(
                f"list_{name.replace(' ', '_')}_1m",
                took,
                "ms",
                took / few[name],
                f"{FEW:,} cases: {few[name]:.2f} ms",
            )
            for name, took in many.items()
        ]
        merge(found, made.store.engine, quick=cases < CASES)
    return 0


class Bench:
    """An installation that grows."""

    def __init__(self, made: Installation) -> None:
        self._made = made
        self._there = 0
        self._chunks = 0
        examiner = self._walked("examiner", 1)
        window = self._walked("window", 0)
        archived = self._walked("archived", len(LICENCE.acts))
        advance(made.banjie, archived, done_by="task")
        found = self._walked("found", 1)
        due = made.store.next_due()
        if due is None:
            raise RuntimeError("no rung waits")
        set_clock(made, due + timedelta(seconds=5))
        advance(made.banjie, found, done_by="task")
        self._templates = {archived: ARCHIVED, window: WINDOW, examiner: EXAMINER, found: FOUND}
        slip = made.file("slip")
        self._no = slip.no
        self._code = made.store.personal_values(slip.case_id)[SLIP_CODE]

    def _walked(self, key: str, acts: int) -> str:
        case_id = self._made.file(key).case_id
        for number in range(acts):
            act(self._made, LICENCE, case_id, number)
        return case_id

    def grow(self, cases: int) -> None:
        """So many cases in all."""
        for case_id, part in self._templates.items():
            left = (cases - self._there) * part // sum(self._templates.values())
            while left > 0:
                self._chunks += 1
                with self._made.store.engine.begin() as connection:
                    multiply(
                        connection,
                        case_id,
                        min(left, CHUNK),
                        seed=self._chunks,
                        tables=(t.work_items, t.findings),
                        changed=_spread(),
                        bare=~_HERE,
                    )
                left -= CHUNK
        self._there = cases
        settle(self._made.store.engine)

    def measured(self) -> dict[str, float]:
        """Median milliseconds of each list."""
        store, catalog = self._made.store, self._made.banjie.catalog
        wanted = desk.Filter(person=HANDLER)
        now = store.clock().now
        lists: dict[str, Callable[[], object]] = {
            "queue": lambda: desk.page(store, catalog, wanted),
            "queue counts": lambda: desk.counts(store, catalog, wanted),
            "public lookup": lambda: status(store, catalog, self._no, self._code, "zh-CN"),
            "findings": lambda: findings(store),
            "findings of a division": lambda: findings(store, organ=ORGAN, open_only=True),
            "board": lambda: board(store, now, now + timedelta(days=3)),
        }
        return {name: _median(look) for name, look in lists.items()}


def _spread() -> Mapping[Column[Any], ColumnElement[Any]]:
    """One case in fifty stays at its division, and nobody's days are the same."""
    other = literal("division-") + func.floor(func.random() * 39)
    later = func.random() * literal_column("interval '300 days'")
    changed: dict[Column[Any], ColumnElement[Any]] = {}
    for column in (t.work_items.c.organ, t.findings.c.organ):
        changed[column] = case((_HERE, column), else_=other)
    for instant in (
        t.work_items.c.due_at,
        t.work_items.c.opened_at,
        t.findings.c.raised_at,
        t.cases.c.entered_at,
    ):
        changed[instant] = type_coerce(type_coerce(instant, Instant()).op("+")(later), Instant())
    return changed


def _median(look: Callable[[], object]) -> float:
    look()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        look()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000
