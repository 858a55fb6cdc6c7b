"""Who is told of what is due, who looks again when nothing came of it, and what is set aside."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from workflow.domain.events import ClockEnded, RungFired
from workflow.domain.step import DoneJob
from workflow.storage import tables as t
from workflow.storage.columns import RealNow
from workflow.storage.store import Store
from workflow.testing.steps import clock_started, filing, job, step_of, take

START = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def file_cases(store: Store, *ids: str, jobs: int = 1, job_in: timedelta = timedelta(0)) -> None:
    """Cases with a period of 20 days and jobs that are due, each a second after the one before."""
    with store.write() as tx:
        for order, case_id in enumerate(ids):
            now = tx.open_case(case_id, actor="zhang", key="").now
            case = take(tx, case_id, filing(now, no=f"A-{case_id}"), clock_started(now, "decide", 20))
            opened = tx.open_case(case_id, actor="zhang", key="")
            due = now + job_in - timedelta(seconds=len(ids) - order)
            tx.write(
                step_of(opened, case_id, [], jobs=tuple(job(case, due, number=n + 1) for n in range(jobs)))
            )


def do_jobs(store: Store, case_id: str, *, done_by: str) -> None:
    with store.write() as tx:
        opened = tx.open_case(case_id, actor="system", key="")
        agenda = tx.agenda(case_id, opened.now)
        done = tuple(DoneJob(job=due.job, kind=due.kind) for due in agenda.jobs)
        tx.write(step_of(opened, case_id, [], done=done, done_by=done_by))


def age(store: Store, by: timedelta) -> None:
    """Make every hint older by so much of real time."""
    with store.engine.begin() as connection:
        for table in (t.jobs, t.rungs):
            for row in connection.execute(select(*table.primary_key, table.c.hinted_at)).all():
                if row.hinted_at is not None:
                    key = [column == value for column, value in zip(table.primary_key, row, strict=False)]
                    connection.execute(update(table).where(*key).values(hinted_at=row.hinted_at - by))


def test_each_case_with_something_due_is_told_once(store: Store):
    file_cases(store, "c1", "c2")

    assert store.take_due(10) == ["c1", "c2"]
    assert store.take_due(10) == []


def test_nothing_is_told_before_it_is_due(store: Store):
    file_cases(store, "c1", job_in=DAY)
    assert store.take_due(10) == []
    store.advance(START + DAY)

    assert store.take_due(10) == ["c1"]


def test_a_rung_that_is_due_is_told_as_well(store: Store):
    file_cases(store, "c1", jobs=0)
    store.advance(START + 19 * DAY)

    assert store.take_due(10) == ["c1"]
    with store.write() as tx:
        at = tx.open_case("c1", actor="system", key="").now
        take(
            tx,
            "c1",
            RungFired(at=at, clock="decide", generation=1, rung="reminder", revision=0),
            done_by="task",
        )
    assert store.take_due(10) == []
    assert store.done_counts() == {"task": 1, "pulse": 0}


def test_what_has_waited_longest_is_told_first(store: Store):
    file_cases(store, "c3", "c1", "c2")

    assert store.take_due(1) == ["c3"]
    assert store.take_due(1) == ["c1"]
    assert store.take_due(5) == ["c2"]


def test_a_hint_that_could_not_be_sent_is_taken_back(store: Store):
    file_cases(store, "c1", "c2")
    store.take_due(10)
    store.unhint(["c2"])
    store.unhint([])

    assert store.take_due(10) == ["c2"]


def test_hints_are_marked_in_real_time_even_on_a_stepped_clock(store: Store):
    file_cases(store, "c1")
    with store.read() as connection:
        before = connection.execute(select(RealNow())).scalar_one()
    store.take_due(10)

    with store.read() as connection:
        hinted = connection.execute(select(t.jobs.c.hinted_at)).scalar_one()
        assert before <= hinted <= connection.execute(select(RealNow())).scalar_one()


def test_many_relays_tell_each_case_once(store: Store):
    ids = [f"c{number:02}" for number in range(60)]
    file_cases(store, *ids)

    def relay(_: int) -> list[str]:
        told = []
        while taken := store.take_due(4):
            told += taken
        return told

    with ThreadPoolExecutor(4) as pool:
        told = [case_id for one in pool.map(relay, range(4)) for case_id in one]

    assert sorted(told) == ids


def test_what_a_hint_did_not_lead_to_is_overlooked_after_a_while(store: Store):
    file_cases(store, "c1", "c2", "c3")
    assert store.overlooked(2, 10) == []
    store.take_due(10)
    assert store.overlooked(2, 10) == []
    do_jobs(store, "c2", done_by="task")
    age(store, timedelta(seconds=3))

    assert store.overlooked(2, 10) == ["c1", "c3"]
    assert len(store.overlooked(2, 1)) == 1
    assert store.overlooked(4, 10) == []


def test_without_patience_anything_due_is_overlooked(store: Store):
    file_cases(store, "c1", "c2")
    file_cases(store, "c3", job_in=DAY)
    store.unhint(store.take_due(1))

    assert store.overlooked(0, 10) == ["c1", "c2"]
    store.take_due(1)
    assert store.overlooked(0, 10) == ["c1", "c2"]
    assert len(store.overlooked(0, 1)) == 1


def test_a_pulse_takes_what_was_overlooked_and_no_other_pulse_takes_it_too(store: Store):
    file_cases(store, "c1", "c2")
    store.take_due(10)
    age(store, timedelta(seconds=3))

    assert store.take_overlooked(2, 10) == ["c1", "c2"]
    assert store.take_overlooked(2, 10) == []


def test_patience_doubles_with_each_try(store: Store):
    file_cases(store, "c1")
    store.take_due(10)
    taken = []
    for seconds in (3, 3, 5, 5, 9):
        age(store, timedelta(seconds=seconds))
        taken.append(bool(store.take_overlooked(2, 10)))

    assert taken == [True, False, True, False, True]


def test_what_never_comes_to_anything_is_parked(store: Store):
    file_cases(store, "c1")
    store.take_due(10)
    tries = 0
    while store.overlooked(0, 1):
        age(store, timedelta(hours=1))
        tries += len(store.take_overlooked(2, 10))

    assert tries == 4
    assert [(parked.case_id, parked.what, parked.attempts) for parked in store.parked()] == [
        ("c1", "check", 5)
    ]
    assert "died" in store.parked()[0].error


def test_a_failure_is_counted_and_the_fifth_parks(store: Store):
    file_cases(store, "c1", "c2")
    store.take_due(10)

    assert [store.failed("c1", "ValueError: bad luck") for _ in range(5)] == [False] * 4 + [True]

    (parked,) = store.parked()
    assert (parked.case_id, parked.what, parked.attempts, parked.error) == (
        "c1",
        "check",
        5,
        "ValueError: bad luck",
    )
    assert store.overlooked(0, 10) == ["c2"]
    with store.write() as tx:
        now = tx.open_case("c1", actor="system", key="").now
        assert not tx.agenda("c1", now)
    store.release("c1")
    assert store.parked() == []
    assert store.take_due(10) == ["c1"]


def test_a_failure_can_be_laid_on_one_item(store: Store):
    file_cases(store, "c1", jobs=2)
    with store.write() as tx:
        now = tx.open_case("c1", actor="system", key="").now
        first, second = tx.agenda("c1", now).jobs

    assert store.failed("c1", "boom", item=first, attempts=1)
    with store.write() as tx:
        tx.open_case("c1", actor="system", key="")
        assert tx.agenda("c1", now).jobs == (second,)


def test_a_failing_rung_is_parked_by_its_name(store: Store):
    file_cases(store, "c1", jobs=0)
    store.advance(START + 19 * DAY)
    with store.write() as tx:
        now = tx.open_case("c1", actor="system", key="").now
        (rung,) = tx.agenda("c1", now).rungs

    assert store.failed("c1", "boom " * 1000, item=rung, attempts=1)
    assert [(parked.what, len(parked.error)) for parked in store.parked()] == [("decide/reminder", 500)]
    with store.write() as tx:
        take(tx, "c1", ClockEnded(at=now, clock="decide", generation=1, on=now.date(), late=False))
    assert store.parked() == []


def test_a_failure_of_a_case_with_nothing_due_parks_nothing(store: Store):
    file_cases(store, "c1", job_in=DAY)

    assert not store.failed("c1", "boom", attempts=1)
    assert store.parked() == []


def test_work_is_counted_by_the_hand_that_did_it(store: Store):
    file_cases(store, "c1", "c2", "c3")
    do_jobs(store, "c1", done_by="task")
    do_jobs(store, "c2", done_by="task")
    do_jobs(store, "c3", done_by="pulse")

    assert store.done_counts() == {"task": 2, "pulse": 1}


@pytest.mark.parametrize("limit", [1, 7])
def test_no_call_gives_more_than_asked_for(store: Store, limit):
    file_cases(store, *[f"c{n}" for n in range(12)])

    assert len(store.take_due(limit)) == limit
    age(store, timedelta(seconds=5))
    assert len(store.overlooked(0, limit)) == limit
    assert len(store.take_overlooked(2, limit)) == limit
