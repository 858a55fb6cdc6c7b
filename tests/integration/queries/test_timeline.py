"""The history of a case in words, in both languages."""

from __future__ import annotations

import pytest

from tests.integration.transfers import Transfers
from workflow.domain import events as e
from workflow.domain.events import EVENT_TYPES
from workflow.queries.cases import case_by_no
from workflow.queries.timeline import document_number, timeline
from workflow.queries.wording import Wording
from workflow.texts import LANGUAGES, catalogue


@pytest.fixture
def transfers(store):
    return Transfers(store)


def told(transfers, no, lang):
    case, matter = case_by_no(transfers.store, no)
    words = Wording(matter=matter, catalog=transfers.banjie.catalog)
    return list(timeline(transfers.store.history(case.id), words, lang))


def test_a_whole_case_is_told_in_both_languages(transfers):
    no = transfers.file()
    transfers.to_the_notice(no)
    transfers.act(no, "public", "raise_objection", grounds="材料不实", objector="张三")
    transfers.act(no, "zhou-mingli", "dismiss_objection", objection=1, finding="经核查不属实")
    transfers.days(9)
    transfers.act(no, "gu-weimin", "sign_and_issue")
    transfers.act(no, "shui-qingqing", "report_arrival", arrived_on="2026-09-18")
    transfers.act(no, "shui-qingqing", "record_file", file_received_on="2026-09-21")
    transfers.act(no, "shui-qingqing", "complete_hand_over")

    chinese, english = told(transfers, no, "zh-CN"), told(transfers, no, "en")

    assert [line.seq for line in chinese] == list(range(1, len(chinese) + 1))
    titles = [line.title for line in chinese]
    for title in (
        "申报",
        "审查通过",
        "材料预检，齐全",
        "受理",
        "办理期限停止计时",
        "公示开始：拟同意调入人员公示",
        "收到第 1 号异议",
        "第 1 号异议不成立",
        "作出决定：同意调入",
        "出具《同意调入复函》",
        "送达",
        "结果回报：已报到",
        "归档",
    ):
        assert title in titles, title
    assert "Decided: Agreed" in [line.title for line in english]
    assert all(line.title for line in (*chinese, *english))


def test_an_act_tells_who_did_it_from_which_post_and_what_was_said(transfers):
    no = transfers.file()
    transfers.act(no, "pan-haiyan", "endorse", text="符合条件")

    line = next(line for line in told(transfers, no, "zh-CN") if line.type == "ActionTaken")

    assert (line.person, line.post) == ("潘海晏", "主管部门人事司审查人")
    assert line.detail == "意见说明：符合条件，转入部内批准"


def test_the_system_is_named_as_such(transfers):
    no = transfers.file()
    for person, action, fields in (
        ("pan-haiyan", "endorse", {"text": "符合条件"}),
        ("jiang-yuanbo", "approve_report", {}),
        ("shui-qingqing", "report_up", {"letter": "水人函〔2026〕7号", "signer": "江远波"}),
    ):
        transfers.act(no, person, action, **fields)

    check = next(line for line in told(transfers, no, "en") if line.type == "MaterialsChecked")
    assert check.person == "the system"


def test_a_personal_value_is_not_told(transfers):
    no = transfers.file()
    transfers.to_the_notice(no)
    transfers.act(no, "public:neighbour", "raise_objection", grounds="材料不实", objector="张三")

    whole = " ".join(line.detail for line in told(transfers, no, "zh-CN"))
    assert "材料不实" in whole
    assert "张三" not in whole


def test_a_finding_names_post_organ_and_person(transfers):
    no = transfers.file()
    transfers.days(4)

    line = next(line for line in reversed(told(transfers, no, "zh-CN")) if line.type == "FindingRaised")

    assert line.title == "黄牌：部内审查环节时限，主管部门人事司审查人"
    assert line.detail == "国家水文海岸部（示例），潘海晏"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_event_has_its_sentence(lang):
    titled = set(EVENT_TYPES) - {e.ActionTaken.__name__}

    assert {f"case.event.{name}" for name in titled} <= set(catalogue(lang))


def test_a_document_number_is_written_as_it_is_printed():
    assert document_number("国人函", 2026, 7, "zh-CN") == "国人函〔2026〕7号"
    assert document_number(None, None, None, "zh-CN") == ""
