"""A workbook in which text stays text, and a CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from workflow.exchange.figures.paper import Chart, Column, Grid, Paper
from workflow.exchange.figures.printing import csv_text
from workflow.exchange.figures.workbook import workbook
from workflow.testing.sample import at

EVIL = '=HYPERLINK("http://example.org")'


def paper(*rows, chart=None, title="表[一]:/?*"):
    grid = Grid(
        key="g",
        title=title,
        columns=(
            Column(key="name", title="名称", kind="text"),
            Column(key="count", title="件数"),
            Column(key="rate", title="率", kind="percent"),
            Column(key="on", title="日", kind="day"),
            Column(key="points", title="分", kind="points"),
        ),
        rows=rows,
        chart=chart,
    )
    return Paper(title=EVIL, subtitle="", made="", on=at("2026-10-01"), lead=(), grids=(grid, grid))


def read(of):
    return load_workbook(io.BytesIO(workbook(of)))


@pytest.mark.parametrize("text", [EVIL, "+1+1", "-2+3", "@SUM(A1)", "\t=1"])
def test_what_looks_like_a_formula_is_text(text):
    book = read(paper((text, 1, "50.0", date(2026, 10, 1), "-4.0")))

    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    row = next(
        csv.reader(
            io.StringIO(csv_text(paper((text, 1, "50.0", date(2026, 10, 1), "-4.0"))).split("\r\n", 1)[1])
        )
    )
    assert row[2] == f"'{text}"
    assert row[3:] == ["1", "50.0", "2026-10-01", "-4.0"]


def test_numbers_are_numbers_and_days_are_days():
    sheet = read(
        paper(("甲", 7, "93.5", date(2026, 10, 1), "-4.0"), ("乙", 0, None, None, "100.0"))
    ).worksheets[1]

    assert [cell.value for cell in sheet[2]][1:] == [7, 93.5, sheet["D2"].value, -4]
    assert sheet["D2"].value.date() == date(2026, 10, 1)
    assert sheet["C3"].value is None


def test_sheets_of_one_name_are_told_apart():
    assert read(paper()).sheetnames[1:] == ["表-一-----", "表-一----- 2"]


def test_a_chart_has_as_many_bars_as_rows():
    sheet = read(
        paper(
            ("甲", 7, "93.5", None, "1.0"),
            ("乙", 3, "50.0", None, "1.0"),
            chart=Chart(values=("count",), title="图"),
        )
    ).worksheets[1]

    (chart,) = sheet._charts
    assert chart.series[0].val.numRef.f.endswith("$B$2:$B$3")
