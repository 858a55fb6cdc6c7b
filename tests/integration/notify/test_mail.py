"""Mail arrives once, with the right words, whatever the server does and however often anybody is told to look."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.integration.notify.receivers import closed_port
from workflow.engine.notifying import LEASE, Ended, deliver
from workflow.storage.notification_tables import notifications


def test_the_new_holder_gets_one_mail_in_chinese(desk):
    desk.wish("anna")
    receipt = desk.assign()

    assert desk.send_to("anna") == [Ended.SENT]

    (mail,) = desk.post.mails
    text = mail.get_content()
    assert mail["To"] == "anna@office.example"
    assert mail["Subject"] == f"【待办】办件 {receipt.no} 转由您办理"
    assert f"办件编号：{receipt.no}" in text
    assert "事项：sample-licence" in text
    assert "日期：2026-09-07" in text
    assert "网址：https://banjie.example/cases" in text
    assert mail["Message-ID"] == f"<{desk.row().id}@office.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (desk.row().standing, desk.row().channel, desk.row().sent_at) == ("sent", "mail", desk.now)


def test_and_in_english_who_reads_english(desk):
    desk.wish("anna", language="en")
    receipt = desk.assign()

    desk.send_to("anna")

    assert desk.post.last["Subject"] == f"Work for you: case {receipt.no}"
    assert f"Case: {receipt.no}" in desk.post.last.get_content()
    assert desk.post.last["Content-Language"] == "en"


def test_nothing_of_the_form_or_of_an_order_is_in_a_mail(desk):
    desk.wish("anna")
    desk.order(desk.assign())

    desk.send_to("anna")

    assert len(desk.post.mails) == 2
    for mail in desk.post.mails:
        assert "王小明" not in mail["Subject"] + mail.get_content()
    assert "期限届满：2026-09-14" in "".join(mail.get_content() for mail in desk.post.mails)


def test_without_a_notifier_nothing_is_written(office):
    receipt = office.file()
    office.act(receipt, "clerk", "accept")
    office.act(receipt, "anna", "claim")
    office.act(receipt, "anna", "transfer", person="bo", reason="出差")

    with office.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(notifications)).scalar_one() == 0


def test_hints_without_end_send_once(desk):
    desk.wish("anna")
    desk.assign()
    delivery = desk.row().id

    with ThreadPoolExecutor(6) as pool:
        ended = list(pool.map(lambda _: deliver(desk.banjie, delivery, clock=desk.clock), range(12)))

    assert sorted(ended) == [Ended.NOTHING] * 11 + [Ended.SENT]
    assert len(desk.post.mails) == 1


def test_time_does_not_wait_for_mails(desk):
    """Retries lie in real time; the office's stepped clock goes on whether or not a mail server is there."""
    desk.wish("anna")
    desk.channels["mail"] = replace(desk.channels["mail"], port=closed_port())
    receipt = desk.assign()
    desk.office.settle()

    assert desk.send_to("anna") == [Ended.FAILED]
    assert desk.office.store.quiet()
    assert desk.office.store.next_due() is not None
    desk.office.until(desk.office.case(receipt).clock("decision").due.at)
    assert {row.standing for row in desk.rows("anna")} == {"waiting"}


def test_a_server_that_is_away_is_asked_again_later_and_later(desk):
    desk.wish("anna")
    away = replace(desk.channels["mail"], port=closed_port())
    there = desk.channels["mail"]
    desk.channels["mail"] = away
    desk.assign()

    pauses = []
    for attempt in range(1, 4):
        assert desk.send_to("anna") == [Ended.FAILED]
        row = desk.row()
        assert (row.attempts, row.error) == (attempt, "connect")
        pauses.append(row.due_at - desk.now)
        desk.now = row.due_at - timedelta(seconds=1)
        assert desk.send_to("anna") == []
        desk.later(seconds=31)
    desk.channels["mail"] = there
    desk.later(minutes=5)

    assert desk.send_to("anna") == [Ended.SENT]
    assert len(desk.post.mails) == 1
    for number, pause in enumerate(pauses):
        assert 0.75 * 30 * 2**number <= pause.total_seconds() <= 1.25 * 30 * 2**number


