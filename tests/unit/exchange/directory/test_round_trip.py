"""What is exported is read back as it was, whatever the file, the language and the words in it."""

from __future__ import annotations

import csv
import zipfile
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from workflow.catalog.directory_content import content_of, directory_of, sealed
from workflow.domain.directory import Absence, Directory, Holding, Organ, Person
from workflow.domain.directory_rules import INDIVIDUAL
from workflow.exchange.directory.checking import check
from workflow.exchange.directory.columns import PARTS, words
from workflow.exchange.directory.writing import write

FILES = ("directory.xlsx", "directory.zip", "directory")
LANGS = ("zh-CN", "en")

names = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Zs"))
    | st.sampled_from("=+-@'\"，;㛃·"),
    min_size=1,
    max_size=8,
)
codes = st.from_regex(r"[a-z][a-z0-9]{0,4}(-[a-z0-9]{1,3})?", fullmatch=True)
days = st.dates(min_value=date(1950, 1, 1), max_value=date(2080, 1, 1))


@st.composite
def directories(draw):
    """Sound directories: handlers and nothing but, each held once."""
    organ_codes = draw(st.lists(codes, min_size=1, max_size=4, unique=True))
    person_codes = draw(st.lists(codes, min_size=1, max_size=5, unique=True))
    organs = {}
    for number, code in enumerate(organ_codes):
        # An individual is one person, which a directory drawn at random does not keep to.
        kind = draw(st.sampled_from(sorted({*words("organ_kind", "en")} - {INDIVIDUAL})))
        parent = draw(st.none() | st.sampled_from(organ_codes[:number])) if number else None
        organs[code] = Organ(
            code=code, kind=kind, names={"zh-CN": draw(names), "en": draw(names)}, parent=parent
        )
    holdings, absences = [], []
    for number, code in enumerate(person_codes):
        since = draw(days)
        holdings.append(
            Holding(
                person=code,
                kind=draw(st.sampled_from(["handler", "some_post"])),
                organ=organ_codes[number % len(organ_codes)],
                since=since,
                until=draw(
                    st.none() | st.integers(0, 9000).map(lambda far, since=since: since + timedelta(far))
                ),
                matters=tuple(draw(st.lists(codes, max_size=3, unique=True))),
            )
        )
        if draw(st.booleans()):
            absences.append(
                Absence(
                    person=code, since=since, until=since + timedelta(3), reason=draw(st.just("") | names)
                )
            )
    persons = {code: Person(code=code, name=draw(names)) for code in person_codes}
    return sealed(
        Directory(
            version="", organs=organs, persons=persons, holdings=tuple(holdings), absences=tuple(absences)
        )
    )


@pytest.mark.parametrize("name", FILES)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(directory=directories(), lang=st.sampled_from(LANGS))
def test_export_and_import_is_the_identity(tmp_path, name, directory, lang):
    write(directory, tmp_path / name, lang)
    found = check(tmp_path / name)

    assert [fault.text("en") for fault in found.faults] == []
    assert found.directory == directory


@given(directory=directories())
def test_what_is_kept_in_the_database_is_read_back_as_it_was(directory):
    body = content_of(directory)

    assert content_of(directory_of(body)) == body
    assert directory_of(body).holdings == directory.holdings


def dangerous():
    """A directory whose names and reasons are formulas to a program for spreadsheets."""
    formula = '=HYPERLINK("http://x","y")'
    return sealed(
        Directory(
            version="",
            organs={"o": Organ(code="o", kind="unit", names={"zh-CN": "+1", "en": "-1"})},
            persons={"p": Person(code="p", name=formula), "q": Person(code="q", name="'=1")},
            holdings=(),
            absences=(
                Absence(person="p", since=date(2020, 1, 1), until=date(2020, 1, 2), reason="@SUM(A1)"),
            ),
        )
    )


def test_a_workbook_holds_no_formula(tmp_path):
    write(dangerous(), tmp_path / "d.xlsx", "en")
    book = load_workbook(tmp_path / "d.xlsx")

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [cell.value for cell in cells if cell.quotePrefix] == [
        "+1",
        "-1",
        '=HYPERLINK("http://x","y")',
        "'=1",
        "@SUM(A1)",
    ]
    assert check(tmp_path / "d.xlsx").directory == dangerous()


def test_a_csv_file_has_an_apostrophe_before_what_looks_like_one(tmp_path):
    write(dangerous(), tmp_path / "d", "en")
    with (tmp_path / "d" / "persons.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))

    assert [row[1] for row in rows[1:]] == ['\'=HYPERLINK("http://x","y")', "''=1"]
    assert check(tmp_path / "d").directory == dangerous()


def test_the_same_directory_gives_the_same_zip(tmp_path):
    for name in ("one.zip", "two.zip"):
        write(dangerous(), tmp_path / name, "en")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist() == [f"{part}.csv" for part in PARTS]


def test_the_sheets_guide_whoever_fills_them_in(tmp_path):
    write(dangerous(), tmp_path / "d.xlsx", "zh-CN")
    book = load_workbook(tmp_path / "d.xlsx")

    assert book.sheetnames == ["机关", "人员", "任职", "缺勤", "lists"]
    assert book["lists"].sheet_state == "hidden"
    assert [cell.value for cell in book["任职"][1]][:3] == ["机关代码", "岗位", "人员代码"]
    assert "必填" in book["任职"]["A1"].comment.text
    sources = {rule.formula1 for rule in book["任职"].data_validations.dataValidation}
    assert {"'机关'!$A$2:$A$20000", "'人员'!$A$2:$A$20000"} <= sources
