"""A backup is restored: it verifies, what falls due fires once, and what may have been sent is held for a person.

PostgreSQL is copied as a whole, which is what a base backup is; SQLite by its own backup.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.integration.notify.conftest import NOON
from tests.integration.transfers import Transfers
from workflow.engine.notifier import Notifier
from workflow.engine.notifying import Ended, deliver
from workflow.engine.reconciler import prove
from workflow.evidence.walk import walk
from workflow.storage import tables as t
from workflow.storage.database import sqlite_module
from workflow.storage.notification_tables import notifications
from workflow.storage.store import open_store

LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def backup(store, database_url, tmp_path, request):
    """Takes a backup; gives what restores it beside the first, as a store."""

    def taken():
        if store.dialect == "sqlite":
            driver = sqlite_module()
            with (
                closing(driver.connect(store.engine.url.database)) as source,
                closing(driver.connect(tmp_path / "restored.db")) as target,
            ):
                source.backup(target)
            return f"sqlite:///{tmp_path / 'restored.db'}"
        postgres = request.getfixturevalue("postgres")
        store.close()  # a template is nobody's while it is copied
        name = postgres.create(store.engine.url.database)
        request.addfinalizer(lambda: postgres.drop(name))
        return postgres.url(name)

    opened = []

    def restore():
        url = taken()

        def now():
            opened.append(open_store(url))
            return opened[-1]

        return now

    yield restore
    for one in opened:
        one.close()


def fired(store):
    """Which rungs have fired, each with the day."""
    query = select(t.rungs.c.case_id, t.rungs.c.clock, t.rungs.c.rung, t.rungs.c.revision, t.rungs.c.fired_at)
    with store.read() as connection:
        return sorted(tuple(row) for row in connection.execute(query.where(t.rungs.c.fired_at.is_not(None))))


def raised(store):
    with store.read() as connection:
        return sorted(connection.execute(select(notifications.c.id)).scalars())


def walked(store, *, hold=False):
    """An office that tells people what happens; nothing is sent unless a test does it."""
    transfers = Transfers(store)
    transfers.banjie.notifier = Notifier(channels={}, default=(), hold=hold)
    return transfers


def test_what_is_restored_verifies_and_fires_once_and_tells_nobody_twice(store, backup):
    first = walked(store)
    no = first.file()
    restore = backup()
    first.days(20)
    assert fired(store)
    told = raised(store)
    assert told

    restored = restore()
    again = walked(restored)
    assert walk(restored).broken == []
    before = fired(restored)
    assert before != fired(store)
    again.days(20)

    assert fired(restored) == fired(store)
    assert raised(restored) == told, "the ids are the same, so whoever can, knows a message again"
    assert walk(restored).broken == []
    assert not prove(restored).broken
    assert again.case(no).state == first.case(no).state

    assert restored.notifications.hold() == len(told)
    assert restored.notifications.unhinted(100, now=LATER) == []
    assert restored.notifications.counts() == {"dead": len(told)}
    one, *rest = restored.notifications.kept(standing="dead")
    assert one.error == "restored"
    assert restored.notifications.retry(one.id)
    assert restored.notifications.release_held() == len(rest)
    assert sorted(restored.notifications.unhinted(100, now=NOON)) == told


def test_holding_ends_the_lease_of_whoever_is_sending(store):
    transfers = walked(store)
    transfers.file()
    transfers.days(20)
    (first, *_) = raised(store)
    claims = store.notifications.claim(first, NOON, LATER)
    store.notifications.hold()

    assert store.notifications.move(claims, standing="sent", sent_at=NOON) == 0


def test_while_it_holds_nothing_is_sent_and_what_is_raised_is_held(store):
    transfers = walked(store, hold=True)
    transfers.file()
    transfers.days(20)
    ended = {deliver(transfers.banjie, one, clock=lambda: NOON) for one in raised(store)}

    assert ended == {Ended.DEAD}
    assert {one.error for one in store.notifications.kept(standing="dead")} == {"restored"}
    assert store.notifications.release_held() == len(raised(store))


def test_holding_from_the_command_line(banjie, home):
    assert banjie("notify", "hold-after-restore", "--json").json == {"held": 0}
    assert "0" in banjie("notify", "hold-after-restore").out
    assert banjie("notify", "release-held", "--json").json == {"released": 0}
