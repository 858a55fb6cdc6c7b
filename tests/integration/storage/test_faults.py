"""What happens when the database is lost, busy, broken or not there."""

from __future__ import annotations

import re
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import ModuleType

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from workflow.errors import BadSetting, DatabaseUnavailable
from workflow.storage.database import open_engine, sqlite_module
from workflow.storage.faults import RefusedByTables, TryAgain
from workflow.storage.step_sql import SEVERAL, guarded, row_sql, step_sql, whole_sql
from workflow.storage.store import Store, open_store
from workflow.storage.writes import WRITES
from workflow.testing.postgres import temporary_postgres
from workflow.testing.steps import filing, take

SECRET = "110101199003074477"


def file_case(store: Store, case_id: str, no: str | None = None) -> None:
    with store.write() as tx:
        now = tx.open_case(case_id, actor="zhang", key=case_id).now
        take(tx, case_id, filing(now, no=no or case_id), key=case_id)


@pytest.fixture
def postgres_store(postgres_url: str):
    store = open_store(postgres_url)
    store.create_clock("real")
    yield store
    store.close()


def end_sessions(store: Store) -> None:
    """End every other session of this database, as a server does that restarts."""
    engine = open_engine(store.engine.url)
    with engine.connect() as connection:
        ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.execute(text(f"{ending} AND pid <> pg_backend_pid()"))
    engine.dispose()


def test_a_connection_lost_in_the_middle_means_trying_again(postgres_store: Store):
    with pytest.raises(TryAgain), postgres_store.write() as tx:
        tx.open_case("c1", actor="zhang", key="")
        end_sessions(postgres_store)
        tx.take_number("A", 2026)

    file_case(postgres_store, "c1")
    assert postgres_store.case_ids() == ["c1"]


def test_a_connection_lost_at_the_commit_means_trying_again(postgres_store: Store):
    with pytest.raises(TryAgain), postgres_store.write() as tx:
        now = tx.open_case("c1", actor="zhang", key="c1").now
        take(tx, "c1", filing(now), key="c1")
        end_sessions(postgres_store)

    file_case(postgres_store, "c1")
    assert len(postgres_store.history("c1")) == 1


def test_after_a_restart_one_try_is_lost_and_not_one_for_each_idle_connection(postgres_store: Store):
    with postgres_store.write(), postgres_store.write(), postgres_store.write():
        pass  # three connections, idle from now on
    end_sessions(postgres_store)

    with pytest.raises(TryAgain):
        file_case(postgres_store, "c1")
    file_case(postgres_store, "c1")
    assert postgres_store.quiet()


def test_reading_survives_a_restart_too(postgres_store: Store):
    file_case(postgres_store, "c1")
    end_sessions(postgres_store)

    assert postgres_store.case("c1") is not None


def test_a_deadlock_means_trying_again(postgres_store: Store):
    for case_id in ("c1", "c2"):
        file_case(postgres_store, case_id)

    def cross(first: str, second: str) -> str:
        try:
            with postgres_store.write() as tx:
                tx.open_case(first, actor="zhang", key="")
                both.wait()
                tx.open_case(second, actor="zhang", key="")
        except TryAgain:
            return "try again"
        return "done"

    both = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        told = [pool.submit(cross, "c1", "c2"), pool.submit(cross, "c2", "c1")]

        assert sorted(one.result() for one in told) == ["done", "try again"]


def test_a_server_that_is_gone_is_unavailable():
    with temporary_postgres() as url:
        store = open_store(url.render_as_string(hide_password=False))
    with pytest.raises(DatabaseUnavailable) as refused:
        store.clock()

    assert not isinstance(refused.value, TryAgain)


def test_no_free_connection_means_trying_again(postgres_url: str):
    engine = open_engine(postgres_url, pool_size=1)
    engine.pool._timeout = 0.05
    store = Store(engine)
    store.create_clock("real")

    with store.write(), store.write(), pytest.raises(TryAgain, match="in use"), store.write():
        pass
    store.close()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path):
    path = tmp_path / "banjie.db"
    path.write_bytes(b"not a database, but long enough to be looked at as one" * 40)

    with pytest.raises(DatabaseUnavailable, match="not a database"):
        open_store(f"sqlite:///{path}").clock()


