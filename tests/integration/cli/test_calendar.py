"""`banjie calendar import|impact|publish|notices`: from the file of a notice to the last open period, by command lines."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import update

from tests.conftest import START
from tests.integration.transfers import MATTER
from workflow.engine.sweep import sweep
from workflow.storage import tables

NOTICE = """
id: cn-2026-typhoon
number: 示例〔2026〕3号
title: 关于2026年9月临时放假的通知
signed_on: "2026-09-05"
issued_on: "2026-09-06"
source: https://example.org/notice
holidays:
  - name: 防汛
    rest: ["2026-09-09"]
    worked: ["2026-09-19"]
"""
PROPOSES, PUBLISHES = "yan-zhengli", "gan-shiling"


@pytest.fixture
def notice(tmp_path):
    path = tmp_path / "notice.yaml"
    path.write_text(NOTICE, "utf-8")
    return str(path)


@pytest.fixture
def no(banjie, home, filing, transfers):
    filed = banjie("case", "submit", MATTER, "--file", filing(), "--json").json["no"]
    transfers.settle()
    return filed


def due(banjie, no):
    (clock,) = banjie("case", "clocks", no, "--json").json["clocks"]
    return clock["due_on"]


def test_a_notice_goes_from_its_file_to_the_open_periods(banjie, transfers, no, notice):
    assert due(banjie, no) == "2026-09-10"

    shown = banjie("calendar", "import", notice, "--json").json
    assert [(one["date"], one["after"]["working"]) for one in shown["changes"]] == [
        ("2026-09-09", False),
        ("2026-09-19", True),
    ]
    found = banjie("calendar", "impact", notice, "--json").json
    assert (found["moved"], found["cured"], found["warned"], found["days"]) == (1, 0, 0, 2)
    assert [(move["no"], move["kind"], move["old"]["on"], move["new"]["on"]) for move in found["moves"]] == [
        (no, "later", "2026-09-10", "2026-09-11")
    ]
    assert banjie("calendar", "notices", "--json").json["notices"] == [], "nothing has been written so far"

    assert banjie("calendar", "import", notice, "--propose", "--as", PROPOSES).code == 0
    (waiting,) = banjie("calendar", "notices", "--json").json["notices"]
    assert (waiting["proposed_by"], waiting["published_by"]) == (PROPOSES, None)
    assert due(banjie, no) == "2026-09-10"

    said = banjie("calendar", "publish", "cn-2026-typhoon", "--as", PUBLISHES)
    assert said.code == 0
    assert "尚有 1 个未结期限待按新日历重新推算" in said.out
    assert "banjie serve" in said.err
    assert banjie("calendar", "show", "2026", "--json").json["behind"] == 1
    sweep(transfers.banjie)
    sweep(transfers.banjie)

    assert due(banjie, no) == "2026-09-11"
    told = banjie("calendar", "notices", "--json").json
    (published,) = told["notices"]
    assert (told["revision"], told["behind"], published["revision"]) == (1, 0, 1)
    assert (published["sweep"]["moved"], published["sweep"]["done_at"] is None) == (1, False)
    assert banjie("calendar", "show", "2026", "--json").json["behind"] == 0
    assert banjie("audit", "verify").code == 0


def test_what_is_published_counts_in_every_command(banjie, home, notice):
    assert banjie("deadline", "add", "2026-09-07", "3wd", "--json").json["due_on"] == "2026-09-10"
    banjie("calendar", "import", notice, "--propose", "--as", PROPOSES)
    assert banjie("deadline", "add", "2026-09-07", "3wd", "--json").json["due_on"] == "2026-09-10"
    banjie("calendar", "publish", "cn-2026-typhoon", "--as", PUBLISHES)

    assert banjie("deadline", "add", "2026-09-07", "3wd", "--json").json["due_on"] == "2026-09-11"
    before = banjie("deadline", "add", "2026-09-07", "3wd", "--as-of", "2026-09-05", "--json").json
    assert before["due_on"] == "2026-09-10"
    year = banjie("calendar", "show", "2026", "--json").json
    assert [paper["id"] for paper in year["notices"]] == ["cn-2026", "cn-2026-typhoon"]
    assert banjie("calendar", "import", notice, "--json").json["changes"] == []


def test_people_read_what_changes_and_whom_it_moves(banjie, transfers, no, notice):
    preview = banjie("calendar", "import", notice).out
    assert "2026-09-09  星期三  工作日    防汛放假（示例〔2026〕3号）" in preview
    assert "2026-09-19  星期六  周休息日  防汛调休上班（示例〔2026〕3号）" in preview
    impact = banjie("calendar", "impact", notice).out
    assert f"{no}  " in impact
    assert "2026-09-10  2026-09-11  推后" in impact
    banjie("calendar", "import", notice, "--propose", "--as", PROPOSES)
    listed = banjie("calendar", "notices").out
    assert "颜正历 2026-09-07 09:00" in listed
    assert "待公布" in listed
    banjie("calendar", "publish", "cn-2026-typhoon", "--as", PUBLISHES)
    assert "推算中" in banjie("calendar", "notices").out
    assert "1 个未结期限" in banjie("calendar", "show", "2026").out
    sweep(transfers.banjie)
    sweep(transfers.banjie)
    assert "已完成：核对 1 个，变动 1 个" in banjie("calendar", "notices").out
    assert "done: 1 looked at, 1 moved" in banjie("--lang", "en", "calendar", "notices").out


def test_many_moves_are_counted_and_the_first_shown(banjie, transfers, no, notice):
    for number in range(25):
        transfers.file(f"more-{number}")
    said = banjie("--lang", "en", "calendar", "impact", notice).out
    assert "due date or alarms moved: 26" in said
    assert "Not shown: 6" in said
    assert len(banjie("calendar", "impact", notice, "--json").json["moves"]) == 26


@pytest.fixture
def year_2027(tmp_path):
    """The notice for 2027 in the form of holiday-cn, as it may look."""
    days = [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "春节", "date": "2027-02-05", "isOffDay": True},
        {"name": "春节", "date": "2027-02-20", "isOffDay": False},
    ]
    path = tmp_path / "2027.json"
    path.write_text(json.dumps({"year": 2027, "papers": ["https://example.org/2027"], "days": days}), "utf-8")
    return str(path)


def test_a_year_of_holiday_cn_is_a_notice_once_its_day_and_number_are_given(banjie, home, year_2027):
    given = ("--issued-on", "2026-09-01", "--number", "国办发明电〔2026〕9号")
    shown = banjie("calendar", "import", year_2027, *given, "--json").json
    assert shown["notice"]["id"] == "cn-2027"
    assert shown["notice"]["confirms"] == 2027
    assert shown["notice"]["title"] == "国务院办公厅关于2027年部分节假日安排的通知"
    moved = [one["date"] for one in shown["changes"] if one["moves_dates"]]
    assert "2027-02-20" in moved
    assert sum(not one["after"]["provisional"] for one in shown["changes"]) >= 365
    assert "由暂定转为确定" in banjie("calendar", "import", year_2027, *given).out
    assert banjie("calendar", "import", year_2027, *given, "--propose", "--as", PROPOSES).code == 0
    banjie("calendar", "publish", "cn-2027", "--as", PUBLISHES)
    assert banjie("calendar", "show", "2027", "--json").json["provisional"] is False
    assert banjie("deadline", "add", "2027-02-19", "1wd", "--json").json["due_on"] == "2027-02-20"


def test_the_files_of_the_data_set_are_read_as_they_are(banjie, home, tmp_path):
    """A year that was amended holds both papers' days; against the shipped calendar it changes none of them."""
    days = banjie("calendar", "show", "2026", "--json").json["days"]
    of_year = [
        {"name": day["name"], "date": day["date"], "isOffDay": not day["working"]}
        for day in days
        if date.fromisoformat(day["date"]).year == 2026
    ]
    path = tmp_path / "2026.json"
    path.write_text(json.dumps({"year": 2026, "papers": ["https://example.org/"], "days": of_year}), "utf-8")
    shown = banjie("calendar", "import", str(path), "--issued-on", "2026-09-01", "--json").json
    assert [one for one in shown["changes"] if one["moves_dates"]] == []


