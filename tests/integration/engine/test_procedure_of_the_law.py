"""What the law asks for on the way to a decision, told as it happens in an office: one story each, on both databases."""

from __future__ import annotations

import pytest

from tests.integration.approvals import Approvals
from workflow.domain.evolve import fold
from workflow.errors import BanjieError, ClockRefused, GuardRefused
from workflow.queries.cases import matter_of
from workflow.queries.families import branches_of, lead_of
from workflow.storage.codec import encode_case

LICENCE = "talent-agency-licence"
APPLICANT, WINDOW, HANDLER, CHECKER, APPROVER, HEAD = (
    "wen-zhanmo",
    "lin-xiaotang",
    "jin-zhe",
    "murong-xue",
    "gu-weimin",
    "ouyang-zhengqing",
)
NEIGHBOUR, LANDLORD = "同一场所的另一家机构", "场所出租人"
REFUSING = {
    "reasons": "场所证明已逾期",
    "remedies": "可以申请行政复议或者提起行政诉讼",
    "report": "经集体研究",
}


@pytest.fixture
def office(store):
    return Approvals(store)


def drafting(office):
    """A licence whose opinion is being drafted, after the check on site."""
    no = office.file(LICENCE, APPLICANT, application_kind="agency")
    office.act(no, WINDOW, "accept")
    office.act(
        no,
        HANDLER,
        "inspect_on_site",
        inspectors=[HANDLER, "zha-shuyi"],
        credentials_shown=True,
        findings="场所与申报一致",
    )
    return no


def refused(office, rule, no, person, action, **fields):
    with pytest.raises(GuardRefused) as refusal:
        office.act(no, person, action, **fields)
    assert refusal.value.fields["rule"] == rule


def rebuilt(office, no):
    """The case as its events alone make it, which is what its row holds."""
    case = office.case(no)
    history = office.store.history(case.id)
    again = fold(((event, envelope.actor) for envelope, event in history), case_id=case.id)
    return encode_case(again) == encode_case(case)


def test_a_hearing_that_was_asked_for_and_the_decision_that_rests_on_its_record(office):
    no = drafting(office)
    office.act(no, HANDLER, "tell_hearing_right", at_stake="与同一场所其他机构的重大利益关系")
    assert office.case(no).clock("hearing_request").due.on.isoformat() == "2026-09-14"
    assert not office.case(no).clock("decision").stopped

    office.act(no, APPLICANT, "request_hearing", asked_by="the_applicant")
    case = office.case(no)
    # Twenty working days to hold it, none of which count for the decision, as the applicant is told in writing.
    assert case.clock("hearing_held").due.on.isoformat() == "2026-10-10"
    assert case.clock("decision").stopped
    assert case.clock("decision_promise").stopped
    assert "required_time_notice" in office.papers(no)

    notice = {"hearing_on": "2026-09-17", "place": "二层听证室", "openness": "public"}
    refused(office, "chair_is_not_examiner", no, HANDLER, "notify_hearing", **notice, chair="zha-shuyi")
    refused(
        office,
        "hearing_notice_in_time",
        no,
        HANDLER,
        "notify_hearing",
        **{**notice, "hearing_on": "2026-09-14"},
        chair="gongsun-lu",
    )
    office.act(no, HANDLER, "notify_hearing", **notice, chair="gongsun-lu")
    # The applicant says that the chair has an interest; the head has the deputy take the chair.
    office.act(no, APPLICANT, "challenge_chair", challenge_grounds="与利害关系人有亲属关系")
    office.act(no, HEAD, "replace_chair", chair="lang-jia")
    refused(office, "chair_holds_post", no, HEAD, "replace_chair", chair="gongsun-lu")

    minutes = {
        "attendees": ["申请人", "承办人", "利害关系人"],
        "statements": "各方陈述、申辩和质证",
        "record": "笔录全文",
        "signed_by": ["申请人", "承办人"],
    }
    refused(office, "hearing_day_come", no, "lang-jia", "hold_hearing", **minutes)
    office.to(2026, 9, 17, 15)
    with pytest.raises(BanjieError):
        office.act(no, "gongsun-lu", "hold_hearing", **minutes, refused_to_sign=["利害关系人"])
    refused(office, "record_signed", no, "lang-jia", "hold_hearing", **minutes)
    office.act(no, "lang-jia", "hold_hearing", **minutes, refused_to_sign=["利害关系人"])
    assert not office.case(no).clock("decision").stopped
    (held,) = office.events(no, "HearingHeld")
    assert (held.chair, held.attended, held.unsigned) == ("lang-jia", 3, 1)

    # No opinion and no decision beside the record.
    opinion = {"opinion": "agree", "text": "符合条件"}
    refused(office, "rests_on_hearing_record", no, HANDLER, "propose", **opinion)
    office.act(no, HANDLER, "propose", **opinion, on_record="采纳听证意见")
    office.act(no, CHECKER, "confirm", text="同意")
    refused(office, "rests_on_hearing_record", no, APPROVER, "grant")
    office.act(no, APPROVER, "grant", on_record="根据听证笔录，准予许可")
    assert office.case(no).outcome == "granted"
    assert rebuilt(office, no)