def test_a_place_where_no_file_can_be_is_unavailable(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(DatabaseUnavailable):
        open_store(f"sqlite:///{tmp_path / 'file' / 'banjie.db'}").clock()


def test_what_the_tables_refuse_is_named_but_not_quoted(real_store: Store):
    file_case(real_store, "c1", no=SECRET)

    with pytest.raises(RefusedByTables) as refused:
        file_case(real_store, "c2", no=SECRET)
    assert "cases" in refused.value.message
    assert SECRET not in refused.value.message
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    "url",
    ["mysql://localhost/x", "not an address", "sqlite://", "sqlite:///:memory:", "sqlite:///x?mode=memory"],
)
def test_an_address_that_will_not_do_is_refused_at_once(url: str):
    with pytest.raises(BadSetting, match="BANJIE_DATABASE_URL"):
        open_engine(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_spelling_of_postgresql_is_understood(scheme: str):
    assert open_engine(f"{scheme}://u:p@db.example:6543/banjie").dialect.driver == "psycopg"


def test_settings_of_every_postgresql_session(postgres_store: Store):
    wanted = {
        "lock_timeout": "10s",
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "30s",
        "TimeZone": "UTC",
        "default_transaction_isolation": "read committed",
        "application_name": "banjie",
    }
    with postgres_store.read() as connection:
        found = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in wanted}

    assert found == wanted


def test_settings_of_every_sqlite_connection(sqlite_url: str):
    safe = sqlite_module().sqlite_version_info >= (3, 51, 3)
    wanted = {
        "journal_mode": "wal" if safe else "delete",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 15000,
    }
    store = open_store(sqlite_url)
    with store.read() as one, store.read() as two:
        for connection in (one, two):
            found = {name: connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in wanted}
            assert found == wanted
    store.close()


def test_an_old_sqlite_never_writes_ahead(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    """SQLite before 3.51.3 can corrupt a database in WAL mode with several writers."""
    monkeypatch.setattr("workflow.storage.database.sqlite_module", lambda: sqlite3)
    monkeypatch.setattr("workflow.storage.database.WAL_SAFE", (99,))
    store = open_store(sqlite_url)
    store.create_clock("real")
    file_case(store, "c1")

    with store.read() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "delete"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
    assert store.case("c1") is not None
    store.close()


@pytest.mark.parametrize(("version", "journal"), [((3, 51, 2), "delete"), ((3, 51, 3), "wal")])
def test_it_writes_ahead_from_the_version_on_in_which_that_was_mended(
    sqlite_url: str, version: tuple[int, ...], journal: str, monkeypatch: pytest.MonkeyPatch
):
    module = ModuleType("sqlite3")
    module.__dict__.update(vars(sqlite3), sqlite_version_info=version)
    monkeypatch.setattr("workflow.storage.database.sqlite_module", lambda: module)

    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == journal
    engine.dispose()


def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path):
    path = tmp_path / "deep" / "down" / "banjie.db"
    with open_engine(f"sqlite:///{path}").connect():
        assert stat.S_ISREG(path.stat().st_mode)


def test_the_read_side_cannot_write(real_store: Store):
    with (
        pytest.raises((DBAPIError, DatabaseUnavailable), match=r"read-?only"),
        real_store.read() as connection,
    ):
        connection.execute(text("DELETE FROM cases"))


def test_no_plan_of_a_writer_reads_a_whole_table(postgres_store: Store):
    """Plans are kept, and tables grow: what was cheapest for a page must be right for a million rows. What a step changes is
    found by its key, not by walking everything that is open.
    """
    with postgres_store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    with postgres_store.engine.begin() as connection:
        partial = set(
            connection.execute(
                text("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '% WHERE %'")
            ).scalars()
        )
        connection.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        for write in WRITES:
            for sql in (
                step_sql((write,)),
                row_sql(write, sure=guarded(write)).said.sql,
                whole_sql(((write, 2),), last=True).sql,
                whole_sql(((write, SEVERAL[write.how]),), last=True).sql,
            ):
                given = ", ".join(["NULL"] * len(set(re.findall(rb"\$\d+", sql))))
                connection.exec_driver_sql(f"PREPARE {write.name} AS {sql.decode()}")
                plan = "\n".join(
                    connection.exec_driver_sql(f"EXPLAIN EXECUTE {write.name}({given})").scalars()
                )
                connection.exec_driver_sql(f"DEALLOCATE {write.name}")
                assert "Seq Scan" not in plan
                assert not partial & set(re.findall(r"Index Scan (?:using|on) (\w+)", plan)), plan
                if b"json" not in sql:
                    # Not walked from one end to the other either.
                    assert len(re.findall("Index Scan", plan)) <= len(re.findall("Index Cond", plan)), plan
