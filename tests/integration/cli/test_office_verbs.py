"""Letters, acts on many cases, hand-overs and the window, as they are called from a shell."""

from __future__ import annotations

import json

import pytest

from tests.integration.transfers import FORM

LETTER = "水人函〔2026〕7号"
TO_REPORT = (
    ("pan-haiyan", "endorse", {"text": "符合条件"}),
    ("jiang-yuanbo", "approve_report", {}),
    ("shui-qingqing", "report_up", {"letter": LETTER, "signer": "江远波"}),
)


@pytest.fixture
def reported(transfers):
    """Files a transfer and reports it up under the letter."""

    def report(key):
        no = transfers.file(key)
        for person, action, fields in TO_REPORT:
            transfers.act(no, person, action, **fields)
        return no

    return report


@pytest.fixture
def numbers(tmp_path):
    def write(*lines):
        path = tmp_path / "cases.txt"
        path.write_text("# 办件\n" + "\n".join(lines) + "\n", "utf-8")
        return path

    return write


# --- letters ------------------------------------------------------------------------------------------------------------


def test_a_letter_from_its_first_case_to_the_reply(banjie, transfers, reported, tmp_path):
    first, second = reported("one"), reported("two")
    assert banjie("letter", "list", "--json").json["letters"][0] | {"opened_at": ""} == {
        "organ": transfers.case(first).parties["ministry"],
        "number": LETTER,
        "matter": "transfer-into-beijing",
        "year": 2026,
        "opened_at": "",
        "cases": 2,
        "waiting": 2,
        "reply_series": None,
        "reply_year": None,
        "reply_number": None,
        "replied_at": None,
        "digest": None,
        "state": "open",
        "reply": None,
    }
    out = tmp_path / "reply.pdf"
    assert banjie("letter", "reply", LETTER, "--out", out, "--json").error["code"] == "not_found"

    transfers.days(1)
    for no in (first, second):
        transfers.act(no, "shui-qingqing", "withdraw", reasons="本人撤回")
    transfers.settle()

    shown = banjie("letter", "show", LETTER)
    assert shown.code == 0
    assert first in shown.out
    assert "已答复" in shown.out
    said = banjie("letter", "show", LETTER, "--json").json
    assert said["state"] == "answered"
    assert [one["place"] for one in said["members"]] == [1, 2]
    assert banjie("letter", "reply", LETTER, "--out", out).code == 0
    assert out.read_bytes().startswith(b"%PDF")
    page = tmp_path / "reply.html"
    assert banjie("letter", "reply", LETTER, "--out", page).code == 0
    text = page.read_text("utf-8")
    assert FORM["name"] in text
    assert said["reply"] in text
    assert LETTER in text
    assert "复函" in text


def test_a_letter_nobody_wrote(banjie, home):
    assert banjie("letter", "show", "无此号", "--json").error["code"] == "unknown_letter"
    assert banjie("letter", "list").out.strip() == "没有申报函"


def test_the_history_tells_of_the_reply(banjie, transfers, reported, monkeypatch):
    no = reported("one")
    transfers.days(1)
    transfers.act(no, "shui-qingqing", "withdraw", reasons="本人撤回")
    transfers.settle()

    assert "申报函已答复：列第 1 件，共 1 件" in banjie("case", "history", no).out
    monkeypatch.setenv("BANJIE_LANG", "en")
    assert "The letter is answered: 1 of 1" in banjie("case", "history", no).out


# --- many cases ---------------------------------------------------------------------------------------------------------


def test_many_cases_at_once_first_tried_then_done(banjie, transfers, numbers):
    cases = [transfers.file(f"case-{number}") for number in range(3)]
    transfers.act(cases[2], "pan-haiyan", "endorse", text="符合条件")
    call = (
        "case",
        "bulk",
        "endorse",
        "--cases",
        numbers(*cases),
        "--as",
        "pan-haiyan",
        "--id",
        "b1",
        "--json",
    )
    fields = ("--file", "-")
    words = json.dumps({"text": "符合条件"})

    tried = banjie(*call, *fields, "--dry-run", stdin=words)
    done = banjie(*call, *fields, stdin=words)
    again = banjie(*call, *fields, stdin=words)

    assert (tried.code, done.code, again.code) == (1, 1, 1)
    assert tried.json["items"] == done.json["items"]
    assert done.json["counts"] == {"done": 2, "repeated": 0, "refused": 1}
    assert done.json["items"][2]["error"]["code"] == "action_not_available"
    assert again.json["counts"] == {"done": 0, "repeated": 2, "refused": 1}

    run = banjie("desk", "runs", "b1", "--json").json
    assert (run["actor"], run["action"], run["done"], run["refused"]) == ("pan-haiyan", "endorse", 2, 1)
    assert "批量办理" in banjie("desk", "runs").out
    assert cases[0] in banjie("desk", "runs", "b1").out
    assert banjie("desk", "runs", "none", "--json").error["code"] == "unknown_run"


