"""Four persons brought into Beijing by one letter and one roster: three places, and a reply that agrees to some of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.office.office import HEAD, Office
from tests.integration.transfers import FORM, MATERIALS, MATTER
from workflow.exchange.roster.columns import columns_of
from workflow.testing.rosters import write_roster

LETTER = {"letter": "水人函〔2026〕7号", "signer": "江远波"}
MINISTRY = "hydrology-and-coasts"
UNIT, REVIEWER, SIGNER, OFFICER = "lu-xiaochao", "pan-haiyan", "jiang-yuanbo", "shui-qingqing"
CLERK, CHECKER, APPROVER = "lin-xiaotang", "sima-yuan", "gu-weimin"
ZHOU, WULAN, XIE, HE = "zhou-mingli", "wulan-tuya", "xie-bowen", "he-jie"
PERSONS = (
    {"name": "唐光峰", "id_number": "99000019801102993X", "sex": "male"},
    {"name": "程少雯", "id_number": "990000199611158086", "sex": "female"},
    {"name": "薛海峰", "id_number": "99000019970302259X", "sex": "male"},
    {"name": "苏光娟", "id_number": "990000197504176220", "sex": "female"},
)


def roster(office: Office, name: str, *rows: dict[str, Any]) -> Path:
    """A workbook as the ministry's clerk fills it in."""
    matter = office.banjie.catalog.matter(MATTER)
    path = office.folder / name
    filings = [{"form": {**FORM, **row}, "materials": MATERIALS} for row in rows]
    write_roster(path, matter, columns_of(matter, matter.order("form")), filings)
    return path


def bulk(office: Office, action: str, by: str, cases: list[str], **fields: Any) -> Any:
    """One act on many cases, done."""
    path = office.folder / f"{action}.json"
    path.write_text(json.dumps(fields), "utf-8")
    call = ("case", "bulk", action, "--cases", "-", "--file", path, "--as", by)
    return office.ok(*call, stdin="\n".join(cases))["counts"]


@pytest.fixture
def cases(office: Office) -> list[str]:
    """Checked, mended and imported; three places are allotted to the ministry."""
    wrong = roster(office, "wrong.xlsx", PERSONS[0], {**PERSONS[1], "accompanying": -1}, PERSONS[0])
    said = office.call("--lang", "zh-CN", "roster", "check", wrong, "--as", UNIT)
    assert said.code == 1
    assert "申报名册!R4 随迁人数：不得小于 0" in said.out
    assert "与第 3 行是同一公民身份号码" in said.out
    right = roster(office, "right.xlsx", *PERSONS)
    call = ("roster", "import", right, "--as", UNIT, "--letter", LETTER["letter"])
    assert "申报 4 件" in office.page(*call)
    assert "此前已申报 4 件" in office.page(*call), "again files nobody twice"
    paper = ("--document", "国人调〔2026〕2号", "--reason", "年度下达")
    adjust = ("quota", "adjust", "beijing_transfer", MINISTRY, "2026", "3", *paper)
    office.no(*adjust, "--as", ZHOU, rule="not_quota_keeper", zh="指标管理岗位", en="quota keeper")
    office.ok(*adjust, "--as", "tai-shuming")
    return sorted(one["no"] for one in office.ok("case", "list")["cases"])


def test_a_transfer_by_letter_and_roster(office: Office, cases: list[str]) -> None:
    tang, cheng, xue, su = cases
    reported(office, cases)
    office.until("2026-09-08 09:30")
    bulk(office, "accept", CLERK, [tang, cheng, xue])
    # Twenty working days after the 8th: 9 to 11 (3), 14 to 18 (8), 20 to 24 (13), 28 to 30 (16), 8 to 10 October (19), 12.
    assert office.due(tang, "handling") == "2026-10-12"
    for no, person in ((tang, ZHOU), (cheng, WULAN), (xue, XIE)):
        office.ok("queue", "claim", no, "--as", person)
    office.act(tang, "consult_organs", ZHOU, asked_about="户口落址是否符合规定")
    divisions_sign(office, cheng)
    on_leave(office, xue)
    lent_urged_and_taken_back(office, xue)
    office.act(cheng, "confirm", CHECKER, text="同意拟办意见")
    said = {"reasons": "专业与岗位不符", "remedies": "可以向人才流动调配司反映", "report": "拟不同意"}
    office.act(cheng, "disagree", APPROVER, **said)
    assert office.queue(HEAD) == [cheng]
    the_place_given_back(office, cheng, su)
    objections(office, xue)
    the_silent_organ(office, tang)
    the_reply(office, tang, xue, su)
    office.verified()


