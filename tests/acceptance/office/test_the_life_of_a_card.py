"""Two yellow cards: one that nobody took note of climbs to the head and is answered for; the other two persons cancel."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.office.office import HEAD, Office
from tests.integration.transfers import FORM, MATERIALS, MATTER

HANDLER, CHECKER, OTHER = "zhou-mingli", "sima-yuan", "wulan-tuya"
SUPERVISOR, AUDITOR = "du-changwei", "tie-ruyun"
TO_THE_HANDLER = (
    ("endorse", "pan-haiyan", {"text": "符合条件"}),
    ("approve_report", "jiang-yuanbo", {}),
    ("report_up", "shui-qingqing", {"letter": "水人函〔2026〕7号", "signer": "江远波"}),
    ("accept", "lin-xiaotang", {}),
)


@pytest.fixture
def cases(office: Office) -> tuple[str, str]:
    """One with the checker, one with a handler, since Monday the 7th."""
    filed = []
    for number, handler in (("99000019801102993X", HANDLER), ("990000199611158086", OTHER)):
        no = office.file(MATTER, "lu-xiaochao", {**FORM, "id_number": number}, MATERIALS)
        for action, by, fields in TO_THE_HANDLER:
            office.act(no, action, by, **fields)
        office.ok("queue", "claim", no, "--as", handler)
        filed.append(no)
    office.act(filed[0], "propose", HANDLER, opinion="agree", text="拟同意")
    return filed[0], filed[1]


def card(office: Office, no: str) -> Any:
    """The yellow card of a case."""
    (found,) = office.ok("findings", "list", "--case", no, "--colour", "yellow")["findings"]
    return found


def test_the_life_of_a_card(office: Office, cases: tuple[str, str]) -> None:
    climbs(office, cases[0])
    answered(office, cases[0])
    cancelled(office, cases[1])
    office.verified()


def climbs(office: Office, no: str) -> None:
    # The checker had four working days, 8 to 11 September: the card falls when the 11th is over.
    assert office.due(no, "step_under_check") == "2026-09-11"
    office.until("2026-09-11 23:59")
    assert office.ok("findings", "list", "--case", no, "--colour", "yellow")["findings"] == []
    office.until("2026-09-12 00:00")
    found = card(office, no)
    assert (found["post"], found["person"], found["standing"]) == ("checker", CHECKER, "raised")
    number = found["finding"]
    assert [
        one["no"]
        for one in office.ok("findings", "list", "--person", CHECKER, "--colour", "yellow")["findings"]
    ] == [no]
    # One working day to take note of it, Monday the 14th; then it is the head's.
    assert office.due(no, f"acknowledgement#{number}") == "2026-09-14"
    # Five to explain it: 14 to 18.
    assert office.due(no, f"explanation#{number}") == "2026-09-18"
    office.until("2026-09-15 09:30")
    shown = office.ok("findings", "show", no, str(number))
    assert (shown["level"], shown["escalated_to"]) == (1, HEAD)
    told = office.page("findings", "show", no, str(number))
    assert "逾期未签收，上报 欧阳正清" in told
    assert "system" not in told
    assert [one["no"] for one in office.ok("findings", "list", "--person", HEAD)["findings"]] == [no]


def answered(office: Office, no: str) -> None:
    number = card(office, no)["finding"]
    reason = {"finding": number, "reason": "情况属实，无正当理由"}
    zh, en = "责任人已作情况说明或者说明期限届满", "the respondent has explained"
    office.refuse(no, "confirm_finding", AUDITOR, rule="respondent_heard", zh=zh, en=en, **reason)
    words = {"finding": number, "text": "外出培训，未及时审核"}
    zh, en = "的责任人、责任岗位人员", "answers for the finding"
    office.refuse(no, "explain_finding", HANDLER, rule="respondent", zh=zh, en=en, **words)
    office.act(no, "explain_finding", CHECKER, **words)
    zh, en = "监察人员", "an auditor"
    office.refuse(no, "confirm_finding", CHECKER, rule="auditor", zh=zh, en=en, **reason)
    office.act(no, "confirm_finding", AUDITOR, **reason)
    measure = {"finding": number, "measure": "rectification", "text": "限期整改", "due_on": "2026-09-25"}
    office.act(no, "take_measure", AUDITOR, **measure)
    done = {"finding": number, "reason": "整改到位"}
    zh, en = "处于“已有处理结果”阶段的预警；现处于“整改中”阶段", "stands at result recorded"
    office.refuse(no, "strike_off", AUDITOR, rule="finding_stands", zh=zh, en=en, **done)
    office.act(no, "record_result", AUDITOR, finding=number, result="self_examination", text="已作自查")
    office.act(no, "strike_off", AUDITOR, **done)
    shown = office.ok("findings", "show", no, str(number))
    assert shown["standing"] == "struck_off"
    assert [step["type"] for step in shown["life"]] == [
        "FindingRaised",
        "FindingEscalated",
        "FindingExplained",
        "FindingConfirmed",
        "MeasureTaken",
        "ResultRecorded",
        "FindingStruckOff",
    ]
    # Whose the days were: those since the 7th that the step did not give him.
    assert shown["attribution"]["shares"][0]["whose"]["post"] == "checker"
    assert shown["attribution"]["overrun"] > 0
    assert "struck off" in office.page("findings", "show", no, str(number), lang="en")


def cancelled(office: Office, no: str) -> None:
    # The handler had eight, 8 to 17 September; the system had been down on the last of them.
    assert office.due(no, "step_under_review") == "2026-09-17"
    office.until("2026-09-18 09:30")
    number = card(office, no)["finding"]
    office.act(no, "acknowledge_finding", OTHER, finding=number)
    assert card(office, no)["standing"] == "acknowledged"
    down = {"finding": number, "reason": "17 日系统停机检修"}
    zh, en = "负责人、督查或者监察人员", "a head, supervisor or auditor"
    office.refuse(no, "propose_cancel", OTHER, rule="supervisor", zh=zh, en=en, **down)
    office.refuse(
        no,
        "cancel_finding",
        AUDITOR,
        rule="proposed_first",
        zh="先由他人提请取消",
        en="another has proposed",
        **down,
    )
    office.act(no, "propose_cancel", SUPERVISOR, **down)
    office.refuse(no, "cancel_finding", SUPERVISOR, rule="auditor", zh="监察人员", en="an auditor", **down)
    office.act(no, "cancel_finding", AUDITOR, **down)
    assert card(office, no)["cancelled_because"] == down["reason"]
    open_ones = office.ok("findings", "list", "--case", no, "--open")["findings"]
    assert [one["colour"] for one in open_ones] == ["reminder"]
    course = office.history(no)
    assert f"提请取消第 {number} 号预警" in course
    assert f"取消第 {number} 号预警" in course