def test_items_with_fields_of_their_own_come_as_json(banjie, transfers):
    cases = [transfers.file(f"case-{number}") for number in range(2)]
    rows = [{"no": no, "fields": {"text": f"意见{number}"}} for number, no in enumerate(cases)]

    said = banjie(
        "case",
        "bulk",
        "endorse",
        "--cases",
        "-",
        "--as",
        "pan-haiyan",
        stdin=json.dumps(rows, ensure_ascii=False),
    )

    assert said.code == 0
    assert "办理 2 件，未办 0 件" in said.out
    assert transfers.case(cases[1]).record["text"] == "意见1"
    assert banjie("case", "bulk", "endorse", "--cases", "-", stdin="[1]").code == 1


# --- hand-over ----------------------------------------------------------------------------------------------------------


def under_review(transfers, reported, key):
    no = reported(key)
    transfers.act(no, "lin-xiaotang", "accept")
    transfers.act(no, "zhou-mingli", "claim")
    return no


def holder(transfers, no):
    return transfers.case(no).desk.assignment.person


def test_a_leavers_work_seen_handed_over_and_given_back(banjie, transfers, reported):
    no = under_review(transfers, reported, "one")
    call = ("desk", "handover", "zhou-mingli", "--to", "he-jie", "--as", "ouyang-zhengqing", "--id", "h1")

    seen = banjie(*call, "--dry-run", "--json")
    assert seen.code == 0, seen.err
    assert seen.json["items"][0] | {"version": 0} == {
        "no": no,
        "result": "done",
        "state": "under_review",
        "version": 0,
        "person": "he-jie",
        "why": "person",
        "error": None,
    }
    assert holder(transfers, no) == "zhou-mingli"

    assert banjie(*call).code == 0
    assert holder(transfers, no) == "he-jie"

    undone = banjie("desk", "handover", "undo", "h1", "--as", "ouyang-zhengqing")
    assert undone.code == 0, undone.err
    assert holder(transfers, no) == "zhou-mingli"


def test_the_security_administrator_may_hand_over_too(banjie, transfers, reported):
    no = under_review(transfers, reported, "one")

    assert banjie("desk", "handover", "zhou-mingli", "--rule", "deputy", "--as", "gan-shiling").code == 0

    assert holder(transfers, no) == "qiu-shouzhuo"


def test_a_hand_over_that_is_no_sentence_is_bad_usage(banjie, home):
    assert banjie("desk", "handover", "undo").code == 2
    assert banjie("desk", "handover", "zhou-mingli", "h1").code == 2


# --- the window ---------------------------------------------------------------------------------------------------------


def test_what_comes_in_at_the_window_waits_there_to_be_handed_out(banjie, transfers, filing):
    said = banjie(
        "window", "receive", "transfer-into-beijing", "--file", filing(), "--as", "lin-xiaotang", "--json"
    )
    assert said.code == 0, said.err
    no = said.json["no"]
    transfers.settle()
    case = transfers.case(no)
    assert (case.channel, case.desk.first_contact, case.window.clerk) == (
        "window",
        "lin-xiaotang",
        "lin-xiaotang",
    )
    for person, action, fields in (*TO_REPORT, ("lin-xiaotang", "accept", {})):
        transfers.act(no, person, action, **fields)

    waiting = banjie("window", "today", "--as", "lin-xiaotang", "--json").json["items"]
    assert [(one["no"], one["papers"], one["ready"]) for one in waiting] == [
        (no, ["acceptance_notice"], False)
    ]
    assert banjie("window", "today", "--as", "zhou-mingli").out.strip() == "没有待发的文书"
    assert "受理通知书" in banjie("window", "today").out

    out = banjie(
        "window", "handout", no, "--recipient", "水清清", "--how", "post", "--as", "lin-xiaotang", "--json"
    )
    assert out.error["code"] == "verb_refused"
    assert out.error["fields"]["rule"] == "tracking_number"
    done = banjie(
        "window",
        "handout",
        no,
        "--recipient",
        "水清清",
        "--how",
        "post",
        "--tracking",
        "EMS1",
        "--as",
        "lin-xiaotang",
    )
    assert done.code == 0, done.err
    assert banjie("window", "today", "--json").json["items"] == []
    history = banjie("case", "history", no).out
    assert "窗口收件：林晓棠" in history
    assert "第 1 号送达回证：邮寄送达" in history
    assert "水清清" not in history


def test_a_form_corrected_on_the_spot(banjie, transfers, filing, tmp_path):
    no = banjie(
        "window", "receive", "transfer-into-beijing", "--file", filing(), "--as", "lin-xiaotang", "--json"
    ).json["no"]
    transfers.settle()
    change = tmp_path / "change.json"
    change.write_text(json.dumps({"receiving_post": "工程师"}), "utf-8")

    said = banjie("window", "correct", no, "--file", change, "--as", "lin-xiaotang", "--reason", "笔误")

    assert said.code == 0, said.err
    assert transfers.case(no).form["receiving_post"] == "工程师"


def test_the_window_and_its_clerk_go_together(banjie, filing, home):
    assert (
        banjie("case", "submit", "transfer-into-beijing", "--file", filing(), "--channel", "window").code == 2
    )
    assert (
        banjie(
            "case", "submit", "transfer-into-beijing", "--file", filing(), "--received-by", "lin-xiaotang"
        ).code
        == 2
    )
    said = banjie(
        "window", "receive", "transfer-into-beijing", "--file", filing(), "--as", "zhou-mingli", "--json"
    )
    assert said.error["code"] == "not_at_window"