@pytest.mark.parametrize(
    ("content", "words", "code"),
    [
        ('{"year": 2027, "papers": [], "days": []}', ["--issued-on", "2026-09-01"], "bad_input"),
        ('{"year": 2027, "papers": [], "days": [{"name": "x"}]}', ["--issued-on", "2026-09-01"], "bad_input"),
        (
            '{"year": 2027, "papers": [], "days": [{"name": "x", "date": "2027-02-30", "isOffDay": true}]}',
            ["--issued-on", "2026-09-01"],
            "bad_input",
        ),
        (
            '{"year": 2027, "papers": [], "days": [{"name": "x", "date": "2027-01-01", "isOffDay": true}]}',
            [],
            "bad_input",
        ),
        ('{"days": []}', ["--issued-on", "2026-09-01"], "bad_input"),
        ("{", ["--issued-on", "2026-09-01"], "bad_input"),
    ],
)
def test_a_file_that_is_no_year_of_holiday_cn_is_refused(banjie, home, tmp_path, content, words, code):
    path = tmp_path / "x.json"
    path.write_text(content, "utf-8")
    said = banjie("calendar", "import", str(path), *words, "--json")
    assert (said.code, said.out, said.error["code"]) == (1, "", code)


def test_a_notice_with_faults_names_them(banjie, home, tmp_path, notice):
    path = tmp_path / "bad.yaml"
    path.write_text(NOTICE.replace('"2026-09-09"', '"2026-09-31"'), "utf-8")
    assert banjie("calendar", "impact", str(path), "--json").error["code"] == "bad_definition"
    assert banjie("calendar", "import", str(tmp_path / "none.yaml"), "--json").error["code"] == "bad_input"
    assert banjie("calendar", "import", notice, "--number", "1", "--json").error["code"] == "bad_input"
    assert (
        banjie("calendar", "import", notice, "--calendar", "xx", "--json").error["code"] == "unknown_calendar"
    )


