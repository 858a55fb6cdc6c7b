"""The wire: several statements in one round trip, and what becomes of it when one of them fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest
from psycopg.pq import PipelineStatus, TransactionStatus
from sqlalchemy import text

from workflow.storage import wire
from workflow.storage.store import Store, open_store
from workflow.storage.wire import Statements, Wire, encoded, rows_in


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    made = open_store(postgres_url)
    yield made
    made.close()


@pytest.fixture
def connection(postgres_store: Store) -> Iterator[psycopg.Connection]:
    with postgres_store._stepping.connect() as proxied:
        driver = proxied.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        driver.execute("CREATE TEMPORARY TABLE wired (id int PRIMARY KEY, word text)")
        driver.commit()
        yield driver


def begun(connection: psycopg.Connection, statements: Statements | None = None) -> Wire:
    spoken = Wire(connection, statements or Statements())
    spoken.begin()
    return spoken


def words(connection: psycopg.Connection) -> list[str]:
    found = [row[0] for row in connection.execute("SELECT word FROM wired ORDER BY id")]
    connection.commit()
    return found


def test_what_goes_out_together_is_done_in_order_and_kept_by_the_commit(connection):
    spoken = begun(connection)
    spoken.tell(b"INSERT INTO wired VALUES ($1, $2)", (1, "one"))
    spoken.tell(b"UPDATE wired SET word = $2 WHERE id = $1", (1, "uno"))
    spoken.tell(b"SELECT word FROM wired")
    answers = spoken.answers()
    assert [answer.command_tuples for answer in answers] == [1, 1, 1]
    assert rows_in(answers[-1]) == [("uno",)]
    spoken.end(b"COMMIT")
    assert words(connection) == ["uno"]


def test_after_an_error_nothing_that_followed_is_done_and_all_is_taken_back(connection):
    spoken = begun(connection)
    spoken.tell(b"INSERT INTO wired VALUES ($1, $2)", (1, "one"))
    spoken.tell(b"INSERT INTO wired VALUES ($1, $2)", (1, "again"))
    spoken.tell(b"INSERT INTO wired VALUES (2, $1)", ("never",))
    with pytest.raises(psycopg.errors.UniqueViolation):
        spoken.answers()
    spoken.abandon()
    assert connection.info.transaction_status is TransactionStatus.IDLE
    assert words(connection) == []


def test_what_an_error_kept_from_being_prepared_is_prepared_the_next_time(connection):
    statements = Statements()
    for attempt in (1, 2):
        spoken = begun(connection, statements)
        spoken.tell(b"SELECT 1 / $1::int", (0 if attempt == 1 else 1,))
        spoken.tell(b"SELECT 2")
        if attempt == 1:
            with pytest.raises(psycopg.errors.DivisionByZero):
                spoken.answers()
            spoken.abandon()
        else:
            assert [rows_in(answer) for answer in spoken.answers()] == [[(1,)], [(2,)]]
            spoken.end(b"COMMIT")


def test_a_savepoint_keeps_what_went_before_an_error(connection):
    spoken = begun(connection)
    spoken.count(b"INSERT INTO wired VALUES (1, 'one')")
    spoken.count(b"SAVEPOINT mark")
    with pytest.raises(psycopg.errors.UniqueViolation):
        spoken.count(b"INSERT INTO wired VALUES (1, 'again')")
    spoken.count(b"ROLLBACK TO mark")
    spoken.end(b"COMMIT")
    assert words(connection) == ["one"]


def test_an_old_statement_makes_room_for_a_new_one(connection, monkeypatch):
    monkeypatch.setattr(wire, "MOST_PREPARED", 3)
    statements = Statements()
    for _ in range(2):
        spoken = begun(connection, statements)
        for number in range(7):
            assert spoken.ask(b"SELECT %d" % number) == [(number,)]
        spoken.end(b"COMMIT")
    kept = connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone()
    assert kept == (3,)


def test_what_was_said_and_not_heard_is_never_done(connection):
    spoken = begun(connection)
    spoken.tell(b"INSERT INTO wired VALUES (1, 'one')")
    spoken.abandon()
    assert connection.pgconn.pipeline_status == PipelineStatus.OFF
    assert words(connection) == []


def test_values_come_back_as_they_were(connection):
    spoken = begun(connection)
    given = (
        'q"uo\\te',
        b"\x00\xff",
        7,
        True,
        datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC),
        date(1969, 12, 31),
    )
    asked = b"SELECT $1::text, $2::bytea, $3::bigint, $4::boolean, $5::timestamptz, $6::date, NULL::text"
    assert spoken.ask(asked, given) == [(*given, None)]
    listed = ["plain", 'with "quotes"', "back\\slash", "逗，号", "NULL", ""]
    assert spoken.ask(b"SELECT unnest($1::text[])", (listed,)) == [(one,) for one in listed]
    spoken.end(b"COMMIT")


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        encoded(datetime(2026, 2, 3))  # noqa: DTZ001 - that is what is refused


def test_a_connection_that_ends_under_way_says_so(connection, postgres_store: Store):
    spoken = begun(connection)
    spoken.ask(b"SELECT 1")
    with postgres_store.engine.begin() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": connection.info.backend_pid})
    with pytest.raises(psycopg.OperationalError):
        spoken.ask(b"SELECT 2")
    spoken.abandon()
    assert connection.closed
