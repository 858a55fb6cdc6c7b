"""A request for disclosure under either regulation: the rule of the day, a supplement, who is silent, who answers."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.unit.catalog.walking import Walk, beijing, due
from workflow.errors import ConditionRefused, GuardRefused, NoRuleInForce


def request(start: datetime) -> Walk:
    walk = Walk("information-disclosure-request", start)
    walk.file("request_form", form={"applicant_kind": "person"})
    walk.act("lin-xiaotang", "confirm_receipt", receipt_kind="in_person")
    return walk


@pytest.mark.parametrize(
    ("received", "on", "extended"),
    [
        (beijing(2019, 5, 14, 10), date(2019, 6, 4), date(2019, 6, 26)),
        (beijing(2019, 5, 15, 10), date(2019, 6, 13), date(2019, 7, 11)),
    ],
)
def test_the_regulation_in_force_on_the_day_of_receipt_gives_the_period(received, on, extended):
    walk = request(received)
    assert due(walk, "reply") == on

    walk.act("dongfang-yi", "extend", reason="需汇总多年数据")

    assert due(walk, "reply") == extended
    with pytest.raises(GuardRefused):
        walk.act("dongfang-yi", "extend", reason="再次延长")


def test_a_supplement_begins_the_period_anew_and_is_asked_for_once():
    walk = request(beijing(2026, 9, 7, 9))
    assert due(walk, "asking_for_supplement") == date(2026, 9, 16)
    walk.act("bai-jianqing", "request_supplement", defects=["请明确所需信息的年度"])
    assert not walk.here.clock("reply").open

    walk.to(beijing(2026, 9, 14, 9))
    walk.act(walk.filer(), "supplement_request", clarification="二〇二五年度", materials=[])

    # 20 September and 10 October are working days; the Mid-Autumn Festival and 1 to 7 October are not.
    assert due(walk, "reply") == date(2026, 10, 16)
    with pytest.raises(GuardRefused):
        walk.act("bai-jianqing", "request_supplement", defects=["再补一次"])


def test_a_request_that_is_not_supplemented_is_abandoned_only_by_an_act_with_reasons():
    walk = request(beijing(2026, 3, 2, 9))
    walk.act("bai-jianqing", "request_supplement", defects=["请明确所需信息的年度"])
    walk.to(beijing(2026, 5, 6, 9))
    assert (walk.here.state, walk.here.outcome) == ("supplement_overdue", None)

    walk.act("bai-jianqing", "treat_as_abandoned", reasons="无正当理由逾期不补正")

    assert walk.here.outcome == "abandoned"


def test_the_time_of_a_third_party_is_not_counted_and_its_silence_leaves_the_decision_to_the_organ():
    walk = request(beijing(2026, 3, 2, 9))
    before = due(walk, "reply")
    walk.act("bai-jianqing", "consult_third_party", third_party="某公司", interest="商业秘密")
    # The law itself ends the consultation after fifteen working days, so the end can be named at once.
    assert due(walk, "reply") == date(2026, 4, 21)

    walk.to(beijing(2026, 4, 1, 9))

    assert (walk.here.state, walk.here.outcome) == ("under_review", None)
    assert "third_party_opinion" not in walk.here.record
    assert before < due(walk, "reply") == date(2026, 4, 21)


def test_a_silent_joint_organ_consents_since_2019_and_cannot_be_asked_so_before():
    walk = request(beijing(2026, 3, 2, 9))
    walk.act("bai-jianqing", "consult_joint_organ", joint_organ="国家计量标准部")
    walk.to(beijing(2026, 4, 1, 9))
    assert walk.here.state == "under_review"
    assert walk.here.clock("joint_opinion").generation == 1

    earlier = request(beijing(2010, 3, 2, 9))
    with pytest.raises(NoRuleInForce):
        earlier.act("bai-jianqing", "consult_joint_organ", joint_organ="国家计量标准部")


def test_the_reply_is_the_one_proposed_and_passes_secrecy_review_and_check():
    walk = request(beijing(2026, 3, 2, 9))
    walk.act("bai-jianqing", "propose_disclosure", proposal="in_part", text="涉及个人隐私部分作区分处理")
    walk.act("mi-shen", "clear_secrecy", text="不涉密")
    walk.act("fu-minghui", "confirm", text="同意")
    with pytest.raises(ConditionRefused):
        walk.act("gu-weimin", "disclose")
    walk.act(
        "gu-weimin",
        "disclose_partly",
        reasons="涉及个人隐私",
        remedies="六十日内申请复议",
        redacted="第三页姓名",
    )

    assert (walk.here.outcome, walk.here.state) == ("partly_disclosed", "archived")
