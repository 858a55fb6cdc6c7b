"""Every fault planted once and told with its cell and rule, all in one pass; what is sound is told to be."""

from __future__ import annotations

from datetime import date

import pytest
from openpyxl import load_workbook

from tests.unit.exchange.roster.conftest import PEOPLE, filing, told
from workflow.exchange.roster import reading
from workflow.exchange.roster.columns import DEFINITION
from workflow.exchange.roster.faults import letters
from workflow.exchange.roster.rows import Filer
from workflow.texts import LANGUAGES

ON = date(2026, 9, 7)


def text_as_number(sheet, at):
    cell = at("form.id_number", 4)
    cell.number_format = "0.00000E+00"
    cell.value = 1.10105194912310e17


def mangled_text(key, row, value):
    def spoil(sheet, at):
        cell = at(key, row)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"

    return spoil


def formula(sheet, at):
    at("form.name", 3).value = '=CONCATENATE("王","华")'


def excel_error(sheet, at):
    at("form.name", 3).value = "#N/A"
    at("form.name", 3).data_type = "e"


IN_A_CELL = {
    "missing value": ("form.receiving_unit", 3, None, "forms.required"),
    "missing in this case": ("form.decision_document", 4, None, "forms.required"),
    "too long": ("form.name", 3, "王" * 61, "forms.maxLength"),
    "identity number of another shape": ("form.id_number", 3, "1101051949", "forms.id_number.shape"),
    "identity number with a wrong digit": ("form.id_number", 3, "110105194912310021", "forms.id_number.check_digit"),
    "identity number with no such birthday": ("form.id_number", 3, "11010519491331002X", "forms.id_number.birth"),
    "identity number made a number": ("form.id_number", 3, 110105194912310020, "roster.fault.long_number"),
    "identity number as a short number": ("form.id_number", 3, 110105194912, "roster.fault.number_in_text"),
    "identity number as a power of ten": ("form.id_number", 3, "1.10101E+17", "roster.fault.scientific"),
    "blanks at the end": ("form.id_number", 3, "11010519491231002X ", "roster.fault.blanks"),
    "a full-width blank before": ("form.name", 3, "　王秀华", "roster.fault.blanks"),
    "full-width digits": ("form.id_number", 3, "１１０１０５１９４９１２３１００２X", "roster.fault.full_width"),
    "a date in a text": ("form.receiving_post", 3, date(2026, 1, 2), "roster.fault.date_in_text"),
    "a fraction in a text": ("form.name", 3, 1.5, "roster.fault.number_in_text"),
    "a logical value in a text": ("form.name", 3, True, "roster.fault.yes_no_in_text"),
    "no such choice": ("form.sex", 3, "男性", "roster.fault.not_a_choice"),
    "neither yes nor no": ("form.on_probation", 3, "也许", "roster.fault.not_yes_or_no"),
    "a fraction": ("form.accompanying", 3, 1.5, "roster.fault.fraction"),
    "no number": ("form.accompanying", 3, "两人", "roster.fault.not_a_number"),
    "a number out of bounds": ("form.accompanying", 3, 12, "forms.maximum"),
    "a date for a number": ("form.accompanying", 3, date(1900, 1, 2), "roster.fault.date_in_number"),
    "a material neither there nor not": ("materials.transfer_form", 3, "3份", "roster.fault.not_yes_or_no"),
    "an organ nobody knows": ("parties.unit", 3, "子虚乌有局", "roster.fault.unknown_organ"),
    "a letter's number too long": ("letter", 3, "函" * 61, "forms.maxLength"),
}  # fmt: skip


@pytest.mark.parametrize(("key", "row", "value", "rule"), IN_A_CELL.values(), ids=IN_A_CELL)
def test_a_fault_in_a_cell_is_told_with_its_cell(clerk, key, row, value, rule):
    filings = [filing(0), filing(1, reason="posting_ended", decision_document="国人〔2026〕3号"), filing(2)]
    checked = clerk.check(clerk.spoilt(mangled_text(key, row, value), filings))

    assert told(checked) == [(f"{letters(clerk.by_key[key])}{row}", rule)]
    assert not checked.sound


