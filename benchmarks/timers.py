"""How long it takes to fire ten thousand rungs that fall due in the same second.

    python -m benchmarks timers [--rungs N] [--workers N] [--sqlite]

A database of its own (PostgreSQL with durable settings), the embedded broker, relay and two workers; as many licences with
an examiner, whose step limits all have a rung at the next midnight. The clock is set a few seconds before it. The time runs
from midnight until nothing is due; every rung must have fired, once, and raised its finding. Bars: 10,000 in at most 10 s on
two cores, 100,000 in at most 90 s; exit 1 if missed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from benchmarks._copies import multiply, settle
from benchmarks._installation import Installation, installation, processor_seconds, stack, told
from benchmarks._results import Result, merge
from workflow.storage import tables as t
from workflow.storage.columns import RealNow, in_utc
from workflow.storage.store import Store, open_store
from workflow.testing.sample import at
from workflow.testing.waiting import wait_until

RUNGS, WORKERS = 10_000, 2

#: Seconds that so many, or more, may take.
BARS = {10_000: 10.0, 100_000: 90.0}
ACCEPTED = at("2026-09-01")
BEFORE = timedelta(seconds=3)


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks timers")
    parser.add_argument("--rungs", type=int, default=RUNGS)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--sqlite", action="store_true")
    options = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory(prefix="banjie-") as folder,
        installation(Path(folder), sqlite=options.sqlite, mode="offset", start=ACCEPTED) as made,
    ):
        midnight = fill(made, options.rungs)
        with stack(made.settings, options.workers):
            set_clock(made, midnight - BEFORE)
            store = open_store(made.settings.database_url)
            hands_before, spent = store.done_counts(), processor_seconds()
            wait_until(lambda: store.clock().now >= midnight, 60, every=0.005, what="midnight")
            # Asked seldom: in a rush the question itself has to look past everything that has just been done.
            wait_until(store.quiet, 900, every=0.25, what="every rung to have fired")
            took = (last_fired(store, midnight) - midnight).total_seconds()
            hands = {hand: done - hands_before[hand] for hand, done in store.done_counts().items()}
            print(f"processor seconds: {told(spent, processor_seconds())}")
            store.close()
        return judged(made, options.rungs, midnight, took, hands, bar=bar_of(options.rungs))


def bar_of(rungs: int) -> float | None:
    """Seconds that so many rungs may take; none for few."""
    return next((bar for many, bar in sorted(BARS.items(), reverse=True) if rungs >= many), None)


def fill(made: Installation, rungs: int) -> datetime:
    """So many cases with an examiner; gives the first instant at which a rung of each fires."""
    template = made.file("template")
    made.accept(template)
    with made.store.engine.begin() as connection:
        multiply(connection, template.case_id, rungs - 1)
    settle(made.store.engine)
    due = made.store.next_due()
    if due is None:
        raise RuntimeError("no rung waits")
    return due


def last_fired(store: Store, midnight: datetime) -> datetime:
    """When the last of the rungs of that midnight fired."""
    with store.read() as connection:
        found = select(func.max(t.rungs.c.fired_at)).where(t.rungs.c.fires_at == midnight)
        last = connection.execute(found).scalar_one()
    if last is None:
        raise RuntimeError("no rung fired")
    return in_utc(last)


def set_clock(made: Installation, to: datetime) -> None:
    """Make it that time now. Only here: an installation's clock is never touched."""
    with made.store.engine.begin() as connection:
        real = connection.execute(select(RealNow())).scalar_one()
        connection.execute(update(t.installation).values(offset_seconds=round((to - real).total_seconds())))
    made.store._kept = None  # noqa: SLF001 - what it remembers of its clock it may remember for ever, but for this


def judged(
    made: Installation,
    rungs: int,
    midnight: datetime,
    took: float,
    hands: dict[str, int],
    *,
    bar: float | None,
) -> int:
    with made.store.read() as connection:
        fired = connection.execute(
            select(func.count()).where(t.rungs.c.fires_at == midnight, t.rungs.c.fired_at.is_not(None))
        ).scalar_one()
        events = connection.execute(select(func.count()).where(t.events.c.type == "RungFired")).scalar_one()
        found = connection.execute(select(func.count()).select_from(t.findings)).scalar_one()
    once = fired == events == found == rungs
    print(f"fired     {fired:>9,} rungs in {took:.1f} s: {fired / took:,.0f} a second; by {hands}")
    print("each once, each with its finding" if once else f"{events} events, {found} findings  WRONG")
    late = bar is not None and took > bar
    if bar is not None:
        merge(
            [
                Result(
                    f"timers_{made.store.dialect}_{rungs // 1000}k",
                    took,
                    "s",
                    took / bar,
                    f"the bar: {bar:.0f} s",
                )
            ]
        )
    if late:
        print(f"MISSED: {bar:.0f} s")
    return 1 if late or not once else 0