def test_a_server_that_is_away_is_left_alone_for_the_others_too(desk):
    for person in ("anna", "bo"):
        desk.wish(person)
    desk.channels["mail"] = replace(desk.channels["mail"], port=closed_port())
    receipt = desk.assign()
    desk.office.act(receipt, "anna", "transfer", person="bo", reason="出差")

    assert desk.send_to("anna") == [Ended.FAILED]
    assert desk.send_to("bo") == [Ended.LATER]
    assert (desk.row("bo").attempts, desk.row("bo").error) == (0, None)


@pytest.mark.parametrize(
    ("answer", "ended", "why"),
    [
        ("451 later", Ended.FAILED, "smtp_451"),
        ("554 never", Ended.DEAD, "smtp_554"),
    ],
)
def test_what_a_server_says_decides_whether_it_is_tried_again(desk, answer, ended, why):
    desk.wish("anna")
    desk.assign()
    desk.post.answer = answer

    assert desk.send_to("anna") == [ended]
    assert desk.row().error == why


def test_a_line_cut_after_the_message_leads_to_the_same_message_again(desk):
    desk.wish("anna")
    desk.assign()
    desk.post.cut = True

    assert desk.send_to("anna") == [Ended.FAILED]
    assert desk.row().error == "cut"
    desk.post.cut = False
    desk.later(minutes=2)

    assert desk.send_to("anna") == [Ended.SENT]
    first, second = desk.post.mails
    assert first["Message-ID"] == second["Message-ID"] == f"<{desk.row().id}@office.example>"


def test_in_the_end_it_is_dead_and_can_be_tried_anew(desk):
    desk.wish("anna")
    desk.uses(attempts=3)
    desk.assign()
    desk.post.answer = "451 later"

    ended = []
    for _ in range(4):
        ended += desk.send_to("anna")
        desk.later(hours=2)

    assert ended == [Ended.FAILED, Ended.FAILED, Ended.DEAD]
    assert [one.id for one in desk.store.kept(standing="dead")] == [desk.row().id]
    assert desk.store.counts()["dead"] == 1
    desk.post.answer = "250 OK"
    assert desk.store.retry(desk.row().id)
    assert not desk.store.retry("no-such-id")
    assert desk.send_to("anna") == [Ended.SENT]
    assert not desk.store.retry(desk.row().id)


def test_a_worker_killed_before_the_call_loses_nothing(desk):
    desk.wish("anna")
    desk.assign()
    assert desk.store.claim(desk.row().id, desk.now, desk.now + LEASE)

    assert desk.send_to("anna") == []
    desk.now += LEASE

    assert desk.send_to("anna") == [Ended.SENT]
    assert len(desk.post.mails) == 1


def test_who_kills_whoever_tries_it_is_dead_in_the_end(desk):
    desk.wish("anna")
    desk.uses(attempts=3)
    desk.assign()
    for _ in range(3):
        assert desk.store.claim(desk.row().id, desk.now, desk.now + LEASE)
        desk.now += LEASE

    assert desk.send_to("anna") == [Ended.DEAD]
    assert desk.row().error == "no_trace"


def test_a_worker_that_comes_back_from_the_dead_records_nothing(desk):
    desk.wish("anna")
    desk.assign()
    stale = desk.store.claim(desk.row().id, desk.now, desk.now + LEASE)
    desk.now += LEASE
    assert desk.send_to("anna") == [Ended.SENT]

    assert desk.store.move(stale, standing="dead", error="late") == 0
    assert desk.row().standing == "sent"


def test_whose_lease_is_over_records_nothing_while_another_is_at_it(desk):
    desk.wish("anna")
    desk.assign()
    stale = desk.store.claim(desk.row().id, desk.now, desk.now + LEASE)
    desk.now += LEASE
    (ours,) = desk.store.claim(desk.row().id, desk.now, desk.now + LEASE)

    assert desk.store.move(stale, standing="dead", error="late") == 0
    assert desk.row().standing == "waiting"
    assert desk.store.move([ours], standing="dead", error="refused") == 1


def test_nobody_is_told_without_an_address(desk):
    desk.assign()

    assert desk.send_to("anna") == [Ended.UNWANTED]
    assert (desk.row().standing, desk.row().error) == ("unwanted", "no_contact")


def test_the_filer_is_told_what_becomes_of_his_case(desk):
    desk.wish("ella", addresses={"mail": "ella@agency.example"})
    receipt = desk.assign()

    assert desk.send_to("@applicant") == [Ended.SENT]
    assert desk.post.last["Subject"] == f"办件 {receipt.no} 已受理"
    assert desk.post.last["To"] == "ella@agency.example"
