"""Databases are brought up to date by migrations, and those that are not are refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, text

from workflow.errors import DatabaseUnavailable, ProgramOutOfDate, SchemaOutOfDate
from workflow.storage import schema
from workflow.storage import tables as t
from workflow.storage.database import open_engine
from workflow.storage.schema import check_schema, upgrade
from workflow.storage.store import Store

REGISTERS = {
    "commands",
    "number_counters",
    "definitions",
    "installation",
    "calendar_notices",
    "calendar_sweeps",
    "shipped_calendars",
    "matter_index",
    "directory_revisions",
    "absences",
    "administration",
    "publications",
    "quotas",
    "quota_allotments",
    "audit_samples",
    "letters",
    "bulk_runs",
    "desk_days",
    "notification_wishes",
    "programs",
    "schema_state",
    "saved_filters",
    "time_watch",
    "alarms",
    "reconciler",
}
"""Short global tables, which hold no rows of a case (see tables.py)."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A database of each kind without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'banjie.db'}"
        return
    postgres = request.getfixturevalue("postgres")
    name = postgres.create()
    yield postgres.url(name)
    postgres.drop(name)


def test_a_new_database_is_refused_until_it_is_upgraded(empty_url: str):
    engine = open_engine(empty_url)
    with pytest.raises(SchemaOutOfDate, match=f"none.*{schema.WANTED}"):
        check_schema(engine)
    upgrade(engine)
    upgrade(engine)

    check_schema(engine)
    engine.dispose()


def test_asking_does_not_make_a_database(tmp_path: Path):
    path = tmp_path / "banjie.db"
    with pytest.raises(SchemaOutOfDate):
        check_schema(open_engine(f"sqlite:///{path}"))

    assert not path.exists()


def test_an_older_schema_is_refused(store: Store):
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0017'"))

    with pytest.raises(SchemaOutOfDate, match="0017"):
        check_schema(store.engine)


def test_a_newer_schema_is_refused_once_something_was_taken_away(store: Store):
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    check_schema(store.engine)
    upgrade(store.engine)  # by an older program: nothing to do, and no step back
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE schema_state SET oldest_program = '9998'"))

    for refused in (check_schema, upgrade):
        with pytest.raises(ProgramOutOfDate, match=r"9999.*9998"):
            refused(store.engine)


def test_two_upgrades_at_once_do_it_once(empty_url: str):
    engines = [open_engine(empty_url) for _ in range(3)]
    with ThreadPoolExecutor(len(engines)) as pool:
        list(pool.map(upgrade, engines))

    check_schema(engines[0])
    for engine in engines:
        engine.dispose()


def test_the_program_wants_the_newest_migration():
    assert ScriptDirectory.from_config(schema.alembic_config()).get_heads() == [schema.WANTED]


def test_migrations_lead_to_the_tables_as_they_are_declared(store_without_clock: Store):
    with store_without_clock.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )

        assert compare_metadata(context, t.metadata) == []


def test_partial_indexes_and_checks_are_in_the_database_too(store_without_clock: Store):
    """What Alembic does not compare: conditions of indexes, and check constraints."""
    catalogue = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL",
        "postgresql": "SELECT indexdef FROM pg_indexes UNION ALL SELECT conname FROM pg_constraint",
    }
    with store_without_clock.read() as connection:
        found = "\n".join(connection.execute(text(catalogue[store_without_clock.dialect])).scalars())

    for table in t.metadata.tables.values():
        for constraint in table.constraints:
            assert not constraint.name or str(constraint.name) in found
        for index in table.indexes:
            line = next(line for line in found.splitlines() if f" {index.name} " in line)
            condition = index.dialect_options["postgresql"]["where"]
            assert ("WHERE" in line) == (condition is not None)
            if condition is not None:
                wanted = str(condition.compile()).replace(f"{table.name}.", "")
                found_there = line.partition("WHERE")[2].replace("(", "").replace(")", "").strip()
                # PostgreSQL says the type of a text, and <> for what is not equal.
                assert found_there.replace("::text", "").replace("<>", "!=") == wanted


def test_a_case_is_in_every_key():
    """So that tables can be partitioned and spread by case. The exceptions are numbers that the country sees once."""
    exceptions = {"cases_no_uq", "documents_series_year_number_uq"}
    keys = [
        (table.name, str(constraint.name), {column.name for column in constraint.columns})
        for table in t.metadata.tables.values()
        if table.name not in REGISTERS
        for constraint in table.constraints
        if isinstance(constraint, (PrimaryKeyConstraint, UniqueConstraint))
    ]

    without = [
        name for table, name, columns in keys if ("id" if table == "cases" else "case_id") not in columns
    ]
    assert sorted(without) == sorted(exceptions)


def test_the_wheel_brings_the_migrations():
    folder = Path(schema.__file__).parent / "migrations"

    assert (folder / "env.py").is_file()
    assert sorted(path.name for path in (folder / "versions").glob("*.py")) == [
        "0001_first.py",
        "0002_calendar_notices.py",
        "0003_matter_index.py",
        "0004_publications.py",
        "0005_shipped_calendars.py",
        "0006_work.py",
        "0007_directory.py",
        "0008_quota.py",
        "0009_materials.py",
        "0010_letters.py",
        "0011_signing.py",
        "0012_findings.py",
        "0013_notifications.py",
        "0014_reports.py",
        "0015_audits.py",
        "0016_watch.py",
        "0017_rolling.py",
        "0018_speed.py",
    ]


def test_a_database_that_is_not_there_is_unavailable(tmp_path: Path):
    with pytest.raises(DatabaseUnavailable):
        check_schema(open_engine(f"postgresql://nobody@/nowhere?host={tmp_path}"))
    with pytest.raises(DatabaseUnavailable):
        upgrade(open_engine(f"postgresql://nobody@/nowhere?host={tmp_path}"))
