"""Setting the stage: whether the day can be played, what will be filed, and a fresh database with a stepped clock."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from workflow.catalog.loader import Catalog
from workflow.config import Settings
from workflow.demo.answers import Answers
from workflow.demo.begun import Begun, forget, write
from workflow.demo.desk import Desk
from workflow.demo.filings import Filing, filings
from workflow.demo.hours import PER_DAY, OfficeHours, opening_day
from workflow.demo.licences import LICENCES
from workflow.demo.office import Office
from workflow.demo.script import Script
from workflow.demo.transfers import TRANSFERS
from workflow.domain.definition import Definition
from workflow.errors import BadInput, BanjieError, Conflict, StackFailed
from workflow.storage.clock import read_clock
from workflow.storage.schema import check_schema, found_revision, upgrade
from workflow.storage.store import Store, open_store
from workflow.texts import t

SCRIPTS: Final[tuple[Script, ...]] = (TRANSFERS, LICENCES)
"""The matters that are played; of all filings each has its script's share."""

CALENDAR: Final = "cn"

PREDECESSOR_WITHIN: Final = 20.0
"""Seconds that the stack of a killed demonstration may take to end."""

DECIDED_AFTER: Final = 66
"""Working days after which every case has been decided: until then the calendar must be certain, because a deemed
outcome or the end of a notice period never takes effect on a provisional date (design §3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What is needed to play: the people, their hours, and how many cases there will be."""

    office: Office
    answers: Answers
    hours: OfficeHours
    cases: int


def set_stage(catalog: Catalog, *, cases: int, seed: str, start: date) -> Stage:
    """Everything that the seed decides, before anything is written.

    Raises BadInput for a start that the calendar or the directory does not reach, NoRuleInForce for one before the law.
    """
    calendar = catalog.calendars[CALENDAR]
    hours = OfficeHours(calendar=calendar, first=opening_day(calendar, start))
    definitions = {script.matter: catalog.matter(script.matter).definition for script in SCRIPTS}
    for definition in definitions.values():
        for clock in definition.clocks.values():
            catalog.law.rule(clock.rule, hours.first)
    last = hours.day(DECIDED_AFTER * PER_DAY)
    if calendar.any_provisional(hours.first, last):
        raise BadInput(reason=t("demo.refused.provisional", first=hours.first, last=last))
    todo = _filings(catalog, definitions, cases, seed, hours.first)
    desk = Desk(definitions, directory=catalog.directory, law=catalog.law, calendar=calendar, seed=seed)
    scripts = {script.matter: script for script in SCRIPTS}
    office = Office(todo, scripts=scripts, desk=desk, hours=hours, seed=seed)
    answers = Answers(directory=catalog.directory, hours=hours, seed=seed)
    return Stage(office=office, answers=answers, hours=hours, cases=len(todo))


def _filings(
    catalog: Catalog, definitions: Mapping[str, Definition], cases: int, seed: str, on: date
) -> list[Filing]:
    whole, todo, allotted = sum(script.cases for script in SCRIPTS), list[Filing](), 0
    for number, script in enumerate(SCRIPTS, start=1):
        # The last script takes what rounding has left.
        share = cases - allotted if number == len(SCRIPTS) else round(cases * script.cases / whole)
        allotted += share
        try:
            todo += filings(
                script,
                share,
                seed=seed,
                definition=definitions[script.matter],
                directory=catalog.directory,
                on=on,
            )
        except LookupError:
            raise BadInput(reason=t("demo.refused.nobody", on=on)) from None
    return todo


def demo_settings(env: Mapping[str, str] | None = None) -> Settings:
    """The settings of a demonstration: a home of its own, `demo` in the home, with a database and a broker of its own;
    only if the environment names a database are that one and the broker it names used.
    """
    env = dict(os.environ if env is None else env)
    if not env.get("BANJIE_DATABASE_URL"):
        env["BANJIE_BROKER_URL"] = ""
    home = Settings.from_environment(env).home / "demo"
    return Settings.from_environment({**env, "BANJIE_HOME": str(home), "BANJIE_NOTIFY": ""})


@contextmanager
def fresh_database(settings: Settings, start: datetime, begun: Begun | None = None) -> Iterator[Store]:
    """A new database whose clock stands at `start`, for as long as the block runs; it stays there afterwards, and with
    `begun` beside it can be gone on with.

    An old demonstration in the same place is replaced; anything else is not. Raises Conflict when there is something
    else, or when another demonstration runs there.
    """
    with _alone(settings.home):
        file = _own_file(settings)
        if file is not None:
            _replace(file, start, begun)
        else:
            _fill(settings.database_url, start, begun, settings.home)
        with closing(open_store(settings.database_url)) as store:
            yield store


@contextmanager
def database_left(settings: Settings, start: datetime) -> Iterator[Store]:
    """The database of a demonstration that was broken off, for as long as the block runs; if it was broken off before
    there was one, a new one.

    Raises Conflict when there is something else, or when another demonstration runs there.
    """
    with _alone(settings.home):
        file = _own_file(settings)
        if file is not None and not file.exists():
            _replace(file, start, None)
        elif file is not None and not _is_simulated(file):
            raise Conflict(reason=t("demo.refused.not_simulated", file=file))
        with closing(open_store(settings.database_url)) as store:
            with store.read() as connection:
                found = found_revision(connection)
                clock = read_clock(connection) if found is not None else None
            if clock is None:
                upgrade(store.engine)
            # Raises Conflict for a database that keeps another kind of time; an existing clock stays where it is.
            store.create_clock("stepped", start)
            check_schema(store.engine)
            yield store


def _own_file(settings: Settings) -> Path | None:
    file = settings.home / "banjie.db"
    return file if settings.database_url == f"sqlite:///{file}" else None


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(reason=t("demo.refused.running", home=home)) from None
        _predecessor_gone(home)
        yield


def _predecessor_gone(home: Path) -> None:
    """Wait until the stack of a demonstration that was killed has ended: it notices at once and takes a second or two.

    Raises StackFailed when it does not end.
    """
    bell, deadline = threading.Event(), time.monotonic() + PREDECESSOR_WITHIN
    with (home / "stack.lock").open("a") as lock:
        while True:
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            if time.monotonic() > deadline:
                raise StackFailed(reason=t("demo.refused.lingers", home=home))
            bell.wait(0.05)


def _replace(file: Path, start: datetime, begun: Begun | None) -> None:
    """Make the new database beside the old one, then put it in its place: never half of one, and never under what
    another one was begun with."""
    if file.exists() and not _is_simulated(file):
        raise Conflict(reason=t("demo.refused.not_simulated", file=file))
    new = file.with_name(f"{file.name}.new")
    _remove(new)
    if begun is not None:
        # In this order, so that whatever is left when we are killed between two of these fits together.
        forget(file.parent)
        _remove(file)
        write(file.parent, begun)
    _fill(f"sqlite:///{new}", start)
    _remove(file)
    new.rename(file)


def _is_simulated(file: Path) -> bool:
    store = open_store(f"sqlite:///{file}")
    with suppress(BanjieError):
        return store.clock().mode != "real"
    return False


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _fill(url: str, start: datetime, begun: Begun | None = None, home: Path | None = None) -> None:
    with closing(open_store(url)) as store:
        with store.read() as connection:
            if found_revision(connection) is not None:
                raise Conflict(reason=t("demo.refused.not_empty"))
        if begun is not None and home is not None:
            write(home, begun)
        upgrade(store.engine)
        store.create_clock("stepped", start)
