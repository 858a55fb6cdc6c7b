"""Notifications in the embedded stack: hinted, sent by workers to real receivers, once, though one be killed over it."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.integration.notify.receivers import http_sink
from tests.integration.workers.conftest import Home
from workers.celery_app import publishing_app
from workers.celery_settings import NOTIFY
from workers.hints import Hints
from workflow.cli.embedded import embedded_stack
from workflow.config import Settings
from workflow.domain.commands import TakeAction
from workflow.engine.handle import handle
from workflow.storage.notification_tables import notifications
from workflow.testing.waiting import wait_until

CHANNELS = """
default = ["hook"]
[channels.hook]
kind = "webhook"
url = "{url}/hook"
secret = "env:HOOK_SECRET"
"""


@pytest.fixture
def sink():
    with http_sink() as sink:
        yield sink


@pytest.fixture
def told(tmp_path, monkeypatch, sink):
    """A home whose notifications go to a sink."""
    monkeypatch.setenv("BANJIE_LANG", "en")
    monkeypatch.setenv("HOOK_SECRET", "0123456789abcdef")
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "notify.toml").write_text(CHANNELS.format(url=sink.url), "utf-8")
    home = Home(Settings.from_environment({"BANJIE_HOME": str(folder)}))
    yield home
    home.store.close()


def accept(home, case_ids):
    """Each case is accepted: whoever filed is told."""
    holdings = home.banjie.catalog.directory.holdings
    for number, case_id in enumerate(case_ids):
        case = home.store.case(case_id)
        definition = home.banjie.definition(home.store, case.definition)
        (post,) = definition.actions["accept"].by[:1]
        bound = definition.posts[post if isinstance(post, str) else post.post]
        person = next(one.person for one in holdings if (one.organ, one.kind) == (bound.organ, bound.kind))
        handle(
            home.banjie,
            TakeAction(case_id=case_id, key=f"accept {number}", actor=person, action="accept"),
        )


def standing(home):
    return home.store.notifications.counts()


def test_each_is_sent_once_by_the_workers_and_hints_do_no_harm(told, sink):
    with embedded_stack(told.settings) as stack:
        case_ids = told.file(10)
        told.wait_until_done(case_ids, timeout=30)
        accept(told, case_ids)
        hints = Hints(publishing_app(told.settings.broker_url))
        for _ in range(3):
            every = [one.id for one in told.store.notifications.kept(limit=100)]
            hints.send([*every, "rubbish"], 20, task=NOTIFY)
        hints.close()

        wait_until(lambda: standing(told) == {"sent": 10}, 30, what="all to be sent")
        assert "error" not in stack.log.read_text()

    ids = [call.headers["webhook-id"] for call in sink.calls]
    assert len(ids) == len(set(ids)) == 10
    assert {call.json["type"] for call in sink.calls} == {"cn.banjie.notification.acceptance"}


def test_a_worker_killed_over_a_message_costs_no_message(told, sink):
    """It is killed while the receiver keeps it waiting; when its lease is over the message comes again, with the same id."""
    sink.hold = threading.Event()
    with embedded_stack(told.settings) as stack:
        case_ids = told.file()
        told.wait_until_done(case_ids, timeout=30)
        accept(told, case_ids)
        wait_until(lambda: sink.calls, 30, what="the first call")
        for pid in stack.pids["workers"]:
            os.kill(pid, signal.SIGKILL)
        sink.hold.set()
        with told.store._writing() as connection:
            now = told.store.notifications.real_time()
            over = {"leased_until": now - timedelta(seconds=1), "hinted_at": now - timedelta(minutes=1)}
            connection.execute(update(notifications).values(**over))

        wait_until(lambda: standing(told) == {"sent": 1}, 30, what="it to be sent again")

    first, *more = [call.headers["webhook-id"] for call in sink.calls]
    assert more == [first]


def test_a_receiver_that_hangs_holds_up_no_case(told, sink):
    sink.hold = threading.Event()
    with embedded_stack(told.settings):
        case_ids = told.file(5)
        told.wait_until_done(case_ids, timeout=30)
        accept(told, case_ids)
        wait_until(lambda: sink.calls, 30, what="a call that hangs")

        more = told.file(10)
        told.wait_until_done(more, timeout=20)

        assert standing(told) == {"waiting": 5}
        sink.hold.set()
        # A call that hung too long comes again after its pause.
        wait_until(lambda: standing(told) == {"sent": 5}, 75, what="all to be sent")
