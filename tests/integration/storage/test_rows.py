"""The rows that a step leaves beside its events: clocks and rungs, work for people and machine, registers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

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
from workflow.errors import RecordBroken
from workflow.storage import tables as t
from workflow.storage.faults import RefusedByTables, TryAgain
from workflow.storage.store import Store
from workflow.testing.steps import act, job, step_of, take

DAY = timedelta(days=1)


# --- clocks and rungs -----------------------------------------------------------------------------------------------

END = ("rung", "revision", "fired_at", "cancelled_at", "withheld_at", "done_by")


def test_a_period_has_a_row_with_its_due_date_and_a_row_for_each_rung(store: Store, rows, begin):
    now, _ = begin()

    due = now + 20 * DAY
    assert rows(t.clocks, "clock", "generation", "due_on", "due_at", "provisional", "ended_on", "late") == [
        ("decide", 1, due.date(), due, False, None, False)
    ]
    assert rows(t.rungs, "rung", "revision", "fires_at", "fired_at") == [
        ("red", 0, due, None),
        ("reminder", 0, due - DAY, None),
    ]


def test_a_rung_fires_once_and_says_who_fired_it(store: Store, rows, begin):
    now, _ = begin()
    store.advance(now + 19 * DAY)
    with store.write() as tx:
        at = tx.open_case("c1", actor="system", key="").now
        fired = RungFired(at=at, clock="decide", generation=1, rung="reminder", revision=0)
        take(tx, "c1", fired, done_by="task")

    assert rows(t.rungs, *END) == [
        ("red", 0, None, None, None, None),
        ("reminder", 0, at, None, None, "task"),
    ]


def test_no_rung_fires_before_its_time(store: Store, begin):
    now, _ = begin()

    with pytest.raises(RefusedByTables, match="not_early"), store.write() as tx:
        take(tx, "c1", RungFired(at=now, clock="decide", generation=1, rung="red", revision=0))


def test_a_period_that_ends_cancels_the_rungs_that_wait(store: Store, rows, begin):
    now, _ = begin()
    with store.write() as tx:
        take(tx, "c1", ClockEnded(at=now, clock="decide", generation=1, on=now.date(), late=False))

    assert rows(t.clocks, "ended_on", "late") == [(now.date(), False)]
    assert [row[3] for row in rows(t.rungs, *END)] == [now, now]


def test_stopping_withdraws_the_rungs_and_resuming_sets_new_ones(store: Store, rows, begin):
    now, _ = begin()
    names = {"clock": "decide", "generation": 1, "ground": "hearing", "on": now.date(), "ref": "h1"}
    later = now + 30 * DAY
    due = DueDate(on=later.date(), at=later, provisional=True, calendar="cn-2026.2")
    with store.write() as tx:
        take(tx, "c1", CountingStopped(at=now, **names))
    assert rows(t.clocks, "due_on", "due_at", "revision") == [(None, None, 1)]
    assert [row[3] for row in rows(t.rungs, *END)] == [now, now]
    with store.write() as tx:
        take(tx, "c1", CountingResumed(at=now, **names, due=due, rungs=(RungTime(rung="red", at=later),)))

    assert rows(t.clocks, "due_on", "due_at", "provisional", "revision") == [(later.date(), later, True, 2)]
    assert rows(t.rungs, "rung", "revision", "fires_at", "cancelled_at") == [
        ("red", 0, now + 20 * DAY, now),
        ("red", 2, later, None),
        ("reminder", 0, now + 19 * DAY, now),
    ]


def test_a_withheld_outcome_waits_and_is_not_due(store: Store, rows, begin):
    now, _ = begin()
    store.advance(now + 20 * DAY)
    with store.write() as tx:
        at = tx.open_case("c1", actor="system", key="").now
        take(tx, "c1", RungFired(at=at, clock="decide", generation=1, rung="reminder", revision=0))
        take(tx, "c1", OutcomeWithheld(at=at, clock="decide", generation=1, rung="red", revision=0))
        assert not tx.agenda("c1", at)

    assert rows(t.rungs, *END)[0] == ("red", 0, None, None, at, None)
    assert store.quiet()


@pytest.mark.parametrize("last", [False, True], ids=["more-follows", "with-the-commit"])
def test_the_tables_must_agree_with_the_case(store: Store, rows, begin, last):
    now, _ = begin()
    with store.engine.begin() as connection:
        connection.execute(delete(t.rungs).where(t.rungs.c.rung == "red"))

    with pytest.raises(RecordBroken, match="rungs_ended"), store.write() as tx:
        ended = ClockEnded(at=now, clock="decide", generation=1, on=now.date(), late=False)
        take(tx, "c1", ended, last=last)
    assert rows(t.clocks, "ended_on") == [(None,)]


@pytest.mark.parametrize("last", [False, True], ids=["more-follows", "with-the-commit"])
def test_what_the_tables_know_to_have_fired_does_not_fire_again(store: Store, rows, begin, last):
    now, _ = begin()
    store.advance(now + 19 * DAY)
    with store.engine.begin() as connection:
        connection.execute(
            update(t.rungs).where(t.rungs.c.rung == "reminder").values(fired_at=now + 19 * DAY)
        )

    with pytest.raises(RecordBroken, match="rungs_ended"), store.write() as tx:
        at = tx.open_case("c1", actor="system", key="").now
        fired = RungFired(at=at, clock="decide", generation=1, rung="reminder", revision=0)
        take(tx, "c1", fired, last=last)
    assert rows(t.rungs, "rung", "done_by") == [("red", None), ("reminder", None)]


def test_a_step_that_goes_with_the_commit_is_kept_and_moves_a_case_once(store: Store, rows, begin):
    now, case = begin()
    with store.write() as tx:
        moved = take(tx, "c1", act(now, "accept", "submitted", "review"), last=True)
    assert store.case("c1") == moved != case
    with pytest.raises(TryAgain), store.write() as tx:
        tx.open_case("c1", actor="zhang", key="")
        stale = step_of(
            replace(tx.open_case("c1", actor="zhang", key=""), case=case),
            "c1",
            (act(now, "accept", "submitted", "review"),),
        )
        tx.write(stale, last=True)
    assert store.case("c1") == moved


# --- work for people and for the machine ----------------------------------------------------------------------------


def test_a_work_item_is_open_while_the_case_is_in_its_state(store: Store, rows, begin):
    now, _ = begin()
    with store.write() as tx:
        take(tx, "c1", act(now, "note", "submitted", "submitted"))
    assert rows(t.work_items, "visit", "state", "closed_at") == [(1, "submitted", None)]
    with store.write() as tx:
        take(tx, "c1", act(now, "accept", "submitted", "review"))
        take(tx, "c1", act(now, "close", "review", "archived"), work=False)

    assert rows(t.work_items, "visit", "post", "organ", "state", "opened_at", "closed_at", "closed_by") == [
        (1, "handler", "bureau", "submitted", now, now, "zhang"),
        (2, "handler", "bureau", "review", now, now, "zhang"),
    ]


def test_a_job_is_on_the_agenda_from_when_it_is_due_until_it_is_done(store: Store, rows, begin):
    now, case = begin()
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

    assert rows(t.jobs, "job", "done_at", "done_by") == [(2, now, "pulse"), (9, now, "pulse")]
    assert len(store.history("c1")) == 2


def test_the_agenda_lists_rungs_in_the_order_of_their_instants(store: Store, begin):
    now, _ = begin()

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


def test_findings_are_listed_and_their_cancelling_is_noted(store: Store, rows, begin):
    now, _ = begin()
    with store.write() as tx:
        take(
            tx, "c1", finding(now, 1), finding(now, 2), FindingCancelled(at=now, finding=2, reason="calendar")
        )
        take(tx, "c1", FindingCancelled(at=now, finding=1, reason="leave"))

    assert rows(t.findings, "finding", "seq", "colour", "cancelled_at", "cancelled_because") == [
        (1, 3, "red", now, "leave"),
        (2, 4, "red", now, "calendar"),
    ]


def test_documents_are_listed_with_their_numbers_and_their_delivery(store: Store, rows, begin):
    now, _ = begin()
    with store.write() as tx:
        take(
            tx,
            "c1",
            DocumentIssued(at=now, document="receipt"),
            DocumentsDelivered(at=now, documents=("receipt",)),
            DocumentIssued(at=now, document="approval", series="京人调", year=2026, number=7),
        )
    assert rows(t.documents, "document", "number", "delivered_at") == [
        ("receipt", None, now),
        ("approval", 7, None),
    ]
    with store.write() as tx:
        take(tx, "c1", DocumentsDelivered(at=now + DAY, documents=("approval",)))

    assert [row[0] for row in rows(t.documents, "delivered_at")] == [now, now + DAY]


def test_no_document_number_is_given_twice(store: Store, begin):
    now, _ = begin()
    paper = DocumentIssued(at=now, document="approval", series="京人调", year=2026, number=7)
    with store.write() as tx:
        take(tx, "c1", paper)

    with pytest.raises(RefusedByTables, match="documents"), store.write() as tx:
        take(tx, "c1", paper)


def test_notices_are_listed_until_they_are_taken_down(store: Store, rows, begin):
    now, _ = begin()
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

    assert rows(t.notices, "notice", "before_effect", "published_at", "taken_down_at") == [
        ("intended", True, now, now + DAY),
        ("decision", False, now, now),
    ]


def test_personal_values_lie_apart_and_earlier_ones_stay(store: Store, rows, begin):
    value = PersonalValue(subject="p1", field="form.name", value="张三", salt=b"\x00\xff")
    now, _ = begin(personal=(value,))
    with store.write() as tx:
        corrected = PersonalValue(subject="p1", field="form.name", value="章三", salt=b"\x01")
        take(tx, "c1", act(now, "correct", "submitted", "submitted"), personal=(corrected,))

    assert rows(t.personal_values, "subject", "field", "seq", "value", "salt") == [
        ("p1", "form.name", 2, "张三", b"\x00\xff"),
        ("p1", "form.name", 3, "章三", b"\x01"),
    ]
