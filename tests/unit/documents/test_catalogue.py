"""The disclosure catalogue as a page, as data and as a table that no spreadsheet computes."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.catalog.categories import load_categories
from workflow.catalog.disclosure import Disclosure, disclosure
from workflow.catalog.loader import load
from workflow.documents.catalogue import catalogue_csv, catalogue_json, catalogue_page, harmless, missing
from workflow.texts import LANGUAGES

NOW = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
CATALOG = load()


def found(lang: str) -> Disclosure:
    return disclosure(CATALOG, load_categories(), lang, NOW)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_data_and_table_have_the_same_matters(lang):
    of = found(lang)
    page = unescape(catalogue_page(of, lang))
    data = json.loads(msgspec.json.encode(catalogue_json(of)))
    rows = list(csv.reader(io.StringIO(catalogue_csv(of, lang).decode("utf-8-sig"))))

    codes = [entry.code for _, entry in of.entries]
    assert [entry["code"] for shelf in data["shelves"] for entry in shelf["entries"]] == codes
    assert [row[1] for row in rows[1:]] == codes
    assert all(entry.title in page for _, entry in of.entries)
    assert {len(row) for row in rows} == {17}
    assert all(shelf.title in page for shelf in of.shelves)


def test_spreadsheets_are_told_the_encoding():
    assert catalogue_csv(found("zh-CN"), "zh-CN").startswith(b"\xef\xbb\xbf" + "类目,事项代码".encode())


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＠x"])
def test_a_formula_is_led_by_an_apostrophe(cell):
    assert harmless(cell) == "'" + cell


@given(cell=st.text())
def test_no_cell_begins_as_a_formula_and_nothing_else_is_changed(cell):
    kept = harmless(cell)

    assert kept in (cell, "'" + cell)
    assert not kept.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_title_that_is_a_formula_reaches_no_spreadsheet():
    of = found("en")
    shelf = next(shelf for shelf in of.shelves if shelf.entries)
    wicked = replace(shelf, entries=(replace(shelf.entries[0], title='=HYPERLINK("x")'),))
    rows = csv.reader(io.StringIO(catalogue_csv(replace(of, shelves=(wicked,)), "en").decode("utf-8-sig")))

    assert list(rows)[1][2] == '\'=HYPERLINK("x")'


def test_what_is_missing_is_told_in_words():
    of = found("zh-CN")
    lines = list(missing(of, "zh-CN"))

    assert lines[0].startswith("没有内容的类目：机构职能与负责人；")
    assert list(
        missing(replace(of, completeness=type(of.completeness)(empty=(), unsorted=(), lacking=())), "en")
    ) == ["Every category has something in it and every matter has its five blocks."]
