"""What a pulse takes: work whose hint led to nothing, by one pulse only, counted, and in the end set aside."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, literal, update

from tests.conftest import START
from workflow.storage import tables as t
from workflow.storage.changes import Changes
from workflow.storage.columns import RealTimeAgo


class Office:
    """Automatic work of cases, due and told to nobody, and hints that are as old as one likes."""

    def __init__(self, store, *case_ids):
        self.store = store
        work = {"job": 1, "kind": "automatic", "action": "a", "visit": 1, "due_at": START}
        with store.engine.begin() as connection:
            for case_id in case_ids:
                connection.execute(insert(t.jobs).values(case_id=case_id, **work))

    def age_hints(self, seconds):
        old = update(t.jobs).where(t.jobs.c.hinted_at.is_not(None))
        with self.store.engine.begin() as connection:
            connection.execute(old.values(hinted_at=RealTimeAgo(literal(seconds))))


def test_what_nobody_was_told_of_is_due_and_not_overlooked(store):
    Office(store, "a", "b")

    assert store.unhinted(10) == ["a", "b"]
    assert store.unhinted(1) in (["a"], ["b"])
    assert store.take_overlooked(0.001, 10) == []


def test_it_is_taken_by_one_pulse_only(store):
    office = Office(store, "a", "b")
    store.take_due(10)
    assert store.unhinted(10) == []
    office.age_hints(5.0)

    assert store.take_overlooked(6.0, 10) == []
    assert store.take_overlooked(4.0, 1) in (["a"], ["b"])
    assert len(store.take_overlooked(4.0, 10)) == 1
    assert store.take_overlooked(4.0, 10) == []


def test_each_try_doubles_the_patience(store):
    office = Office(store, "a")
    store.take_due(1)
    for seconds in (2.1, 4.1, 8.1):
        office.age_hints(seconds - 0.2)
        assert store.overlooked(2.0, 1) == store.take_overlooked(2.0, 1) == []
        office.age_hints(seconds)
        assert store.overlooked(2.0, 1) == store.take_overlooked(2.0, 1) == ["a"]


@pytest.mark.parametrize("others", [(), ("b",)])
def test_what_kills_whoever_looks_is_set_aside_in_the_end(store, others):
    office = Office(store, "a", *others)
    store.take_due(10)
    tries = 0
    while not store.parked():
        office.age_hints(1000.0)
        tries += "a" in store.take_overlooked(1.0, 10, attempts=3)

    assert tries == 2
    assert {parked.case_id for parked in store.parked()} == {"a", *others}
    assert all("led to nothing" in parked.error for parked in store.parked())
    assert store.quiet()


def test_a_commit_of_somebody_else_is_noticed_until_it_has_been_told(store, database_url):
    changed = Changes(store.engine)
    changed()

    before = changed()
    Office(store, "a")
    after = changed()
    store.take_due(10)
    told = [changed(), changed()]
    changed.close()

    assert (before, after) == (False, True)
    # SQLite only counts commits, and taking the hint was one.
    assert told == ([True, False] if store.dialect == "sqlite" else [False, False])
