"""The judge judged: after a seed in which every promise was kept, one thing is made wrong, and it must be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.simulation.account import Account, Claim
from tests.simulation.history import FAIL, OK
from tests.simulation.judge import judge
from tests.simulation.simulate import Play, played
from tests.simulation.world import World

SEED = 2


@pytest.fixture(scope="module")
def play():
    with played(SEED) as play:
        assert judge(play.world.store, play.testimony()) == []
        for (trigger,) in sql(play.world, "SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            sql(play.world, f"DROP TRIGGER {trigger}")
        sql(play.world, "PRAGMA foreign_keys = OFF")
        sql(play.world, "PRAGMA ignore_check_constraints = ON")
        yield play


def sql(world: World, statement: str):
    return world.memory.keeper.execute(statement).fetchall()


@pytest.fixture
def spoiled(play: Play):
    """The play, in which whatever is done to the database is undone afterwards."""
    sql(play.world, "BEGIN")
    yield play
    if play.world.memory.keeper.in_transaction:
        sql(play.world, "ROLLBACK")


def promises(play: Play, testimony: Account | None = None) -> set[str]:
    """Which promises the judge finds broken; it reads by the very connection that spoiled them."""
    world = play.world
    line = world.memory.keeper
    reader = Reading(line)
    return {one.promise for one in judge(reader.store(world), testimony or play.testimony())}


class Reading:
    """A store that reads by one connection, uncommitted changes included."""

    def __init__(self, line) -> None:
        self.line = line

    def store(self, world: World):
        from sqlalchemy import create_engine  # noqa: PLC0415 - a reading of one's own
        from sqlalchemy.pool import StaticPool  # noqa: PLC0415

        from tests.simulation.database import sqlite  # noqa: PLC0415
        from workflow.storage.store import Store  # noqa: PLC0415

        line = self.line

        class Borrowed:
            def __getattr__(self, name):
                return getattr(line, name)

            def rollback(self):
                """Only the test ends what it has begun."""

            commit = close = rollback

        engine = create_engine("sqlite+pysqlite://", module=sqlite, creator=Borrowed, poolclass=StaticPool)
        return Store(engine, reader=engine)


SPOILS = {
    "a filing that was answered is gone": ("I1", "DELETE FROM commands WHERE key = 'filing-1'"),
    "an event is gone": ("I6", "DELETE FROM events WHERE seq = 2"),
    "an event says another thing": ("I6", "UPDATE events SET actor = 'nobody' WHERE seq = 1"),
    "a case stands in another state": ("I3", "UPDATE cases SET state = 'archived_never'"),
    "a case has moved without an event": ("I3", "UPDATE cases SET version = version + 1"),
    "a rung fired before its time": ("I3", "UPDATE rungs SET fired_at = '2001-01-01T00:00:00.000000Z'"),
    "a rung waits for ever": (
        "I4",
        (
            "UPDATE rungs SET fired_at = NULL, cancelled_at = NULL, withheld_at = NULL,"
            " fires_at = '2001-01-01T00:00:00.000000Z'"
        ),
    ),
    "a fired rung was cancelled": ("I4", "UPDATE rungs SET fired_at = fires_at, cancelled_at = fires_at"),
    "a rung is gone": ("I3", "DELETE FROM rungs"),
    "a job is not done": ("I7", "UPDATE jobs SET done_at = NULL"),
    "a job was done too early": ("I4", "UPDATE jobs SET done_at = '2001-01-01T00:00:00.000000Z'"),
    "a number was left out": ("I10", "UPDATE number_counters SET last = last + 1"),
    "a document has a number out of order": (
        "I10",
        (
            "INSERT INTO documents (case_id, seq, document, series, year, number, issued_at)"
            " SELECT id, 1, 'licence', 'X', 2026, 3, '2026-01-01T00:00:00.000000Z' FROM cases LIMIT 1"
        ),
    ),
    "a value is another": ("I1", "UPDATE personal_values SET value = value || 'x'"),
    "a command nobody asked for": (
        "I2",
        (
            "INSERT INTO commands (actor, key, request_hash, case_id, seq, accepted_at)"
            " SELECT 'stranger', 'key', x'00', id, 1, '2026-01-01T00:00:00.000000Z' FROM cases LIMIT 1"
        ),
    ),
    "a receipt says another event": ("I2", "UPDATE commands SET seq = seq + 1"),
    "a name in an error": (
        "I9",
        "UPDATE jobs SET error = (SELECT value FROM personal_values WHERE length(value) > 5 LIMIT 1)",
    ),
    "an orphan": ("I6", "DELETE FROM cases WHERE id = (SELECT min(id) FROM cases)"),
}


@pytest.mark.parametrize("name", SPOILS)
def test_what_is_wrong_in_the_database_is_told(spoiled, name):
    promise, statement = SPOILS[name]
    testimony = spoiled.testimony()
    if promise == "I9":
        values = sql(spoiled.world, "SELECT value FROM personal_values WHERE length(value) > 5 LIMIT 1")
        testimony = replace(testimony, canaries=testimony.canaries | {values[0][0]})
    sql(spoiled.world, statement)

    assert promise in promises(spoiled, testimony)


def _said(testimony: Account) -> Account:
    return replace(testimony, said=[*testimony.said, next(iter(sorted(testimony.canaries)))])


LIES: dict[str, tuple[str, Callable[[Account], Account]]] = {
    "the broker was told a name": ("I9", _said),
    "a refusal told a name": ("I9", lambda t: replace(t, told=[*t.told, min(t.canaries)])),
    "a mail went out twice": (
        "I2",
        lambda t: replace(t, received=[("mail", "x", False), ("mail", "x", False)]),
    ),
    "an old fence settled": (
        "I5",
        lambda t: replace(
            t,
            claims=[
                Claim(delivery="d", epoch=1, what="claimed"),
                Claim(delivery="d", epoch=2, what="claimed"),
                Claim(delivery="d", epoch=1, what="moved"),
            ],
        ),
    ),
    "two claims under one fence": (
        "I5",
        lambda t: replace(t, claims=[Claim(delivery="d", epoch=1, what="claimed")] * 2),
    ),
    "it never became quiet": ("I12", lambda t: replace(t, unfinished="not quiet")),
    "nobody held his post": ("I8", lambda t: replace(t, directories=_without_posts(t))),
}


def _without_posts(testimony: Account):
    return {name: replace(one, holdings=()) for name, one in testimony.directories.items()}


@pytest.mark.parametrize("name", LIES)
def test_what_is_wrong_in_what_was_said_is_told(play, name):
    promise, spoil = LIES[name]

    assert promise in {one.promise for one in judge(play.world.store, spoil(play.testimony()))}


def test_an_answer_to_what_was_refused_is_told(play):
    refused = next(one for one in play.crowd.history.asked if one.said == FAIL)
    accepted = next(one for one in play.crowd.history.asked if one.said == OK)
    kept = accepted.ended
    accepted.ended = refused.ended

    assert "I1" in {one.promise for one in judge(play.world.store, play.testimony())}
    accepted.ended = kept


def test_a_version_that_was_not_read_is_told(play):
    done = next(
        one
        for one in play.crowd.history.asked
        if one.said == OK and getattr(one.command, "seen_version", None) is not None
    )
    kept, done.command = done.command, replace(done.command, seen_version=99)

    assert "I11" in {one.promise for one in judge(play.world.store, play.testimony())}
    done.command = kept
