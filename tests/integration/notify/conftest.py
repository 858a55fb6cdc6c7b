"""An office that tells people what happens, with real receivers, and real time in the test's hands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.engine.conftest import office
from tests.integration.notify.receivers import http_sink, mail_server
from workflow.domain.notification.times import Preference
from workflow.engine.notification_wishes import keep_wishes
from workflow.engine.notifier import Notifier
from workflow.engine.notifying import Ended, deliver
from workflow.exchange.notify.mail import Mail
from workflow.exchange.notify.robots import Robot
from workflow.exchange.notify.settings import quiet_libraries
from workflow.exchange.notify.webhook import Webhook

__all__ = ["office"]

KEY = b"0123456789abcdef"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Twelve o'clock in Beijing, by the real clock; the office's own clock stands at another time."""


class Desk:
    """The office with its channels; `now` is real time."""

    def __init__(self, of, post, sink):
        self.office, self.post, self.sink = of, post, sink
        self.banjie, self.store = of.banjie, of.store.notifications
        self.now = NOON
        quiet_libraries()
        self.channels = {
            "mail": Mail(
                name="mail",
                host="127.0.0.1",
                port=post.port,
                security="insecure",
                sender="banjie@office.example",
                sender_name="办结系统",
            ),
            "hook": Webhook(
                name="hook",
                url=f"{sink.url}/hook",
                key=KEY,
                source="https://banjie.example",
                clock=lambda: self.now,
            ),
        }
        options = {"wecom": {"key": "k1"}, "dingtalk": {"token": "t" * 64}, "feishu": {"token": "f1"}}
        for kind, own in options.items():
            self.channels[kind] = Robot(name=kind, kind=kind, api=sink.url, options=own)
        self.uses()

    def uses(self, **changed):
        """How the installation is set up."""
        setting = {"default": ("mail",), "base_url": "https://banjie.example"} | changed
        self.banjie.notifier = Notifier(channels=self.channels, **setting)

    def wish(self, person="anna", **wishes):
        wishes.setdefault("addresses", {"mail": f"{person}@office.example"})
        keep_wishes(self.banjie, person, Preference(**wishes), by=person)

    def assign(self, key="filing-1", to="anna"):
        """A case that comes to somebody, who is told of it."""
        receipt = self.office.file(key)
        self.office.act(receipt, "clerk", "accept")
        self.office.act(receipt, "bo", "claim")
        self.office.act(receipt, "bo", "transfer", person=to, reason="出差")
        return receipt

    def order(self, receipt, due_on="2026-09-14"):
        self.office.act(receipt, "sven", "order", text="王小明的事抓紧", due_on=due_on)

    def clock(self):
        return self.now

    def later(self, **span):
        self.now += timedelta(**span)

    def rows(self, recipient="anna", **wanted):
        return self.store.kept(recipient=recipient, **wanted)

    def row(self, recipient="anna"):
        (only,) = self.rows(recipient)
        return only

    def send(self, delivery=None):
        """Send one delivery, or whatever is due for anybody; gives what became of each that was anything."""
        due = [delivery] if delivery else self.store.unhinted(100, now=self.now)
        ended = [deliver(self.banjie, one, clock=self.clock) for one in due]
        return [one for one in ended if one is not Ended.NOTHING]

    def send_to(self, recipient="anna"):
        ended = [deliver(self.banjie, one.id, clock=self.clock) for one in self.rows(recipient)]
        return [one for one in ended if one is not Ended.NOTHING]


@pytest.fixture
def post():
    with mail_server() as post:
        yield post


@pytest.fixture
def sink():
    with http_sink() as sink:
        yield sink


@pytest.fixture
def desk(office, post, sink):
    return Desk(office, post, sink)
