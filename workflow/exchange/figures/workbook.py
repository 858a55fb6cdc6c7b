"""A paper as an Excel workbook: a sheet for each grid with a chart beside it, and the cases behind the figures.

Text stays text: what begins like a formula is never one (公式注入). Percentages are numbers in the cells, so that Excel can
reckon with them; they were rounded before.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from workflow.exchange.roster.template import excel_text

if TYPE_CHECKING:
    from workflow.exchange.figures.paper import Cell, Column, Grid, Paper

_HEAD: Final = PatternFill("solid", fgColor="FFE6ECF4")
_LINE: Final = Side(style="thin", color="FFC4CCD6")
_BORDER: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TITLE, _BOLD = Font(bold=True, size=16, color="FF0B2C53"), Font(bold=True)
_MOST_BARS: Final = 40
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))


def workbook(paper: Paper) -> bytes:
    """The file."""
    book = Workbook()
    front = book.active
    _front(front, paper)
    for grid in (*paper.grids, *([paper.cases] if paper.cases is not None else [])):
        sheet = book.create_sheet(_sheet_name(grid.title, book.sheetnames))
        _grid(sheet, grid)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _front(sheet: Any, paper: Paper) -> None:
    sheet.title = _sheet_name(paper.title, [])
    sheet.sheet_view.showGridLines = False
    sheet.column_dimensions["A"].width = 110
    _text(sheet.cell(row=1, column=1), paper.title)
    sheet["A1"].font = _TITLE
    for number, line in enumerate((paper.subtitle, paper.made, "", *paper.lead, "", *paper.notes), 2):
        cell = sheet.cell(row=number, column=1)
        _text(cell, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _grid(sheet: Any, grid: Grid) -> None:
    for place, column in enumerate(grid.columns, 1):
        head = sheet.cell(row=1, column=place)
        _text(head, column.title)
        head.font, head.fill, head.border = _BOLD, _HEAD, _BORDER
        head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[get_column_letter(place)].width = _width(grid, place - 1, column)
    for number, row in enumerate(grid.rows, 2):
        for place, (value, column) in enumerate(zip(row, grid.columns, strict=True), 1):
            cell = sheet.cell(row=number, column=place)
            _put(cell, value, column)
            cell.border = _BORDER
            if grid.total and number == len(grid.rows) + 1:
                cell.font = _BOLD
    sheet.freeze_panes = "B2"
    if grid.rows and not grid.chart:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(grid.columns))}{len(grid.rows) + 1}"
    if grid.note:
        _text(sheet.cell(row=len(grid.rows) + 3, column=1), grid.note)
    _chart(sheet, grid)


def _chart(sheet: Any, grid: Grid) -> None:
    bars = len(grid.rows) - grid.total
    if grid.chart is None or bars < 1:
        return
    chart = BarChart()
    chart.type, chart.style, chart.title = "bar", 10, grid.chart.title
    chart.height, chart.width = 3 + 0.75 * min(bars, _MOST_BARS) * len(grid.chart.values), 20
    names = [column.key for column in grid.columns]
    last = min(bars, _MOST_BARS) + 1
    for key in grid.chart.values:
        values = Reference(sheet, min_col=names.index(key) + 1, min_row=1, max_row=last)
        chart.add_data(values, titles_from_data=True)
    label = next(place for place, column in enumerate(grid.columns, 1) if column.kind == "text")
    chart.set_categories(Reference(sheet, min_col=label, min_row=2, max_row=last))
    # The first row stands at the top, and axes that are not hidden: Excel hides them unless told.
    chart.y_axis.scaling.min = 0
    if all(column.kind == "percent" for column in grid.columns if column.key in grid.chart.values):
        chart.y_axis.scaling.max = 100
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    if len(grid.chart.values) == 1:
        chart.legend = None
    sheet.add_chart(chart, f"{get_column_letter(len(grid.columns) + 2)}2")


def _put(cell: Any, value: Cell, column: Column) -> None:
    if value is None:
        return
    if isinstance(value, date):
        cell.value, cell.number_format = value, "yyyy-mm-dd"
    elif column.kind == "percent":
        # A decimal is kept as it is written.
        cell.value, cell.number_format = Decimal(str(value)), '0.0"%"'
    elif isinstance(value, int):
        cell.value = value
    elif column.kind == "points":
        cell.value, cell.number_format = Decimal(value), "0.0"
    else:
        _text(cell, value)


def _text(cell: Any, text: str) -> None:
    cell.value = excel_text(text)
    cell.data_type = "s"


def _width(grid: Grid, place: int, column: Column) -> int:
    if column.kind != "text":
        return 11
    longest = max((_cells(str(row[place] or "")) for row in grid.rows), default=0)
    return max(10, min(longest + 2, 60))


def _cells(text: str) -> int:
    return sum(1 if char.isascii() else 2 for char in text)


def _sheet_name(title: str, taken: Sequence[str]) -> str:
    """Excel takes 31 characters, some marks it does not; a name that is taken gets a number."""
    name = title.translate(_FORBIDDEN)[:28] or "-"
    number = 2
    while name in taken:
        name, number = f"{title.translate(_FORBIDDEN)[:26]} {number}", number + 1
    return name
