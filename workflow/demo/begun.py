"""What a demonstration was begun with, in a file beside its database, so that it can be gone on with after a crash.

It is written before the database is there and says nothing about how far the demonstration has come: that is in the
database, and only there.
"""

from __future__ import annotations

import os
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from workflow.config import without_password
from workflow.errors import BadInput, BanjieError, NothingBegun
from workflow.queries.queue import waiting
from workflow.storage.store import open_store
from workflow.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workflow.config import Settings

FILE: Final = "demo.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """So many cases, drawn from this seed, filed from this day on, in this database (its address without a password)."""

    cases: int
    seed: str
    start: date
    database: str


def begin(settings: Settings, *, cases: int, seed: str, start: date) -> Begun:
    """What is begun now; it stands in the home once `write` has been called."""
    return Begun(cases=cases, seed=seed, start=start, database=without_password(settings.database_url))


def write(home: Path, begun: Begun) -> None:
    """Put it down: all of it or nothing, and on the disk when this returns."""
    new = home / f"{FILE}.new"
    with new.open("wb") as file:
        file.write(msgspec.json.encode(asdict(begun)))
        file.flush()
        os.fsync(file.fileno())
    new.replace(home / FILE)


def forget(home: Path) -> None:
    """What was begun here is about to be replaced."""
    (home / FILE).unlink(missing_ok=True)


def begun_before(settings: Settings) -> Begun:
    """What was begun in this home. Raises NothingBegun."""
    try:
        return msgspec.json.decode((settings.home / FILE).read_bytes(), type=Begun)
    except (OSError, msgspec.DecodeError):
        raise NothingBegun(home=str(settings.home)) from None


def gone_on_with(settings: Settings, said: Mapping[str, object]) -> Begun:
    """What is to be gone on with. What was `said` now, if anything, must be what was begun with.

    Raises NothingBegun, BadInput for another number of cases, seed, start or database.
    """
    begun = begun_before(settings)
    for name, wanted in {**said, "database": without_password(settings.database_url)}.items():
        was = getattr(begun, name)
        if wanted != was:
            raise BadInput(reason=t(f"demo.refused.other_{name}", asked=wanted, begun=was))
    return begun


def unfinished(settings: Settings) -> Begun | None:
    """What was begun in this home and broken off, if the database still tells of it."""
    with suppress(BanjieError):
        begun = begun_before(settings)
        if begun.database == without_password(settings.database_url) and _open(settings, begun):
            return begun
    return None


def _open(settings: Settings, begun: Begun) -> bool:
    if not settings.database_url.startswith("sqlite") or (settings.home / "banjie.db").exists():
        with closing(open_store(settings.database_url)) as store:
            return bool(waiting(store)) or len(store.case_ids(limit=begun.cases)) < begun.cases
    return False
