"""How long a new notice on holidays takes to reach every open clock.

    python -m benchmarks reprojection [--clocks N] [--workers N]

A PostgreSQL server of its own with durable settings, the embedded broker, two worker processes; licences of the shipped
matter, half of them at the window and half with an examiner. The time runs from the moment the notice is published until no
open clock is behind it, and every one has been moved, once. Bar: 100,000 open clocks in at most 60 s; exit 1 if missed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import func, select, text

from benchmarks._copies import multiply
from benchmarks._installation import Installation, installation, processor_seconds, stack, told
from workflow.domain.instants import civil_date
from workflow.domain.notices import Notice, NoticeDay
from workflow.engine.calendar_notices import impact, propose, publish
from workflow.storage import tables as t
from workflow.testing.waiting import wait_until

CLOCKS, BAR, WORKERS = 100_000, 60.0, 2
PROPOSES, PUBLISHES = "yan-zhengli", "gan-shiling"


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks reprojection")
    parser.add_argument("--clocks", type=int, default=CLOCKS)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--sqlite", action="store_true")
    options = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory(prefix="banjie-") as folder,
        installation(Path(folder), sqlite=options.sqlite) as made,
    ):
        began = time.perf_counter()
        fill(made, options.clocks)
        clocks = open_clocks(made)
        print(f"made      {clocks:>9,} open clocks in {time.perf_counter() - began:.1f} s")
        notice = tomorrow_off(made)
        began = time.perf_counter()
        found = impact(made.banjie, "cn", notice)
        print(f"impact    {len(found.moves):>9,} moves found in {time.perf_counter() - began:.1f} s")
        with stack(made.settings, options.workers):
            propose(made.banjie, "cn", notice, by=PROPOSES)
            began, spent = time.perf_counter(), processor_seconds()
            publish(made.banjie, "cn", notice.id, by=PUBLISHES)
            wait_until(lambda: not made.store.sweep_waits(), 1800, every=0.05, what="the sweep")
            took = time.perf_counter() - began
            print(f"processor seconds: {told(spent, processor_seconds())}")
        return judged(made, clocks, took, bar=BAR if options.clocks >= CLOCKS else None)


def fill(made: Installation, clocks: int) -> None:
    """Cases with at least so many open clocks together: one each at the window, three with an examiner."""
    at_window = made.file("window")
    examined = made.file("examiner")
    made.accept(examined)
    copies = clocks // 4
    with made.store.engine.begin() as connection:
        for seed, template in enumerate((at_window, examined)):
            multiply(connection, template.case_id, copies, seed=seed)
    with made.store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def open_clocks(made: Installation) -> int:
    with made.store.read() as connection:
        return connection.execute(
            select(func.count()).select_from(t.clocks).where(t.clocks.c.ended_on.is_(None))
        ).scalar_one()


def tomorrow_off(made: Installation) -> Notice:
    """A notice that gives the next working day off: every period that runs ends later by it."""
    calendar = made.banjie.calendars()["cn"]
    today = civil_date(made.store.clock().now, calendar.zone)
    free: date = calendar.add_working_days(today, 1)
    return Notice(
        id="cn-benchmark",
        number="示例〔2026〕1号",
        issued_on=today,
        source="benchmark",
        title="临时放假",
        days=(NoticeDay(date=free, off=True, name="临时放假"),),
    )


def judged(made: Installation, clocks: int, took: float, *, bar: float | None) -> int:
    (done,) = made.store.sweeps()
    twice = (
        select(t.events.c.case_id)
        .where(t.events.c.type == "DueDateReprojected")
        .group_by(t.events.c.case_id, t.events.c.facts)
    )
    with made.store.read() as connection:
        events = connection.execute(
            select(func.count()).where(t.events.c.type == "DueDateReprojected")
        ).scalar_one()
        cases = connection.execute(select(func.count()).select_from(twice.subquery())).scalar_one()
    whole = (done.moved, done.failed, events) == (clocks, 0, clocks)
    late = bar is not None and took > bar
    print(
        f"swept     {done.looked:>9,} clocks of {cases:,} cases in {took:.1f} s: {clocks / took:,.0f} a second"
    )
    print(f"moved     {done.moved:>9,} once each" if whole else f"moved {done.moved}, {events} events  WRONG")
    if late:
        print(f"MISSED: {bar:.0f} s")
    return 1 if late or not whole else 0
