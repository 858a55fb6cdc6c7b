"""`banjie directory`: out into a file, changed there, in again by two persons, and absences."""

from __future__ import annotations

import csv

import pytest
from openpyxl import load_workbook

from tests.conftest import START
from workflow.cli import directory_checks
from workflow.domain.directory_rules import DirectoryFault

SYSTEM, SECURITY = ("--as", "yan-zhengli"), ("--as", "gan-shiling")
DAY = START.date().isoformat()


@pytest.fixture
def workbook(banjie, home, tmp_path):
    """The directory in force as a workbook with one handler more."""

    def write(name="directory.xlsx", person=("zhang-xin", "张新"), post="承办岗"):
        path = tmp_path / name
        assert banjie("directory", "export", "--out", path).code == 0
        book = load_workbook(path)
        book["人员"].append(person)
        book["任职"].append(["talent-market", post, person[0], "2020-01-01"])
        book.save(path)
        return path

    return write


@pytest.mark.parametrize("name", ["d.xlsx", "d.zip", "folder"])
def test_what_is_exported_is_found_sound_and_unchanged(banjie, home, tmp_path, name):
    said = banjie("directory", "export", "--out", tmp_path / name, "--json").json
    assert (said["organs"] > 50, said["persons"] > 150, said["absences"]) == (True, True, 0)

    found = banjie("directory", "check", tmp_path / name, "--json")
    assert (found.code, found.json["sound"], found.json["changes"]) == (0, True, [])
    said = banjie("directory", "import", tmp_path / name, *SYSTEM, "--json")
    assert (said.code, said.error["code"]) == (1, "directory_unchanged")


def test_a_change_goes_from_the_workbook_into_force_by_two_persons(banjie, home, workbook):
    path = workbook()
    assert banjie("directory", "import", path, "--as", "lin-xiaotang", "--json").error["code"] == (
        "not_system_administrator"
    )
    said = banjie("directory", "import", path, *SYSTEM, "--note", "补充人员")
    assert said.code == 0
    assert "第 1 号名录由 yan-zhengli 提出" in said.out
    assert "人员：新增 1" in said.out
    assert banjie("directory", "show", "zhang-xin", "--json").error["code"] == "not_found"
    assert banjie("directory", "confirm", *SYSTEM, "--json").error["code"] == "same_administrator"
    said = banjie("directory", "confirm", *SECURITY, "--json").json
    assert (said["number"], said["revision"], said["confirmed_by"]) == (1, 1, "gan-shiling")
    assert [change["part"] for change in said["changes"]] == ["persons", "posts"]

    person = banjie("directory", "show", "zhang-xin", "--json").json
    assert person["posts"][0]["organ"] == "talent-market"
    listed = banjie("directory", "history", "--json").json
    assert [(one["number"], one["note"]) for one in listed] == [(1, "补充人员")]
    assert "新增" in banjie("directory", "history", "1").out
    log = banjie("directory", "log", "--json").json
    assert [deed["act"] for deed in log] == ["directory.confirmed", "directory.proposed"]
    assert "确认名录" in banjie("directory", "log").out


def test_one_made_from_an_older_directory_is_refused(banjie, home, workbook):
    older = workbook("older.xlsx")
    newer = workbook("newer.xlsx", ("li-xin", "李新"))
    banjie("directory", "import", older, *SYSTEM)
    banjie("directory", "import", newer, *SYSTEM)
    assert banjie("directory", "confirm", *SECURITY, "--json").error["code"] == "nothing_proposed"
    banjie("directory", "confirm", "2", *SECURITY)

    said = banjie("directory", "confirm", "1", *SECURITY)
    assert said.code == 1
    assert "directory_moved: 该名录以第 0 号名录为底本，现行的已是第 2 号" in said.err


def test_every_fault_is_told_by_its_cell(banjie, home, workbook, tmp_path):
    path = workbook(person=("Zhang Xin", "张新"), post="什么岗")
    said = banjie("directory", "check", path)
    assert said.code == 1
    assert "“Zhang Xin”不是代码" in said.out
    assert "“什么岗”不是岗位" in said.out
    told = banjie("directory", "check", path, "--json").json
    assert {fault["sheet"] for fault in told["faults"] if fault["severity"] == "fault"} == {"人员", "任职"}
    assert all(set(fault["text"]) == {"zh-CN", "en"} for fault in told["faults"])
    refused = banjie("directory", "import", path, *SYSTEM, "--json")
    assert (refused.code, refused.error["code"]) == (1, "bad_directory")
    assert banjie("directory", "history", "--json").json == []


