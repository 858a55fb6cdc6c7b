"""The file of a directory is judged as a whole: every fault by sheet, row and column, in one pass."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from workflow.errors import BadInput
from workflow.exchange.directory.checking import Known, check
from workflow.exchange.directory.writing import write

SOUND = {
    "organs": [
        "机关代码,机关类别,机关名称,上级机关代码",
        "ministry,部委,部,",
        "division,division,处,ministry",
    ],
    "persons": ["code,name", "a,甲", "b,乙", "c,丙"],
    "posts": [
        "机关代码,岗位,人员代码,任职起始日,任职截止日,A/B岗,限办事项",
        "division,承办岗,a,2020-01-01,,,licence；other",
        "division,handler,b,2020/1/1,2030年12月31日,B岗,",
        "ministry,Head of the organ,c,2020.1.1,,A,",
    ],
    "absences": ["person,since,until,reason", "a,2020-02-01,2020-02-03,休假"],
}


@pytest.fixture
def folder(tmp_path):
    def write(**changed):
        for part, lines in {**SOUND, **changed}.items():
            if lines is not None:
                (tmp_path / f"{part}.csv").write_text("\n".join(lines) + "\n", "utf-8")
        return tmp_path

    return write


def told(found):
    return [
        (fault.sheet, fault.cell, fault.rule.removeprefix("directory.fault."))
        for fault in found.faults
        if fault.severity == "fault"
    ]


def test_headings_and_words_of_both_languages_are_understood(folder):
    found = check(folder())

    assert told(found) == []
    directory = found.directory
    assert directory.organs["division"].parent == "ministry"
    assert directory.holders("division", "handler", date(2020, 5, 1), "licence") == ("a", "b")
    assert directory.deputies("division", "handler", date(2030, 12, 31)) == ("b",)
    assert directory.head_of("division", date(2020, 5, 1)) == "c"
    assert directory.absent("a", date(2020, 2, 3))
    assert directory.organs["division"].names == {"zh-CN": "处", "en": "处"}
    assert found.directory.version


def test_every_fault_is_told_in_one_pass(folder):
    found = check(
        folder(
            organs=[
                *SOUND["organs"],
                "Division Two,处室,二处,ministry",
                "third,王国,三处,gone",
                "division,处室,处,",
            ],
            persons=[*SOUND["persons"], ",无码", "a,又甲", "d,"],
            posts=[
                *SOUND["posts"],
                "nowhere,handler,nobody,2020-13-01,,C,",
                "division,某岗,a,,2020-01-01,,一",
                "ministry,系统管理员,a,2020-01-01,2019-01-01,,",
            ],
            absences=[*SOUND["absences"], "a,2020-02-05,2020-02-04,=1+1"],
        )
    )

    assert not found.sound
    assert told(found) == [
        ("organs.csv", "A4", "code"),
        ("organs.csv", "B5", "organ_kind"),
        ("organs.csv", "A6", "code_once"),
        ("persons.csv", "A5", "required"),
        ("persons.csv", "A6", "code_once"),
        ("persons.csv", "B7", "required"),
        ("posts.csv", "D5", "day"),
        ("posts.csv", "F5", "deputy"),
        ("posts.csv", "B6", "post"),
        ("posts.csv", "D6", "required"),
        ("posts.csv", "G6", "code"),
        ("posts.csv", "E7", "dates_in_order"),
        ("absences.csv", "D3", "formula"),
    ]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_rules_of_a_sound_directory_are_told_at_their_cells(folder, lang):
    found = check(
        folder(
            organs=[*SOUND["organs"], "loop,处室,环,loop", "lost,处室,失,gone"],
            posts=[
                *SOUND["posts"],
                "division,系统管理员,a,2020-01-01,,,",
                "division,承办岗,a,2021-01-01,,B,",
                "lost,审核岗,nobody,2021-01-01,,B,",
                "nowhere,审核岗,b,2021-01-01,,A,",
            ],
        )
    )

    assert told(found) == [
        ("organs.csv", "D4", "no_cycle"),
        ("organs.csv", "D5", "known_organ"),
        ("posts.csv", "B5", "administrators_off_cases"),
        ("posts.csv", "B6", "held_once"),
        ("posts.csv", "B6", "administrators_off_cases"),
        ("posts.csv", "C7", "known_person"),
        ("posts.csv", "F7", "deputy_of_somebody"),
        ("posts.csv", "A8", "known_organ"),
    ]
    assert all(fault.text(lang) for fault in found.faults)
    assert found.faults[0].plain()["heading"] == {"zh-CN": "上级机关代码", "en": "Organ above"}


def test_a_broken_row_is_not_told_twice_over(folder):
    """Who is missing because of another fault is not said to be missing."""
    found = check(folder(persons=["code,name", "A!,甲", "b,乙", "c,丙"]))

    assert told(found) == [("persons.csv", "A2", "code")]


def test_headings_that_are_wrong(folder):
    found = check(folder(persons=["code,名字,code", "a,甲,x"], absences=None, organs=None))

    assert ("persons.csv", "B1", "unknown_heading") in told(found)
    assert ("persons.csv", "C1", "heading_twice") in told(found)
    assert ("persons.csv", "1:1", "heading_missing") in told(found)


def test_a_table_that_is_missing_and_one_that_may_be(tmp_path, folder):
    path = folder()
    (path / "absences.csv").unlink()
    assert check(path).sound
    (path / "persons.csv").unlink()
    assert ("persons", "", "no_sheet") in told(check(path))


def test_what_no_matter_knows_is_noted_and_no_fault(folder):
    found = check(folder(), Known(matters={"licence"}, posts={"handler"}))

    assert found.sound
    assert [fault.rule.rpartition(".")[2] for fault in found.faults] == ["matter_unknown"]


def test_a_workbook_with_dates_numbers_and_formulas(tmp_path):
    book = Workbook()
    book.active.title = "Organs"
    for name, rows in {
        "Organs": [["Code", "Kind", "Name"], ["o", "unit", "所"]],
        "人员": [["人员代码", "姓名"], ["a", 7], [None, None], ["b", "=1+1"]],
        "posts": [["organ", "kind", "person", "since"], ["o", "unit_officer", "a", datetime(2020, 1, 1)]],  # noqa: DTZ001
    }.items():
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "d.xlsx")

    found = check(tmp_path / "d.xlsx")
    assert told(found) == [("人员", "B4", "formula")]
    assert found.directory.persons["a"].name == "7"
    assert found.directory.holdings[0].since == date(2020, 1, 1)


@pytest.mark.parametrize("name", ["d.csv", "d.txt", "none.xlsx", "none.zip", "broken.xlsx", "broken.zip"])
def test_what_cannot_be_read_at_all(tmp_path, name):
    if not name.startswith("none"):
        (tmp_path / name).write_bytes(b"code,name\n")
    with pytest.raises(BadInput):
        check(tmp_path / name)


def test_gb18030_as_excel_writes_it(folder):
    path = folder()
    file = path / "persons.csv"
    file.write_bytes(file.read_text("utf-8").encode("gb18030"))

    assert check(path).directory.persons["a"].name == "甲"


def test_an_edited_workbook_is_read_like_a_new_one(folder, tmp_path):
    first = check(folder()).directory
    write(first, tmp_path / "d.xlsx", "zh-CN")
    book = load_workbook(tmp_path / "d.xlsx")
    book["人员"].append(["d", "丁"])
    book.save(tmp_path / "e.xlsx")

    assert set(check(tmp_path / "e.xlsx").directory.persons) == {"a", "b", "c", "d"}
