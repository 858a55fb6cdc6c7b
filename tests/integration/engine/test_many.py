"""Many cases looked at in one transaction: the same comes of it as of one look after another, or nothing at all."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from workflow.domain import chain
from workflow.domain.evolve import fold
from workflow.engine.advance import advance, advance_many
from workflow.errors import RecordBroken
from workflow.storage import tables
from workflow.storage.codec import encode_case
from workflow.storage.faults import TryAgain


@pytest.fixture
def filed(office):
    """Five filings, of which nothing automatic has been done."""
    return [office.file(f"case-{number}", settle=False).case_id for number in range(5)]


def in_order(office, case_ids):
    """Each row is what its events come to, and each chain whole."""
    for case_id in case_ids:
        history = office.store.history(case_id)
        again = fold(((event, envelope.actor) for envelope, event in history), case_id=case_id)
        assert encode_case(again) == encode_case(office.store.case(case_id))
        head = chain.GENESIS
        for envelope, _ in history:
            assert (envelope.prev_hash, envelope.hash) == (head, chain.link(envelope))
            head = envelope.hash


def events(office, kind):
    with office.store.read() as connection:
        counted = select(func.count()).where(tables.events.c.type == kind)
        return connection.execute(counted).scalar_one()


def test_what_is_due_on_many_is_done_once_each(office, filed):
    assert advance_many(office.banjie, filed, done_by="task") == (5, [])
    assert {office.store.case(case_id).state for case_id in filed} == {"received"}
    assert advance_many(office.banjie, filed, done_by="task") == (0, [])
    assert office.store.done_counts() == {"task": 5, "pulse": 0}
    in_order(office, filed)


def test_what_follows_from_what_was_done_is_done_too(office, filed):
    """Silence at the window: acceptance is deemed; sixty days later the card for the decision comes with the reminder."""
    advance_many(office.banjie, filed, done_by="task")
    office.store.advance(office.store.next_due())
    assert advance_many(office.banjie, filed, done_by="task") == (5, [])
    assert {office.store.case(case_id).deemed for case_id in filed} == {True}
    while events(office, "FindingRaised") < 10:
        office.store.advance(office.store.next_due())
        advance_many(office.banjie, filed, done_by="task")
    assert office.store.quiet()
    in_order(office, filed)


def test_two_things_due_on_a_case_are_both_done(office, filed):
    advance_many(office.banjie, filed, done_by="task")
    office.until(office.store.clock().now + timedelta(days=8))
    with office.store.engine.begin() as connection:
        much_later = office.store.clock().now + timedelta(days=60)
        connection.execute(update(tables.installation).values(present=much_later))
    assert advance_many(office.banjie, filed, done_by="task") == (10, []), "a reminder and a card each"
    in_order(office, filed)


def test_a_case_that_somebody_holds_is_left_and_the_others_are_done(office, filed):
    held, *others = filed
    going, enough = threading.Event(), threading.Event()

    def hold():
        with office.store.write() as tx:
            tx.open_case(held, actor="anna", key="")
            going.set()
            enough.wait(20)

    with ThreadPoolExecutor(2) as pool:
        holder = pool.submit(hold)
        going.wait(20)
        looking = pool.submit(advance_many, office.banjie, filed, done_by="task")
        if office.store.dialect == "postgresql":
            assert looking.result(20) == (len(others), [held])
        enough.set()
        holder.result()
        looking.result()
    advance(office.banjie, held, done_by="task")
    in_order(office, filed)


def test_a_case_that_is_not_there_harms_nothing(office, filed):
    nobody = str(uuid4())
    assert advance_many(office.banjie, [*filed, nobody], done_by="task") == (5, [nobody])


@pytest.mark.parametrize(
    ("parted", "error"), [({"body": "{"}, RecordBroken), ({"seq": tables.cases.c.seq + 1}, TryAgain)]
)
def test_when_one_cannot_be_done_nothing_is_written_of_any(office, filed, parted, error):
    with office.store.engine.begin() as connection:
        connection.execute(update(tables.cases).where(tables.cases.c.id == filed[2]).values(**parted))
    before = [len(office.store.history(case_id)) for case_id in filed]
    with pytest.raises(error):
        advance_many(office.banjie, filed, done_by="task")
    assert [len(office.store.history(case_id)) for case_id in filed] == before
    assert office.store.done_counts() == {"task": 0, "pulse": 0}
