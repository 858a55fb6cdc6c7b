"""A portal that starts before its database: says why it cannot serve, makes nothing, and serves as soon as it can."""

from __future__ import annotations

import sqlite3

import pytest

from portal.standby import Standby
from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.errors import BadSetting, DatabaseUnavailable, SchemaOutOfDate, Unavailable
from workflow.storage.schema import upgrade
from workflow.storage.store import open_store


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment({"BANJIE_HOME": str(tmp_path / "home")})


@pytest.fixture
def standby(settings):
    waiting = Standby(lambda: bootstrap(settings))
    yield waiting
    waiting.close()


def test_without_a_database_it_says_so_and_makes_none(standby, settings):
    with pytest.raises(DatabaseUnavailable):
        standby.store()

    faults = standby.check()
    assert faults["catalogue"] is None
    assert "banjie db upgrade" in faults["database"]
    assert not settings.home.exists()


def test_the_catalogue_needs_no_database(standby):
    assert "transfer-into-beijing" in standby.catalog().matters
    assert standby.now().tzinfo is not None


def test_an_old_database_is_not_upgraded_by_the_way(standby, settings):
    settings.home.mkdir()
    connection = sqlite3.connect(settings.home / "banjie.db")
    connection.execute("CREATE TABLE something (x)")
    connection.commit()
    connection.close()

    with pytest.raises(SchemaOutOfDate):
        standby.store()
    assert "banjie db upgrade" in standby.check()["schema"]


def test_a_database_that_is_no_database_is_told(standby, settings):
    settings.home.mkdir()
    (settings.home / "banjie.db").write_text("this is a letter, not a database" * 100)

    with pytest.raises(DatabaseUnavailable):
        standby.store()
    assert standby.check()["schema"] is not None


def test_it_serves_as_soon_as_the_database_is_there(standby, settings):
    with pytest.raises(DatabaseUnavailable):
        standby.store()

    made = open_store(settings.database_url)
    upgrade(made.engine)
    assert "clock" in standby.check()["database"]
    made.create_clock("real")
    made.close()

    assert standby.store().clock().mode == "real"
    assert not any(standby.check().values())


def test_a_database_that_went_away_is_not_made_anew(standby, settings):
    made = open_store(settings.database_url)
    upgrade(made.engine)
    made.create_clock("real")
    made.close()
    assert standby.store()

    for path in settings.home.iterdir():
        path.unlink()
    with pytest.raises(DatabaseUnavailable):
        standby.store()
    assert list(settings.home.iterdir()) == []


def test_a_wrong_setting_is_the_operators_fault_not_the_readers():
    def wrong():
        raise BadSetting(name="BANJIE_HOME", reason="it is a file")

    standby = Standby(wrong)

    with pytest.raises(Unavailable) as refused:
        standby.catalog()
    assert refused.value.status == 503
    assert "it is a file" in standby.check()["catalogue"]
    assert standby.shows_samples() is False