def test_an_administrator_at_a_desk_is_refused_in_both_languages(banjie, home, tmp_path):
    banjie("directory", "export", "--out", tmp_path / "d")
    with (tmp_path / "d" / "posts.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["talent-market", "承办岗", "yan-zhengli", "2020-01-01"])

    assert "三员不得任办件岗位" in banjie("directory", "check", tmp_path / "d").out
    assert (
        "an administrator holds no post on cases"
        in banjie("--lang", "en", "directory", "check", tmp_path / "d").out
    )


def test_absences_count_at_once_and_can_be_cancelled(banjie, home):
    said = banjie(
        "directory", "absence", "add", "jin-zhe", f"{DAY}..2099-01-01", "--as", "jin-zhe", "--json"
    ).json
    assert (said["number"], said["uncovered"]) == (1, [])
    assert banjie("directory", "show", "jin-zhe", "--json").json["absent"]
    assert not banjie("directory", "show", "jin-zhe", "--revision", "0", "--json").json["absent"]
    assert "金哲" in banjie("directory", "absence", "list").out
    assert "缺勤" in banjie("directory", "show", "talent-market").out
    refused = banjie("directory", "absence", "cancel", "1", "--as", "zha-shuyi", "--json")
    assert refused.error["code"] == "may_not_record_absence"
    assert banjie("directory", "absence", "cancel", "1", *SYSTEM).code == 0
    assert banjie("directory", "absence", "list", "--json").json == []
    (listed,) = banjie("directory", "absence", "list", "--all", "--json").json
    assert (listed["person"], listed["cancelled_by"]) == ("jin-zhe", "yan-zhengli")


def test_a_post_that_an_absence_leaves_without_anybody_is_told(banjie, home):
    said = banjie("directory", "absence", "add", "ouyang-zhengqing", "2030-01-01", *SYSTEM)

    assert said.code == 0
    assert "“ministry-of-personnel”的“head”岗位无人在岗" in said.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("absence", "add", "nobody", "2030-01-01", *SYSTEM), "unknown_person"),
        (("absence", "add", "jin-zhe", "2030-13-01", *SYSTEM), "bad_date"),
        (("absence", "add", "jin-zhe", "2001-01-01", *SYSTEM), "absence_over"),
        (("absence", "cancel", "7", *SYSTEM), "unknown_absence"),
        (("confirm", "7", *SECURITY), "unknown_directory"),
        (("history", "7"), "unknown_directory"),
        (("show", "nowhere"), "not_found"),
        (("check", "nothing.xlsx"), "bad_input"),
        (("check", "nothing.csv"), "bad_input"),
        (("export", "--out", "nowhere/at/all.xlsx"), "bad_input"),
    ],
)
def test_what_is_wrong_is_refused_with_its_code(banjie, home, words, code):
    said = banjie("directory", *words, "--json")

    assert (said.code, said.error["code"]) == (1, code)


def test_the_directory_in_numbers_and_on_a_page(banjie, home):
    told = banjie("directory", "show", "--json").json
    assert told["administrators"] == {
        "system": ["yan-zhengli"],
        "security": ["gan-shiling"],
        "audit": ["ji-mingcha"],
    }
    page = banjie("directory", "show").out
    assert "安全审计员      纪明察 (ji-mingcha)" in page
    assert "国家人事行政部" in page
    organ = banjie("directory", "show", "talent-market", "--on", "2020-01-01", "--json").json
    assert (organ["head"], organ["superiors"]) == (
        "ouyang-zhengqing",
        ["talent-mobility", "ministry-of-personnel"],
    )


@pytest.fixture
def doctor(banjie):
    """Runs the doctor; gives its verdicts and findings on the directory."""

    def call():
        checks = banjie("doctor", "--json").json["checks"]
        return [(check["verdict"], check["found"]) for check in checks if check["name"] == "directory"]

    return call


def test_the_doctor_finds_the_shipped_directory_well(banjie, home, doctor):
    ((verdict, found),) = doctor()

    assert verdict == "well"
    assert found.startswith("随程序提供")


def test_the_doctor_tells_of_posts_without_anybody(banjie, home, doctor, tmp_path):
    banjie("directory", "absence", "add", "ouyang-zhengqing", f"{DAY}..2099-01-01", *SYSTEM)
    assert ("note", "国家人事行政部的机关负责人今天无人在岗，任职人员都缺勤") in doctor()

    banjie("directory", "export", "--out", tmp_path / "d")
    file = tmp_path / "d" / "posts.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    for row in rows:
        if row[1] == "听证主持岗":
            row[4] = "2020-01-01"
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
    assert banjie("directory", "import", tmp_path / "d", *SYSTEM).code == 0
    assert banjie("directory", "confirm", *SECURITY).code == 0

    found = doctor()
    assert found[0][1].startswith("第 1 号")
    # Nobody at all is left in that organ; the matters need its post all the same.
    assert ("wrong", "政策法规司的听证主持岗无人任职") in found


def test_the_doctor_tells_of_a_directory_that_is_not_sound(banjie, home, doctor, monkeypatch):
    fault = DirectoryFault(
        rule="directory.known_person", part="posts", entry=0, column="person", fields={"person": "x"}
    )
    monkeypatch.setattr(directory_checks, "faults_of", lambda _: (fault,))

    assert doctor() == [("wrong", "随程序提供有 1 处差错，第一处：没有代码为“x”的人员")]
