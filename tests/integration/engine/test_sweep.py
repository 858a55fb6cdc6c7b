"""Carrying a notice to the open clocks: once each, whoever is killed, whoever helps, whoever acts meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select, text, update

from tests.integration.engine.keeping import FIRST, Keepers, engine, paper, rows
from workflow.domain.commands import SubmitFiling, TakeAction
from workflow.domain.evolve import fold
from workflow.engine import sweep as sweeping
from workflow.engine.calendar_notices import propose, publish
from workflow.engine.handle import case_id_for, handle, perform
from workflow.engine.sweep import sweep
from workflow.storage import tables
from workflow.storage.codec import encode_case
from workflow.storage.store import open_store
from workflow.storage.transaction import Transaction
from workflow.testing.waiting import wait_until

NOTICE = paper("雪灾", ("2020-01-15", True))
MOVED = date(2020, 2, 12)
"""Where the notice puts what was to be decided by 11 February."""


@pytest.fixture
def office(store_without_clock):
    store_without_clock.create_clock("stepped", FIRST)
    return Keepers(engine(store_without_clock))


@pytest.fixture
def running(store_without_clock):
    """The same office on a clock that runs, so that nobody holds the time while a notice is published."""
    store_without_clock.create_clock("offset", FIRST)
    return Keepers(engine(store_without_clock))


@pytest.fixture
def accepted(office):
    return cases(office)


def cases(office):
    return [office.accept(f"case-{number}") for number in range(7)]


def review(filed):
    return TakeAction(
        case_id=filed.case_id,
        key=f"review {filed.no}",
        actor="anna",
        action="review",
        fields={"inspectors": ["anna", "bo"]},
    )


def somebody_waits(store):
    """Whether a session waits for a lock."""
    with store.read() as connection:
        waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(connection.execute(text(waits)).scalar_one())


def in_order(office, filed, *, by_sweep=None):
    """Every case moved once, its row what its events come to, and the date what the calendar says. `by_sweep`: how many
    clocks the sweep moved, if not all of these and no other.
    """
    for one in filed:
        assert [move.due.on for move in office.moves(one)] == [MOVED]
        assert office.due(one) == MOVED
        history = office.store.history(one.case_id)
        again = fold(((event, envelope.actor) for envelope, event in history), case_id=one.case_id)
        assert encode_case(again) == encode_case(office.case(one))
    (done,) = office.store.sweeps()
    moved = len(filed) if by_sweep is None else by_sweep
    assert (done.moved, done.failed, done.done_at is None) == (moved, 0, False)


# --- killed, resumed, shared ----------------------------------------------------------------------------------------


def test_it_goes_in_batches_and_knows_when_it_is_done(office, accepted):
    office.publish(NOTICE, settle=False)
    assert not office.store.quiet(), "time stands still while clocks are behind"
    batches = []
    while office.store.sweep_waits():
        batches.append(sweep(office.banjie, limit=3).cases)
    assert batches == [3, 3, 1, 0]
    in_order(office, accepted)
    assert sweep(office.banjie).cases == 0


def test_who_is_killed_in_mid_batch_leaves_nothing_half_done_and_another_goes_on(
    office, accepted, database_url, monkeypatch
):
    office.publish(NOTICE, settle=False)
    sweep(office.banjie, limit=2)
    written = rows(office.store, tables.events)

    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Transaction, "count_swept", killed)
        sweep(office.banjie, limit=2)
    assert rows(office.store, tables.events) == written

    elsewhere = open_store(database_url)
    other = Keepers(engine(elsewhere))
    other.settle()
    in_order(other, accepted)
    assert office.store.sweeps()[0].looked == len(accepted)
    elsewhere.close()


def test_several_hands_share_it_without_doing_a_case_twice(office, accepted):
    office.publish(NOTICE, settle=False)

    def hand(_):
        done = 0
        while office.store.sweep_waits():
            done += sweep(office.banjie, limit=1).tally.moved
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(hand, range(4))) == len(accepted)
    in_order(office, accepted)


def test_doing_it_again_raises_nothing_twice(office, accepted):
    office.until(FIRST.replace(month=2, day=11, hour=16))
    assert [colour for colour, *_ in office.cards(accepted[0])] == ["reminder", "red"]
    office.publish(NOTICE)
    before = rows(office.store, tables.events, tables.findings, tables.rungs)
    with office.store.engine.begin() as connection:
        connection.execute(update(tables.clocks).values(calendar_revision=0))
    while office.store.sweep_waits():
        sweep(office.banjie)
    assert rows(office.store, tables.events, tables.findings, tables.rungs) == before


# --- others at work -------------------------------------------------------------------------------------------------


def test_people_act_while_it_goes_on(office, accepted):
    office.publish(NOTICE, settle=False)
    acts = [review(one) for one in accepted]

    def keep_sweeping():
        moved = 0
        while office.store.sweep_waits():
            moved += sweep(office.banjie, limit=2).tally.moved
        return moved

    with ThreadPoolExecutor(4) as pool:
        sweepers = [pool.submit(keep_sweeping) for _ in range(2)]
        done = list(pool.map(lambda act: handle(office.banjie, act), acts))
        moved = sum(sweeper.result() for sweeper in sweepers)
    assert {receipt.state for receipt in done} == {"check"}
    in_order(office, accepted, by_sweep=moved)


def test_a_filing_that_read_the_old_calendar_and_comes_late_is_found(running):
    """It read the revision, then the notice came out and was swept, then it committed under the calendar it had read."""
    before = cases(running)
    filing = SubmitFiling(
        case_id=case_id_for("ella", "late"),
        key="late",
        actor="ella",
        matter="sample-licence",
        form={"name": "王小明"},
        materials=("charter", "funds"),
    )
    propose(running.banjie, "cn", NOTICE, by="fay")
    with ThreadPoolExecutor(1) as pool:
        with running.store.write() as tx:
            tx.open_case(filing.case_id, actor="ella", key="late")
            out = pool.submit(publish, running.banjie, "cn", NOTICE.id, by="gus")
            if running.store.dialect == "postgresql":
                out.result()
                while running.store.sweep_waits():
                    sweep(running.banjie)
                assert running.store.sweeps()[0].done_at is not None
            late = perform(running.banjie, tx, filing)
        out.result()
    assert running.due(late, "acceptance") == date(2020, 1, 16), "under the calendar it had read"
    assert running.store.sweep_waits()
    assert not running.store.quiet()

    while running.store.sweep_waits():
        sweep(running.banjie)

    assert running.due(late, "acceptance") == date(2020, 1, 17)
    in_order(running, before, by_sweep=len(before) + 1)


def test_an_act_that_waited_for_the_sweep_does_not_put_the_date_back(running):
    """It had seen the old revision before it waited for the case; once it has the case it must not decide by that."""
    accepted = cases(running)
    filed = min(accepted, key=lambda one: one.case_id)
    act = review(filed)
    propose(running.banjie, "cn", NOTICE, by="fay")
    with ThreadPoolExecutor(1) as pool:
        with running.store.write() as tx:
            tx.open_case(filed.case_id, actor="system", key="")
            waiting = pool.submit(handle, running.banjie, act)
            if running.store.dialect == "postgresql":  # the one writer of SQLite is never overtaken
                wait_until(lambda: somebody_waits(running.store), what="the act to wait for the case")
                publish(running.banjie, "cn", NOTICE.id, by="gus")
                assert sweeping._batch(running.banjie, tx, 1).tally.moved == 1
        assert waiting.result().state == "check"
    publish(running.banjie, "cn", NOTICE.id, by="gus")
    running.settle()
    in_order(running, accepted)


# --- what fails -----------------------------------------------------------------------------------------------------


def test_a_case_that_fails_is_counted_and_stops_no_other(office, accepted):
    broken, parted, *sound = accepted
    with office.store.engine.begin() as connection:
        connection.execute(update(tables.cases).where(tables.cases.c.id == broken.case_id).values(body="{"))
        connection.execute(tables.rungs.delete().where(tables.rungs.c.case_id == parted.case_id))
    office.publish(NOTICE, settle=False)

    failed = {}
    while office.store.sweep_waits():
        failed |= sweep(office.banjie, limit=4).failed

    assert set(failed) == {broken.case_id, parted.case_id}
    assert all("RecordBroken" in why for why in failed.values())
    (done,) = office.store.sweeps()
    assert (done.looked, done.moved, done.failed) == (len(accepted), len(sound), 2)
    assert done.done_at is not None
    assert done.error.startswith(tuple(failed))
    assert [move.due.on for one in sound for move in office.moves(one)] == [MOVED] * len(sound)
    assert office.moves(parted) == []
    with office.store.read() as connection:
        of_parted = select(tables.clocks.c.due_on).where(
            tables.clocks.c.case_id == parted.case_id, tables.clocks.c.ended_on.is_(None)
        )
        assert connection.execute(of_parted).scalars().all() == [date(2020, 2, 11)], "nothing of it was kept"


def test_a_database_that_is_busy_for_a_moment_is_no_fault_of_the_case(office, monkeypatch):
    filed = office.accept()
    propose(office.banjie, "cn", NOTICE, by="fay")
    publish(office.banjie, "cn", NOTICE.id, by="gus")
    decided, failing = sweeping.planned, ["once"]

    def planned(*given, **named):
        if failing:
            failing.pop()
            raise busy(office.store)
        return decided(*given, **named)

    monkeypatch.setattr(sweeping, "planned", planned)
    swept = sweep(office.banjie)

    assert (swept.cases, swept.failed) == (1, {})
    assert office.due(filed) == MOVED


def busy(store):
    """What the driver of this database raises when another holds what it needs."""
    module = store.engine.dialect.loaded_dbapi
    if store.dialect == "postgresql":
        return module.errors.DeadlockDetected("deadlock detected")
    error = module.OperationalError("database is locked")
    error.sqlite_errorcode = 5
    return error
