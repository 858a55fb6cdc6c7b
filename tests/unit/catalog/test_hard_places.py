"""Shipped matters walked past the hard places of the law, on the law's own days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.unit.catalog.walking import Walk, beijing, due, licence
from workflow.errors import GuardRefused, NotAuthorised


def test_silence_accepts_back_to_the_receipt_over_the_golden_week():
    # Reference law-and-domain §2: received 2007-09-26, five working days end on 10-08, the decision is due 10-29.
    walk = licence(beijing(2007, 9, 26, 10))
    assert due(walk, "acceptance") == date(2007, 10, 8)

    walk.to(beijing(2007, 10, 8, 23))
    assert walk.here.state == "acceptance"
    walk.to(beijing(2007, 10, 9, 1))

    assert walk.here.state == "under_review"
    assert walk.here.deemed
    assert walk.here.accepted_at == beijing(2007, 9, 26, 10)
    assert due(walk, "decision") == date(2007, 10, 29)
    assert [(found.colour, found.clock) for found in walk.here.findings] == [
        ("reminder", "acceptance"),
        ("red", "acceptance"),
    ]


def test_the_head_of_the_organ_extends_once_before_the_end():
    walk = licence(beijing(2007, 9, 26, 10))
    walk.to(beijing(2007, 10, 9, 9))

    walk.act("ouyang-zhengqing", "extend", reason="需进一步核实场所")

    assert due(walk, "decision") == date(2007, 11, 12)
    with pytest.raises(GuardRefused):
        walk.act("ouyang-zhengqing", "extend", reason="再次延长")
    with pytest.raises(NotAuthorised):
        walk.act("gu-weimin", "extend", reason="分管领导")


def test_a_supplement_is_asked_for_once_and_starts_the_five_days_again():
    walk = Walk("talent-agency-licence", beijing(2026, 9, 7, 9))
    walk.file("application_report")

    with pytest.raises(GuardRefused):
        walk.act("lin-xiaotang", "accept")
    walk.act("lin-xiaotang", "request_supplement")
    assert len(walk.here.defects) == 5
    walk.to(beijing(2026, 9, 10, 9))
    walk.act("wen-zhanmo", "supplement_materials", materials=list(walk.definition.materials))

    clock = walk.here.clock("acceptance")
    assert clock is not None
    assert (clock.generation, due(walk, "acceptance")) == (2, date(2026, 9, 17))
    with pytest.raises(GuardRefused):
        walk.act("shan-zhiyuan", "request_supplement", defects=["还差一份"])
    walk.act("shan-zhiyuan", "accept")
    assert walk.here.state == "under_review"


def licence_under_review() -> Walk:
    walk = licence(beijing(2026, 9, 7, 9))
    walk.act("lin-xiaotang", "accept")
    return walk


def inspected(walk: Walk, *inspectors: str, shown: bool = True) -> None:
    walk.act(
        "jin-zhe",
        "inspect_on_site",
        inspectors=list(inspectors),
        credentials_shown=shown,
        findings="场所、设施与申请一致",
    )


@pytest.mark.parametrize(
    ("inspectors", "shown", "rule"),
    [
        (("jin-zhe", "jin-zhe"), True, "two_inspectors"),
        # Somebody the directory does not know, somebody of another organ, somebody of a unit that only belongs to it.
        (("jin-zhe", "zhang-san"), True, "inspectors_on_staff"),
        (("jin-zhe", "lu-xiaochao"), True, "inspectors_on_staff"),
        (("jin-zhe", "yue-juan"), True, "inspectors_on_staff"),
        (("jin-zhe", "zha-shuyi"), False, "credentials_shown"),
    ],
)
def test_a_check_on_site_takes_two_of_the_staff_who_show_who_they_are(inspectors, shown, rule):
    walk = licence_under_review()

    with pytest.raises(GuardRefused) as refused:
        inspected(walk, *inspectors, shown=shown)

    assert refused.value.fields["rule"] == rule
    inspected(walk, "jin-zhe", "zhou-mingli")
    assert walk.here.state == "drafting_opinion"


def test_a_hearing_stops_the_clocks_and_its_chair_has_not_examined():
    walk = licence_under_review()
    inspected(walk, "jin-zhe", "zha-shuyi")
    before = due(walk, "decision")
    walk.act("jin-zhe", "order_hearing", reasons="涉及重大公共利益")

    assert walk.here.clock("decision").due is None
    assert walk.here.clock("decision_promise").due is None
    minutes = {
        "attendees": ["文湛墨", "金哲"],
        "statements": "各方陈述、质证",
        "record": "笔录",
        "signed_by": ["文湛墨", "金哲"],
    }
    notice = {"place": "三层", "openness": "public", "chair": "gongsun-lu"}
    for day, chair, rule in (
        ("2026-09-15", "gongsun-lu", "hearing_notice_in_time"),
        ("2026-09-18", "zha-shuyi", "chair_is_not_examiner"),
        ("2026-09-18", "zhou-mingli", "chair_holds_post"),
    ):
        with pytest.raises(GuardRefused) as refused:
            walk.act("jin-zhe", "notify_hearing", **{**notice, "hearing_on": day, "chair": chair})
        assert refused.value.fields["rule"] == rule
    with pytest.raises(GuardRefused):
        walk.act(
            "jin-zhe", "notify_hearing", **{**notice, "hearing_on": "2026-09-18", "openness": "trade_secret"}
        )
    walk.act("jin-zhe", "notify_hearing", **notice, hearing_on="2026-09-16")
    with pytest.raises(GuardRefused):  # the day has not come
        walk.act("gongsun-lu", "hold_hearing", **minutes)
    walk.to(beijing(2026, 9, 16, 15))
    for person, fields, rule in (
        ("gongsun-lu", {**minutes, "signed_by": ["文湛墨"]}, "record_signed"),
        ("gongsun-lu", {**minutes, "record": " "}, "hearing_record_given"),
    ):
        with pytest.raises(GuardRefused) as refused:
            walk.act(person, "hold_hearing", **fields)
        assert refused.value.fields["rule"] == rule
    walk.act(
        "gongsun-lu", "hold_hearing", **{**minutes, "signed_by": ["文湛墨"], "refused_to_sign": ["金哲"]}
    )

    assert due(walk, "decision") > before
    with pytest.raises(GuardRefused) as refused:
        walk.act("jin-zhe", "propose", opinion="agree", text="符合条件")
    assert refused.value.fields["rule"] == "rests_on_hearing_record"
    walk.act("jin-zhe", "propose", opinion="agree", text="符合条件", on_record="采纳听证意见第一、三条")
    assert {paper.document for paper in walk.here.documents} >= {"hearing_notice", "required_time_notice"}


def transfer_in_publicity() -> Walk:
    walk = Walk("transfer-into-beijing", beijing(2026, 9, 7, 9))
    walk.file(*walk.definition.materials)
    walk.act("shu-huaijin", "endorse", text="同意")
    walk.act("mo-yunxiang", "approve_report")
    walk.act("dian-ya", "report_up", letter="典人函〔2026〕7号", signer="舒怀瑾")
    walk.act("lin-xiaotang", "accept")
    walk.act("he-jie", "propose", opinion="agree", text="符合条件")
    walk.act("sima-yuan", "confirm", text="同意承办意见")
    walk.to(beijing(2026, 9, 28, 9))
    walk.act("gu-weimin", "intend_to_agree")
    return walk


def test_the_public_notice_ends_by_itself_after_the_golden_week():
    walk = transfer_in_publicity()
    # Five working days after Monday 28 September 2026: 29, 30 September and 8, 9, 10 October (a working Saturday).
    assert due(walk, "publicity") == date(2026, 10, 10)
    assert walk.here.clock("handling").due is None

    walk.to(beijing(2026, 10, 11, 0, 0))

    assert walk.here.state == "awaiting_issue"
    assert walk.here.notices == ()
    assert due(walk, "handling") > date(2026, 10, 11)


def test_an_objection_stops_the_signing_until_it_is_answered():
    walk = transfer_in_publicity()
    walk.act("public:reader", "raise_objection", grounds="学历不实")
    walk.to(beijing(2026, 10, 12, 9))

    with pytest.raises(GuardRefused):
        walk.act("gu-weimin", "sign_and_issue")
    walk.act("he-jie", "dismiss_objection", objection=1, finding="经核查，学历属实")
    walk.act("gu-weimin", "sign_and_issue")

    assert (walk.here.outcome, walk.here.state) == ("agreed", "awaiting_arrival")
    assert {
        paper.series for paper in walk.here.documents if paper.document in ("reply", "transfer_notice")
    } == {
        "国人函",
        "国人调",
    }


def test_an_objection_that_is_upheld_leads_back_to_the_handler_and_a_second_notice():
    walk = transfer_in_publicity()
    walk.act("public", "raise_objection", grounds="试用期未满")
    walk.act("he-jie", "uphold_objection", objection=1, finding="属实，材料需重新审查")

    assert (walk.here.state, walk.here.notices) == ("under_review", ())
    walk.act("he-jie", "propose", opinion="agree", text="试用期现已届满")
    walk.act("sima-yuan", "confirm", text="同意")
    walk.act("gu-weimin", "intend_to_agree")
    walk.to(walk.now + timedelta(days=20))
    walk.act("gu-weimin", "sign_and_issue")
    assert walk.here.outcome == "agreed"
    assert walk.here.clock("publicity").generation == 2


def test_handler_checker_and_approver_are_three_persons():
    walk = transfer_in_publicity()

    assert {act.person for act in walk.here.acts if act.post in ("handler", "checker", "approver")} == {
        "he-jie",
        "sima-yuan",
        "gu-weimin",
    }


def test_the_dutch_term_is_eight_weeks_to_the_minute_across_summer_time():
    amsterdam = ZoneInfo("Europe/Amsterdam")
    walk = Walk("environmental-permit-nl", datetime(2011, 10, 11, 13, 42, tzinfo=amsterdam).astimezone(UTC))
    walk.file()

    decision = walk.here.clock("decision")
    assert decision is not None
    assert decision.due is not None
    assert decision.due.at.astimezone(amsterdam).replace(tzinfo=None) == datetime(2011, 12, 6, 13, 42)  # noqa: DTZ001
