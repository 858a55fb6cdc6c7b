"""A citizen asks for a document; a third party is asked and says nothing; the answer is part of it, in good time."""

from __future__ import annotations

from tests.acceptance.office.office import Office

CITIZEN, CLERK = "wen-dao", "lin-xiaotang"
HANDLER, REVIEWER, CHECKER, APPROVER = "bai-jianqing", "mi-shen", "fu-minghui", "gu-weimin"
HEAD_OF_OFFICE = "dongfang-yi"
FORM = {
    "applicant_kind": "person",
    "applicant_name": "闻道",
    "id_number": "99000019801102993X",
    "contact_phone": "010-66001234",
    "delivery_form": "paper",
    "delivery_means": "post",
    "information_title": "2025年人才市场专项检查情况通报",
    "postal_address": "北京市海淀区知春路1号",
}


def test_a_disclosure_request(office: Office) -> None:
    no = office.file("information-disclosure-request", CITIZEN, FORM, ["request_form"])
    assert office.queue(CLERK) == [no]
    office.act(no, "confirm_receipt", CLERK, receipt_kind="in_person")
    # Twenty working days after the 7th: 8 to 11 (4), 14 to 18 (9), 20 to 24 (14), 28 to 30 (17), 8, 9 October and Saturday
    # the 10th, which is worked.
    assert office.due(no, "reply") == "2026-10-10"
    a_third_party(office, no)
    secrecy(office, no)
    the_answer(office, no)
    office.verified()


def a_third_party(office: Office, no: str) -> None:
    office.until("2026-09-09 10:00")
    zh, en = "应当由 handler 岗人员办理", "a person at the post handler"
    asked = {"interest": "涉及被检查机构的经营数据", "third_party": "海岸人才交流中心"}
    office.refuse(no, "consult_third_party", CLERK, rule="not_authorised", zh=zh, en=en, **asked)
    office.act(no, "consult_third_party", HANDLER, **asked)
    # Fifteen after the 9th: 10, 11, 14 to 18 (7), 20 to 24 (12), 28 to 30. The reply does not count meanwhile, and as the
    # law says how long that lasts at most, its day is known at once. Out: 9 to 11 (3), 14 to 18 (8), 20 to 24 (13), 28 to
    # 30, sixteen working days; so many after 10 October: 12 to 30 (15), 2 November.
    assert office.due(no, "third_party_opinion") == "2026-09-30"
    assert office.due(no, "reply") == "2026-11-02"
    early = {"proposal": "in_part", "text": "遮去经营数据后公开"}
    zh, en = "不能办理“propose_disclosure”", "cannot be done while"
    office.refuse(no, "propose_disclosure", HANDLER, rule="action_not_available", zh=zh, en=en, **early)
    office.until("2026-10-12 09:30")
    assert office.state(no) == "under_review"
    assert "期满" in office.history(no) or "逾期" in office.history(no)
    assert office.due(no, "reply") == "2026-11-02"


def secrecy(office: Office, no: str) -> None:
    office.act(no, "propose_disclosure", HANDLER, proposal="in_part", text="遮去经营数据后公开")
    # Nothing is disclosed that was not looked through for secrets, by somebody else.
    zh, en = "不能办理“confirm”", "cannot be done while"
    office.refuse(no, "confirm", CHECKER, rule="action_not_available", zh=zh, en=en, text="同意")
    zh, en = "应当由 secrecy_reviewer 岗人员办理", "a person at the post secrecy_reviewer"
    office.refuse(no, "clear_secrecy", HANDLER, rule="not_authorised", zh=zh, en=en, text="不涉密")
    assert office.queue(REVIEWER) == [no]
    office.act(no, "clear_secrecy", REVIEWER, text="不涉密")
    zh, en = "应当由 office_head 岗人员办理", "a person at the post office_head"
    office.refuse(no, "extend", CHECKER, rule="not_authorised", zh=zh, en=en, reason="需核对附件")
    office.act(no, "extend", HEAD_OF_OFFICE, reason="需逐页核对附件")
    # Twenty more: 3 to 6 November (4), 9 to 27 (19), 30.
    assert office.due(no, "reply") == "2026-11-30"
    assert office.papers(no)["extension_notice"] == "国人公开延〔2026〕1号"
    zh, en = "只能延长一次", "extended once"
    office.refuse(no, "extend", HEAD_OF_OFFICE, rule="not_extended_before", zh=zh, en=en, reason="再延")


def the_answer(office: Office, no: str) -> None:
    office.act(no, "confirm", CHECKER, text="同意部分公开")
    office.until("2026-10-13 10:00")
    assert office.queue(APPROVER) == [no]
    zh, en = "只有符合条件", "only"
    office.refuse(no, "disclose", APPROVER, rule="condition_refused", zh=zh, en=en)
    part = {"redacted": "第三部分经营数据", "reasons": "属商业秘密，第三方未同意公开"}
    zh, en = "remedies: 必填", "remedies: required"
    office.refuse(no, "disclose_partly", APPROVER, rule="bad_fields", zh=zh, en=en, **part)
    remedies = "可以自收到之日起六十日内申请行政复议，或者六个月内提起行政诉讼"
    office.act(no, "disclose_partly", APPROVER, remedies=remedies, **part)
    assert office.case(no)["outcome"] == "partly_disclosed"
    assert office.papers(no)["partial_reply"] == "国人公开〔2026〕1号"
    assert office.state(no) == "archived"
    late = [
        one for one in office.ok("findings", "list", "--case", no)["findings"] if one["colour"] != "reminder"
    ]
    assert late == []
