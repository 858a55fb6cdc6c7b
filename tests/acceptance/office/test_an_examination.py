"""A candidate two points short asks for a review within fifteen days; who scored does not review; a certificate follows."""

from __future__ import annotations

from tests.acceptance.office.office import Office

CANDIDATE, REGISTRAR, EXAMINER, REVIEWER = "wen-dao", "bao-ming", "yue-juan", "fu-he"
HANDLER, CHECKER, APPROVER = "zheng-kao", "shen-ping", "gu-weimin"
FORM = {
    "contact_phone": "010-66001234",
    "education": "master",
    "exam_city": "北京",
    "id_number": "990000199611158086",
    "name": "程少雯",
    "profession": "translator",
    "years_of_service": 5,
}
MATERIALS = ["degree_certificate", "identity_card", "photograph", "service_proof"]


def test_an_examination(office: Office) -> None:
    no = office.file("professional-qualification", CANDIDATE, FORM, MATERIALS)
    # Five working days to admit: 8 to 11 (4), 14.
    assert office.due(no, "eligibility") == "2026-09-14"
    assert office.queue(REGISTRAR) == [no]
    office.act(no, "admit", REGISTRAR, admission_no="2026-0001", exam_on="2026-10-17", room="三教 201")
    scored = {"score": 58, "passing_score": 60}
    zh, en = "应当由 examiner 岗人员办理", "a person at the post examiner"
    office.refuse(no, "announce_score", REGISTRAR, rule="not_authorised", zh=zh, en=en, **scored)

    office.until("2026-10-26 09:30")
    wrong = {**scored, "score": "58"}
    zh, en = "score: 应当是整数", "score: must be a whole number"
    office.refuse(no, "announce_score", EXAMINER, rule="bad_fields", zh=zh, en=en, **wrong)
    office.act(no, "announce_score", EXAMINER, **scored)
    # Fifteen working days to ask for a review: 27 to 30 (4), 2 to 6 November (9), 9 to 13 (14), 16.
    assert office.due(no, "asking_for_review") == "2026-11-16"
    asked = {"reasons": "笔译实务部分似有漏加"}
    zh, en = "应当由 candidate 岗人员办理", "a person at the post candidate"
    another = "abudu-rexiti"
    office.refuse(no, "ask_for_review", another, rule="not_authorised", zh=zh, en=en, **asked)
    assert (office.queue(CANDIDATE), office.queue(another)) == ([no], []), "each person is a party of his own"
    office.act(no, "ask_for_review", CANDIDATE, **asked)
    assert office.queue(REVIEWER) == [no]
    again = {"review_finding": "漏加三分", "reviewed_score": 61}
    zh, en = "应当由 score_reviewer 岗人员办理", "a person at the post score_reviewer"
    office.refuse(no, "review_score", EXAMINER, rule="not_authorised", zh=zh, en=en, **again)
    office.act(no, "review_score", REVIEWER, **again)
    zh, en = "只有符合条件", "only when"
    office.refuse(no, "ask_for_review", CANDIDATE, rule="condition_refused", zh=zh, en=en, reasons="再复核")

    # He says nothing for five working days, 27 October to 2 November: the score stands.
    assert office.due(no, "accepting_review") == "2026-11-02"
    office.until("2026-11-04 09:30")
    assert office.state(no) == "result_proposed"
    # Twenty after 3 November: 4 to 6 (3), 9 to 27 (18), 30, 1 December.
    assert office.due(no, "result") == "2026-12-01"
    office.act(no, "propose_result", HANDLER, result="passed", text="经复核，成绩合格")
    assert office.queue(CHECKER) == [no]
    office.act(no, "confirm", CHECKER, text="同意")
    assert office.queue(APPROVER) == [no]
    failed = {"reasons": "成绩不合格", "remedies": "可以申请复核"}
    office.refuse(no, "fail", APPROVER, rule="condition_refused", zh=zh, en=en, **failed)
    office.act(no, "pass", APPROVER)
    assert office.papers(no) == {
        "admission_ticket": None,
        "score_notice": None,
        "review_notice": None,
        "certificate": "职资证〔2026〕1号",
    }
    assert office.case(no)["outcome"] == "passed"
    assert "Concluded: Passed" in office.history(no, lang="en")
    office.verified()
