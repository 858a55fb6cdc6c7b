"""Which time a database keeps, and when simulated time may move."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from workflow.domain.events import RungFired
from workflow.domain.step import DoneJob
from workflow.errors import ClockIsReal, Conflict, DatabaseUnavailable
from workflow.storage.columns import RealNow
from workflow.storage.store import Store, open_store
from workflow.testing.steps import clock_started, filing, job, step_of, take

START = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def real_time(store: Store) -> datetime:
    with store.read() as connection:
        return connection.execute(select(RealNow())).scalar_one()


def opened_at(store: Store) -> datetime:
    with store.write() as tx:
        return tx.open_case("c1", actor="zhang", key="").now


def file_case(store: Store, *, job_in: timedelta | None = None) -> None:
    """A case with a period of 20 days and, if asked for, a job that falls due in a while."""
    with store.write() as tx:
        now = tx.open_case("c1", actor="zhang", key="").now
        case = take(tx, "c1", filing(now), clock_started(now, "decide", 20))
        if job_in is not None:
            opened = tx.open_case("c1", actor="zhang", key="")
            tx.write(step_of(opened, "c1", [], jobs=(job(case, now + job_in, number=7),)))


def test_a_database_without_a_clock_does_nothing(store_without_clock: Store):
    with pytest.raises(DatabaseUnavailable, match="no clock"):
        store_without_clock.clock()
    with pytest.raises(DatabaseUnavailable, match="no clock"), store_without_clock.write():
        pass
    with pytest.raises(DatabaseUnavailable, match="no clock"):
        store_without_clock.advance(START)


def test_a_real_clock_is_the_databases_own(real_store: Store):
    before = real_time(real_store)
    times = [opened_at(real_store), real_store.clock().now]

    assert before <= times[0] <= times[1] <= real_time(real_store)
    assert real_store.clock().mode == "real"
    assert all(moment.tzinfo is UTC for moment in times)


def test_a_stepped_clock_stands(store: Store):
    assert store.clock().mode == "stepped"
    assert opened_at(store) == store.clock().now == START


def test_an_offset_clock_runs_on_from_its_start(store_without_clock: Store):
    store = store_without_clock
    began = real_time(store)
    clock = store.create_clock("offset", START)

    passed = real_time(store) - began + timedelta(seconds=1)
    for now in (clock.now, store.clock().now, opened_at(store)):
        assert timedelta(seconds=-1) <= now - START <= passed + (real_time(store) - began)
    assert store.clock().mode == "offset"


def test_a_clock_is_decided_once(store: Store):
    store.advance(START + DAY)

    assert store.create_clock("stepped", START).now == START + DAY
    with pytest.raises(Conflict, match="stepped"):
        store.create_clock("real")
    with pytest.raises(Conflict, match="stepped"):
        store.create_clock("offset", START)


def test_a_step_keeps_the_same_time_as_what_looks_for_due_work(store_without_clock: Store):
    """Found by chaos: a process that had kept the offset saw work fall due by one clock and refused it by the other."""
    store_without_clock.create_clock("offset", START)
    opened_at(store_without_clock)
    with store_without_clock.engine.begin() as connection:
        connection.execute(text("UPDATE installation SET offset_seconds = offset_seconds + 86400"))

    acted_at = opened_at(store_without_clock)

    assert timedelta(0) <= store_without_clock.clock().now - acted_at < timedelta(minutes=1)


@pytest.mark.parametrize(("mode", "start"), [("real", START), ("stepped", None), ("offset", None)])
def test_only_a_simulated_clock_has_a_start(store_without_clock: Store, mode, start):
    with pytest.raises(ValueError, match="start"):
        store_without_clock.create_clock(mode, start)


def test_of_two_that_create_the_clock_both_get_the_same(database_url: str):
    stores = [open_store(database_url) for _ in range(4)]
    with ThreadPoolExecutor(len(stores)) as pool:
        clocks = list(pool.map(lambda store: store.create_clock("stepped", START), stores))

    assert {clock.now for clock in clocks} == {START}
    for store in stores:
        store.close()


def test_time_moves_forward_only(store: Store):
    store.advance(START + DAY)
    store.advance(START + DAY)

    assert opened_at(store) == START + DAY
    with pytest.raises(Conflict, match="back"):
        store.advance(START)


def test_real_time_is_not_moved(real_store: Store):
    with pytest.raises(ClockIsReal):
        real_store.advance(START + 9999 * DAY)


def test_time_stands_still_while_a_rung_is_due(store: Store):
    file_case(store)
    assert store.next_due() == START + 19 * DAY
    store.advance(START + 19 * DAY - timedelta(microseconds=1))
    assert store.quiet()
    store.advance(START + 19 * DAY)

    assert not store.quiet()
    with pytest.raises(Conflict, match="due"):
        store.advance(START + 20 * DAY)
    assert store.take_due(10) == ["c1"]
    assert not store.quiet()
    with store.write() as tx:
        now = tx.open_case("c1", actor="system", key="").now
        take(tx, "c1", RungFired(at=now, clock="decide", generation=1, rung="reminder", revision=0))

    assert store.quiet()
    assert store.next_due() == START + 20 * DAY
    store.advance(START + 20 * DAY)


def test_time_stands_still_while_a_job_is_undone(store: Store):
    file_case(store, job_in=DAY)
    assert store.next_due() == START + DAY
    store.advance(START + DAY)

    assert not store.quiet()
    with store.write() as tx:
        opened = tx.open_case("c1", actor="system", key="")
        tx.write(step_of(opened, "c1", [], done=(DoneJob(job=7, kind="automatic"),)))
    assert store.quiet()


def test_next_due_counts_what_is_hinted_and_undone(store: Store):
    file_case(store, job_in=timedelta(0))
    store.take_due(10)

    assert store.next_due() == START
    assert not store.quiet()


def test_what_is_parked_does_not_stop_time(store: Store):
    file_case(store, job_in=timedelta(0))
    assert not store.quiet()
    assert store.failed("c1", "ZeroDivisionError", attempts=1)

    assert store.quiet()
    assert store.next_due() == START + 19 * DAY
    store.advance(START + DAY)
    store.release("c1")
    assert not store.quiet()


def test_an_empty_database_is_quiet_and_waits_for_nothing(store: Store):
    assert store.quiet()
    assert store.next_due() is None
