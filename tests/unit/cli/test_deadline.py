"""`banjie deadline`: what outsiders may script against, and what people read."""

from __future__ import annotations

import json

import pytest

from workflow.cli.main import run


@pytest.fixture(autouse=True)
def chinese(monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", "zh-CN")


def answer(capsys, *argv: str) -> dict:
    assert run(["deadline", *argv, "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    found: dict = json.loads(captured.out)
    return found


def refused(capsys, *argv: str) -> tuple[int, str]:
    code = run(["deadline", *argv])
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return code, captured.err


def test_add_answers_with_the_fields_of_the_contract(capsys):
    found = answer(capsys, "add", "2007-04-25", "20wd")
    assert {"start", "period", "due_on", "due_at", "provisional", "calendar_version", "days"} <= set(found)
    assert (found["start"], found["period"]) == ("2007-04-25", "20wd")
    assert (found["due_on"], found["due_at"]) == ("2007-05-28", "2007-05-28T16:00:00Z")
    assert found["provisional"] is False
    assert found["calendar_version"].startswith("cn@2025-11-04.")
    assert found["days"][0].items() >= {"date": "2007-04-25", "counted": False, "reason": "start"}.items()
    assert sum(day["counted"] for day in found["days"]) == 20


@pytest.mark.parametrize(
    ("argv", "due"),
    [
        (["2007-10-12", "7wd", "--backward"], "2007-09-28"),
        (["2007-10-12", "5d", "--backward"], "2007-09-30"),  # 7 October is a rest day; back, not on
        (["2007-10-12", "5d", "--backward", "--no-roll"], "2007-10-07"),
        (["2007-03-01", "20wd", "--exclude", "2007-03-08..2007-03-22"], "2007-04-13"),
        (["2007-03-01", "20wd", "--exclude", "2007-03-08", "--exclude", "2007-03-09"], "2007-04-02"),
        (["2007-08-03", "60d"], "2007-10-08"),
        (["2007-08-03", "60d", "--no-roll"], "2007-10-02"),
        (["2007-07-02", "3mo"], "2007-10-08"),
        (["2025-08-31", "6mo"], "2026-02-28"),
        (["2007-07-02", "8w"], "2007-08-27"),
        (["2006-10-01", "1y"], "2007-10-08"),
        (["2020-01-10", "20wd", "--as-of", "2020-01-26"], "2020-02-12"),
        (["2020-01-10", "20wd"], "2020-02-14"),
        (["2015-08-20", "15wd", "--as-of", "2015-05-12"], "2015-09-10"),
        (["2010-12-20", "5wd", "--calendar", "nl"], "2010-12-27"),
        (["2026-11-06T09:30", "48h"], "2026-11-08"),
    ],
)
def test_add_understands_every_option(capsys, argv, due):
    assert answer(capsys, "add", *argv)["due_on"] == due


def test_a_time_without_an_offset_is_on_the_wall_clock_of_the_calendar(capsys):
    assert answer(capsys, "add", "2026-11-06T09:30", "48h")["due_at"] == "2026-11-08T01:30:00Z"
    assert answer(capsys, "add", "2026-11-06T09:30+00:00", "48h")["due_at"] == "2026-11-08T09:30:00Z"
    assert answer(capsys, "add", "2026-11-06T23:30Z", "1wd")["due_on"] == "2026-11-09"


def test_a_date_that_rests_on_no_notice_is_provisional(capsys):
    found = answer(capsys, "add", "2026-12-10", "20wd")
    assert (found["due_on"], found["provisional"]) == ("2027-01-08", True)
    assert run(["deadline", "add", "2026-12-10", "20wd"]) == 0
    assert "暂定" in capsys.readouterr().out


def test_people_read_one_line_and_on_demand_every_day(capsys):
    assert run(["deadline", "add", "2007-09-26", "5wd"]) == 0
    short = capsys.readouterr().out
    assert short.splitlines()[0] == "届满日：2007-10-08（星期一）24:00"
    assert "国庆节" not in short
    assert run(["deadline", "add", "2007-09-26", "5wd", "--explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("2007-09-29  星期六  3") and "国庆节调休上班" in line for line in lines)
    assert any("国庆节放假（国办发明电〔2006〕49号）" in line for line in lines)


def test_english_says_the_same(capsys):
    assert run(["--lang", "en", "deadline", "add", "2007-10-12", "7wd", "--backward", "--explain"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("At the latest on 2007-09-28 (Friday), before 24:00\n")
    assert "worked in exchange for National Day" in out


def test_between_counts_and_explains(capsys):
    found = answer(capsys, "between", "2007-09-26", "2007-10-08")
    assert (found["working_days"], found["calendar_days"], found["provisional"]) == (5, 12, False)
    assert sum(day["counted"] for day in found["days"]) == 5
    assert len(found["days"]) == 12
    back = answer(capsys, "between", "2007-10-08", "2007-09-26")
    assert (back["working_days"], back["calendar_days"]) == (-5, -12)
    assert run(["deadline", "between", "2007-09-26", "2007-10-08", "--explain"]) == 0
    assert "5 个工作日，12 日" in capsys.readouterr().out
    assert answer(capsys, "between", "2007-09-26", "2007-09-26")["days"] == []


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["add", "2007-09-26", "5"], "bad_period"),
        (["add", "2007-09-26", "five days"], "bad_period"),
        (["add", "2007-09-31", "5wd"], "bad_date"),
        (["add", "20070926", "5wd"], "bad_date"),
        (["add", "2007-09-26T25:00", "5wd"], "bad_date"),
        (["add", "yesterday", "5wd"], "bad_date"),
        (["add", "2007-09-26", "48h"], "instant_needed"),
        (["add", "2007-09-26", "999y"], "out_of_calendar"),
        (["add", "1850-01-01", "5wd"], "out_of_calendar"),
        (["add", "2007-09-26", "5wd", "--exclude", "2007-10-08..2007-10-01"], "bad_input"),
        (["add", "2007-09-26", "5wd", "--exclude", "soon"], "bad_date"),
        (["add", "2007-09-26", "5wd", "--as-of", "then"], "bad_date"),
        (["add", "2007-09-26", "5wd", "--calendar", "atlantis"], "unknown_calendar"),
        (["between", "2007-09-26", "2007-9-27"], "bad_date"),
    ],
)
def test_what_cannot_be_reckoned_is_refused_in_one_line_with_a_code(capsys, argv, code):
    status, said = refused(capsys, *argv)
    assert status == 1
    assert said.startswith(f"{code}: ")


@pytest.mark.parametrize(
    "argv", [["add", "2007-09-26"], ["add"], ["subtract"], ["add", "2007-09-26", "5wd", "--roll"]]
)
def test_bad_usage_is_told_apart(capsys, argv):
    assert run(["deadline", *argv]) == 2
    assert capsys.readouterr().out == ""
