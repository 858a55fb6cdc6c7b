"""What holds for every test: the same examples from Hypothesis on every run, nothing taken from the surroundings, and both
databases: SQLite in a file, PostgreSQL in a server that the session starts. None is ever skipped.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, create_engine, make_url, text

from workflow.storage.database import open_engine
from workflow.storage.schema import upgrade
from workflow.storage.store import Store, open_store
from workflow.testing.postgres import temporary_postgres
from workflow.testing.quotas import allot_samples

# Seconds differ between machines, so no deadline; a failing example is found again because the search is the same each run.
settings.register_profile(
    "banjie",
    deadline=None,
    derandomize=True,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("banjie")

# A shell starts what it puts into the background with Ctrl-C ignored, and children inherit that; ours must hear it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch):
    """A developer's own BANJIE_ settings must not reach a test; BANJIE_TEST_ ones are meant for it."""
    for name in list(os.environ):
        if name.startswith("BANJIE_") and not name.startswith("BANJIE_TEST_"):
            monkeypatch.delenv(name)


# --- databases ------------------------------------------------------------------------------------------

START = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
"""Where stepped clocks begin: Monday, nine o'clock in Beijing."""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the sample quotas, to be copied."""
    path = tmp_path_factory.mktemp("template") / "banjie.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    allot_samples(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database."""
    shutil.copy(sqlite_template, tmp_path / "banjie.db")
    return f"sqlite:///{tmp_path / 'banjie.db'}"


class Databases:
    """A PostgreSQL server in which each test gets a database of its own, copied from a migrated one."""

    def __init__(self, server: URL) -> None:
        self.server = server
        self.engine = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        self.prefix = f"banjie_test_{uuid4().hex[:12]}"  # the server may be shared with other test runs
        self.numbers = count(1)
        self.template = self.create()
        engine = open_engine(server.set(database=self.template))
        upgrade(engine)
        allot_samples(engine)
        engine.dispose()

    def create(self, template: str = "template1") -> str:
        """A new database; gives its name."""
        name = f"{self.prefix}_{next(self.numbers)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def run(self, sql: str) -> None:
        with self.engine.connect() as connection:
            connection.execute(text(sql))

    def url(self, name: str) -> str:
        return self.server.set(drivername="postgresql+psycopg", database=name).render_as_string(
            hide_password=False
        )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """The server of this session: the one BANJIE_TEST_DATABASE_URL names, or one of our own."""
    given = os.environ.get("BANJIE_TEST_DATABASE_URL")
    if given:
        databases = Databases(make_url(given))
        yield databases
        databases.drop(databases.template)
        databases.engine.dispose()
        return
    with temporary_postgres() as server:
        databases = Databases(server)
        yield databases
        databases.engine.dispose()


@pytest.fixture
def postgres_url(postgres: Databases) -> Iterator[str]:
    """The address of a fresh, migrated PostgreSQL database."""
    name = postgres.create(postgres.template)
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database of each kind in turn; it has no clock yet."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def store_without_clock(database_url: str) -> Iterator[Store]:
    """A store on each kind of database, before it was decided which time it keeps."""
    store = open_store(database_url)
    yield store
    store.close()


@pytest.fixture
def store(store_without_clock: Store) -> Store:
    """A store on each kind of database, on a stepped clock that stands at START."""
    store_without_clock.create_clock("stepped", START)
    return store_without_clock


@pytest.fixture
def real_store(store_without_clock: Store) -> Store:
    """A store on each kind of database that keeps real time."""
    store_without_clock.create_clock("real")
    return store_without_clock
