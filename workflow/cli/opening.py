"""Opening the installation for one command: settings, the database as it is, the catalogue; and what to say about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workflow.config import Settings
from workflow.errors import DatabaseUnavailable
from workflow.storage.store import open_store
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie
    from workflow.storage.store import Store

_SQLITE: Final = "sqlite:///"


@contextmanager
def open_banjie(settings: Settings | None = None, *, create: bool = False) -> Iterator[Banjie]:
    """The engine on this installation's database, as long as the block runs; with `create`, a home that has no database
    at all gets one on real time.

    Raises BadDefinition, DatabaseUnavailable, SchemaOutOfDate: a database that is there is never upgraded by the way.
    """
    from workflow.bootstrap import bootstrap
    from workflow.storage.schema import check_schema

    settings = settings or Settings.from_environment()
    new = create and not there(settings)
    if not new:
        _require(settings)
    # The catalogue first: where definitions have faults nobody can file, and an empty database would be left behind.
    banjie = bootstrap(settings)
    with closing(banjie.store):
        if new:
            # It will hold people's data: for our eyes only.
            settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_database(banjie.store)
        check_schema(banjie.store.engine)
        yield banjie


@contextmanager
def open_database(settings: Settings | None = None) -> Iterator[Store]:
    """The database alone, for what needs no catalogue, as long as the block runs.

    Raises DatabaseUnavailable, SchemaOutOfDate.
    """
    from workflow.storage.schema import check_schema

    settings = settings or Settings.from_environment()
    _require(settings)
    with closing(open_store(settings.database_url)) as store:
        check_schema(store.engine)
        yield store


def create_database(store: Store) -> None:
    """Tables and a real clock, where there are none yet; bringing old tables up to date."""
    from workflow.storage.clock import read_clock
    from workflow.storage.schema import upgrade

    upgrade(store.engine)
    with store.read() as connection:
        keeps = read_clock(connection)
    if keeps is None:
        store.create_clock("real")


def there(settings: Settings) -> bool:
    """Whether the database can be there at all: one on a server is taken to be, a file must exist."""
    path = database_file(settings)
    return path is None or path.exists()


def database_file(settings: Settings) -> Path | None:
    """The file of a SQLite database, None for a database on a server."""
    url = settings.database_url
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


def _require(settings: Settings) -> None:
    if not there(settings):
        raise DatabaseUnavailable(reason=t("case.no_database", path=database_file(settings)))
