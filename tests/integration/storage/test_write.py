"""What a step leaves in the tables, and what a transaction promises: the same on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from workflow.domain.events import (
    ClockEnded,
)
from workflow.errors import DefinitionInUse, RecordBroken
from workflow.storage import tables as t
from workflow.storage.faults import RefusedByTables, TryAgain, faults_told
from workflow.storage.store import Store
from workflow.testing.steps import DEFINITION, act, filing, step_of, take

DAY = timedelta(days=1)


def test_a_case_and_its_events_read_back_as_they_were_written(store: Store, begin):
    now, case = begin(key="k1")

    assert store.case("c1") == case
    assert store.case_id("A-1") == "c1"
    assert store.case_id("A-2") is None
    assert store.case("c2") is None
    assert store.case_ids() == ["c1"]
    history = store.history("c1")
    assert [type(event).__name__ for _, event in history] == ["FilingSubmitted", "ClockStarted"]
    assert [(envelope.seq, envelope.recorded_at) for envelope, _ in history] == [(1, now), (2, now)]
    assert history[1][0].prev_hash == history[0][0].hash
    assert history[0][0].facts == {"calendar": "cn-2026.2", "law": "2026-09"}


def test_the_next_step_begins_where_the_last_ended(store: Store, rows, begin):
    now, case = begin()
    with store.write() as tx:
        opened = tx.open_case("c1", actor="zhang", key="k2")
    assert (opened.case, opened.head, opened.remembered) == (case, store.history("c1")[-1][0].hash, None)

    with store.write() as tx:
        moved = take(tx, "c1", act(now, "accept", "submitted", "review"))

    assert store.case("c1") == moved
    assert rows(t.cases, "state", "seq", "version", "visit") == [("review", 3, 2, 2)]
    assert [envelope.seq for envelope, _ in store.history("c1")] == [1, 2, 3]


def test_a_command_is_remembered_under_its_actor_and_key(store: Store, begin):
    begin(key="k1")

    with store.write() as tx:
        remembered = tx.open_case("c1", actor="zhang", key="k1").remembered
        assert remembered is not None
        assert (remembered.request_hash, remembered.case_id, remembered.seq) == (b"\x01" * 48, "c1", 2)
        assert tx.open_case("c1", actor="zhang", key="k1").remembered == remembered
        assert tx.open_case("c1", actor="wang", key="k1").remembered is None
    with store.write() as tx:
        # Under the same key the answer is the same whatever case it is now said to be about.
        assert tx.open_case("c9", actor="zhang", key="k1").remembered == remembered


def test_a_step_without_a_key_is_not_remembered(store: Store, rows, begin):
    begin(key="")

    assert rows(t.commands) == []


def test_nothing_of_a_block_that_raises_is_kept(store: Store, rows):
    acts: list[str] = []
    with pytest.raises(RuntimeError, match="changed my mind"), store.write() as tx:
        now = tx.open_case("c1", actor="zhang", key="k1").now
        take(tx, "c1", filing(now), key="k1")
        tx.take_number("A", 2026)
        tx.after_commit(lambda: acts.append("told"))
        raise RuntimeError("changed my mind")

    assert (rows(t.cases), rows(t.events), rows(t.number_counters)) == ([], [], [])
    assert acts == []


def test_what_waits_for_the_commit_happens_after_it(store: Store):
    acts = []
    with store.write() as tx:
        now = tx.open_case("c1", actor="zhang", key="").now
        take(tx, "c1", filing(now))
        tx.after_commit(lambda: acts.append(store.case_ids()))
        assert acts == []

    assert acts == [["c1"]]


def test_several_steps_fit_in_one_transaction(store: Store, rows, begin):
    now, _ = begin()
    with store.write() as tx:
        take(tx, "c1", act(now, "accept", "submitted", "review"))
        first = take(tx, "c1", act(now, "check", "review", "sign"), key="k5")
        opened = tx.open_case("c1", actor="zhang", key="k5")
        assert (opened.case, opened.now) == (first, now)
        assert opened.remembered is not None
        take(tx, "c1", ClockEnded(at=now, clock="decide", generation=1, on=now.date(), late=False))

    assert rows(t.cases, "state", "seq") == [("sign", 5)]
    assert len({envelope.hash for envelope, _ in store.history("c1")}) == 5


def test_a_step_from_another_place_is_refused(store: Store, begin):
    now, case = begin()
    with store.write() as tx:
        opened = tx.open_case("c1", actor="zhang", key="")
        step = step_of(opened, "c1", [act(now, "accept", "submitted", "review")])
        take(tx, "c1", act(now, "accept", "submitted", "review"))

    with pytest.raises(TryAgain), store.write() as tx:
        tx.open_case("c1", actor="zhang", key="")
        tx.write(step)
    assert len(store.history("c1")) == case.seq + 1


def test_a_case_is_opened_before_it_is_written(store: Store, begin):
    now, _ = begin()
    with store.write() as tx:
        step = step_of(
            tx.open_case("c1", actor="zhang", key=""), "c1", [act(now, "a", "submitted", "review")]
        )

    with pytest.raises(ValueError, match="opened"), store.write() as tx:
        tx.write(step)


# --- definitions and numbers ----------------------------------------------------------------------------------------


def test_a_definition_is_kept_once_and_never_replaced(store: Store):
    with store.write() as tx:
        assert tx.definition("h1") is None
        tx.keep_definition("h1", "transfer", b'{"a":1}', b"{}")
        tx.keep_definition("h1", "transfer", b'{"a":1}', b'{"new":"text"}')
        assert tx.definition("h1") == (b'{"a":1}', b"{}")

    with pytest.raises(DefinitionInUse), store.write() as tx:
        tx.keep_definition("h1", "transfer", b'{"a":2}', b"{}")


def test_a_case_needs_a_stored_definition(store: Store, rows):
    with pytest.raises(RefusedByTables, match=r"(?i)foreign|_fk"), store.write() as tx:
        opened = tx.open_case("c1", actor="zhang", key="")
        tx.write(step_of(opened, "c1", [filing(opened.now)]))
    assert DEFINITION not in [row[0] for row in rows(t.definitions, "hash")]


def test_numbers_count_up_in_each_series_and_year(store: Store):
    with store.write() as tx:
        taken = [tx.take_number(*which) for which in [("A", 2026), ("A", 2026), ("A", 2027), ("B", 2026)]]
    with store.write() as tx:
        taken.append(tx.take_number("A", 2026))

    assert taken == [1, 2, 1, 1, 3]


# --- the record is append-only --------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [update(t.events).values(actor="nobody"), delete(t.events)])
def test_no_event_can_be_changed_or_removed(store: Store, change: Any, begin):
    begin()

    with (
        pytest.raises(RefusedByTables, match="append-only"),
        faults_told(store.engine),
        store.engine.begin() as connection,
    ):
        connection.execute(change)
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(t.events)).scalar_one() == 2


def test_an_event_that_cannot_be_read_is_named(store: Store, begin):
    now, _ = begin()
    with store.write() as tx:
        opened = tx.open_case("c1", actor="zhang", key="")
        step = step_of(opened, "c1", [act(now, "a", "submitted", "review")])
        object.__setattr__(step.events[0][0], "payload", b"{")
        tx.write(step)

    with pytest.raises(RecordBroken, match="c1 is broken at event 3"):
        store.history("c1")
