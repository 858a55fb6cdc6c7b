"""A complaint that is taken up at once and answered late: the card is the handler's, the extension comes after the day."""

from __future__ import annotations

from tests.acceptance.office.office import Office

CALLER, CLERK = "wen-dao", "lian-xin"
HANDLER, CHECKER = "zhuan-zhu", "qu-wenda"
FORM = {
    "content": "窗口中午无人值守，等候一小时",
    "intake_channel": "hotline",
    "kind": "complaint",
    "caller_name": "闻道",
    "contact_phone": "010-66001234",
}


def test_a_complaint_from_the_hotline(office: Office) -> None:
    no = office.file("hotline-complaint", CALLER, FORM, [])
    assert office.queue(CLERK) == [no]
    zh, en = "只有符合条件", "only"
    at_once = {"reply_text": "已转告"}
    office.refuse(no, "answer_at_once", CLERK, rule="condition_refused", zh=zh, en=en, **at_once)
    office.act(no, "take_up", CLERK, assigned_to=HANDLER)
    # Ten working days after the 7th: 8 to 11 (4), 14 to 18 (9), and Sunday the 20th, which is worked.
    assert office.due(no, "reply") == "2026-09-20"

    office.until("2026-09-10 10:00")
    office.ok("queue", "claim", no, "--as", HANDLER)
    zh, en = "应当由 checker 岗人员办理", "a person at the post checker"
    office.refuse(no, "extend", HANDLER, rule="not_authorised", zh=zh, en=en, reason="需调取监控")
    office.act(no, "urge", CALLER, text="请尽快答复")

    # The day passes; an extension comes too late, and the card names who held it.
    office.until("2026-09-21 09:30")
    zh, en = "届满", "before"
    office.refuse(no, "extend", CHECKER, rule="before_due", zh=zh, en=en, reason="需调取监控")
    (card,) = office.ok("findings", "list", "--case", no, "--colour", "yellow")["findings"]
    assert (card["clock"], card["post"], card["person"]) == ("reply", "handler", HANDLER)
    assert office.ok("queue", "list", "--as", HANDLER)["items"][0]["lamp"] == "red"

    found = {"finding": "founded", "reply_text": "经核查，当日中午窗口确无人值守"}
    office.act(no, "report_findings", HANDLER, **found)
    assert office.queue(CHECKER) == [no]
    office.refuse(no, "reply_unfounded", CHECKER, rule="condition_refused", zh="只有符合条件", en="only")
    office.act(no, "reply_founded", CHECKER, correction="窗口午间安排轮值，公示值班表")
    assert office.case(no)["outcome"] == "founded"
    assert set(office.papers(no)) == {"acceptance_notice", "reply", "correction_order"}
    assert office.queue(CALLER) == [no], "he is asked how satisfied he is"
    zh, en = "应当由 complainant、reception 岗人员办理", "complainant, reception"
    office.refuse(no, "rate_reply", HANDLER, rule="not_authorised", zh=zh, en=en, rating="very_satisfied")
    office.act(no, "rate_reply", CALLER, rating="satisfied")
    assert office.state(no) == "archived"
    assert "Concluded" in office.history(no, lang="en")
    office.verified()