@pytest.mark.parametrize(
    ("spoil", "rule"), [(formula, "roster.fault.formula"), (excel_error, "roster.fault.error")]
)
def test_what_excel_reckons_is_no_value(clerk, spoil, rule):
    assert told(clerk.check(clerk.spoilt(spoil))) == [("A3", rule)]


def test_dates_that_excel_changed(clerk_of):
    clerk = clerk_of("national-talent-fair")
    key = next(column.key for column in clerk.columns if column.kind == "date")
    sound = clerk.check(clerk.rows([key], ["2026-10-01"], ["2026/10/1"], ["2026年10月1日"], ["20261001"]))
    wrong = clerk.check(clerk.rows([key], ["46296"], ["2026-02-30"], ["十月一日"], ["２０２６-10-01"], ["7"]))

    at_dates = {fault.rule for fault in sound.faults if fault.heading and fault.column}
    assert at_dates == set()
    assert [row.form[key.partition(".")[2]] for row in sound.rows] == ["2026-10-01"] * 4
    assert [rule for cell, rule in told(wrong) if cell.startswith("A") and cell != "1:1"] == [
        "roster.fault.date_serial",
        "roster.fault.not_a_date",
        "roster.fault.not_a_date",
        "roster.fault.full_width",
        "roster.fault.not_a_date",
    ]
    assert "2026-10-01" in next(f for f in wrong.faults if f.rule == "roster.fault.date_serial").text("en")


def test_every_fault_is_told_in_one_pass(clerk):
    def spoil(sheet, at):
        at("form.id_number", 3).value = "1.10101E+17"
        at("form.sex", 3).value = "?"
        at("form.name", 4).value = None
        at("form.accompanying", 5).value = "x"
        at("form.present_unit", 5).value = "=A1"

    assert told(clerk.check(clerk.spoilt(spoil))) == [
        ("B3", "roster.fault.scientific"),
        ("C3", "roster.fault.not_a_choice"),
        ("A4", "forms.required"),
        ("D5", "roster.fault.formula"),
        (f"{letters(clerk.by_key['form.accompanying'])}5", "roster.fault.not_a_number"),
    ]


def test_each_fault_is_told_in_both_languages(clerk):
    checked = clerk.check(clerk.spoilt(mangled_text("form.sex", 3, "?")))

    (plain,) = [fault.plain() for fault in checked.faults]
    assert plain["cell"] == "C3"
    assert plain["sheet"] == "申报名册"
    assert plain["heading"] == {"zh-CN": "性别", "en": "Sex"}
    assert plain["text"] == {"zh-CN": "只能填：女、男", "en": "must be one of Female、Male"}
    assert set(plain["text"]) == set(LANGUAGES)


# --- headings --------------------------------------------------------------------------------------------------------


def titles(clerk, lang="zh-CN"):
    return [column.heading(lang) for column in clerk.columns]


def texts(clerk, number=0):
    path = clerk.csv([filing(number)])
    return path.read_text("utf-8-sig").splitlines()[1].split(",")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_alone_are_enough_in_either_language(clerk, lang):
    assert told(clerk.check(clerk.csv([filing(0), filing(1)], lang=lang))) == []


def test_columns_may_change_places_and_titles_may_change(clerk):
    def spoil(sheet, at):
        sheet.cell(row=1, column=1).value = "调入人员姓名"
        sheet.move_range("A1:A5", cols=60)

    assert told(clerk.check(clerk.spoilt(spoil))) == []


def test_unknown_missing_and_duplicate_columns(clerk):
    heads, values = titles(clerk), texts(clerk)
    heads[0], heads[3] = "籍贯", heads[2]

    checked = clerk.check(clerk.rows(heads, values))

    assert told(checked) == [
        ("A1", "roster.fault.unknown_column"),
        ("D1", "roster.fault.duplicate_column"),
        ("1:1", "roster.fault.missing_column"),
        ("1:1", "roster.fault.missing_column"),
    ]
    assert [fault.fields["title"]["en"] for fault in checked.faults[2:]] == ["Name", "Present unit"]
    assert checked.blocked
    assert not any(row.sound for row in checked.rows)


def test_a_title_that_is_nearly_right_is_recognised_in_the_text(clerk):
    checked = clerk.check(clerk.rows([*titles(clerk)[1:], "拟任岗位名称"], [*texts(clerk)[1:], ""]))

    assert "拟任岗位" in next(f for f in checked.faults if f.rule.endswith("meant")).text("zh-CN")


