"""A nominee for the special allowance: a notice in the unit, a panel drawn by lot, and a ballot that nobody can read."""

from __future__ import annotations

from typing import Any

from tests.acceptance.office.office import Office

UNIT, REVIEWER, MINISTRY = "lu-xiaochao", "pan-haiyan", "jiang-yuanbo"
CLERK, HANDLER, CHECKER, APPROVER = "lin-xiaotang", "ye-lanting", "shen-tu-hong", "gu-weimin"
CHAIR = "gongye-xuan"
FORM = {
    "achievements": "主持海岸侵蚀监测体系建设",
    "at_front_line": True,
    "call_no": "国人津〔2026〕1号",
    "category": "professional",
    "classified": False,
    "cycle": 2026,
    "field": "海洋测绘",
    "first_time": True,
    "id_number": "99000019801102993X",
    "name": "唐光峰",
    "professional_title": "研究员",
    "working_unit": "海岸监测中心",
}
MATERIALS = ["nomination_form", "title_certificate", "unit_opinion", "achievement_proofs"]


def panel(office: Office, no: str) -> Any:
    return office.case(no)["panels"][0]


def members(office: Office, no: str) -> list[str]:
    return [seat["person"] for seat in panel(office, no)["seats"]]


def test_an_expert_review(office: Office) -> None:
    no = office.file("government-special-allowance", UNIT, FORM, MATERIALS)
    recommended(office, no)
    drawn(office, no)
    voted(office, no)
    selected(office, no)
    office.verified()


def recommended(office: Office, no: str) -> None:
    # A notice in the unit of five working days after the 7th: 8 to 11 (4), 14.
    assert office.due(no, "unit_publicity") == "2026-09-14"
    zh, en = "处于“unit_publicity”时不能办理", "cannot be done while"
    office.refuse(no, "recommend", REVIEWER, rule="action_not_available", zh=zh, en=en, text="同意推荐")
    office.until("2026-09-16 09:30")
    assert office.queue(REVIEWER) == [no]
    office.act(no, "recommend", REVIEWER, text="同意推荐")
    office.act(no, "approve_report", MINISTRY, letter="水人函〔2026〕9号", rank=1)
    office.act(no, "accept", CLERK)
    # Thirty after the 16th: 17, 18, 20 to 24 (7), 28 to 30 (10), 8 to 10 October (13), 12 to 30 (28), 2 and 3 November.
    assert office.due(no, "handling") == "2026-11-03"
    office.act(no, "qualify", HANDLER, text="资格符合条件")
    assert office.due(no, "handling") is None, "the time of the review is not counted"


def drawn(office: Office, no: str) -> None:
    assert no in office.queue(CHAIR)
    office.act(no, "convene_panel", CHAIR, pool="expert-panels", size=5, alternates=2)
    zh, en = "专家评审组组长 gongye-xuan", "who chairs the panel"
    office.refuse(no, "draw_panel", HANDLER, rule="chair_of_the_panel", zh=zh, en=en)
    office.act(no, "draw_panel", CHAIR)
    first = members(office, no)
    spare = panel(office, no)["spare"]
    assert (len(first), len(spare), len({*first, *spare})) == (5, 2, 7)
    # One is the nominee's teacher: out, and the first alternate has the seat.
    office.act(no, "recuse", first[1], ground="relative", reason="与人选系师生关系")
    assert members(office, no) == [first[0], *first[2:], spare[0]]
    zh, en = "已在本办件中回避", "recused on this case"
    office.refuse(no, "cast_ballot", first[1], rule="person_recused", zh=zh, en=en, vote="agree")


def voted(office: Office, no: str) -> None:
    one, two, three, four, five = members(office, no)
    office.act(no, "cast_ballot", one, vote="agree")
    zh, en = "已投票", "has not voted yet"
    office.refuse(no, "cast_ballot", one, rule="not_voted_yet", zh=zh, en=en, vote="disagree")
    office.act(no, "cast_ballot", two, vote="agree")
    office.act(no, "cast_ballot", three, vote="disagree")
    # Two thirds of five are four: three are no quorum.
    zh, en = "已投票 4 人以上；现有 3 人", "4 members who have voted; 3 have"
    office.refuse(no, "count_ballots", CHAIR, rule="quorum_of_the_panel", zh=zh, en=en)
    office.act(no, "cast_ballot", four, vote="agree")
    told = office.page("case", "show", no) + office.history(no)
    assert "赞成" not in told, "before the count nobody learns how anybody voted"
    zh, en = "计票并出具纪要", "the count and the minutes"
    opinion = {"panel_opinion": "同意推荐"}
    office.refuse(no, "report_panel", CHAIR, rule="count_of_the_panel", zh=zh, en=en, **opinion)
    office.act(no, "count_ballots", CHAIR)
    zh, en = "正在投票的评审组", "is drawn and votes"
    office.refuse(no, "cast_ballot", five, rule="panel_drawn", zh=zh, en=en, vote="agree")
    zh, en = "出具评审纪要", "the minutes of panel 1"
    office.refuse(no, "report_panel", CHAIR, rule="minutes_of_the_panel", zh=zh, en=en, **opinion)
    office.act(no, "panel_minutes", CHAIR, attendees=[one, two, three, four], text="业绩突出，多数同意推荐")
    assert "已出纪要 同意（赞成 3 票，未赞成 1 票）" in office.page("case", "show", no)
    ballots = [event for event in office.history(no).splitlines() if "赞成" in event and "无记名" in event]
    assert ballots == [], "nor after it"
    office.until("2026-09-24 09:30")
    office.act(no, "report_panel", CHAIR, **opinion)
    # Out: 17, 18, 20 to 23 September, six working days; the sixth after 3 November is the 11th.
    assert office.due(no, "handling") == "2026-11-11"


def selected(office: Office, no: str) -> None:
    zh, en = "应当由 checker 岗人员办理", "a person at the post checker"
    office.refuse(no, "confirm", HANDLER, rule="not_authorised", zh=zh, en=en, text="同意")
    office.act(no, "confirm", CHECKER, text="同意")
    office.act(no, "intend_to_agree", APPROVER)
    # Publicized on the 24th, and five working days after it: 28 to 30 (3), 8 and 9 October.
    assert office.due(no, "publicity") == "2026-10-09"
    office.until("2026-10-12 09:30")
    # Out: 24, 28 to 30 September, 8 and 9 October; the sixth after 11 November is the 19th.
    assert office.due(no, "handling") == "2026-11-19"
    office.act(no, "submit_for_decision", APPROVER, submission_no="国人呈〔2026〕3号")
    assert office.queue(HANDLER) == [no]
    office.act(no, "record_approval", HANDLER, approval_no="国函〔2026〕5号", approved_on="2026-10-12")
    assert office.papers(no) == {
        "acceptance_notice": None,
        "required_time_notice": None,
        "approval_notice": "国人津〔2026〕1号",
        "certificate": "国人津证〔2026〕1号",
    }
    case = office.case(no)
    assert (case["outcome"], case["state"]) == ("agreed", "archived")
    assert "Decided: Selected" in office.history(no, lang="en")
