"""Two versions of the program on one database: what a migration may take away, and while who is at work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text

from workflow.engine.presence import Presence, present
from workflow.errors import OlderProgramsAlive, ProgramOutOfDate, SchemaOutOfDate
from workflow.storage import programs, schema
from workflow.storage.database import open_engine
from workflow.storage.store import open_store

REVISIONS = [script.revision for script in schema.migrations()]


@pytest.mark.parametrize("script", schema.migrations(), ids=lambda script: script.revision)
def test_every_migration_says_whether_it_only_expands(script):
    assert isinstance(script.module.expands, bool)
    assert script.module.expands != hasattr(script.module, "oldest_program")
    assert script.doc.strip()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'banjie.db'}")
        yield engine
        engine.dispose()
        return
    postgres = request.getfixturevalue("postgres")
    name = postgres.create()
    engine = open_engine(postgres.url(name))
    yield engine
    engine.dispose()
    postgres.drop(name)


def migrate(engine: Engine, revision: str) -> None:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(schema.alembic_config(connection), revision)
        connection.commit()


def shape(engine: Engine) -> dict[str, Any]:
    """What a writer relies on, table by table."""
    seen = inspect(engine)
    triggers = {
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        pulled = {tuple(row) for row in connection.execute(text(triggers[engine.dialect.name]))}
    shapes = {}
    for table in seen.get_table_names():
        columns = {one["name"]: one for one in seen.get_columns(table)}
        unique = {tuple(one["column_names"]) for one in seen.get_unique_constraints(table)}
        unique |= {tuple(one["column_names"]) for one in seen.get_indexes(table) if one["unique"]}
        shapes[table] = {
            "columns": columns,
            "unique": unique,
            "checks": {str(one["sqltext"]) for one in seen.get_check_constraints(table)},
            "foreign": {tuple(one["constrained_columns"]) for one in seen.get_foreign_keys(table)},
            "triggers": {name for of, name in pulled if of == table},
        }
    return shapes


def breaks(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What an older writer would stumble over. A constraint on new columns alone binds nobody who does not write them."""
    found = []
    for table, old in before.items():
        if table not in after:
            found.append(f"{table} is gone")
            continue
        new = after[table]
        added = new["columns"].keys() - old["columns"].keys()
        for name, column in old["columns"].items():
            now = new["columns"].get(name)
            if now is None:
                found.append(f"{table}.{name} is gone")
            elif str(now["type"]) != str(column["type"]) or (column["nullable"] and not now["nullable"]):
                found.append(f"{table}.{name} is not what it was")
        for name in added:
            column = new["columns"][name]
            if not column["nullable"] and column["default"] is None:
                found.append(f"{table}.{name} must be written")
        found += [f"{table}{key} is unique" for key in new["unique"] - old["unique"] if not set(key) <= added]
        found += [f"{table}{key} refers" for key in new["foreign"] - old["foreign"] if not set(key) <= added]
        found += [f"{table}: {one}" for one in new["triggers"] - old["triggers"]]
        found += [
            f"{table}: {check}"
            for check in new["checks"] - old["checks"]
            if not any(name in check for name in added)
        ]
    return found


def test_what_expands_breaks_no_older_writer(empty):
    before = {}
    for script in schema.migrations():
        migrate(empty, script.revision)
        after = shape(empty)
        broken = breaks({name: of for name, of in before.items() if name != "alembic_version"}, after)
        if script.module.expands:
            assert broken == [], script.revision
        before = after


# --- a migration to come --------------------------------------------------------------------------------------------

EXPAND = """
"A field more"
import sqlalchemy as sa
from alembic import op
revision, down_revision, expands = "{next}", "{last}", True
def upgrade():
    op.create_table("more", sa.Column("id", sa.Text(), primary_key=True))
"""

CONTRACT = """
"A table less"
import sqlalchemy as sa
from alembic import op
revision, down_revision, expands, oldest_program = "{next}", "{last}", False, "{oldest}"
def upgrade():
    op.create_table("less", sa.Column("id", sa.Text(), primary_key=True))
"""


