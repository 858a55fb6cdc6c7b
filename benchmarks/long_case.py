"""What a step costs on a case with a long history, against one that has just begun.

    python -m benchmarks long_case [--quick] [--events N] [--sqlite]

The same steps on both, in turn, on PostgreSQL with its durable defaults; medians. Two ways to grow old: a case that was
claimed and released ten thousand times, whose history is long and whose state is as at first; and one that was sent back to
its handler so often that it has a thousand events, which leaves an ended period (环节时限) in the case each time.

Bar: with 10,000 events at most 1.2 times a case with ten; exit 1 if missed.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks._installation import Installation, installation
from benchmarks._results import Result, merge
from benchmarks._walk import LICENCE, act
from workflow.domain.commands import TakeAction
from workflow.engine.handle import handle
from workflow.storage import tables as t

EVENTS, RETURNED, MEASURED = 10_000, 1000, 100
BAR = 1.2
HANDLER, CHECKER = "jin-zhe", "murong-xue"

#: Two acts that lead back to where they began, as often as one likes.
Loop = tuple[tuple[str, str, Mapping[str, Any]], tuple[str, str, Mapping[str, Any]]]
CLAIMED: Loop = ((HANDLER, "claim", {}), (HANDLER, "release", {}))
SENT_BACK: Loop = (
    (HANDLER, "propose", LICENCE.acts[2].fields),
    (CHECKER, "send_back", {"reasons": "审查意见对场所使用的说明不足，请补充后再报。"}),
)


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks long_case")
    parser.add_argument("--quick", action="store_true", help="a tenth of the events")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--sqlite", action="store_true")
    options = parser.parse_args(argv)
    share = 10 if options.quick else 1
    with (
        tempfile.TemporaryDirectory(prefix="banjie-") as folder,
        installation(Path(folder), sqlite=options.sqlite) as made,
    ):
        bench = Bench(made)
        print("| | events | bytes of the case | ms a step | new case: events | bytes | ms a step | ÷ |")
        print("|---|---|---|---|---|---|---|---|")
        claimed = bench.compared("claimed and released", CLAIMED, 1, options.events // share)
        returned = bench.compared("sent back", SENT_BACK, 2, RETURNED // share)
        found = [
            Result("step_10k_events_vs_10", *claimed),
            Result("step_1k_events_sent_back_vs_10", *returned),
        ]
        if not options.sqlite:
            merge(found, made.store.engine, quick=options.quick or options.events < EVENTS)
    if claimed[2] > BAR:
        print(f"MISSED: {claimed[2]:.2f} times, not {BAR}")
        return 1
    return 0


class Bench:
    """Cases that walk in circles."""

    def __init__(self, made: Installation) -> None:
        self._made = made
        self._keys = itertools.count(1)

    def compared(self, name: str, loop: Loop, acts: int, events: int) -> tuple[float, str, float, str]:
        """Value, unit, ratio and what it is against: a step on a case with so many events and on new ones, in turn."""
        long = self._walked("long", loop, acts)
        while self._size(long)[0] < events:
            for _ in range(20):
                self._round(long, loop)
        new = [self._walked(f"new-{number}", loop, acts) for number in range(MEASURED)]
        sizes = self._size(long), self._size(new[0])
        gc.collect()
        gc.freeze()
        ours: list[float] = []
        theirs: list[float] = []
        for one in new:
            for step in loop:
                ours.append(self._step(long, *step))
                theirs.append(self._step(one, *step))
        old, young = (statistics.median(taken) * 1000 for taken in (ours, theirs))
        print(
            f"| {name} | {sizes[0][0]:,} | {sizes[0][1]:,} | {old:.2f}"
            f" | {sizes[1][0]} | {sizes[1][1]:,} | {young:.2f} | {old / young:.2f} |",
            flush=True,
        )
        return old, "ms", old / young, f"a case with {sizes[1][0]} events: {young:.2f} ms"

    def _walked(self, key: str, loop: Loop, acts: int) -> str:
        case_id = self._made.file(f"{loop[0][1]}-{key}").case_id
        for number in range(acts):
            act(self._made, LICENCE, case_id, number)
        return case_id

    def _round(self, case_id: str, loop: Loop) -> None:
        for step in loop:
            self._step(case_id, *step)

    def _step(self, case_id: str, actor: str, action: str, fields: Mapping[str, Any]) -> float:
        key = f"round-{next(self._keys)}"
        command = TakeAction(case_id=case_id, key=key, actor=actor, action=action, fields=fields)
        began = time.perf_counter()
        handle(self._made.banjie, command)
        return time.perf_counter() - began

    def _size(self, case_id: str) -> tuple[int, int]:
        """Events and bytes of a case."""
        with self._made.store.read() as connection:
            row = connection.execute(
                select(t.cases.c.seq, func.length(t.cases.c.body)).where(t.cases.c.id == case_id)
            ).one()
            return row[0], row[1]
