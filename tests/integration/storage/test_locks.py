"""Who waits for whom, and what they see when they have waited."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import event, select, text

from workflow.storage.columns import RealNow
from workflow.storage.database import open_engine
from workflow.storage.faults import TryAgain
from workflow.storage.store import Store, open_store
from workflow.testing.steps import act, clock_started, filing, take
from workflow.testing.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]


def file_case(store: Store, case_id: str = "c1", key: str = "k1") -> None:
    with store.write() as tx:
        now = tx.open_case(case_id, actor="zhang", key=key).now
        take(tx, case_id, filing(now, no=f"A-{case_id}"), clock_started(now, "decide", 20), key=key)


def real_time(store: Store) -> datetime:
    with store.read() as connection:
        return connection.execute(select(RealNow())).scalar_one()


def somebody_waits(store: Store) -> bool:
    """Whether a session waits for a lock. SQLite cannot tell; there the waiting thread itself has said that it goes."""
    if store.dialect == "sqlite":
        return True
    with store.read() as connection:
        waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(connection.execute(text(waits)).scalar_one())


def test_the_clock_is_read_after_the_lock(real_store: Store):
    file_case(real_store)
    going = threading.Event()

    def second() -> datetime:
        going.set()
        with real_store.write() as tx:
            return tx.open_case("c1", actor="li", key="").now

    with ThreadPoolExecutor(1) as pool:
        with real_store.write() as tx:
            held_at = tx.open_case("c1", actor="zhang", key="").now
            waiting = pool.submit(second)
            going.wait()
            wait_until(lambda: somebody_waits(real_store), what="the second to wait for the case")
            released_at = real_time(real_store)
        seen_at = waiting.result()

    assert held_at <= released_at <= seen_at


def test_who_waited_sees_what_the_other_did_and_said(store: Store):
    """A duplicate of a command arrives while the first is being done: it must be told the result, not be refused."""
    file_case(store)
    going = threading.Event()

    def duplicate() -> tuple[str, bool]:
        going.set()
        with store.write() as tx:
            opened = tx.open_case("c1", actor="zhang", key="k2")
            assert opened.case is not None
            return opened.case.state, opened.remembered is not None

    with ThreadPoolExecutor(1) as pool:
        with store.write() as tx:
            now = tx.open_case("c1", actor="zhang", key="k2").now
            waiting = pool.submit(duplicate)
            going.wait()
            wait_until(lambda: somebody_waits(store), what="the duplicate to wait for the case")
            take(tx, "c1", act(now, "accept", "submitted", "review"), key="k2")

        assert waiting.result() == ("review", True)


def test_of_twins_that_file_the_same_case_one_tries_again_and_is_told(store: Store):
    going = threading.Event()

    def twin() -> str:
        going.set()
        try:
            with store.write() as tx:
                opened = tx.open_case("c1", actor="zhang", key="k1")
                if opened.remembered is not None:
                    return "told at once"
                take(tx, "c1", filing(opened.now, no="A-twin"), key="k1")
        except TryAgain:
            with store.write() as tx:
                assert tx.open_case("c1", actor="zhang", key="k1").remembered is not None
            return "told at the second try"
        return "filed"

    with ThreadPoolExecutor(1) as pool:
        with store.write() as tx:
            now = tx.open_case("c1", actor="zhang", key="k1").now
            take(tx, "c1", filing(now, no="A-c1"), clock_started(now, "decide", 20), key="k1")
            waiting = pool.submit(twin)
            going.wait()
            wait_until(lambda: somebody_waits(store), what="the twin to wait")

        # SQLite's twin does not begin before the first has ended, so it finds the case there.
        expected = {"postgresql": "told at the second try", "sqlite": "told at once"}
        assert waiting.result() == expected[store.dialect]
    assert store.case_ids() == ["c1"]


def test_different_cases_do_not_wait_for_each_other(postgres_url: str):
    store = open_store(postgres_url)
    store.create_clock("real")
    file_case(store, "c1", "k1")
    file_case(store, "c2", "k2")

    with store.write() as first, store.write() as second:
        assert first.open_case("c1", actor="zhang", key="").case is not None
        assert second.open_case("c2", actor="zhang", key="").case is not None
    store.close()


def test_time_does_not_move_under_a_transaction(store: Store):
    file_case(store)
    going = threading.Event()

    def driver() -> datetime:
        going.set()
        store.advance(store.clock().now + timedelta(days=1))
        return store.clock().now

    with ThreadPoolExecutor(1) as pool:
        with store.write() as tx:
            now = tx.open_case("c1", actor="zhang", key="").now
            waiting = pool.submit(driver)
            going.wait()
            wait_until(lambda: somebody_waits(store), what="the driver to wait")
            assert tx.open_case("c2", actor="zhang", key="").now == now
        assert waiting.result() == now + timedelta(days=1)


def test_many_hands_on_few_cases_lose_nothing_and_give_no_number_twice(store: Store):
    hands, steps, cases = 6, 12, ["c1", "c2"]
    for case_id in cases:
        file_case(store, case_id, key=case_id)
    numbers: list[int] = []

    def hand(name: int) -> None:
        for step in range(steps):
            with store.write() as tx:
                case_id = cases[(name + step) % len(cases)]
                case = tx.open_case(case_id, actor=f"p{name}", key="").case
                assert case is not None
                target = "review" if case.state == "submitted" else "submitted"
                take(tx, case_id, act(store_now, "move", case.state, target), key=f"{name}-{step}")
                number = tx.take_number("A", 2026)
            numbers.append(number)

    store_now = store.clock().now
    with ThreadPoolExecutor(hands) as pool:
        for done in [pool.submit(hand, name) for name in range(hands)]:
            done.result()

    assert sorted(numbers) == list(range(1, hands * steps + 1))
    for case_id in cases:
        history = store.history(case_id)
        assert [envelope.seq for envelope, _ in history] == list(range(1, 2 + hands * steps // 2 + 1))
        assert all(a.hash == b.prev_hash for (a, _), (b, _) in pairwise(history))
    assert (
        Counter(type(e).__name__ for c in cases for _, e in store.history(c))["ActionTaken"] == hands * steps
    )


def test_a_writer_that_waits_too_long_is_told_to_try_again(sqlite_url: str):
    first, engine = open_store(sqlite_url), open_engine(sqlite_url)
    first.create_clock("real")

    @event.listens_for(engine, "connect")
    def _impatient(connection, _):
        connection.execute("PRAGMA busy_timeout = 1")

    second = Store(engine)
    with first.write(), pytest.raises(TryAgain, match="locked"), second.write():
        pass
    with second.write() as tx:
        assert tx.open_case("c1", actor="zhang", key="").case is None
    first.close()
    second.close()


FORKED = """
import os, sys
from workflow.storage.store import open_store
from workflow.testing.steps import filing, take

store = open_store(sys.argv[1])

def file_case(case_id):
    with store.write() as tx:
        take(tx, case_id, filing(tx.open_case(case_id, actor="zhang", key="").now, no=case_id))

file_case("before")
with store.write() as tx:  # a connection is busy while the child is born
    tx.open_case("before", actor="zhang", key="")
    child = os.fork()
    if child == 0:
        if store.dialect == "postgresql":
            file_case("child")
            store.close()
        os._exit(0)
    if store.dialect == "postgresql":
        assert os.waitpid(child, 0)[1] == 0
    take(tx, "parent", filing(tx.open_case("parent", actor="zhang", key="").now, no="parent"))
if store.dialect == "sqlite":
    assert os.waitpid(child, 0)[1] == 0
    child = os.fork()
    if child == 0:
        file_case("child")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
file_case("after")
print(*store.case_ids())
"""


def test_parent_and_child_of_a_fork_do_not_hurt_each_other(store: Store, database_url: str):
    told = subprocess.run(
        [sys.executable, "-c", FORKED, database_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == ["after", "before", "child", "parent"]
