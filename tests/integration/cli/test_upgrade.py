"""`banjie db upgrade --check` says what an upgrade would do, and does nothing."""

from __future__ import annotations

from contextlib import closing

import pytest
from alembic import command

from workflow.engine.presence import present
from workflow.storage import programs, schema
from workflow.storage.store import open_store

FIRST, *LATER = [script.revision for script in schema.migrations()]


@pytest.fixture
def engine(empty_home):
    empty_home.mkdir()
    with closing(open_store(f"sqlite:///{empty_home / 'banjie.db'}")) as store:
        yield store.engine


@pytest.fixture
def at_first(engine):
    """A database as the first version of the program left it."""
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(schema.alembic_config(connection), FIRST)
        connection.commit()
    return engine


def found(engine):
    with engine.connect() as connection:
        return schema.found_revision(connection)


def test_a_home_without_a_database_is_told_every_step_and_gets_none(banjie, empty_home):
    told = banjie("db", "upgrade", "--check", "--json").json

    assert told["found"] is None
    assert [step["revision"] for step in told["steps"]] == [FIRST, *LATER]
    assert not (empty_home / "banjie.db").exists()


def test_an_older_database_is_told_what_is_missing_and_stays_as_it_is(banjie, at_first):
    said = banjie("db", "upgrade", "--check", "--json")

    assert said.code == 0
    assert (said.json["found"], said.json["wanted"]) == (FIRST, schema.WANTED)
    assert [step["revision"] for step in said.json["steps"]] == LATER
    lines = banjie("db", "upgrade", "--check").out.splitlines()
    assert [line for line in lines for revision in LATER if revision in line]
    assert found(at_first) == FIRST

    assert banjie("db", "upgrade").code == 0
    assert found(at_first) == schema.WANTED


def test_nothing_is_to_be_done_on_a_database_of_today(banjie, engine):
    assert banjie("db", "upgrade").code == 0

    assert banjie("db", "upgrade", "--check", "--json").json["steps"] == []
    assert schema.WANTED in banjie("db", "upgrade", "--check").out


def test_who_stands_in_the_way_is_named_and_the_exit_code_tells(banjie, engine, monkeypatch):
    assert banjie("db", "upgrade").code == 0
    with closing(open_store(str(engine.url))) as store, present("worker", store, pytest.fail):
        plan = schema.planned(engine)
        with store.read() as connection:
            (worker,) = programs.alive(connection)
        blocked = schema.Plan(
            found=plan.found,
            stages=(schema.Stage(revision="0099", title="A table less", oldest="0099"),),
            oldest="0099",
            in_the_way=(worker,),
        )
        monkeypatch.setattr(schema, "planned", lambda _: blocked)

        said = banjie("db", "upgrade", "--check", "--json")
        told = banjie("db", "upgrade", "--check")

    assert (said.code, told.code) == (1, 1)
    assert said.json["in_the_way"] == [worker.told()]
    assert not said.json["found_goes_on"]
    assert worker.told() in told.out
