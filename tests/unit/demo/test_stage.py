"""Setting the stage: days that cannot be played are refused, and no database is replaced that is not a demonstration's."""

from __future__ import annotations

from datetime import date

import pytest

from workflow.demo.hours import PER_DAY
from workflow.demo.stage import DECIDED_AFTER, demo_settings, fresh_database, set_stage
from workflow.errors import BadInput, Conflict, NoRuleInForce
from workflow.storage.schema import upgrade
from workflow.storage.store import open_store


@pytest.mark.parametrize(("cases", "expected"), [(1, 1), (5, 5), (33, 33), (300, 300)])
def test_there_are_as_many_filings_as_asked_for(catalog, cases, expected):
    assert set_stage(catalog, cases=cases, seed="7", start=date(2026, 9, 14)).cases == expected


@pytest.mark.parametrize("start", ["2026-09-14", "2007-09-03", "2020-01-20"])
def test_a_year_with_its_notices_can_be_played(catalog, start):
    stage = set_stage(catalog, cases=3, seed="7", start=date.fromisoformat(start))

    assert stage.hours.at(DECIDED_AFTER * PER_DAY) > stage.hours.at(0)


def test_work_begins_on_the_first_working_day(catalog):
    assert set_stage(catalog, cases=1, seed="7", start=date(2025, 10, 2)).hours.first == date(2025, 10, 9)


@pytest.mark.parametrize(
    ("start", "error"),
    [("2026-11-02", BadInput), ("2005-09-05", BadInput), ("2003-09-01", NoRuleInForce)],
    ids=["no notice yet", "no notice then", "before the law"],
)
def test_a_start_that_cannot_be_played_is_refused(catalog, start, error):
    with pytest.raises(error):
        set_stage(catalog, cases=3, seed="7", start=date.fromisoformat(start))


@pytest.fixture
def settings(tmp_path):
    return demo_settings({"BANJIE_HOME": str(tmp_path)})


@pytest.fixture
def start(hours):
    return hours.at(0)


def test_a_demonstration_has_a_home_and_a_broker_of_its_own(tmp_path):
    settings = demo_settings({"BANJIE_HOME": str(tmp_path), "BANJIE_BROKER_URL": "redis://elsewhere"})

    assert settings.home == tmp_path / "demo"
    assert settings.database_url == f"sqlite:///{tmp_path}/demo/banjie.db"
    assert settings.embedded_broker


def test_an_old_demonstration_is_replaced(settings, start, hours):
    with fresh_database(settings, start) as store:
        store.advance(hours.at(9))
    with fresh_database(settings, start) as store:
        assert store.clock().now == start
        assert store.clock().mode == "stepped"


def test_a_real_database_is_not_replaced(settings, start):
    settings.home.mkdir(parents=True)
    real = open_store(settings.database_url)
    upgrade(real.engine)
    real.create_clock("real")
    real.close()

    with pytest.raises(Conflict, match=r"banjie\.db"), fresh_database(settings, start):
        pass
    assert open_store(settings.database_url).clock().mode == "real"


def test_a_file_that_is_no_database_is_not_replaced(settings, start):
    settings.home.mkdir(parents=True)
    (settings.home / "banjie.db").write_text("notes that somebody keeps here")

    with pytest.raises(Conflict), fresh_database(settings, start):
        pass
    assert (settings.home / "banjie.db").read_text() == "notes that somebody keeps here"


def test_two_demonstrations_do_not_run_in_one_place(settings, start):
    with (
        fresh_database(settings, start),
        pytest.raises(Conflict, match="demo"),
        fresh_database(settings, start),
    ):
        pass


def test_a_database_that_is_named_must_be_empty(tmp_path, start):
    env = {"BANJIE_HOME": str(tmp_path), "BANJIE_DATABASE_URL": f"sqlite:///{tmp_path}/mine.db"}

    with fresh_database(demo_settings(env), start) as store:
        assert store.clock().now == start
    with pytest.raises(Conflict), fresh_database(demo_settings(env), start):
        pass
