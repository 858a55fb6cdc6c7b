"""A licence asked for at the window, from the paper that lacked a signature to the hearing and a refusal that the head has
acknowledged. 2026: 20 September and 10 October are worked, 25 to 27 September and 1 to 7 October are holidays.
"""

from __future__ import annotations

import json

import pytest

from tests.acceptance.office.office import HEAD, Office

CLERK, APPLICANT = "lin-xiaotang", "chao-shengping"
HANDLER, COLLEAGUE, CHECKER, APPROVER = "jin-zhe", "zha-shuyi", "murong-xue", "gu-weimin"
CHAIR, OTHER_CHAIR = "gongsun-lu", "lang-jia"
NEIGHBOUR = "海岸人才交流中心"
FORM = {
    "agency_name": "潮汐人才服务部",
    "sponsor": "全国潮汐学会",
    "credit_code": "129900009066910593",
    "business_scope": "recommendation",
    "premises": "北京市海淀区知春路1号",
    "funds": 50,
    "staff": 6,
    "principal_name": "唐光峰",
    "principal_id": "99000019801102993X",
    "contact_phone": "010-66001234",
}
BROUGHT = ["application_report", "premises_proof", "funds_proof", "charter_and_rules"]
RECORD = {
    "attendees": ["晁升平", "金哲", "海若楠"],
    "statements": "审查人员出示现场核查笔录，各方质证",
    "record": "海若楠：两家共用出入口，人员混杂，影响办公。晁升平：愿意另设标识。",
}


@pytest.fixture
def no(office: Office) -> str:
    """Walked in at half past five, after the window had closed: received on Tuesday the 8th."""
    office.until("2026-09-07 17:30")
    filing = json.dumps({"form": FORM, "materials": BROUGHT})
    call = ("window", "receive", "talent-agency-licence", "--as", CLERK, "--filer", APPLICANT, "--file", "-")
    return str(office.ok(*call, stdin=filing)["no"])


def test_a_licence_with_a_hearing(office: Office, no: str) -> None:
    at_the_window(office, no)
    on_site(office, no)
    parties(office, no)
    hearing(office, no)
    opinion(office, no)
    refusal(office, no)
    office.verified()


def at_the_window(office: Office, no: str) -> None:
    # The receipt is given at once. Five working days after the 8th: 9, 10, 11, 14, 15.
    assert office.papers(no) == {"materials_receipt": "收件〔2026〕1号"}
    assert office.due(no, "acceptance") == "2026-09-15"
    assert office.queue(CLERK) == [no]

    wrong = json.dumps({"premises": "北京市海淀区知春路11号"})
    office.ok("window", "correct", no, "--as", CLERK, "--file", "-", "--reason", "门牌笔误", stdin=wrong)
    assert office.case(no)["form"]["premises"] == "北京市海淀区知春路11号"
    paper = ("--paper", "--copies", 1, "--pages", 3, "--original", "--as", CLERK)
    office.ok("case", "material", "add", no, "legal_person_proof", *paper)
    office.refuse(no, "accept", CLERK, rule="materials_complete", zh="尚未齐全", en="still missing")
    unsigned = ("--reason", "验资报告缺会计师签字", "--as", CLERK)
    office.ok("case", "material", "defective", no, "funds_proof", *unsigned)
    zh, en = "无权办理 request_supplement：应当由 reception 岗人员办理", "a person at the post reception"
    office.refuse(no, "request_supplement", HANDLER, rule="not_authorised", zh=zh, en=en)

    # Once and complete: what is missing, what is defective, and what the clerk adds.
    office.until("2026-09-08 10:00")
    office.act(no, "request_supplement", CLERK, defects=["申请报告未加盖公章"])
    told = "专职工作人员资格证书，注册资金证明，申请报告未加盖公章"
    assert told in office.history(no)
    assert office.queue(APPLICANT) == [no]
    office.until("2026-09-10 10:00")
    office.act(no, "supplement_materials", APPLICANT, materials=["staff_certificates", "funds_proof"])
    zh, en = "补正只能一次性告知", "told once"
    rule = "supplement_not_yet_requested"
    office.refuse(no, "request_supplement", CLERK, rule=rule, zh=zh, en=en, defects=["再补一份"])
    # The five days begin again on the 10th: 11, 14, 15, 16, 17.
    assert office.due(no, "acceptance") == "2026-09-17"
    office.act(no, "accept", CLERK)
    # Twenty after the 10th: 11, 14 to 18 (6), 20 to 24 (11), 28 to 30 (14), 8 to 10 October (17), 12, 13, 14.
    assert office.due(no, "decision") == "2026-10-14"
    assert office.due(no, "decision_promise") == "2026-10-08"