class NewerProgram:
    """The program as it will be when it brings one migration more."""

    def __init__(self, monkeypatch, folder: Path, source: str, oldest: str = "") -> None:
        self.wanted = f"{int(schema.WANTED) + 1:04}"
        folder.mkdir()
        file = folder / f"{self.wanted}_next.py"
        file.write_text(source.format(next=self.wanted, last=schema.WANTED, oldest=oldest or self.wanted))
        self._monkeypatch = monkeypatch
        self._own = schema.alembic_config
        self._places = f"{Path(schema.__file__).parent / 'migrations' / 'versions'}:{folder}"

    def __enter__(self):
        def config(connection=None):
            made = self._own(connection)
            made.set_main_option("version_locations", self._places)
            return made

        self._scope = self._monkeypatch.context()
        scope = self._scope.__enter__()
        scope.setattr(schema, "alembic_config", config)
        scope.setattr(schema, "WANTED", self.wanted)
        return self

    def __exit__(self, *error):
        self._scope.__exit__(*error)


@pytest.fixture
def engine(database_url):
    made = open_engine(database_url)
    yield made
    made.dispose()


def test_the_older_program_goes_on_after_an_expansion(engine, database_url, monkeypatch, tmp_path):
    store = open_store(database_url)
    with present("worker", store, pytest.fail):
        with NewerProgram(monkeypatch, tmp_path / "newer", EXPAND) as newer:
            with pytest.raises(SchemaOutOfDate):
                schema.check_schema(engine)
            plan = schema.planned(engine)
            assert [(one.revision, one.oldest) for one in plan.stages] == [(newer.wanted, None)]
            assert plan.found_goes_on
            assert plan.in_the_way == ()
            schema.upgrade(engine)
            schema.check_schema(engine)
            assert schema.planned(engine).stages == ()

        schema.check_schema(engine)
        schema.upgrade(engine)
        Presence("worker", lambda: store, pytest.fail).beat()
        with engine.connect() as connection:
            assert schema.found_revision(connection) == newer.wanted
    store.close()


def test_a_contraction_waits_for_the_last_older_program(engine, database_url, monkeypatch, tmp_path):
    store = open_store(database_url)
    outdated = []
    older = Presence("worker", lambda: store, outdated.append)
    older.enter()
    with NewerProgram(monkeypatch, tmp_path / "newer", CONTRACT) as newer:
        plan = schema.planned(engine)
        assert not plan.found_goes_on
        assert [one.part for one in plan.in_the_way] == ["worker"]
        with pytest.raises(OlderProgramsAlive, match=f"{newer.wanted}.*worker"):
            schema.upgrade(engine)
        with engine.connect() as connection:
            assert schema.found_revision(connection) != newer.wanted

        with engine.begin() as connection:
            programs.gone(connection, older._program.id)
        schema.upgrade(engine)

    with pytest.raises(ProgramOutOfDate):
        schema.check_schema(engine)
    with pytest.raises(ProgramOutOfDate):
        older.enter()
    # One that slept through it learns it at its next word.
    older.beat()
    assert [error.code for error in outdated] == ["program_out_of_date"]
    store.close()


def test_what_a_contraction_takes_may_long_have_been_given_up(engine, database_url, monkeypatch, tmp_path):
    store = open_store(database_url)
    with present("worker", store, pytest.fail):
        with NewerProgram(monkeypatch, tmp_path / "newer", CONTRACT, oldest=schema.WANTED):
            assert schema.planned(engine).found_goes_on
            schema.upgrade(engine)
        schema.check_schema(engine)
    store.close()


def test_a_program_that_died_without_a_word_is_not_waited_for_for_ever(engine, database_url):
    store = open_store(database_url)
    Presence("relaying", lambda: store, pytest.fail).enter()
    with engine.begin() as connection:
        assert [one.part for one in programs.alive(connection)] == ["relaying"]
        connection.execute(text("UPDATE programs SET seen_at = '2026-01-01T00:00:00.000000Z'"))
        assert programs.alive(connection) == []
    Presence("worker", lambda: store, pytest.fail).enter()
    with engine.begin() as connection:
        assert connection.execute(text("SELECT part FROM programs")).scalars().all() == ["worker"]
    store.close()
