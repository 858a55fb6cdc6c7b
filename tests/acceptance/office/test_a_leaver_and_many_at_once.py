"""Somebody leaves, and his cases go to those with the fewest; and one act on many cases, first tried and then done."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.office.office import HEAD, Office
from tests.integration.transfers import FORM, MATERIALS, MATTER

LEAVER, CHECKER = "zhou-mingli", "sima-yuan"
NUMBERS = ("99000019801102993X", "990000199611158086", "99000019970302259X", "990000197504176220")
TO_THE_HANDLER = (
    ("endorse", "pan-haiyan", {"text": "符合条件"}),
    ("approve_report", "jiang-yuanbo", {}),
    ("report_up", "shui-qingqing", {"letter": "水人函〔2026〕7号", "signer": "江远波"}),
    ("accept", "lin-xiaotang", {}),
)


@pytest.fixture
def cases(office: Office) -> list[str]:
    """Four that wait for a handler, by one act on all at a time."""
    filed = [office.file(MATTER, "lu-xiaochao", {**FORM, "id_number": one}, MATERIALS) for one in NUMBERS]
    for action, by, fields in TO_THE_HANDLER:
        assert bulk(office, action, by, filed, fields)["counts"] == {"done": 4, "repeated": 0, "refused": 0}
    return filed


def bulk(
    office: Office, action: str, by: str, cases: list[str], fields: dict[str, str], *more: str
) -> dict[str, object]:
    """What a run over many cases said, whether or not all of it was done."""
    path = office.folder / "fields.json"
    path.write_text(json.dumps(fields), "utf-8")
    call = ("case", "bulk", action, "--cases", "-", "--file", path, "--as", by, "--json", *more)
    said = office.call("--lang", "zh-CN", *call, stdin="\n".join(cases)).json
    office.settle()
    return dict(said)


def test_a_leaver(office: Office, cases: list[str]) -> None:
    for no in cases[:3]:
        office.ok("queue", "claim", no, "--as", LEAVER)
    assert sorted(no for no in cases if office.whose(no) == LEAVER) == sorted(cases[:3])
    call = ("desk", "handover", LEAVER, "--rule", "by_load", "--id", "h1")
    seen = office.ok(*call, "--dry-run", "--as", HEAD)
    assert office.whose(cases[0]) == LEAVER, "a preview moves nothing"
    others = office.call(*call[:-1], "h0", "--as", "he-jie")
    assert others.code == 1
    assert "需要本机关负责人或者上级机关负责人" in others.out

    done = office.ok(*call, "--as", HEAD)
    to = {item["no"]: item["person"] for item in done["items"]}
    assert to == {item["no"]: item["person"] for item in seen["items"]}
    assert len(set(to.values())) == 3, "one each, since nobody had any"
    assert {no: office.whose(no) for no in to} == to
    agree = {"opinion": "agree", "text": "拟同意"}
    zh, en = f"待办在 {to[cases[0]]} 名下", f"the work item is with {to[cases[0]]}"
    office.refuse(cases[0], "propose", LEAVER, rule="held_by_another", zh=zh, en=en, **agree)
    office.act(cases[0], "propose", to[cases[0]], **agree)

    # What was acted on since stays; the rest goes back.
    undone = office.call("--lang", "zh-CN", "desk", "handover", "undo", "h1", "--as", HEAD)
    assert undone.code == 1
    assert "办理 2 件，未办 1 件" in undone.out
    assert office.whose(cases[0]) == CHECKER
    assert [office.whose(no) for no in cases[1:3]] == [LEAVER, LEAVER]
    assert "离岗移交" in office.history(cases[1])
    run = office.ok("desk", "runs", "h1")
    assert (run["actor"], run["subject"], run["done"]) == (HEAD, LEAVER, 3)
    office.verified()


def test_a_bulk_approval(office: Office, cases: list[str]) -> None:
    """Three may be confirmed; one is not there yet, and one by somebody who may not."""
    agree = {"opinion": "agree", "text": "拟同意"}
    for no in cases[:3]:
        office.ok("queue", "claim", no, "--as", LEAVER)
        office.act(no, "propose", LEAVER, **agree)
    assert sorted(office.queue(CHECKER)) == sorted(cases[:3])
    counts = office.ok("queue", "counts", "--as", CHECKER)
    assert counts["all"] == 3
    words = {"text": "同意"}
    by_handler = bulk(office, "confirm", LEAVER, cases, words)
    assert by_handler["counts"] == {"done": 0, "repeated": 0, "refused": 4}

    tried = bulk(office, "confirm", CHECKER, cases, words, "--dry-run", "--id", "b1")
    assert sorted(office.queue(CHECKER)) == sorted(cases[:3]), "a dry run keeps nothing"
    done = bulk(office, "confirm", CHECKER, cases, words, "--id", "b1")
    assert tried["items"] == done["items"]
    assert done["counts"] == {"done": 3, "repeated": 0, "refused": 1}
    again = bulk(office, "confirm", CHECKER, cases, words, "--id", "b1")
    assert again["counts"] == {"done": 0, "repeated": 3, "refused": 1}
    assert [office.state(no) for no in cases] == [*["awaiting_approval"] * 3, "under_review"]
    # Eight working days of the handler, four of the checker, three of the approver, who has them from today, the 7th.
    assert office.due(cases[0], "step_awaiting_approval") == "2026-09-10"
    assert (
        office.ok("quota", "show", "--organ", "hydrology-and-coasts", "--year", "2026")["quotas"][1][
            "reserved"
        ]
        == 4
    )
    office.verified()
