"""What somebody writes comes back as he wrote it, from Excel and from CSV; and no cell whatever breaks the check."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.unit.exchange.roster.conftest import filing, told
from workflow.exchange.roster.cells import Cell, Refused, value_of
from workflow.exchange.roster.columns import Column
from workflow.exchange.roster.faults import letters

FILES = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def written(text):
    """Whether somebody could have typed it, and it is not one of the shapes that Excel leaves behind."""
    return (
        text == text.strip()
        and bool(text)
        and not any(unicodedata.category(sign) in ("Cc", "Cs", "Cn") for sign in text)
        and isinstance(value_of(column("text"), Cell(text)), str)
    )


def column(kind, **schema):
    return Column(
        key="form.x", part="form", path=("x",), kind=kind, titles={"zh-CN": "x", "en": "x"}, schema=schema
    )


texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=60).filter(written)


@FILES
@given(name=texts)
def test_a_text_survives_excel(clerk, name):
    checked = clerk.check(clerk.workbook([filing(name=name)]))

    assert told(checked) == []
    assert checked.rows[0].form["name"] == name


@FILES
@given(
    name=texts.filter(lambda text: not text.startswith("=")),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)
def test_a_text_survives_csv(clerk, name, encoding):
    checked = clerk.check(clerk.csv([filing(name=name)], encoding=encoding))

    assert told(checked) == []
    assert checked.rows[0].form["name"] == name


@FILES
@given(
    accompanying=st.integers(0, 9),
    on_probation=st.booleans(),
    reason_text=st.lists(texts, min_size=1, max_size=3).map("\n".join),
)
def test_numbers_answers_and_lines_survive_both(clerk, accompanying, on_probation, reason_text):
    one = filing(
        accompanying=accompanying, on_probation=on_probation, reason="other", reason_text=reason_text
    )
    for path in (clerk.workbook([one]), clerk.csv([one])):
        checked = clerk.check(path)
        if path.suffix == ".csv" and reason_text.startswith("="):
            assert not checked.sound
            continue
        assert told(checked) == []
        assert checked.rows[0].form == one["form"]


def test_a_text_that_looks_like_a_formula_is_a_text_where_it_is_written_as_one(clerk):
    assert clerk.check(clerk.workbook([filing(name="=王")])).rows[0].form["name"] == "=王"


@pytest.mark.parametrize("name", ["_x0041_", "_x000D_", "__x005F_x0041_", "_x00"])
def test_what_looks_like_excels_way_to_number_a_sign_survives_too(clerk, name):
    assert clerk.check(clerk.workbook([filing(name=name)])).rows[0].form["name"] == name


def test_a_line_end_of_another_system_is_a_line_end(clerk):
    def spoil(sheet, at):
        at("form.present_unit", 3).value = "某省_x000D_\n水文站"

    checked = clerk.check(clerk.spoilt(spoil))

    assert checked.rows[0].form["present_unit"] == "某省\n水文站"


def test_entries_of_a_list_come_apart_again(clerk_of):
    clerk = clerk_of("graduates-from-outside")
    (column,) = [column for column in clerk.columns if column.kind == "list"]

    for written_as in ("甲;乙；丙", "甲\n乙\n丙", "甲； 乙 ；丙；"):
        row = clerk.check(clerk.rows([column.key], [written_as])).rows[0]
        assert row.form[column.path[0]] == ["甲", "乙", "丙"]


cells = st.one_of(
    st.builds(Cell, st.text(), st.just("text")),
    st.builds(Cell, st.integers() | st.floats(allow_nan=False, allow_infinity=False), st.just("number")),
    st.builds(Cell, st.booleans(), st.just("boolean")),
    st.builds(Cell, st.dates() | st.datetimes() | st.times() | st.timedeltas(), st.just("date")),
    st.builds(Cell, st.text(), st.sampled_from(["formula", "error"])),
)


@given(cell=cells, kind=st.sampled_from(["text", "coded", "date", "integer", "boolean", "choice", "list"]))
def test_every_cell_is_a_value_of_the_right_type_or_refused(cell, kind):
    value = value_of(column(kind), cell)

    right = {"integer": int, "boolean": bool, "list": list}.get(kind, str)
    assert value is None or isinstance(value, (Refused, right))
    if kind == "date" and isinstance(value, str):
        assert date.fromisoformat(value).isoformat() == value


@given(day=st.dates(date(1900, 3, 1)))
def test_every_way_to_write_a_day_is_that_day(day):
    ways = (f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日")

    for way in ways if day.year > 999 else ():
        assert value_of(column("date"), Cell(way)) == day.isoformat()
    assert value_of(column("date"), Cell(datetime.combine(day, time()), "date")) == day.isoformat()


@pytest.mark.parametrize(("number", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_letters_of_columns(number, name):
    assert letters(number) == name


def test_personal_values_are_not_repeated_in_what_is_told(clerk):
    """What is told goes to logs and screens; the cell is enough to find it."""
    number = "11010519491231003X"
    checked = clerk.check(clerk.workbook([filing(name="王" * 61, id_number=number)]))

    assert len(told(checked)) == 2
    assert not any(
        secret in fault.text(lang)
        for fault in checked.faults
        for lang in ("zh-CN", "en")
        for secret in (number, "王王")
    )


def test_the_clerks_own_file_is_never_changed(clerk):
    path = clerk.workbook([filing()])
    before = path.read_bytes()
    clerk.check(path)

    assert path.read_bytes() == before
    assert load_workbook(path).worksheets[0]["A3"].value == "王秀华"
