"""The empty roster: one for every matter, saying what it is for; filled in for every matter it is sound."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from openpyxl import load_workbook

from tests.integration.transfers import shipped
from tests.unit.exchange.roster.conftest import filing, told
from workflow.exchange.roster.checking import check
from workflow.exchange.roster.columns import DEFINITION, MATTER, Column, columns_of
from workflow.exchange.roster.reading import read
from workflow.exchange.roster.template import FIRST, HEADINGS, KEYS, write_template
from workflow.testing.forms import filled_form
from workflow.texts import LANGUAGES

PUBLIC = sorted(code for code, matter in shipped().matters.items() if matter.audience == "public")
ON = date(2026, 9, 7)


@pytest.mark.parametrize("code", PUBLIC)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_matter_from_its_template_to_a_sound_roster(clerk_of, code, lang):
    clerk = clerk_of(code)
    rng = Random(f"{code} {lang}")
    definition = clerk.matter.definition
    filings = [
        {"form": filled_form(definition, rng, ON), "materials": tuple(definition.materials)} for _ in range(3)
    ]
    checked = clerk.check(clerk.workbook(filings, lang))
    again = clerk.check(clerk.csv(filings, lang=lang, encoding="gb18030"))

    for found in (checked, again):
        assert [fault for fault in told(found) if fault[1] != "roster.fault.same_row"] == []
        assert [row.form for row in found.rows] == [one["form"] for one in filings]
        assert all(set(row.materials) == set(definition.materials) for row in found.rows)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_empty_roster_of_transfers_holds(clerk, lang, tmp_path):
    path = tmp_path / "empty.xlsx"
    write_template(clerk.matter, clerk.columns, lang, path)
    book = load_workbook(path)
    sheet, guide, lists = book.worksheets

    assert {one.name: one.value for one in book.custom_doc_props.props} == {
        MATTER: "transfer-into-beijing",
        DEFINITION: clerk.matter.definition.hash,
    }
    assert [cell.value for cell in sheet[HEADINGS]] == [column.heading(lang) for column in clerk.columns]
    assert [cell.value for cell in sheet[KEYS]] == [column.key for column in clerk.columns]
    assert sheet.row_dimensions[KEYS].hidden
    assert all(cell.comment.text for cell in sheet[HEADINGS])
    assert lists.sheet_state == "hidden"
    words = "\n".join(str(row[0].value) for row in guide.rows)
    assert "填报说明" in words
    assert "how to fill in" in words


def test_what_excel_guards_itself(clerk):
    book = load_workbook(clerk.workbook([]))
    sheet, _, lists = book.worksheets
    rules = {
        next(iter(rule.sqref.ranges)).coord.split(":")[0]: rule
        for rule in sheet.data_validations.dataValidation
    }

    def rule_of(key):
        return rules[sheet.cell(row=FIRST, column=clerk.by_key[key]).coordinate]

    assert rule_of("form.id_number").type == "textLength"
    assert (rule_of("form.accompanying").formula1, rule_of("form.accompanying").formula2) == ("0", "9")
    picked = rule_of("form.education").formula1.partition("!")[2].replace("$", "")
    assert [row[0].value for row in lists[picked]] == ["博士研究生", "硕士研究生", "大学本科", "大学专科"]
    assert rule_of("materials.transfer_form").type == "list"
    assert sheet.column_dimensions["B"].number_format == "@"
    assert sheet["A1"].fill.fgColor.rgb != sheet["E1"].fill.fgColor.rgb


def test_the_comment_tells_what_to_write(clerk):
    sheet = load_workbook(clerk.workbook([])).worksheets[0]

    def note(key):
        return sheet.cell(row=HEADINGS, column=clerk.by_key[key]).comment.text

    assert "个人信息" in note("form.name")
    assert "博士研究生" in note("form.education")
    assert "“调入事由”为 另行说明的事由 时必填" in note("form.reason_text")
    assert "必填" in note("form.name")


def test_required_and_sometimes_required_columns_are_marked(clerk):
    heads = {column.key: column.heading("en") for column in clerk.columns}

    assert heads["form.name"] == "*Name"
    assert heads["form.reason_text"] == "△Reason in words"
    assert heads["form.landing"] == "Where the household is to be registered"


def test_parties_letter_and_materials_have_columns(clerk):
    keys = [column.key for column in clerk.columns]

    assert "parties.unit" in keys
    assert "parties.ministry" in keys
    assert "letter" in keys
    materials = [key.partition(".")[2] for key in keys if key.startswith("materials.")]
    wanted = [clerk.matter.definition.materials[name].required for name in materials]
    assert sorted(wanted, reverse=True) == wanted


def test_a_form_inside_a_form_is_flattened_by_its_path(clerk):
    inner = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"name": {"type": "string"}, "born": {"type": "string", "format": "date"}},
        "required": ["name"],
    }
    schema = {"type": "object", "properties": {"spouse": inner}, "required": ["spouse"]}
    definition = replace(clerk.matter.definition, form=schema, personal=("spouse",))
    columns = columns_of(replace(clerk.matter, definition=definition))
    keys = [column.key for column in columns if column.part == "form"]
    path = clerk.rows(["form.spouse.name", "form.spouse.born"], ["李㛃", "1990/2/3"], ["", "1990-02-03"])
    checked = check(read(path), replace(clerk.matter, definition=definition), columns, shipped().directory)

    assert sorted(keys) == ["form.spouse.born", "form.spouse.name"]
    assert all(isinstance(column, Column) and column.personal for column in columns if column.part == "form")
    assert checked.rows[0].form == {"spouse": {"name": "李㛃", "born": "1990-02-03"}}
    assert checked.rows[1].sound is False


def test_filings_are_found_where_the_clerk_wrote_them(clerk):
    checked = clerk.check(clerk.workbook([filing(0), filing(1)]))

    assert [row.number for row in checked.rows] == [FIRST, FIRST + 1]