def on_site(office: Office, no: str) -> None:
    office.until("2026-09-11 10:00")
    office.ok("queue", "claim", no, "--as", HANDLER)
    late = ("queue", "claim", no, "--as", COLLEAGUE)
    office.no(*late, rule="already_claimed", zh="已由 jin-zhe 于 2026-09-11 10:00", en="claimed by jin-zhe")
    found = {
        "credentials_shown": True,
        "findings": "场所在用，专职人员六人到岗；与海岸人才交流中心共用出入口",
    }
    alone = {"inspectors": [HANDLER, HANDLER], **found}
    office.refuse(
        no, "inspect_on_site", HANDLER, rule="two_inspectors", zh="两名以上", en="two different", **alone
    )
    outsider = {"inspectors": [HANDLER, "hai-ruonan"], **found}
    office.refuse(
        no,
        "inspect_on_site",
        HANDLER,
        rule="inspectors_on_staff",
        zh="审查机关任职",
        en="that day",
        **outsider,
    )
    office.until("2026-09-14 09:30")
    office.act(no, "inspect_on_site", HANDLER, inspectors=[HANDLER, COLLEAGUE], **found)
    assert "核查人员（本机关在岗人员两名以上）：金哲，查书仪" in office.history(no)
    assert office.due(no, "decision") == "2026-10-14", "a check on site stops nothing"


def parties(office: Office, no: str) -> None:
    why = "共用出入口，影响其正常办公"
    agree = {"opinion": "agree", "text": "拟准予"}
    office.act(no, "name_parties", HANDLER, parties=[NEIGHBOUR], interest=why)
    office.refuse(no, "propose", HANDLER, rule="parties_heard", zh="第三十六条", en="art. 36", **agree)
    office.act(no, "inform_parties", HANDLER, interest=why)
    # Three working days to say something: 15, 16, 17.
    assert office.due(no, "statement") == "2026-09-17"
    stranger = {"heard": ["某公司"], "statement": "无意见"}
    office.refuse(
        no, "hear_parties", HANDLER, rule="every_party_spoke", zh="没有陈述", en="not stated", **stranger
    )
    office.act(no, "hear_parties", HANDLER, heard=[NEIGHBOUR], statement="要求另设出入口；拟采纳")
    office.refuse(no, "propose", HANDLER, rule="hearing_right_told", zh="第四十七条", en="art. 47", **agree)


def hearing(office: Office, no: str) -> None:
    office.act(no, "tell_hearing_right", HANDLER, at_stake="共用场所")
    # Five working days to ask, of which Sunday the 20th is one: 15, 16, 17, 18, 20.
    assert office.due(no, "hearing_request") == "2026-09-20"
    assert office.queue(APPLICANT) == [no]
    office.until("2026-09-17 09:30")
    office.act(no, "request_hearing", APPLICANT, asked_by="the_applicant")
    # Time stands still from the 17th; the organ has twenty days to hold it, 18 September to 21 October.
    assert office.due(no, "decision") is None
    assert office.due(no, "hearing_held") == "2026-10-21"

    office.until("2026-09-18 09:30")
    told = {"hearing_on": "2026-09-29", "place": "受理中心二层", "chair": CHAIR, "openness": "public"}
    # Seven working days after the 18th: 20 to 24 (5), 28, 29. The 28th is a day too early.
    early = {**told, "hearing_on": "2026-09-28"}
    zh, en = "七个工作日以后", "seven working days ahead"
    office.refuse(no, "notify_hearing", HANDLER, rule="hearing_notice_in_time", zh=zh, en=en, **early)
    examiner = {**told, "chair": COLLEAGUE}
    zh, en = "审查人员以外", "not examined the case"
    office.refuse(no, "notify_hearing", HANDLER, rule="chair_is_not_examiner", zh=zh, en=en, **examiner)
    office.act(no, "notify_hearing", HANDLER, **told)
    assert office.queue(CHAIR) == [no]
    assert "公开：听证公告" in office.history(no)

    office.until("2026-09-21 09:30")
    office.act(no, "challenge_chair", APPLICANT, challenge_grounds="主持人配偶在海岸人才交流中心任职")
    assert office.queue(HEAD) == [no]
    assert office.whose(no) == HEAD
    office.act(no, "replace_chair", HEAD, chair=OTHER_CHAIR)
    assert office.whose(no) == OTHER_CHAIR
    held = {**RECORD, "signed_by": ["晁升平", "金哲"], "refused_to_sign": ["海若楠"]}
    zh, en = "听证日期未到", "has not come"
    office.refuse(no, "hold_hearing", OTHER_CHAIR, rule="hearing_day_come", zh=zh, en=en, **held)
    office.until("2026-09-29 09:30")
    zh, en = "待办在 lang-jia 名下", "the work item is with lang-jia"
    office.refuse(no, "hold_hearing", CHAIR, rule="held_by_another", zh=zh, en=en, **held)
    unsigned = {**RECORD, "signed_by": ["晁升平", "金哲"]}
    zh, en = "每名参加人", "each of `attendees`"
    office.refuse(no, "hold_hearing", OTHER_CHAIR, rule="record_signed", zh=zh, en=en, **unsigned)
    office.act(no, "hold_hearing", OTHER_CHAIR, **held)
    # Out: 17, 18, 20 to 24, 28 September, eight working days; the eighth after 14 October is the 26th.
    assert office.due(no, "decision") == "2026-10-26"