def reported(office: Office, cases: list[str]) -> None:
    assert sorted(office.queue(REVIEWER)) == cases
    bulk(office, "endorse", REVIEWER, cases, text="符合条件")
    zh, en = "应当由 ministry_approver 岗人员办理", "a person at the post ministry_approver"
    office.refuse(cases[0], "approve_report", REVIEWER, rule="not_authorised", zh=zh, en=en)
    bulk(office, "approve_report", SIGNER, cases)
    for no in cases[:3]:
        office.act(no, "report_up", OFFICER, **LETTER)
    zh, en = "共下达 3 个，已预占 3 个", "has 3 place(s): 3 reserved"
    office.refuse(cases[3], "report_up", OFFICER, rule="quota_exhausted", zh=zh, en=en, **LETTER)
    assert sorted(office.queue(CLERK)) == cases[:3]
    assert office.queue(OFFICER) == [cases[3]]


def divisions_sign(office: Office, no: str) -> None:
    chair, market = "policy-and-law:hearing_chair", "jin-zhe"
    disagree = {"opinion": "disagree", "text": "专业与拟任岗位不符"}
    office.act(no, "countersign", WULAN, question="拟不同意，请会签", mode="all", signers=[chair, market])
    zh, en = "尚未签署", "still to sign"
    office.refuse(no, "propose", WULAN, rule="signed_by_all", zh=zh, en=en, **disagree)
    office.act(no, "cosign", "gongsun-lu", vote="agree")
    office.act(no, "add_signer", market, signer="murong-xue", reason="请处长一并签")
    office.act(no, "cosign", market, vote="agree")
    zh, en = "本轮尚未签署过的人员", "has not signed in this round"
    office.refuse(no, "cosign", "gongsun-lu", rule="signs_once", zh=zh, en=en, vote="agree")
    office.act(no, "cosign", "murong-xue", vote="agree")
    assert "第 1 轮（全部同意）：拟不同意，请会签——同意" in office.page("case", "show", no)
    office.act(no, "propose", WULAN, **disagree)


def on_leave(office: Office, no: str) -> None:
    """From the 9th to the 10th whoever is next in line has it, and gives it back untouched on the 11th."""
    office.ok("directory", "absence", "add", XIE, "2026-09-09..2026-09-10", "--reason", "年休假", "--as", XIE)
    office.until("2026-09-09 09:30")
    assert office.whose(no) == HE
    agree = {"opinion": "agree", "text": "拟同意"}
    zh, en = "待办在 he-jie 名下", "the work item is with he-jie"
    office.refuse(no, "propose", XIE, rule="held_by_another", zh=zh, en=en, **agree)
    office.until("2026-09-11 09:30")
    assert office.whose(no) == XIE
    course = office.history(no)
    assert "缺勤代办：何㛃" in course
    assert "交回：解博文" in course


def lent_urged_and_taken_back(office: Office, no: str) -> None:
    agree = {"opinion": "agree", "text": "符合条件，拟同意"}
    zh, en = "任 handler 岗", "holds the post handler"
    office.refuse(no, "transfer", XIE, rule="holds_the_post", zh=zh, en=en, person=CHECKER, reason="请办")
    office.act(no, "transfer", XIE, person=HE, reason="专业对口")
    office.act(no, "delegate", HE, person=ZHOU, instructions="请核对档案")
    zh, en = "待办在 zhou-mingli 名下", "the work item is with zhou-mingli"
    office.refuse(no, "propose", HE, rule="held_by_another", zh=zh, en=en, **agree)
    zh, en = "填写办理意见", "an opinion"
    office.refuse(no, "hand_back", ZHOU, rule="opinion_needed", zh=zh, en=en)
    office.act(no, "hand_back", ZHOU, opinion="档案齐全")
    office.act(no, "urge", UNIT, text="请尽快办理")
    # Three working days after Friday the 11th: 14, 15, 16.
    zh, en = "2026-09-16 起可以再次催办", "from 2026-09-16 on"
    office.refuse(no, "urge", UNIT, rule="urged_already", zh=zh, en=en, text="再催")
    zh, en = "负责人、督查或者监察人员", "a head, supervisor or auditor"
    ask = {"text": "报告进展", "due_on": "2026-09-16"}
    office.refuse(no, "order", HE, rule="supervisor", zh=zh, en=en, **ask)
    office.act(no, "order", "du-changwei", **ask)
    office.act(no, "answer_order", HE, order=1, reply="档案已核对，今日提出意见")
    office.act(no, "propose", HE, **agree)
    zh, en = "原办理人 he-jie", "he-jie, whose act it was"
    office.refuse(no, "take_back", CHECKER, rule="mover", zh=zh, en=en)
    office.act(no, "take_back", HE, reason="补充一句")
    assert office.whose(no) == HE
    office.act(no, "propose", HE, **agree)
    office.act(no, "confirm", CHECKER, text="同意")
    zh, en = "原办理人 sima-yuan", "sima-yuan, whose act it was"
    office.refuse(no, "take_back", HE, rule="mover", zh=zh, en=en)
    office.act(no, "intend_to_agree", APPROVER)
    # Five working days after the 11th: 14 to 18. The promise of twenty stands still meanwhile.
    assert office.due(no, "publicity") == "2026-09-18"
    assert office.due(no, "handling") is None


