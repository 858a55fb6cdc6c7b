"""What `banjie doctor` finds about the ground that everything stands on: disks that keep what was written, clocks that
agree, time zones, somebody who proves the invariants, and alarms that stand.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflow.cli.check import MOST_SHOWN, Check, Verdict
from workflow.storage.database import sqlite_module
from workflow.texts import t

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.catalog.loader import Catalog
    from workflow.queries.gauges import Gauges
    from workflow.storage.store import Store

LEAST_FREE: Final = 500 * 2**20
SCARCE: Final = 5 * 2**30
"""Bytes: below the first the next festival may fill the disk; below the second somebody should know."""

APART: Final = timedelta(seconds=5)
"""How far the clocks of the database and of this machine may be apart; a connection takes some of it."""

UNTOLD: Final = 60.0
"""Seconds that due work may lie without a hint; the relay looks ten times a second."""

UNPROVED: Final = 600.0
"""Seconds after which a reconciler that looks every few should have looked again."""

_SETTINGS: Final = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_write", "remote_apply", "local"),
}
"""Of PostgreSQL: what each must be, so that what was acknowledged is there after a power failure."""

_FULL: Final = 2
"""SQLite's `synchronous`: each commit waits for the disk."""

_TOLD_ELSEWHERE: Final = frozenset({"work_parked", "work_overdue", "calendar_behind", "notification_dead"})
_FOR_INFORMATION: Final = frozenset({"outcome_withheld", "tasks_idle"})


def _check(name: str, verdict: Verdict, found: str, mend: str = "") -> Check:
    return Check(name=name, verdict=verdict, found=found, mend=mend)


def home_checks(home: Path) -> Iterator[Check]:
    """Room on the disk of the data folder."""
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    found = t("doctor.disk.free", free=f"{free / 2**30:.1f}", folder=there)
    if free < LEAST_FREE:
        yield _check("disk", Verdict.WRONG, found, t("doctor.disk.mend"))
    else:
        scarce = free < SCARCE
        mend = t("doctor.disk.mend") if scarce else ""
        yield _check("disk", Verdict.NOTE if scarce else Verdict.WELL, found, mend)


def zone_checks(catalog: Catalog) -> Iterator[Check]:
    """Whether the time zones in which legal days are counted are there."""
    names = sorted({matter.definition.zone for matter in catalog.matters.values()})
    try:
        for name in names:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        yield _check("zones", Verdict.WRONG, t("doctor.zones.missing", reason=error), t("doctor.zones.mend"))
        return
    yield _check("zones", Verdict.WELL, t("case.comma").join(names))


def store_checks(store: Store, catalog: Catalog | None) -> Iterator[Check]:
    """What the database itself must tell: whether it keeps what it acknowledges, its clock, what waits and what stands."""
    from workflow.queries.gauges import gauges

    now = gauges(store)
    real = store.clock().mode != "stepped"
    yield from _durable(store)
    yield from _clocks(store)
    yield from _relay(now, real=real)
    yield from _provisional(now, catalog)
    yield from _reconciler(now)
    yield from _alarms(store)


def _durable(store: Store) -> Iterator[Check]:
    with store.read() as connection:
        if store.dialect == "sqlite":
            journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
            level = int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())
            found = t("doctor.durable.sqlite", version=sqlite_module().sqlite_version, journal=journal)
            wrong = ["synchronous"] if level < _FULL else []
        else:
            names = ", ".join(f"'{name}'" for name in _SETTINGS)
            rows = connection.exec_driver_sql(
                f"SELECT name, setting FROM pg_settings WHERE name IN ({names})"  # noqa: S608 - names of our own
            )
            said = {str(name): str(value) for name, value in rows}
            found = t("case.comma").join(f"{name}={value}" for name, value in sorted(said.items()))
            wrong = [name for name, good in _SETTINGS.items() if said.get(name) not in good]
    if wrong:
        mend = t("doctor.durable.mend", settings=t("case.comma").join(wrong))
        yield _check("durable", Verdict.WRONG, found, mend)
    else:
        yield _check("durable", Verdict.WELL, found)


def _clocks(store: Store) -> Iterator[Check]:
    apart = store.watch.real_time() - datetime.now(UTC)
    if abs(apart) > APART:
        found = t("doctor.clocks.apart", seconds=round(apart.total_seconds()))
        yield _check("clocks", Verdict.WRONG, found, t("doctor.clocks.mend"))
    watched = store.watch.watched()
    if watched is not None and watched.frozen_at is not None:
        since, shift = watched.frozen_at.isoformat(" ", "seconds"), watched.shift or timedelta(0)
        found = t(
            "doctor.clocks.frozen",
            since=since,
            seconds=round(shift.total_seconds()),
            count=store.watch.count_held(),
        )
        yield _check("clocks", Verdict.WRONG, found, t("doctor.clocks.release"))
    elif abs(apart) <= APART:
        yield _check("clocks", Verdict.WELL, t("doctor.clocks.well"))


def _relay(now: Gauges, *, real: bool) -> Iterator[Check]:
    depth = now.queue_depth
    if real and now.relay_lag_seconds > UNTOLD:
        found = t("doctor.relay.late", seconds=round(now.relay_lag_seconds))
        yield _check("relay", Verdict.WRONG, found, t("doctor.relay.mend"))
    else:
        yield _check("relay", Verdict.WELL, t("doctor.relay.well", rungs=depth["rungs"], jobs=depth["jobs"]))


def _provisional(now: Gauges, catalog: Catalog | None) -> Iterator[Check]:
    if catalog is None:
        return
    known = min(calendar.confirmed_until for calendar in catalog.calendars.values())
    found = t("doctor.provisional.found", until=known, count=now.clocks_provisional)
    late = now.clocks_provisional > 0
    mend = t("doctor.provisional.mend") if late else ""
    yield _check("provisional", Verdict.NOTE if late else Verdict.WELL, found, mend)


def _reconciler(now: Gauges) -> Iterator[Check]:
    if now.reconciled_seconds is None:
        yield _check("reconciler", Verdict.NOTE, t("doctor.reconciler.never"), t("doctor.reconciler.start"))
    elif now.reconciled_seconds > UNPROVED:
        found = t("doctor.reconciler.late", minutes=round(now.reconciled_seconds / 60))
        yield _check("reconciler", Verdict.NOTE, found, t("doctor.reconciler.start"))
    else:
        found = t("doctor.reconciler.well", seconds=round(now.reconciled_seconds))
        yield _check("reconciler", Verdict.WELL, found)


def _alarms(store: Store) -> Iterator[Check]:
    counts = {name: n for name, n in store.watch.standing_counts().items() if name not in _TOLD_ELSEWHERE}
    for name, count in counts.items():
        about = [one.subject for one in store.watch.standing(name)][:MOST_SHOWN]
        found = t("doctor.alarms.found", name=name, count=count, about=t("case.comma").join(about))
        verdict = Verdict.NOTE if name in _FOR_INFORMATION else Verdict.WRONG
        yield _check("alarms", verdict, found, t("doctor.alarms.mend", name=name))
    if not counts:
        yield _check("alarms", Verdict.WELL, t("doctor.alarms.none"))