def opinion(office: Office, no: str) -> None:
    assert office.queue(HANDLER) == [no], "it comes back to whoever had it"
    zh, en = "应当由 head 岗人员办理", "a person at the post head"
    office.refuse(no, "extend", APPROVER, rule="not_authorised", zh=zh, en=en, reason="需核实出入口情况")
    office.act(no, "extend", HEAD, reason="需核实出入口情况")
    # Ten working days more: 27 to 30 October (4), 2 to 6 November (9), 9 November.
    assert office.due(no, "decision") == "2026-11-09"
    zh, en = "只能延长一次", "extended once"
    office.refuse(no, "extend", HEAD, rule="not_extended_before", zh=zh, en=en, reason="再延长")
    disagree = {"opinion": "disagree", "text": "场所与他人共用，不相适应"}
    zh, en = "根据听证笔录", "after a hearing"
    office.refuse(no, "propose", HANDLER, rule="rests_on_hearing_record", zh=zh, en=en, **disagree)
    office.act(no, "propose", HANDLER, on_record="采纳笔录所载海若楠意见", **disagree)
    office.until("2026-09-30 10:00")
    assert office.queue(CHECKER) == [no]
    office.act(no, "confirm", CHECKER, text="同意拟办意见")


def refusal(office: Office, no: str) -> None:
    office.until("2026-10-08 10:00")
    decided = {
        "reasons": "没有与业务相适应的固定场所",
        "remedies": "自收到本决定之日起六十日内，可以申请行政复议",
        "report": "经听证，拟不予许可",
        "on_record": "依据听证笔录",
    }
    office.act(no, "refuse", APPROVER, **decided)
    # The report upward has one working day, Friday the 9th; nothing is decided before the head has taken note.
    assert office.due(no, "step_refusal_reported") == "2026-10-09"
    assert office.case(no)["outcome"] is None
    zh, en = "应当由 head 岗人员办理", "a person at the post head"
    office.refuse(no, "acknowledge_report", APPROVER, rule="not_authorised", zh=zh, en=en)
    office.act(no, "acknowledge_report", HEAD)
    case = office.case(no)
    assert (case["outcome"], case["state"]) == ("refused", "delivering")
    assert office.papers(no)["refusing_decision"] == "国人许驳〔2026〕1号"
    # Ten working days to deliver, after the 8th: 9, 10, 12 to 16, 19, 20, 21.
    assert office.due(no, "delivery") == "2026-10-21"

    (waiting,) = office.ok("window", "today", "--as", CLERK)["items"]
    assert waiting["ready"]
    assert "refusing_decision" in waiting["papers"]
    assert "refusal_report" not in waiting["papers"], "a report upward is no business of the applicant"
    left = ("window", "handout", no, "--recipient", "晁升平", "--how", "left", "--as", CLERK)
    office.no(*left, rule="witnesses", zh="见证人", en="witness")
    office.ok(*left, "--witness", "海若楠")
    assert office.state(no) == "archived"
    assert "第 1 号送达回证：留置送达" in office.history(no)
    assert "Decided: Refused" in office.history(no, lang="en")
    # Nobody was late; the approver was reminded a day before his two days of the 30th were over.
    reminded = office.ok("findings", "list", "--case", no)["findings"]
    assert [one["colour"] for one in reminded] == ["reminder"]