def test_whoever_does_not_ask_within_five_days_has_waived_the_hearing(office):
    no = drafting(office)
    office.act(no, HANDLER, "tell_hearing_right", at_stake="重大利益关系")

    office.to(2026, 9, 14, 23)
    assert office.case(no).state == "hearing_offered"
    office.to(2026, 9, 15, 1)

    assert office.case(no).state == "drafting_opinion"
    (waived,) = office.events(no, "HearingWaived")
    assert waived.silent
    assert not any(finding.clock == "hearing_request" for finding in office.case(no).findings)


def test_no_decision_before_every_interested_party_was_heard_or_let_the_time_run_out(office):
    no = drafting(office)
    office.act(no, HANDLER, "name_parties", parties=[NEIGHBOUR, LANDLORD], interest="共用场所")
    opinion = {"opinion": "agree", "text": "符合条件"}
    refused(office, "parties_heard", no, HANDLER, "propose", **opinion)

    office.act(no, HANDLER, "inform_parties", interest="共用场所")
    office.act(no, HANDLER, "note_statement", heard=[NEIGHBOUR], statement="无异议")
    refused(office, "every_party_spoke", no, HANDLER, "hear_parties", heard=[NEIGHBOUR], statement="无异议")
    office.to(2026, 9, 11, 1)

    assert office.case(no).state == "drafting_opinion"
    assert {p.name: p.heard for p in office.case(no).procedure.parties} == {
        NEIGHBOUR: "heard",
        LANDLORD: "silent",
    }
    # Whose interest is so concerned may ask for a hearing, and is told so before the decision.
    refused(office, "hearing_right_told", no, HANDLER, "propose", **opinion)
    office.act(no, HANDLER, "tell_hearing_right", at_stake="共用场所")
    refused(office, "parties_waived", no, APPLICANT, "waive_hearing", waivers=[NEIGHBOUR])
    office.act(no, APPLICANT, "waive_hearing", waivers=[NEIGHBOUR, LANDLORD])
    office.act(no, HANDLER, "propose", **opinion)
    assert office.case(no).state == "under_check"
    assert rebuilt(office, no)


def test_time_waited_for_results_is_left_out_with_notice_and_counted_again_with_each_result(office):
    no = drafting(office)
    due = office.case(no).clock("decision").due.on
    office.act(no, HANDLER, "stop_counting", ground="testing", days_needed=5, reasons="送检设备")
    with pytest.raises(ClockRefused):
        office.act(no, HANDLER, "stop_counting", ground="testing", days_needed=5, reasons="再次送检")
    office.act(no, HANDLER, "stop_counting", ground="appraisal", days_needed=3, reasons="鉴定证书")
    case = office.case(no)
    assert {c.clock for c in case.open_clocks() if c.stopped} >= {
        "decision",
        "decision_promise",
        "step_drafting_opinion",
    }
    assert "required_time_notice" in office.papers(no)

    refused(office, "all_counting", no, HANDLER, "propose", opinion="agree", text="符合条件")
    office.to(2026, 9, 10, 9)
    office.act(no, HANDLER, "resume_counting", ground="appraisal", result="证书属实")
    assert office.case(no).clock("decision").stopped
    office.to(2026, 9, 14, 9)
    office.act(no, HANDLER, "resume_counting", ground="testing", result="检测合格")
    with pytest.raises(ClockRefused):
        office.act(no, HANDLER, "resume_counting", ground="testing", result="检测合格")

    clock = office.case(no).clock("decision")
    assert not clock.stopped
    assert clock.due.on > due
    office.act(no, HANDLER, "propose", opinion="agree", text="符合条件")
    assert "resumption_notice" in office.papers(no)


def test_a_refusal_takes_effect_when_the_head_has_taken_note_of_it(office):
    no = drafting(office)
    office.act(no, HANDLER, "propose", opinion="disagree", text="不符合条件")
    office.act(no, CHECKER, "confirm", text="同意")
    refused(office, "report_given", no, APPROVER, "refuse", **{**REFUSING, "report": " "})
    office.act(no, APPROVER, "refuse", **REFUSING)
    case = office.case(no)
    assert (case.state, case.outcome) == ("refusal_reported", None)
    assert "refusal_report" in office.papers(no)
    with pytest.raises(BanjieError):
        office.act(no, APPROVER, "acknowledge_report")

    # What the head objects to goes back; the second time he takes note.
    office.act(no, HEAD, "object_to_refusal", reasons="请核实场所证明的日期")
    assert office.case(no).state == "drafting_opinion"
    office.act(no, HANDLER, "propose", opinion="disagree", text="已核实")
    office.act(no, CHECKER, "confirm", text="同意")
    office.act(no, APPROVER, "refuse", **REFUSING)
    office.act(no, HEAD, "acknowledge_report")

    case = office.case(no)
    assert (case.state, case.outcome) == ("archived", "refused")
    (decision,) = office.events(no, "DecisionMade")
    assert decision.reasons == REFUSING["reasons"]
    assert [one.objected for one in office.events(no, "RefusalAcknowledged")] == [True, False]
    assert rebuilt(office, no)