@pytest.mark.parametrize(
    ("by", "code"),
    [(PROPOSES, "same_keeper"), ("lin-xiaotang", "not_security_administrator"), ("nobody", "unknown_person")],
)
def test_who_may_not_publish_is_told_why(banjie, home, notice, by, code):
    banjie("calendar", "import", notice, "--propose", "--as", PROPOSES)
    said = banjie("calendar", "publish", "cn-2026-typhoon", "--as", by, "--json")
    assert (said.code, said.out, said.error["code"]) == (1, "", code)
    assert (
        banjie("calendar", "publish", "cn-2026-x", "--as", PUBLISHES, "--json").error["code"]
        == "unknown_notice"
    )


def test_without_a_database_a_notice_can_be_looked_at_and_not_proposed(banjie, empty_home, notice):
    assert banjie("calendar", "import", notice).code == 0
    for words in (
        ("import", notice, "--propose", "--as", PROPOSES),
        ("impact", notice),
        ("notices",),
        ("publish", "x"),
    ):
        assert banjie("calendar", *words, "--json").error["code"] == "database_unavailable"
    assert not empty_home.exists()


def test_a_database_that_cannot_be_read_does_not_stop_a_reckoning(banjie, empty_home):
    empty_home.mkdir()
    (empty_home / "banjie.db").write_text("this is no database, and longer than a header of one would be" * 4)
    said = banjie("deadline", "add", "2026-09-07", "3wd", "--json")
    assert (said.code, said.json["due_on"]) == (0, "2026-09-10")
    assert "只依据定义文件推算" in said.err


def checked(banjie):
    return [one for one in banjie("doctor", "--json").json["checks"] if one["name"] == "calendar"]


def test_the_doctor_tells_of_a_notice_that_nobody_carries_and_of_cases_it_could_not_be_carried_to(
    banjie, transfers, no, notice
):
    assert checked(banjie) == []
    banjie("calendar", "import", notice, "--propose", "--as", PROPOSES)
    banjie("calendar", "publish", "cn-2026-typhoon", "--as", PUBLISHES)
    assert [one["verdict"] for one in checked(banjie)] == ["well"], "the workers have a minute"

    with transfers.store.engine.begin() as connection:
        connection.execute(update(tables.calendar_sweeps).values(begun_at=START))
        connection.execute(update(tables.cases).values(body="{"))
    assert [one["verdict"] for one in checked(banjie)] == ["wrong"]
    sweep(transfers.banjie)
    sweep(transfers.banjie)

    (failed,) = checked(banjie)
    assert failed["verdict"] == "wrong"
    assert "RecordBroken" in failed["found"]
    assert "未能重新推算" in banjie("calendar", "notices").out


def test_a_calendar_that_came_with_the_program_is_told_too(banjie, transfers, no):
    transfers.store.note_shipped("cn", "cn@2026-09-01.abc", START)
    assert "随程序更新的日历 cn@2026-09-01.abc：推算中" in banjie("calendar", "notices").out
    sweep(transfers.banjie)
    sweep(transfers.banjie)
    told = banjie("calendar", "notices", "--json").json
    assert (told["revision"], told["notices"]) == (1, [])
    assert [(one["notice"], one["looked"], one["moved"]) for one in told["shipped"]] == [
        ("cn@2026-09-01.abc", 1, 0)
    ]
