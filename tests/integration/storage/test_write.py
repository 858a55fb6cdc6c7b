"""What a step leaves in the tables, and what a transaction promises: the same on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, delete, func, select, update

from workflow.domain.events import (
    ClockEnded,
    CountingResumed,
    CountingStopped,
    DocumentIssued,
    DocumentsDelivered,
    DueDate,
    FindingCancelled,
    FindingRaised,
    NoticePublished,
    NoticeTakenDown,
    OutcomeWithheld,
    RungFired,
    RungTime,
)
from workflow.domain.step import DoneJob, PersonalValue
from workflow.errors import DefinitionInUse, RecordBroken
from workflow.storage import tables as t
from workflow.storage.faults import RefusedByTables, TryAgain, faults_told
from workflow.storage.store import Store
from workflow.testing.steps import DEFINITION, act, clock_started, filing, job, step_of, take

DAY = timedelta(days=1)


def rows(store: Store, table: Table, *columns: str) -> list[Any]:
    """The rows of a table, in the order of its key, as tuples of the named columns."""
    with store.read() as connection:
        chosen = [table.c[name] for name in columns] if columns else list(table.c)
        return [tuple(row) for row in connection.execute(select(*chosen).order_by(*table.primary_key))]


def begin(store: Store, case_id: str = "c1", **more: Any) -> Any:
    """A case with a period of 20 days, filed under the key `k1`; gives the time and the case."""
    with store.write() as tx:
        now = tx.open_case(case_id, actor="zhang", key="k1").now
        return now, take(
            tx, case_id, filing(now, no=f"A-{case_id}"), clock_started(now, "decide", 20), **more
        )


def test_a_case_and_its_events_read_back_as_they_were_written(store: Store):
    now, case = begin(store, key="k1")

    assert store.case("c1") == case
    assert store.case_id("A-c1") == "c1"
    assert store.case_id("A-c2") is None
    assert store.case("c2") is None
    assert store.case_ids() == ["c1"]
    history = store.history("c1")
    assert [type(event).__name__ for _, event in history] == ["FilingSubmitted", "ClockStarted"]
    assert [(envelope.seq, envelope.recorded_at) for envelope, _ in history] == [(1, now), (2, now)]
    assert history[1][0].prev_hash == history[0][0].hash
    assert history[0][0].facts == {"calendar": "cn-2026.2", "law": "2026-09"}


def test_the_next_step_begins_where_the_last_ended(store: Store):
    now, case = begin(store)
    with store.write() as tx:
        opened = tx.open_case("c1", actor="zhang", key="k2")
    assert (opened.case, opened.head, opened.remembered) == (case, store.history("c1")[-1][0].hash, None)

    with store.write() as tx:
        moved = take(tx, "c1", act(now, "accept", "submitted", "review"))

    assert store.case("c1") == moved
    assert rows(store, t.cases, "state", "seq", "version", "visit") == [("review", 3, 2, 2)]
    assert [envelope.seq for envelope, _ in store.history("c1")] == [1, 2, 3]


def test_a_command_is_remembered_under_its_actor_and_key(store: Store):
    begin(store, key="k1")

    with store.write() as tx:
        remembered = tx.open_case("c1", actor="zhang", key="k1").remembered
        assert remembered is not None
        assert (remembered.request_hash, remembered.case_id, remembered.seq) == (b"\x01" * 48, "c1", 2)
        assert tx.open_case("c1", actor="zhang", key="k1").remembered == remembered
        assert tx.open_case("c1", actor="wang", key="k1").remembered is None
    with store.write() as tx:
        # Under the same key the answer is the same whatever case it is now said to be about.
        assert tx.open_case("c9", actor="zhang", key="k1").remembered == remembered


def test_a_step_without_a_key_is_not_remembered(store: Store):
    begin(store, key="")

    assert rows(store, t.commands) == []


def test_nothing_of_a_block_that_raises_is_kept(store: Store):
    acts: list[str] = []
    with pytest.raises(RuntimeError, match="changed my mind"), store.write() as tx:
        now = tx.open_case("c1", actor="zhang", key="k1").now
        take(tx, "c1", filing(now), key="k1")
        tx.take_number("A", 2026)
        tx.after_commit(lambda: acts.append("told"))
        raise RuntimeError("changed my mind")

    assert (rows(store, t.cases), rows(store, t.events), rows(store, t.number_counters)) == ([], [], [])
    assert acts == []


def test_what_waits_for_the_commit_happens_after_it(store: Store):
    acts = []
    with store.write() as tx:
        now = tx.open_case("c1", actor="zhang", key="").now
        take(tx, "c1", filing(now))
        tx.after_commit(lambda: acts.append(store.case_ids()))
        assert acts == []

    assert acts == [["c1"]]


def test_several_steps_fit_in_one_transaction(store: Store):
    now, _ = begin(store)
    with store.write() as tx:
        take(tx, "c1", act(now, "accept", "submitted", "review"))
        first = take(tx, "c1", act(now, "check", "review", "sign"), key="k5")
        opened = tx.open_case("c1", actor="zhang", key="k5")
        assert (opened.case, opened.now) == (first, now)
        assert opened.remembered is not None
        take(tx, "c1", ClockEnded(at=now, clock="decide", generation=1, on=now.date(), late=False))

    assert rows(store, t.cases, "state", "seq") == [("sign", 5)]
    assert len({envelope.hash for envelope, _ in store.history("c1")}) == 5


def test_a_step_from_another_place_is_refused(store: Store):
    now, case = begin(store)
    with store.write() as tx:
        opened = tx.open_case("c1", actor="zhang", key="")
        step = step_of(opened, "c1", [act(now, "accept", "submitted", "review")])
        take(tx, "c1", act(now, "accept", "submitted", "review"))

    with pytest.raises(TryAgain), store.write() as tx:
        tx.open_case("c1", actor="zhang", key="")
        tx.write(step)
    assert len(store.history("c1")) == case.seq + 1


def test_a_case_is_opened_before_it_is_written(store: Store):
    now, _ = begin(store)
    with store.write() as tx:
        step = step_of(
            tx.open_case("c1", actor="zhang", key=""), "c1", [act(now, "a", "submitted", "review")]
        )

    with pytest.raises(ValueError, match="opened"), store.write() as tx:
        tx.write(step)


# --- clocks and rungs -----------------------------------------------------------------------------------------------

END = ("rung", "revision", "fired_at", "cancelled_at", "withheld_at", "done_by")


def test_a_period_has_a_row_with_its_due_date_and_a_row_for_each_rung(store: Store):
    now, _ = begin(store)

    due = now + 20 * DAY
    assert rows(
        store, t.clocks, "clock", "generation", "due_on", "due_at", "provisional", "ended_on", "late"
    ) == [("decide", 1, due.date(), due, False, None, False)]
    assert rows(store, t.rungs, "rung", "revision", "fires_at", "fired_at") == [
        ("red", 0, due, None),
        ("reminder", 0, due - DAY, None),
    ]


def test_a_rung_fires_once_and_says_who_fired_it(store: Store):
    now, _ = begin(store)
    store.advance(now + 19 * DAY)
    with store.write() as tx:
        at = tx.open_case("c1", actor="system", key="").now
        fired = RungFired(at=at, clock="decide", generation=1, rung="reminder", revision=0)
        take(tx, "c1", fired, done_by="task")

    assert rows(store, t.rungs, *END) == [
        ("red", 0, None, None, None, None),
        ("reminder", 0, at, None, None, "task"),
    ]


def test_no_rung_fires_before_its_time(store: Store):
    now, _ = begin(store)

    with pytest.raises(RefusedByTables, match="not_early"), store.write() as tx:
        take(tx, "c1", RungFired(at=now, clock="decide", generation=1, rung="red", revision=0))


def test_a_period_that_ends_cancels_the_rungs_that_wait(store: Store):
    now, _ = begin(store)
    with store.write() as tx:
        take(tx, "c1", ClockEnded(at=now, clock="decide", generation=1, on=now.date(), late=False))

    assert rows(store, t.clocks, "ended_on", "late") == [(now.date(), False)]
    assert [row[3] for row in rows(store, t.rungs, *END)] == [now, now]


def test_stopping_withdraws_the_rungs_and_resuming_sets_new_ones(store: Store):
    now, _ = begin(store)
    names = {"clock": "decide", "generation": 1, "ground": "hearing", "on": now.date(), "ref": "h1"}
    later = now + 30 * DAY
    due = DueDate(on=later.date(), at=later, provisional=True, calendar="cn-2026.2")
    with store.write() as tx:
        take(tx, "c1", CountingStopped(at=now, **names))
    assert rows(store, t.clocks, "due_on", "due_at", "revision") == [(None, None, 1)]
    assert [row[3] for row in rows(store, t.rungs, *END)] == [now, now]
    with store.write() as tx:
        take(tx, "c1", CountingResumed(at=now, **names, due=due, rungs=(RungTime(rung="red", at=later),)))

    assert rows(store, t.clocks, "due_on", "due_at", "provisional", "revision") == [
        (later.date(), later, True, 2)
    ]
    assert rows(store, t.rungs, "rung", "revision", "fires_at", "cancelled_at") == [
        ("red", 0, now + 20 * DAY, now),
        ("red", 2, later, None),
        ("reminder", 0, now + 19 * DAY, now),
    ]


def test_a_withheld_outcome_waits_and_is_not_due(store: Store):
    now, _ = begin(store)
    store.advance(now + 20 * DAY)
    with store.write() as tx:
        at = tx.open_case("c1", actor="system", key="").now
        take(tx, "c1", RungFired(at=at, clock="decide", generation=1, rung="reminder", revision=0))
        take(tx, "c1", OutcomeWithheld(at=at, clock="decide", generation=1, rung="red", revision=0))
        assert not tx.agenda("c1", at)

    assert rows(store, t.rungs, *END)[0] == ("red", 0, None, None, at, None)
    assert store.quiet()


def test_the_tables_must_agree_with_the_case(store: Store):
    now, _ = begin(store)
    with store.engine.begin() as connection:
        connection.execute(delete(t.rungs).where(t.rungs.c.rung == "red"))

    with pytest.raises(RecordBroken, match="rungs_ended"), store.write() as tx:
        take(tx, "c1", ClockEnded(at=now, clock="decide", generation=1, on=now.date(), late=False))
    assert rows(store, t.clocks, "ended_on") == [(None,)]


# --- work for people and for the machine ----------------------------------------------------------------------------


def test_a_work_item_is_open_while_the_case_is_in_its_state(store: Store):
    now, _ = begin(store)
    with store.write() as tx:
        take(tx, "c1", act(now, "note", "submitted", "submitted"))
    assert rows(store, t.work_items, "visit", "state", "closed_at") == [(1, "submitted", None)]
    with store.write() as tx:
        take(tx, "c1", act(now, "accept", "submitted", "review"))
        take(tx, "c1", act(now, "close", "review", "archived"), work=False)

    assert rows(
        store, t.work_items, "visit", "post", "organ", "state", "opened_at", "closed_at", "closed_by"
    ) == [
        (1, "handler", "bureau", "submitted", now, now, "zhang"),
        (2, "handler", "bureau", "review", now, now, "zhang"),
    ]


def test_a_job_is_on_the_agenda_from_when_it_is_due_until_it_is_done(store: Store):
    now, case = begin(store)
    with store.write() as tx:
        opened = tx.open_case("c1", actor="zhang", key="")
        jobs = (job(case, now), job(case, now + DAY, number=9))
        tx.write(step_of(opened, "c1", [], jobs=jobs))
        agenda = tx.agenda("c1", now)
        assert [(due.job, due.kind, due.action, due.visit, due.due_at) for due in agenda.jobs] == [
            (2, "automatic", "check", 1, now)
        ]
        assert agenda.rungs == ()
        assert [due.job for due in tx.agenda("c1", now + DAY).jobs] == [2, 9]
    with store.write() as tx:
        opened = tx.open_case("c1", actor="system", key="")
        done = (DoneJob(job=2, kind="automatic"), DoneJob(job=9, kind="automatic"))
        tx.write(step_of(opened, "c1", [], actor="system", done=done, done_by="pulse"))
        assert not tx.agenda("c1", now + DAY)

    assert rows(store, t.jobs, "job", "done_at", "done_by") == [(2, now, "pulse"), (9, now, "pulse")]
    assert len(store.history("c1")) == 2


def test_the_agenda_lists_rungs_in_the_order_of_their_instants(store: Store):
    now, _ = begin(store)

    with store.write() as tx:
        tx.open_case("c1", actor="system", key="")
        agenda = tx.agenda("c1", now + 20 * DAY)

    assert [(due.rung, due.fires_at) for due in agenda.rungs] == [
        ("reminder", now + 19 * DAY),
        ("red", now + 20 * DAY),
    ]


# --- registers ------------------------------------------------------------------------------------------------------


def finding(at: Any, number: int) -> FindingRaised:
    return FindingRaised(
        at=at, finding=number, colour="red", rule="overdue", basis="art. 42", clock="decide", generation=1,
        post="handler", organ="bureau", person=None, due_on=at.date(),
    )  # fmt: skip


def test_findings_are_listed_and_their_cancelling_is_noted(store: Store):
    now, _ = begin(store)
    with store.write() as tx:
        take(
            tx, "c1", finding(now, 1), finding(now, 2), FindingCancelled(at=now, finding=2, reason="calendar")
        )
        take(tx, "c1", FindingCancelled(at=now, finding=1, reason="leave"))

    assert rows(store, t.findings, "finding", "seq", "colour", "cancelled_at", "cancelled_because") == [
        (1, 3, "red", now, "leave"),
        (2, 4, "red", now, "calendar"),
    ]


def test_documents_are_listed_with_their_numbers_and_their_delivery(store: Store):
    now, _ = begin(store)
    with store.write() as tx:
        take(
            tx,
            "c1",
            DocumentIssued(at=now, document="receipt"),
            DocumentsDelivered(at=now, documents=("receipt",)),
            DocumentIssued(at=now, document="approval", series="京人调", year=2026, number=7),
        )
    assert rows(store, t.documents, "document", "number", "delivered_at") == [
        ("receipt", None, now),
        ("approval", 7, None),
    ]
    with store.write() as tx:
        take(tx, "c1", DocumentsDelivered(at=now + DAY, documents=("approval",)))

    assert [row[0] for row in rows(store, t.documents, "delivered_at")] == [now, now + DAY]


def test_no_document_number_is_given_twice(store: Store):
    now, _ = begin(store)
    paper = DocumentIssued(at=now, document="approval", series="京人调", year=2026, number=7)
    with store.write() as tx:
        take(tx, "c1", paper)

    with pytest.raises(RefusedByTables, match="documents"), store.write() as tx:
        take(tx, "c1", paper)


def test_notices_are_listed_until_they_are_taken_down(store: Store):
    now, _ = begin(store)
    with store.write() as tx:
        take(tx, "c1", NoticePublished(at=now, notice="intended", before_effect=True))
    with store.write() as tx:
        take(
            tx,
            "c1",
            NoticeTakenDown(at=now + DAY, notice="intended"),
            NoticePublished(at=now, notice="decision", before_effect=False),
            NoticeTakenDown(at=now, notice="decision"),
        )

    assert rows(store, t.notices, "notice", "before_effect", "published_at", "taken_down_at") == [
        ("intended", True, now, now + DAY),
        ("decision", False, now, now),
    ]


def test_personal_values_lie_apart_and_earlier_ones_stay(store: Store):
    value = PersonalValue(subject="p1", field="form.name", value="张三", salt=b"\x00\xff")
    now, _ = begin(store, personal=(value,))
    with store.write() as tx:
        corrected = PersonalValue(subject="p1", field="form.name", value="章三", salt=b"\x01")
        take(tx, "c1", act(now, "correct", "submitted", "submitted"), personal=(corrected,))

    assert rows(store, t.personal_values, "subject", "field", "seq", "value", "salt") == [
        ("p1", "form.name", 2, "张三", b"\x00\xff"),
        ("p1", "form.name", 3, "章三", b"\x01"),
    ]


# --- definitions and numbers ----------------------------------------------------------------------------------------


def test_a_definition_is_kept_once_and_never_replaced(store: Store):
    with store.write() as tx:
        assert tx.definition("h1") is None
        tx.keep_definition("h1", "transfer", b'{"a":1}', b"{}")
        tx.keep_definition("h1", "transfer", b'{"a":1}', b'{"new":"text"}')
        assert tx.definition("h1") == (b'{"a":1}', b"{}")

    with pytest.raises(DefinitionInUse), store.write() as tx:
        tx.keep_definition("h1", "transfer", b'{"a":2}', b"{}")


def test_a_case_needs_a_stored_definition(store: Store):
    with pytest.raises(RefusedByTables, match=r"(?i)foreign|_fk"), store.write() as tx:
        opened = tx.open_case("c1", actor="zhang", key="")
        tx.write(step_of(opened, "c1", [filing(opened.now)]))
    assert DEFINITION not in [row[0] for row in rows(store, t.definitions, "hash")]


def test_numbers_count_up_in_each_series_and_year(store: Store):
    with store.write() as tx:
        taken = [tx.take_number(*which) for which in [("A", 2026), ("A", 2026), ("A", 2027), ("B", 2026)]]
    with store.write() as tx:
        taken.append(tx.take_number("A", 2026))

    assert taken == [1, 2, 1, 1, 3]


# --- the record is append-only --------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [update(t.events).values(actor="nobody"), delete(t.events)])
def test_no_event_can_be_changed_or_removed(store: Store, change: Any):
    begin(store)

    with (
        pytest.raises(RefusedByTables, match="append-only"),
        faults_told(store.engine),
        store.engine.begin() as connection,
    ):
        connection.execute(change)
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(t.events)).scalar_one() == 2


def test_an_event_that_cannot_be_read_is_named(store: Store):
    now, _ = begin(store)
    with store.write() as tx:
        opened = tx.open_case("c1", actor="zhang", key="")
        step = step_of(opened, "c1", [act(now, "a", "submitted", "review")])
        object.__setattr__(step.events[0][0], "payload", b"{")
        tx.write(step)

    with pytest.raises(RecordBroken, match="c1 is broken at event 3"):
        store.history("c1")