def test_a_head_who_is_silent_on_a_non_acceptance_does_not_hold_up_the_five_days(office):
    no = office.file(LICENCE, APPLICANT, application_kind="agency")
    office.act(no, WINDOW, "refuse_acceptance", **REFUSING, ground="not_required")
    assert office.case(no).state == "non_acceptance_reported"

    office.to(2026, 9, 15, 1)

    case = office.case(no)
    assert (case.state, case.deemed) == ("under_review", True)


def test_a_complaint_is_declined_with_the_knowledge_of_another(office):
    no = office.file("hotline-complaint", "wen-dao", kind="complaint")
    office.act(no, "lian-xin", "decline", reasons="不属于受理范围", report="已告知应向何处反映")
    with pytest.raises(BanjieError):
        office.act(no, "lian-xin", "acknowledge_report")
    office.act(no, "qu-wenda", "acknowledge_report")
    assert office.case(no).outcome == "declined"


def test_a_joint_organ_that_is_silent_past_its_days_is_taken_as_agreeing_and_carded(office):
    no = office.file(
        "transfer-into-beijing",
        "lu-xiaochao",
        reason="needed_talent",
        on_probation=False,
        classified=False,
    )
    for person, action, fields in (
        ("pan-haiyan", "endorse", {"text": "符合条件"}),
        ("jiang-yuanbo", "approve_report", {}),
        ("shui-qingqing", "report_up", {"letter": "水人函〔2026〕7号", "signer": "江远波"}),
        ("lin-xiaotang", "accept", {}),
        ("zhou-mingli", "consult_organs", {"asked_about": "户口落址"}),
    ):
        office.act(no, person, action, **fields)
    (asked,) = office.children(no).values()
    assert asked.clock("answer").due.on.isoformat() == "2026-09-14"
    # One clock for the whole, the lead organ's, which runs on meanwhile and is shown with the child.
    handling = office.case(no).clock("handling")
    assert not handling.stopped
    lead = lead_of(office.store, asked)
    assert (lead.no, [(p.clock, p.due_on) for p in lead.periods]) == (no, [("handling", handling.due.on)])

    office.to(2026, 9, 15, 1)

    asked = office.children(no)["household"]
    assert asked.outcome == "consent_of_silent_organ"
    raised = [event for event in office.events(asked.no, "FindingRaised") if event.colour == "yellow"]
    assert [(one.organ, one.clock) for one in raised] == [("capital-household-registry", "answer")]
    case = office.case(no)
    assert case.state == "under_review"
    assert [child.outcome for child in case.children] == ["consent_of_silent_organ"]
    assert len(office.events(no, "ChildEnded")) == 1
    (branch,) = branches_of(office.store, case, matter_of(office.store, case.definition), "zh-CN")
    assert (branch.title, branch.outcome_title) == ("户籍管理机关意见", "逾期未答复，视为同意")
    assert case.clock("handling").generation == 1
    office.act(no, "zhou-mingli", "propose", opinion="agree", text="拟同意")


def test_two_organs_answer_side_by_side_and_a_disagreement_is_told_to_the_handler(office):
    no = office.file(
        "sino-foreign-talent-agency", "he-zhong", foreign_kind="company", foreign_share=49, province="云岭省"
    )
    office.act(no, "duan-qing", "accept")
    office.act(
        no,
        "mu-yunfeng",
        "inspect_on_site",
        inspectors=["mu-yunfeng", "he-xueyan"],
        credentials_shown=True,
        findings="属实",
    )
    office.act(no, "mu-yunfeng", "consult_organs", asked_about="合资条件和登记事项")
    asked = office.children(no)
    assert set(asked) == {"commerce", "registration"}

    office.act(asked["registration"].no, "deng-jili", "agree_to_it", signer="邓纪立")
    assert office.case(no).state == "consulting_organs"
    office.act(asked["commerce"].no, "shang-lu", "disagree_with_it", signer="尚路", reasons="出资期限不符")

    case = office.case(no)
    assert case.state == "drafting_opinion"
    assert {child.child: child.outcome for child in case.children} == {
        "commerce": "disagreed",
        "registration": "agreed",
    }
    opinion = {"opinion": "agree", "text": "符合条件"}
    refused(office, "joint_disagreement_answered", no, "mu-yunfeng", "propose", **opinion)
    office.act(no, "mu-yunfeng", "propose", **opinion, joint_reply="已要求申请人调整出资期限")
    assert [one.clock for one in office.case(no).clocks].count("decision") == 1
