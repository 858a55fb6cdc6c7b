"""Each thing that the engine stands on is broken by hand: the doctor finds it and says how to mend it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfoNotFoundError

import pytest
from redis import Redis
from sqlalchemy import text

from tests.integration.workers.conftest import broker_on
from workflow.catalog.loader import load
from workflow.cli.checks import all_checks
from workflow.cli.ground_checks import store_checks
from workflow.config import Settings
from workflow.engine.alarms import STANDING
from workflow.storage.store import open_store


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def found(empty_home, monkeypatch):
    """The checks of an installation that the environment names, by name; the worst where there are several."""

    def call():
        checks = all_checks(Settings.from_environment())
        order = ["well", "note", "wrong"]
        return {one.name: one for one in sorted(checks, key=lambda one: order.index(one.verdict))}

    return call


@pytest.fixture
def ground(real_store):
    """What the checks of the store say of each kind of database."""

    def call(catalog=None):
        return {one.name: one for one in store_checks(real_store, catalog)}

    return call


def test_a_sound_database_is_well(ground, real_store):
    checks = ground(load())

    # The server of the tests may be one that trades durability for speed, and then that is what is to be found.
    assert {name: check.verdict for name, check in checks.items()} == {
        "durable": "well" if durable(real_store) else "wrong",
        "clocks": "well",
        "relay": "well",
        "provisional": "well",
        "reconciler": "note",
        "alarms": "well",
    }
    assert ("SQLite" if real_store.dialect == "sqlite" else "fsync=") in checks["durable"].found


def durable(store):
    if store.dialect == "sqlite":
        return True
    with store.read() as connection:
        names = ("fsync", "full_page_writes", "synchronous_commit")
        return all(connection.exec_driver_sql(f"SHOW {name}").scalar_one() == "on" for name in names)


def test_a_database_that_does_not_wait_for_its_disk(postgres_url):
    made = open_store(postgres_url)
    made.create_clock("real")
    with made.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'ALTER DATABASE "{made.engine.url.database}" SET synchronous_commit = off'))
    made.close()
    reopened = open_store(postgres_url)
    (check, *_) = store_checks(reopened, None)
    reopened.close()

    assert check.verdict == "wrong"
    assert "synchronous_commit" in check.mend


def test_clocks_that_disagree(ground, real_store, monkeypatch):
    real = real_store.watch.real_time
    monkeypatch.setattr(type(real_store.watch), "real_time", lambda _: real() + timedelta(hours=1))

    check = ground()["clocks"]

    assert (check.verdict, "3600" in check.found) == ("wrong", True)
    assert "NTP" in check.mend


def test_outcomes_that_are_held_back(ground, real_store):
    freeze(real_store)

    check = ground()["clocks"]

    assert check.verdict == "wrong"
    assert "clock_jumped" in check.mend


def freeze(store):
    """What the watch over time writes down when the clock has jumped."""
    with store.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO time_watch (id, mark, host, host_at, host_elapsed, frozen_at, frozen_because, shift)"
                " VALUES (1, :at, 'h', :at, 0, :at, 'forward', 3600000)"
            ),
            {"at": "2026-09-07T01:00:00.000000Z"},
        )


@pytest.mark.parametrize("name", sorted(set(STANDING) - {"work_parked", "work_overdue"}))
def test_an_alarm_that_stands(real_store, name):
    real_store.watch.settle(name, {"case-7": "detail"})

    checks = [one for one in store_checks(real_store, None) if one.name == "alarms"]

    if name in ("calendar_behind", "notification_dead"):
        assert [one.verdict for one in checks] == ["well"]
        return
    (check,) = checks
    assert check.verdict == ("note" if name in ("outcome_withheld", "tasks_idle") else "wrong")
    assert f"alarms.md#{name}" in check.mend


def test_a_reconciler_that_has_stopped(ground, real_store):
    with real_store.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO reconciler (id, looked_at, after_case, round_since) VALUES (1, :at, '', :at)"),
            {"at": "2026-09-07T01:00:00.000000Z"},
        )

    assert ground()["reconciler"].verdict == "note"


@pytest.mark.parametrize(("free", "verdict"), [(10**8, "wrong"), (2 * 10**9, "note"), (10**11, "well")])
def test_a_disk_that_fills(found, monkeypatch, free, verdict):
    monkeypatch.setattr("workflow.cli.ground_checks.shutil.disk_usage", lambda _: Usage(10**12, 0, free))

    assert found()["disk"].verdict == verdict


def test_a_machine_without_time_zones(found, monkeypatch):
    def missing(name):
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr("workflow.cli.ground_checks.ZoneInfo", missing)

    check = found()["zones"]
    assert check.verdict == "wrong"
    assert "tzdata" in check.mend


@pytest.fixture
def broker(tmp_path, monkeypatch):
    address = tmp_path / "b.sock"
    with broker_on(address):
        monkeypatch.setenv("BANJIE_BROKER_URL", f"unix://{address}")
        client = Redis(unix_socket_path=str(address))
        client.config_set("appendonly", "yes")
        yield client
        client.close()


@pytest.mark.parametrize(
    ("name", "value", "verdict", "mend"),
    [
        ("maxmemory-policy", "noeviction", "well", ""),
        ("maxmemory-policy", "allkeys-lru", "wrong", "noeviction"),
        ("appendonly", "no", "note", "appendonly yes"),
    ],
)
def test_a_broker_that_forgets(found, broker, name, value, verdict, mend):
    broker.config_set(name, value)

    check = found()["broker"]
    assert check.verdict == verdict
    assert mend in check.mend


def test_the_home_is_left_as_it_was(found, empty_home):
    found()

    assert not Path(empty_home).exists()
