"""One filing of a graduate, five offices of a city side by side, one clock over all and one sheet at the end."""

from __future__ import annotations

from tests.acceptance.office.office import Office

GRADUATE, CLERK, HANDLER = "chu-yang", "xi-ying", "zong-lan"
FORM = {
    "contact_phone": "010-66001234",
    "employer": "海岸监测中心",
    "graduated_on": "2026-07-01",
    "id_number": "990000199611158086",
    "membership": "party",
    "name": "程少雯",
    "school": "潮汐大学",
    "work_starts_on": "2026-09-14",
}
#: Each office with its officer, and its promise counted after Monday the 7th: two, three, five and ten working days.
OFFICES = {
    "graduate-job-seeking": ("qiu-zhi", "2026-09-09"),
    "graduate-employment-registration": ("jiu-deng", "2026-09-10"),
    "graduate-social-insurance": ("bao-an", "2026-09-14"),
    "graduate-personal-file": ("dang-cun", "2026-09-20"),
    "graduate-party-relation": ("zu-zhi", "2026-09-20"),
}
LATE = "graduate-party-relation"


def test_the_graduates_one_thing(office: Office) -> None:
    no = office.file("graduate-one-thing", GRADUATE, FORM, ["degree_certificate"])
    office.refuse(no, "accept", CLERK, rule="materials_complete", zh="尚未齐全", en="still missing")
    office.act(no, "request_supplement", CLERK)
    assert office.queue(GRADUATE) == [no]
    office.act(no, "supplement_materials", GRADUATE, materials=["employment_agreement"])
    office.act(no, "accept", CLERK)
    # Fifteen working days for the whole: 8 to 11 (4), 14 to 18 (9), 20 to 24 (14), 28.
    assert office.due(no, "overall") == "2026-09-28"
    children = {one["matter"]: one["no"] for one in office.ok("case", "list")["cases"] if one["no"] != no}
    assert children.keys() == OFFICES.keys()
    for matter, (officer, due) in OFFICES.items():
        assert office.due(children[matter], "handling") == due
        assert office.queue(officer) == [children[matter]]
    zh, en = "不能办理“finish”", "cannot be done while"
    office.refuse(no, "finish", HANDLER, rule="action_not_available", zh=zh, en=en, summary="已办")

    side_by_side(office, children)
    slow = children[LATE]
    office.until("2026-09-16 09:30")
    assert office.state(no) == "side_by_side", "one is outstanding"
    office.act(slow, "supplement_materials", GRADUATE, materials=["transfer_letter"])
    # Out from the 7th to the 15th, seven working days, of which the 7th would not have counted: 7, 8 to 11, 14, 15. So
    # many after 20 September: 21 to 24 (4), 28, 29. The overall clock stood for none of it.
    assert office.due(slow, "handling") == "2026-09-29"
    assert office.due(no, "overall") == "2026-09-28"
    office.act(slow, "complete", "zu-zhi", result="组织关系已转接")

    # The fifth end brings the case on, once.
    assert office.state(no) == "summing_up"
    assert office.history(no).count("各事项均已办结") == 1
    assert office.queue(HANDLER) == [no]
    office.act(no, "finish", HANDLER, summary="五项均已办结")
    case = office.case(no)
    assert (case["outcome"], case["state"]) == ("completed", "archived")
    assert office.papers(no)["result_sheet"] == "毕一件事〔2026〕1号"
    assert office.ok("findings", "list", "--colour", "yellow")["findings"] == []
    office.verified()


def side_by_side(office: Office, children: dict[str, str]) -> None:
    """Four are done at once, whatever the order; the fifth lacks a letter that only the applicant can bring."""
    for matter in sorted(OFFICES.keys() - {LATE}):
        office.act(children[matter], "complete", OFFICES[matter][0], result="已办理")
    stranger = OFFICES["graduate-social-insurance"][0]
    zh, en = "应当由 handler 岗人员办理", "a person at the post handler"
    office.refuse(children[LATE], "complete", stranger, rule="not_authorised", zh=zh, en=en, result="已办")
    office.act(children[LATE], "request_supplement", "zu-zhi", defects=["组织关系介绍信"])
    again = {"defects": ["党员证明信"]}
    zh, en = "不能办理“request_supplement”", "cannot be done while"
    office.refuse(
        children[LATE], "request_supplement", "zu-zhi", rule="action_not_available", zh=zh, en=en, **again
    )
    assert office.due(children[LATE], "handling") is None