def the_place_given_back(office: Office, refused: str, waiting: str) -> None:
    """The fourth waits for a place until the head has acknowledged that the second is refused."""
    office.until("2026-09-14 09:30")
    zh, en = "剩余 0 个", "0 left"
    office.refuse(waiting, "report_up", OFFICER, rule="quota_exhausted", zh=zh, en=en, **LETTER)
    office.act(refused, "acknowledge_report", HEAD)
    assert office.papers(refused)["refusal_reply"] == "国人函〔2026〕1号"
    office.act(waiting, "report_up", OFFICER, **LETTER)


def objections(office: Office, no: str) -> None:
    office.act(no, "raise_objection", "public", grounds="所报职称与实际不符")
    assert "提出异议" in office.history(no)
    office.until("2026-09-21 09:30")
    # Out: the 11th and 14 to 18, six working days; the sixth after 12 October is the 20th.
    assert office.due(no, "handling") == "2026-10-20"
    zh, en = "还有异议没有书面核查结论", "an objection still waits"
    office.refuse(no, "sign_and_issue", APPROVER, rule="no_open_objection", zh=zh, en=en)
    office.act(no, "dismiss_objection", HE, objection=1, finding="经核查，职称文件属实")
    office.act(no, "sign_and_issue", APPROVER)
    assert office.papers(no) == {
        "acceptance_notice": None,
        "reply": "国人函〔2026〕2号",
        "transfer_notice": "国人调〔2026〕1号",
    }


def the_silent_organ(office: Office, no: str) -> None:
    """The household registry said nothing in five working days, 9 to 15 September: it agrees, and has a card of its own."""
    (child,) = [
        one for one in office.ok("case", "list")["cases"] if one["matter"] == "joint-opinion-household"
    ]
    assert child["outcome"] == "consent_of_silent_organ"
    assert office.due(child["no"], "answer") == "2026-09-15"
    cards = office.ok("findings", "list", "--case", child["no"], "--colour", "yellow")["findings"]
    assert [(one["organ"], one["person"]) for one in cards] == [("capital-household-registry", "hu-anju")]
    assert office.state(no) == "under_review"
    assert office.due(no, "handling") == "2026-10-12", "one overall clock, which went on"
    office.act(no, "propose", ZHOU, opinion="agree", text="联审机关逾期未答复，视为同意；拟同意")
    office.act(no, "confirm", CHECKER, text="同意")
    office.act(no, "intend_to_agree", APPROVER)


def the_reply(office: Office, tang: str, xue: str, su: str) -> None:
    office.act(su, "withdraw", OFFICER, reasons="本人改变意愿")
    assert office.ok("letter", "show", LETTER["letter"])["state"] == "open"
    # Publicized on the 21st: 22, 23, 24, 28, 29.
    assert office.due(tang, "publicity") == "2026-09-29"
    office.until("2026-09-30 09:30")
    office.act(tang, "sign_and_issue", APPROVER)
    letter = office.ok("letter", "show", LETTER["letter"])
    assert (letter["state"], letter["reply"]) == ("answered", "国人函〔2026〕4号")
    assert [(one["outcome"], one["paper"]) for one in letter["members"]] == [
        ("agreed", "国人函〔2026〕3号"),
        ("disagreed", "国人函〔2026〕1号"),
        ("agreed", "国人函〔2026〕2号"),
        ("withdrawn", ""),
    ]
    page = office.folder / "reply.html"
    office.ok("letter", "reply", LETTER["letter"], "--out", page)
    told = page.read_text("utf-8")
    assert "同意调入 2 件，不同意调入 1 件，撤回申请 1 件" in told
    assert all(one["name"] in told for one in PERSONS)
    assert "申报函已答复：列第 3 件，共 4 件" in office.history(xue)

    key = ("beijing_transfer", MINISTRY, "2026")
    (line,) = [
        one for one in office.ok("quota", "report", "2026")["lines"] if (one["kind"], one["organ"]) == key[:2]
    ]
    assert (line["allotted"], line["reserved"], line["consumed"], line["released"], line["left"]) == (
        3,
        0,
        2,
        2,
        1,
    )
    entries = [one["entry"] for one in office.ok("quota", "ledger", *key)["entries"][2:]]
    assert {name: entries.count(name) for name in entries} == {"reserved": 4, "released": 2, "consumed": 2}
    assert office.call("quota", "verify").code == 0
