"""`banjie calendar show`: a year as the notices made it."""

from __future__ import annotations

import json

import pytest

from workflow.cli.main import run


@pytest.fixture(autouse=True)
def chinese(monkeypatch):
    monkeypatch.setenv("BANJIE_LANG", "zh-CN")


def shown(capsys, *argv: str) -> dict:
    assert run(["calendar", "show", *argv, "--json"]) == 0
    found: dict = json.loads(capsys.readouterr().out)
    return found


def test_a_year_with_its_notices(capsys):
    found = shown(capsys, "2007")
    assert (found["year"], found["calendar"], found["provisional"]) == (2007, "cn", False)
    assert [paper["number"] for paper in found["notices"]] == [
        "国办发明电〔2006〕49号",
        "国办发明电〔2007〕52号",
    ]
    assert found["working_days"] == sum(found["months"])
    days = {day["date"]: day for day in found["days"]}
    assert days["2007-12-29"]["notice"] == "国办发明电〔2007〕52号"
    assert days["2007-10-01"] == {
        "date": "2007-10-01",
        "working": False,
        "reason": "holiday",
        "name": "国庆节",
        "notice": "国办发明电〔2006〕49号",
        "provisional": False,
    }


def test_a_year_that_was_amended_shows_both_papers_and_what_was_known_before(capsys):
    assert [paper["id"] for paper in shown(capsys, "2020")["notices"]] == [
        "cn-2020",
        "cn-2020-spring-festival",
    ]
    before = shown(capsys, "2020", "--as-of", "2020-01-26")
    assert [paper["id"] for paper in before["notices"]] == ["cn-2020"]
    # 31 January and 1 February were taken out of work.
    assert before["working_days"] - shown(capsys, "2020")["working_days"] == 2


def test_a_year_without_a_notice_is_provisional(capsys):
    found = shown(capsys, "2027")
    assert found["provisional"] is True
    assert found["notices"] == []
    assert run(["calendar", "show", "2027"]) == 0
    assert "暂定" in capsys.readouterr().out


def test_people_read_a_table_in_their_language(capsys):
    assert run(["calendar", "show", "2026"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2026 年（日历 cn）：248 个工作日\n")
    assert "春节    02-15..02-23  02-14, 02-28  国办发明电〔2025〕7号" in out
    assert run(["--lang", "en", "calendar", "show", "2010", "--calendar", "nl"]) == 0
    assert "King's Day" not in (out := capsys.readouterr().out)
    assert "Queen's Day (Koninginnedag)" in out


@pytest.mark.parametrize(
    ("argv", "status"), [(["1800"], 1), (["2026", "--calendar", "x"], 1), (["soon"], 2), ([], 2)]
)
def test_what_cannot_be_shown_is_refused(capsys, argv, status):
    assert run(["calendar", "show", *argv]) == status
    assert capsys.readouterr().out == ""
