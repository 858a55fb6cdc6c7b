"""By HTTP: events that are signed and complete, robots that are asked at most once, and receivers of every bad manner."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.integration.notify.conftest import KEY
from tests.integration.notify.receivers import closed_port
from workflow.engine.notifying import LEASE, Ended
from workflow.exchange.notify import answers
from workflow.testing.sample import at


def verified(call):
    """The event of a call, once its signature has been checked as a receiver does."""
    stamp, delivery = call.headers["webhook-timestamp"], call.headers["webhook-id"]
    mac = hmac.new(KEY, f"{delivery}.{stamp}.".encode() + call.body, hashlib.sha256)
    assert call.headers["webhook-signature"] == "v1," + base64.b64encode(mac.digest()).decode()
    assert call.headers["idempotency-key"] == delivery == call.json["id"]
    return call.json


def overdue(desk):
    """A case whose decision is overdue: a red card against Anna, who has it."""
    receipt = desk.office.file()
    desk.office.act(receipt, "clerk", "accept")
    desk.office.act(receipt, "anna", "claim")
    desk.office.act(receipt, "anna", "review", inspectors=["anna", "bo"])
    desk.office.until(desk.office.case(receipt).clock("decision").due.at)
    return receipt


def test_a_red_card_is_a_whole_cloud_event_that_the_receiver_can_verify(desk):
    desk.uses(default=("hook",))
    receipt = overdue(desk)
    (card,) = [one for one in desk.store.kept(limit=100) if one.kind == "card_red"]

    assert desk.send(card.id) == [Ended.SENT]

    (call,) = desk.sink.calls
    event = verified(call)
    assert call.headers["content-type"] == "application/cloudevents+json; charset=UTF-8"
    assert call.headers["webhook-timestamp"] == str(int(desk.now.timestamp()))
    data = event.pop("data")
    assert event == {
        "specversion": "1.0",
        "id": card.id,
        "source": "https://banjie.example",
        "type": "cn.banjie.notification.card_red",
        "subject": receipt.no,
        "time": card.raised_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
    }
    due = desk.office.case(receipt).clock("decision").due
    found = desk.office.case(receipt).findings[-1]
    assert (data["no"], data["kind"], data["lamp"], data["finding"]) == (
        receipt.no,
        "card_red",
        "red",
        found.number,
    )
    assert (data["recipient"], data["organ"], data["due_on"]) == (found.person, "人事部", due.on.isoformat())
    assert "王小明" not in call.body.decode()


def test_an_altered_body_is_found_out(desk):
    desk.uses(default=("hook",))
    desk.assign()
    desk.send_to("anna")

    (call,) = desk.sink.calls
    with pytest.raises(AssertionError):
        verified(replace(call, body=call.body.replace(b"anna", b"bobo")))


@pytest.mark.parametrize(
    ("status", "ended", "why"),
    [
        (500, Ended.FAILED, "http_500"),
        (503, Ended.FAILED, "http_503"),
        (401, Ended.FAILED, "http_401"),
        (302, Ended.FAILED, "http_302"),
        (504, Ended.FAILED, "http_504"),
        (422, Ended.DEAD, "http_422"),
        (410, Ended.DEAD, "http_410"),
    ],
)
def test_a_status_says_whether_it_is_tried_again(desk, status, ended, why):
    desk.uses(default=("hook",))
    desk.assign()
    desk.sink.status, desk.sink.headers = status, {"Location": f"{desk.sink.url}/elsewhere"}

    assert desk.send_to("anna") == [ended]
    assert desk.row().error == why
    assert [call.path for call in desk.sink.calls] == ["/hook"]


def test_a_receiver_that_asks_for_a_pause_gets_it(desk):
    desk.uses(default=("hook",))
    desk.assign()
    desk.sink.status, desk.sink.headers = 429, {"Retry-After": "1800"}

    assert desk.send_to("anna") == [Ended.FAILED]
    assert desk.row().due_at == desk.now + timedelta(seconds=1800)
    desk.sink.status = 204
    desk.later(seconds=1799)
    assert desk.send_to("anna") == []
    desk.later(seconds=1)
    assert desk.send_to("anna") == [Ended.SENT]


@pytest.mark.parametrize("manner", ["cut", "slow"])
def test_an_event_whose_fate_is_unknown_comes_again_under_the_same_id(desk, manner, monkeypatch):
    monkeypatch.setattr("workflow.exchange.notify.webhook.TIMEOUT", (2.0, 0.3))
    desk.uses(default=("hook",))
    desk.assign()
    if manner == "cut":
        desk.sink.cut = True
    else:
        desk.sink.hold = threading.Event()

    assert desk.send_to("anna") == [Ended.FAILED]
    assert desk.row().error == {"cut": "cut", "slow": "timeout"}[manner]
    desk.sink.cut = False
    if desk.sink.hold is not None:
        desk.sink.hold.set()
    desk.later(minutes=2)

    assert desk.send_to("anna") == [Ended.SENT]
    first, second = [verified(call) for call in desk.sink.calls]
    assert first == second


@pytest.mark.parametrize(
    ("kind", "path", "text"),
    [
        ("wecom", "/cgi-bin/webhook/send?key=k1", lambda said: said["text"]["content"]),
        ("dingtalk", "/robot/send?access_token=" + "t" * 64, lambda said: said["text"]["content"]),
        ("feishu", "/open-apis/bot/v2/hook/f1/", lambda said: said["content"]["text"]),
    ],
)
def test_each_robot_is_spoken_to_as_it_wants(desk, kind, path, text):
    desk.uses(default=(kind,))
    receipt = desk.assign()
    desk.sink.body = b'{"errcode": 0, "errmsg": "ok"}' if kind != "feishu" else b'{"code": 0}'

    assert desk.send_to("anna") == [Ended.SENT]

    (call,) = desk.sink.calls
    assert call.path == path
    assert text(call.json).startswith(f"【待办】办件 {receipt.no} 转由您办理\n")
    assert desk.row().channel == kind


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        ("wecom", b'{"errcode": 45009, "errmsg": "api freq out of limit"}', "code_45009"),
        ("dingtalk", b'{"errcode": 130101, "errmsg": "send too fast"}', "code_130101"),
        ("feishu", b'{"code": 11232, "msg": "frequency limited"}', "code_11232"),
        ("wecom", b"<html>a proxy</html>", "not_json"),
    ],
)
def test_a_robot_that_refuses_with_status_200_has_not_got_the_message(desk, kind, body, why):
    desk.uses(default=(kind,))
    desk.assign()
    desk.sink.body = body

    assert desk.send_to("anna") == [Ended.FAILED]
    assert desk.row().error == why


def test_a_robot_is_not_asked_twice_when_nobody_knows(desk):
    desk.uses(default=("wecom",))
    desk.assign()
    desk.sink.cut = True

    assert desk.send_to("anna") == [Ended.DEAD]
    assert desk.row().error == "uncertain:cut"
    desk.later(days=1)
    assert desk.send_to("anna") == []
    assert len(desk.sink.calls) == 1


def test_a_robot_that_was_never_reached_is_asked_again(desk):
    desk.uses(default=("feishu",))
    desk.channels["feishu"] = replace(desk.channels["feishu"], api=f"http://127.0.0.1:{closed_port()}")
    desk.assign()

    assert desk.send_to("anna") == [Ended.FAILED]
    assert desk.row().error == "connect"


@pytest.mark.parametrize(
    ("channel", "ended", "copies"),
    [("hook", Ended.SENT, 2), ("mail", Ended.SENT, 2), ("wecom", Ended.DEAD, 1)],
)
def test_a_worker_killed_between_sending_and_recording(desk, channel, ended, copies, monkeypatch):
    """The call is made and nothing is recorded, as when the process is killed: a second only where ids are carried."""
    desk.wish("anna", channels=(channel,))
    desk.assign()
    settle = desk.store.move

    def killed(claims, **values):
        if "sending" in values and not values["sending"]:
            raise KeyboardInterrupt
        return settle(claims, **values)

    monkeypatch.setattr(desk.store, "move", killed)
    with pytest.raises(KeyboardInterrupt):
        desk.send_to("anna")
    monkeypatch.setattr(desk.store, "move", settle)
    assert desk.send_to("anna") == []
    desk.now += LEASE

    assert desk.send_to("anna") == [ended]

    if channel == "mail":
        ids = [mail["X-Banjie-Delivery"] for mail in desk.post.mails]
    else:
        ids = [call.headers.get("webhook-id", desk.row().id) for call in desk.sink.calls]
    assert ids == [desk.row().id] * copies
    if ended is Ended.DEAD:
        assert desk.row().error == "uncertain"


def test_what_one_channel_refuses_for_good_goes_by_the_next(desk):
    desk.wish("anna", channels=("hook", "mail"))
    desk.assign()
    desk.sink.status = 410

    assert desk.send_to("anna") == [Ended.FAILED]
    assert desk.send_to("anna") == [Ended.SENT]
    assert (desk.row().channel, len(desk.post.mails)) == ("mail", 1)


def test_an_event_does_not_follow_a_redirect(desk):
    desk.uses(default=("hook",))
    desk.assign()
    desk.sink.status, desk.sink.headers = 302, {"Location": f"{desk.sink.url}/elsewhere"}

    desk.send_to("anna")

    assert len(desk.sink.calls) == 1
    assert desk.row().error == "http_302"


def test_no_redirect_and_no_secret_gets_out(desk, caplog):
    desk.uses(default=("wecom",))
    desk.assign()
    desk.sink.status, desk.sink.headers = 302, {"Location": f"{desk.sink.url}/elsewhere"}
    with caplog.at_level("DEBUG"):
        desk.send_to("anna")

    assert len(desk.sink.calls) == 1
    assert desk.row().error == "http_302"
    assert "k1" not in caplog.text
    assert "k1" not in repr(desk.channels["wecom"]) + str(desk.row())
    assert KEY.decode() not in repr(desk.channels["hook"])


def test_a_card_whose_finding_was_cancelled_is_not_sent(desk):
    desk.uses(default=("hook",))
    receipt = overdue(desk)
    number = desk.office.case(receipt).findings[-1].number
    for auditor, act in (("arno", "propose_cancel"), ("axel", "cancel_finding")):
        desk.office.act(receipt, auditor, act, finding=number, reason="日历更正")
    (card,) = [one for one in desk.store.kept(limit=100) if one.kind == "card_red"]

    assert desk.send(card.id) == [Ended.UNWANTED]
    assert desk.sink.calls == []


def test_a_card_that_climbs_tells_the_head(desk):
    desk.uses(default=("hook",))
    receipt = overdue(desk)
    desk.office.until(at("2026-11-30"))

    told = {(one.kind, one.recipient) for one in desk.store.kept(limit=100) if one.case_id == receipt.case_id}
    assert ("card_escalated", "hana") in told
    assert answers.TIMEOUT[1] < LEASE.total_seconds()
