"""What people wish: digests, quiet hours, what they decline; and limits, under which more comes together."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import insert, select

from workflow.cli.notify_page import finding_lines, of_finding
from workflow.domain.directory import Absence
from workflow.domain.notification.times import Preference
from workflow.engine.notification_wishes import keep_wishes
from workflow.engine.notification_words import trial
from workflow.engine.notifier import Outcome
from workflow.engine.notifying import Ended
from workflow.errors import BadInput, UnknownPerson
from workflow.storage.directory_register import Origin
from workflow.storage.notification_tables import notifications
from workflow.storage.tables import personal_values


def beijing(day, clock):
    return datetime.fromisoformat(f"2026-11-{day}T{clock}:00+08:00").astimezone(UTC)


def assign_many(desk, count, to="anna"):
    return [desk.assign(f"filing-{number}", to) for number in range(1, count + 1)]


def test_a_digest_comes_once_a_day_with_everything_in_it(desk):
    desk.wish("anna", digest=time(8, 30))
    cases = assign_many(desk, 3)
    assert desk.send_to("anna") == [Ended.LATER] * 3
    assert {row.due_at for row in desk.rows()} == {beijing("24", "08:30")}
    assert desk.post.mails == []

    desk.now = beijing("24", "08:30")
    assert desk.send_to("anna") == [Ended.SENT]

    (mail,) = desk.post.mails
    text = mail.get_content()
    assert mail["Subject"] == "【汇总】3 条办件消息"
    assert all(f"【转来待办】{receipt.no} sample-licence" in text for receipt in cases)
    assert {row.standing for row in desk.rows()} == {"sent"}
    assert len({row.digest for row in desk.rows()}) == 1


def test_an_order_does_not_wait_for_the_digest(desk):
    desk.wish("anna", digest=time(8, 30))
    receipt = desk.assign()
    desk.order(receipt)

    assert sorted(desk.send_to("anna")) == [Ended.LATER, Ended.SENT]
    assert desk.post.last["Subject"] == f"【督办】办件 {receipt.no}"


def test_what_is_too_much_for_one_digest_comes_in_several(desk, monkeypatch):
    monkeypatch.setattr("workflow.storage.notification_register.LONGEST_DIGEST", 2)
    desk.wish("anna", digest=time(8, 30))
    assign_many(desk, 5)
    desk.send_to("anna")
    desk.now = beijing("24", "08:30")

    ended = []
    while sent := desk.send():
        ended += sent

    assert ended.count(Ended.SENT) == 3
    assert [mail["Subject"][:5] for mail in desk.post.mails] == ["【汇总】2", "【汇总】2", "【汇总】1"]
    assert len({mail["Message-ID"] for mail in desk.post.mails}) == 3
    lines = [line for mail in desk.post.mails for line in mail.get_content().splitlines() if line[:1] == "·"]
    assert len(set(lines)) == 5


def test_a_digest_that_fails_comes_whole_and_under_the_same_id(desk):
    desk.wish("anna", digest=time(8, 30))
    assign_many(desk, 2)
    desk.send_to("anna")
    desk.now = beijing("24", "08:30")
    desk.post.cut = True
    assert desk.send_to("anna") == [Ended.FAILED]
    desk.post.cut = False
    desk.assign("filing-9")
    desk.later(minutes=5)

    assert sorted(desk.send_to("anna")) == [Ended.LATER, Ended.SENT]

    first, second = desk.post.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()


def test_at_night_nothing_comes_and_in_the_morning_all(desk):
    desk.wish("anna", quiet=(time(22), time(7, 30)))
    desk.assign()
    desk.now = beijing("23", "23:59")
    assert desk.send_to("anna") == [Ended.LATER]
    assert desk.row().due_at == beijing("24", "07:30")
    assert desk.row().attempts == 0

    desk.now = beijing("24", "00:01")
    assert desk.send_to("anna") == []
    desk.now = beijing("24", "07:30")
    assert desk.send_to("anna") == [Ended.SENT]


def test_what_is_declined_is_not_sent_and_says_so(desk):
    desk.wish("anna", declined=frozenset({"assignment"}))
    receipt = desk.assign()
    desk.order(receipt)

    assert sorted(desk.send_to("anna")) == [Ended.SENT, Ended.UNWANTED]
    assert {(row.kind, row.error) for row in desk.rows()} == {("assignment", "declined"), ("order", None)}


def test_more_than_the_limit_comes_together_in_the_next_hour(desk):
    desk.uses(per_hour=2)
    desk.wish("anna")
    assign_many(desk, 5)

    assert sorted(desk.send_to("anna")) == [Ended.LATER] * 3 + [Ended.SENT] * 2
    desk.now = desk.now.replace(minute=0) + timedelta(hours=1)
    assert desk.send_to("anna") == [Ended.SENT]

    assert len(desk.post.mails) == 3
    assert desk.post.last["Subject"] == "【汇总】3 条办件消息"


def test_a_change_of_mind_counts_for_what_is_still_to_be_sent(desk):
    desk.wish("anna", quiet=(time(11), time(13)))
    desk.assign()
    desk.send_to("anna")
    desk.wish("anna", language="en")
    desk.now = beijing("23", "13:00")

    desk.send_to("anna")

    assert desk.post.last["Subject"].startswith("Work for you")


def test_preferences_are_of_somebody_and_checked(desk):
    for person, by in (("anna", "nobody"), ("nobody", "nobody")):
        with pytest.raises(UnknownPerson):
            keep_wishes(desk.banjie, person, Preference(), by=by)
    with pytest.raises(BadInput):
        keep_wishes(desk.banjie, "anna", Preference(declined=frozenset({"card_red"})), by="anna")


def test_whoever_stands_in_is_told_so(desk):
    desk.wish("dora")
    receipt = desk.assign()
    for person in ("anna", "bo", "chen"):
        away = Absence(person=person, since=date(2026, 9, 7), until=date(2026, 9, 9))
        desk.office.store.directory.record(away, Origin(by="hana", rule="test"))
    desk.office.settle()

    assert desk.send_to("dora") == [Ended.SENT]
    assert desk.post.last["Subject"] == f"【代办】办件 {receipt.no} 由您代办"


def test_signers_are_told_when_it_is_their_turn(desk):
    for person in ("chen", "dong"):
        desk.wish(person)
    receipt = desk.assign()
    desk.office.act(
        receipt, "anna", "countersign", question="同意吗", mode="sequential", signers=["chen", "dong"]
    )
    assert desk.send_to("chen") == [Ended.SENT]
    assert desk.rows("dong") == []

    desk.office.act(receipt, "chen", "cosign", vote="agree")

    assert desk.send_to("dong") == [Ended.SENT]
    assert desk.post.last["Subject"] == f"【会签】办件 {receipt.no} 请您会签"


def test_whoever_filed_without_being_in_the_directory_gets_mail_where_he_left_an_address(desk, monkeypatch):
    """The address is read from the personal values when it is sent; erased, it is known no longer."""
    receipt = desk.assign()
    (row,) = desk.rows("@applicant")
    monkeypatch.setattr(desk.store, "filer", lambda _: "public:王小明")
    assert desk.send_to("@applicant") == [Ended.UNWANTED]

    values = {"case_id": receipt.case_id, "subject": "王小明", "field": "form.contact_email", "seq": 1}
    left = insert(personal_values).values(**values, value="wang@example.com", salt=b"s")
    with desk.office.store._writing() as connection:
        connection.execute(left)
    assert desk.store.retry(row.id)
    assert desk.send_to("@applicant") == [Ended.SENT]

    assert desk.post.last["To"] == "wang@example.com"
    assert desk.post.last["Subject"] == f"办件 {receipt.no} 已受理"
    with desk.office.store.read() as connection:
        kept = connection.execute(select(notifications)).mappings().all()
    assert "wang@example.com" not in repr(kept)


@pytest.mark.parametrize(
    "left",
    [
        "a@b.example\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "A <a@b.example>",
        "王@b.example",
        "a@b",
        "@",
    ],
)
def test_what_is_not_one_plain_address_gets_no_mail(desk, left):
    desk.assign()
    (channel,) = [one for one in desk.channels.values() if one.kind == "mail"]

    answer = channel.send(trial("d", "anna", "en", desk.now), left)

    assert (answer.outcome, answer.why, desk.post.mails) == (Outcome.REFUSED, "no_address", [])


def test_beside_a_card_stands_who_was_told_when_and_by_what_or_why_not(desk, monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", "zh-CN")
    desk.wish("anna")
    receipt = desk.office.file()
    desk.office.act(receipt, "clerk", "accept")
    desk.office.act(receipt, "anna", "claim")
    desk.office.until(desk.office.case(receipt).clock("decision").due.at)
    (red,) = [one for one in desk.office.case(receipt).findings if one.colour == "red"]
    directory = desk.office.banjie.directory()

    def beside():
        return finding_lines(of_finding(desk.office.store, receipt.case_id, red.number), directory)[1:]

    (waits,) = beside()
    assert waits.split() == ["红牌", "Anna", "待发"]
    desk.send_to("anna")
    (sent,) = beside()
    assert sent.split()[:4] == ["红牌", "Anna", "已发", "mail"]
    assert "发出时间 2026-11-23 12:00" in sent
    assert finding_lines([], directory) == ["没有发出消息"]
