"""The sender and the announcer: careless with hints, never idle over what was overlooked, outliving every fault."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.unit.workers.fakes import HandClock
from workers import sending
from workers.announcing import PAUSE, Announcer
from workers.celery_settings import NOTIFY
from workers.sending import PATIENCE, WAITING, Sender
from workflow.engine.notifying import Ended
from workflow.errors import BrokerUnavailable, DatabaseUnavailable

START = datetime(2026, 11, 23, tzinfo=UTC)


class Outbox:
    """Deliveries nobody was told of, and those somebody was told of at an instant."""

    def __init__(self, clock, *silent):
        self.clock, self.silent, self.hinted, self.away = clock, list(silent), {}, False

    def real_time(self):
        if self.away:
            raise DatabaseUnavailable(reason="away")
        return START + timedelta(seconds=self.clock())

    def unhinted(self, limit, *, now=None):
        return self.silent[:limit]

    def overlooked(self, before, limit, *, now):
        return [one for one, at in self.hinted.items() if at <= before][:limit]

    def take(self, limit):
        taken, self.silent = self.silent[:limit], self.silent[limit:]
        self.hinted |= dict.fromkeys(taken, self.real_time())
        return taken

    def untake(self, deliveries):
        for one in deliveries:
            del self.hinted[one]
        self.silent = [*deliveries, *self.silent]


class Hints:
    def __init__(self):
        self.sent, self.down = [], False

    def send(self, case_ids, messages, *, task):
        if self.down:
            raise BrokerUnavailable(reason="down")
        self.sent.append((task, tuple(case_ids)))


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(sending, "PAUSE", 0.01)


@pytest.fixture
def clock():
    return HandClock()


def sender(clock, outbox, backlog=0, deliver=None):
    sent = []

    def note(delivery):
        sent.append(delivery)
        return Ended.SENT

    return Sender(deliver or note, outbox, backlog=lambda: backlog, clock=clock), sent


def ids(count):
    return [str(uuid4()) for _ in range(count)]


def test_what_a_task_asks_for_is_sent_one_after_the_other(clock):
    one, sent = sender(clock, Outbox(clock))
    asked = ids(3)
    one.by_task(*asked)
    for _ in asked:
        one.beat()

    assert sent == asked


def test_a_task_never_waits_and_takes_no_rubbish(clock):
    one, sent = sender(clock, Outbox(clock))
    one.by_task("7", None, {"case": 1}, "../../etc/passwd")
    one.by_task(*ids(WAITING + 50))
    one.beat()

    assert len(sent) == 1


def test_what_was_hinted_and_is_not_sent_is_found_two_seconds_later(clock):
    outbox = Outbox(clock, *ids(2))
    one, sent = sender(clock, outbox)
    hinted = outbox.take(2)
    one.beat()
    assert sent == []

    clock.tick(PATIENCE)
    one.beat()
    assert sent == hinted


def test_without_a_relay_it_looks_by_itself_after_a_while_and_without_a_broker_at_once(clock):
    outbox = Outbox(clock, *ids(2))
    one, sent = sender(clock, outbox)
    one.beat()
    assert sent == []
    clock.tick(PATIENCE)
    one.beat()
    assert sent == outbox.silent

    one, sent = sender(clock, outbox, backlog=None)
    one.beat()
    assert sent == outbox.silent


def test_a_fault_of_one_message_stops_no_other(clock, caplog):
    answers = iter([RuntimeError("ours"), DatabaseUnavailable(reason="away"), Ended.DEAD, Ended.SENT])
    sent = []

    def deliver(delivery):
        sent.append(delivery)
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    one, _ = sender(clock, Outbox(clock), deliver=deliver)
    asked = ids(4)
    one.by_task(*asked)
    for _ in asked:
        one.beat()

    assert sent == asked
    said = [record.getMessage() for record in caplog.records]
    assert said == ["notification_failed", "notification_postponed", "notification_not_sent"]


def test_it_runs_until_it_is_told_to_stop_whatever_happens(clock):
    outbox = Outbox(clock)
    outbox.away = True
    one, _ = sender(clock, outbox)
    one.start()
    one.stop(10)

    assert not one._thread.is_alive()


def test_the_announcer_hints_once_at_what_is_due_and_not_too_often(clock):
    outbox, hints = Outbox(clock, *ids(3)), Hints()
    announcer = Announcer(outbox, hints, clock=clock)
    due = list(outbox.silent)

    assert announcer.step() == PAUSE
    assert announcer.step() == PAUSE
    clock.tick(PAUSE)
    announcer.step()

    assert hints.sent == [(NOTIFY, tuple(due))]


def test_a_broker_that_is_down_costs_nothing(clock):
    outbox, hints = Outbox(clock, *ids(3)), Hints()
    hints.down = True
    announcer = Announcer(outbox, hints, clock=clock)
    pause = announcer.step()
    assert len(outbox.silent) == 3

    hints.down = False
    clock.tick(pause)
    announcer.step()
    assert len(hints.sent) == 1
