"""A draft is put to the public for thirty days; every comment is answered, and the report says what became of it."""

from __future__ import annotations

from tests.acceptance.office.office import Office

DRAFTER, CHECKER = "gu-yanshu", "cai-na"
FORM = {
    "document_title": "人才市场管理规定（修订草案征求意见稿）",
    "drafting_organ": "人才流动调配司",
    "subject": "talent_market",
    "summary": "取消部分证明材料，缩短办理期限",
}


def test_a_consultation(office: Office) -> None:
    no = office.file("policy-consultation", DRAFTER, FORM, ["draft_text", "explanation"])
    attribute = {"publication_attribute": "open", "questions": "取消的证明是否合适"}
    office.act(no, "submit_draft", DRAFTER, **attribute)
    assert office.queue(CHECKER) == [no]
    zh, en = "应当由 checker 岗人员办理", "a person at the post checker"
    office.refuse(no, "open_round", DRAFTER, rule="not_authorised", zh=zh, en=en)
    office.until("2026-09-08 09:00")
    office.act(no, "open_round", CHECKER)
    # Thirty days after 8 September are 8 October, the first working day after the holidays.
    assert office.due(no, "comment_period") == "2026-10-08"

    office.until("2026-09-15 20:00")
    office.act(no, "comment", "public", grounds="建议保留验资证明", commenter="某机构")
    office.until("2026-10-08 23:30")
    office.act(no, "comment", "public", grounds="建议允许网上提交", commenter="某高校")
    office.until("2026-10-09 09:00")
    late = {"grounds": "建议再延长", "commenter": "某人"}
    zh, en = "不能办理“comment”", "cannot be done while"
    office.refuse(no, "comment", "public", rule="action_not_available", zh=zh, en=en, **late)

    # Twenty working days after the 9th: 10, 12 to 16 (6), 19 to 30 (16), 2 to 5 November.
    assert office.due(no, "report") == "2026-11-05"
    assert office.queue(DRAFTER) == [no]
    report = {"report": "收到意见 2 条，采纳 1 条，未采纳 1 条"}
    zh, en = "还有异议没有书面核查结论", "still waits for a written finding"
    office.refuse(no, "submit_report", DRAFTER, rule="no_open_objection", zh=zh, en=en, **report)
    office.act(no, "decline_comment", DRAFTER, objection=1, finding="验资已由其他部门核验，不再重复")
    zh, en = "待作结论的：2", "is not open; open: 2"
    again = {"objection": 1, "finding": "再答复"}
    office.refuse(no, "adopt_comment", DRAFTER, rule="bad_fields", zh=zh, en=en, **again)
    office.act(no, "adopt_comment", DRAFTER, objection=2, finding="采纳，增加网上提交")
    office.act(no, "submit_report", DRAFTER, **report)
    assert office.queue(CHECKER) == [no]
    office.act(no, "publish_report", CHECKER)
    case = office.case(no)
    assert (case["outcome"], case["state"]) == ("reported", "archived")
    assert "adoption_report" in office.papers(no)
    assert office.ok("findings", "list", "--case", no)["findings"] == []
    assert "公开" in office.history(no)
    office.verified()