def test_a_value_under_no_heading(clerk):
    checked = clerk.check(clerk.rows(titles(clerk), [*texts(clerk), "", "备注"]))

    assert told(checked) == [(f"{letters(len(clerk.columns) + 2)}2", "roster.fault.no_heading")]


def test_no_headings_and_no_rows(clerk):
    assert told(clerk.check(clerk.rows(["甲", "乙"], ["1", "2"]))) == [("", "roster.fault.no_headings")]
    assert told(clerk.check(clerk.rows(titles(clerk)))) == [("2:2", "roster.fault.no_rows")]


# --- the roster as a whole -------------------------------------------------------------------------------------------


def test_the_same_person_twice(clerk):
    checked = clerk.check(clerk.workbook([filing(0), filing(1), filing(2, id_number=PEOPLE[0])]))

    assert told(checked) == [("B5", "roster.fault.same_person")]
    assert "3" in checked.faults[0].text("en")


def test_the_same_row_twice_where_nobody_has_a_number(clerk_of):
    clerk = clerk_of("policy-consultation")
    row = [
        "x" if column.part == "form" and column.kind in ("text", "list") else "" for column in clerk.columns
    ]
    faults = told(clerk.check(clerk.rows([column.key for column in clerk.columns], row, row)))

    assert ("3:3", "roster.fault.same_row") in faults


def test_empty_rows_between_and_below(clerk):
    def spoil(sheet, at):
        sheet.insert_rows(4, 2)
        sheet["A40"].value = "  "

    assert told(clerk.check(clerk.spoilt(spoil))) == [
        ("4:4", "roster.fault.empty_row"),
        ("5:5", "roster.fault.empty_row"),
    ]


def test_too_many_rows(clerk, monkeypatch):
    monkeypatch.setattr("workflow.exchange.roster.checking.MAX_ROWS", 2)
    checked = clerk.check(clerk.workbook([filing(number) for number in range(4)]))

    assert told(checked) == [("5:5", "roster.fault.too_many_rows")]
    assert len(checked.rows) == 2
    assert checked.blocked


def test_far_too_many_rows_are_not_even_read(clerk, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    monkeypatch.setattr(reading, "MAX_HEADINGS", 1)
    monkeypatch.setattr("workflow.exchange.roster.checking.MAX_ROWS", 2)

    assert ("4:4", "roster.fault.too_many_rows") in told(
        clerk.check(clerk.csv([filing(n) for n in range(4)]))
    )


def test_materials_that_will_be_asked_for_are_noted_and_are_no_fault(clerk):
    checked = clerk.check(clerk.workbook([{**filing(), "materials": ("transfer_form",)}]))

    assert checked.sound
    assert [fault.severity for fault in checked.faults] == ["note"]
    assert "编制证明" in checked.faults[0].text("zh-CN")
    assert checked.rows[0].materials == ("transfer_form",)


def test_a_roster_made_for_another_version_is_told_so(clerk):
    path = clerk.workbook([filing()])
    book = load_workbook(path)
    next(one for one in book.custom_doc_props.props if one.name == DEFINITION).value = "older"
    book.save(path)
    checked = clerk.check(path)

    assert checked.sound
    assert [fault.rule for fault in checked.faults] == ["roster.fault.older_version"]


def test_the_right_to_file_is_judged_row_by_row(clerk):
    path = clerk.workbook([filing(0), {**filing(1), "parties": {"unit": "talent-market"}}])

    assert told(clerk.check(path, filer=Filer("lu-xiaochao", ON))) == [("4:4", "not_authorised")]
    assert told(clerk.check(path, filer=Filer("zhou-mingli", ON))) == [
        ("3:3", "not_authorised"),
        ("4:4", "not_authorised"),
    ]
    assert told(clerk.check(path, filer=Filer("nobody", ON))) == [
        ("3:3", "unknown_person"),
        ("4:4", "unknown_person"),
    ]


def test_the_letter_of_a_row_goes_before_the_letter_of_the_roster(clerk):
    path = clerk.workbook([{**filing(0), "letter": "甲函1号"}, filing(1)])

    assert [row.letter for row in clerk.check(path, letter="乙函2号").rows] == ["甲函1号", "乙函2号"]
