"""The papers of a case, each from the events up to the one that issued it: who writes to whom, and what."""

from __future__ import annotations

import pytest

from tests.integration.transfers import FORM, MATTER, Transfers
from workflow.documents.papers import paper, paper_facts
from workflow.documents.slip import slip_facts
from workflow.domain.events import DocumentIssued
from workflow.errors import NotFound
from workflow.queries.cases import case_by_no

REPORTED = (
    ("pan-haiyan", "endorse", {"text": "可"}),
    ("jiang-yuanbo", "approve_report", {}),
    ("shui-qingqing", "report_up", {"letter": "水人函〔2026〕7号", "signer": "江远波"}),
)


@pytest.fixture
def transfers(store):
    return Transfers(store)


@pytest.fixture
def written(store, transfers):
    """The papers of a case by their names in the definition."""

    def found(no: str, lang: str = "zh-CN", *, erased: bool = False):
        case, of = case_by_no(store, no)
        history = store.history(case.id)
        personal = {} if erased else store.personal_values(case.id)
        return {
            event.document: paper_facts(
                history, envelope.seq, of, transfers.banjie.catalog, personal=personal, lang=lang
            )
            for envelope, event in history
            if isinstance(event, DocumentIssued)
        }

    return found


def test_agreement_is_answered_to_the_ministry_in_the_name_of_the_organ(transfers, written):
    no = transfers.file()
    transfers.to_the_notice(no)
    transfers.days(9)
    transfers.act(no, "gu-weimin", "sign_and_issue")

    papers = written(no)

    accepted = papers["acceptance_notice"]
    assert (accepted.organ, accepted.addressee) == ("行政审批受理中心（示例）", "国家水文海岸部（示例）")
    assert "自2026年9月7日起予以受理" in accepted.body[0]
    assert "办理期限至2026年10月10日届满" in accepted.body[1]
    reply = papers["reply"]
    assert (reply.organ, reply.addressee, reply.number) == (
        "国家人事行政部（示例）",
        "国家水文海岸部（示例）",
        "国人函〔2026〕1号",
    )
    assert f"{FORM['name']}同志调入海岸监测中心" in reply.body[0]
    assert papers["transfer_notice"].number == "国人调〔2026〕1号"


def test_no_paper_says_what_is_not_on_the_list(transfers, written):
    no = transfers.file()
    transfers.to_the_notice(no)
    transfers.days(9)
    transfers.act(no, "gu-weimin", "sign_and_issue")

    for facts in written(no).values():
        html = paper(facts)
        for field in ("id_number", "present_unit", "present_region", "receiving_post"):
            assert FORM[field] not in html


def test_a_paper_printed_later_says_what_it_said(transfers, written):
    no = transfers.file()
    transfers.to_the_notice(no)
    before = written(no)["acceptance_notice"]
    transfers.days(9)
    transfers.act(no, "gu-weimin", "sign_and_issue")

    assert written(no)["acceptance_notice"] == before


def test_what_was_erased_is_not_made_up(transfers, written):
    no = transfers.file()
    transfers.to_the_notice(no)

    assert "（个人信息已依法删除）" in written(no, erased=True)["acceptance_notice"].body[0]


def test_a_supplement_notice_lists_everything_once(transfers, written):
    no = transfers.file()
    for person, action, fields in REPORTED:
        transfers.act(no, person, action, **fields)
    transfers.act(no, "lin-xiaotang", "request_supplement", defects=["appraisal"])

    assert written(no)["supplement_notice"].defects == ("近三年考核材料",)
    assert written(no, "en")["supplement_notice"].defects == ("Appraisals of the last three years",)


def test_a_refusal_gives_reasons_and_the_way_to_a_second_look(transfers, written):
    no = transfers.file()
    for person, action, fields in (
        *REPORTED,
        ("lin-xiaotang", "accept", {}),
        ("zhou-mingli", "propose", {"opinion": "disagree", "text": "不宜"}),
        ("sima-yuan", "confirm", {"text": "同意"}),
        (
            "gu-weimin",
            "disagree",
            {"reasons": "岗位已有合适人选。", "remedies": "可以函请复核。", "report": "经集体研究。"},
        ),
        # The head takes note of it (否定报备), and only then does it go out, with the reasons of who refused.
        ("ouyang-zhengqing", "acknowledge_report", {}),
    ):
        transfers.act(no, person, action, **fields)

    assert "拟作否定处理" in paper(written(no)["refusal_report"], "zh-CN")
    refusal = written(no)["refusal_reply"]
    assert (refusal.reasons, refusal.remedies) == ("岗位已有合适人选。", "可以函请复核。")
    assert "理由：岗位已有合适人选。" in paper(refusal, "zh-CN")


@pytest.mark.parametrize(
    ("acts", "organ", "addressee"),
    [
        ((), "国家水文海岸部（示例）", "海岸监测中心（示例）"),
        (REPORTED, "行政审批受理中心（示例）", "国家水文海岸部（示例）"),
    ],
)
def test_a_withdrawal_is_confirmed_by_who_has_the_case(transfers, written, acts, organ, addressee):
    no = transfers.file()
    for person, action, fields in acts:
        transfers.act(no, person, action, **fields)
    transfers.act(no, "shui-qingqing", "withdraw", reasons="岗位调整")

    confirmed = written(no)["withdrawal_notice"]
    assert (confirmed.organ, confirmed.addressee) == (organ, addressee)


def test_an_event_that_issued_no_paper_has_none(transfers, store):
    no = transfers.file()
    case, of = case_by_no(store, no)

    for seq in (1, 999):
        with pytest.raises(NotFound):
            paper_facts(store.history(case.id), seq, of, transfers.banjie.catalog, personal={})


def test_the_slip_tells_who_accepted_and_how_it_stands(transfers, store):
    no = transfers.file()
    stands = []
    for person, action, fields in ((None, None, {}), *REPORTED, ("lin-xiaotang", "accept", {})):
        if person:
            transfers.act(no, person, action, **fields)
        case, of = case_by_no(store, no)
        facts = slip_facts(
            store.history(case.id),
            case,
            of,
            transfers.banjie.catalog,
            code="ABCDEFGHJK",
            name="王秀华",
            now=store.clock().now,
            lang="zh-CN",
        )
        stands.append((facts.status, facts.accepted_by))

    assert stands[0] == ("已收件，尚未受理", "")
    assert stands[-1] == ("已受理", "受理岗 林晓棠")
    assert facts.matter == transfers.banjie.catalog.matter(MATTER).title("zh-CN")
    assert [(limit.title, limit.due_on.isoformat()) for limit in facts.limits] == [("办理期限", "2026-10-10")]
