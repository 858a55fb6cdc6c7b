"""A copy of a roster as a workbook in which faults are marked, or results stand beside the rows.

A marked copy may be mended and checked again: marks of an earlier check go, and the columns added here are no columns of
the roster. The file that was handed in is never touched.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from workflow.errors import BadInput
from workflow.exchange.roster.checking import Checked
from workflow.exchange.roster.faults import Fault
from workflow.exchange.roster.headings import ADDED
from workflow.exchange.roster.reading import Book, Sheet
from workflow.exchange.roster.template import excel_text
from workflow.texts import LANGUAGES, fault_text, t

MARKER: Final = "banjie.check"
"""The author of the comments that a check leaves, by which they are known again."""

_FAULT: Final = PatternFill("solid", fgColor="FFC7CE")
_ROWS_OF_COMMENT: Final = 120
_LONGEST: Final = 32_000
"""Characters that Excel keeps in a cell."""


def write_marked(book: Book, checked: Checked, out: Path, lang: str) -> None:
    """Keep a copy with every faulty cell marked and commented, and beside each row what is wrong with it as a whole."""
    copy = _copy(book)
    layout = checked.layout
    name = layout.sheet.name if layout else (book.sheets[0].name if book.sheets else "")
    sheet = _sheet(copy, name)
    _clear(sheet)
    heading = layout.heading if layout else 1
    of_cells: dict[tuple[int, int], list[Fault]] = {}
    of_rows: dict[int, list[Fault]] = {}
    for fault in checked.faults:
        if fault.row is not None and fault.column is not None:
            of_cells.setdefault((fault.row, fault.column), []).append(fault)
        else:
            of_rows.setdefault(fault.row or heading, []).append(fault)
    for (row, column), faults in of_cells.items():
        cell = sheet.cell(row=row, column=column)
        cell.fill = _FAULT
        text = "\n".join(fault.text(lang) for fault in faults)
        cell.comment = Comment(text, MARKER, width=300, height=_ROWS_OF_COMMENT)
    if of_rows:
        texts = {row: "; ".join(fault.text(lang) for fault in faults) for row, faults in of_rows.items()}
        said = texts.pop(heading, None)
        _beside(sheet, heading, {"findings": texts}, lang)
        if said:
            cell = sheet.cell(row=heading, column=1)
            cell.comment = Comment(said, MARKER, width=300, height=_ROWS_OF_COMMENT)
    _save(copy, out)


def write_results(
    book: Book, checked: Checked, results: Mapping[str, Mapping[int, str]], out: Path, lang: str
) -> None:
    """Keep a copy with what became of each row beside it: for each added column (`no`, `code`, `result`) texts by row."""
    copy = _copy(book)
    layout = checked.layout
    sheet = _sheet(copy, layout.sheet.name if layout else "")
    _clear(sheet)
    _beside(sheet, layout.heading if layout else 1, results, lang)
    _save(copy, out)


def free_to_write(out: Path) -> None:
    """Raise BadInput for a name that is not a workbook's, or where something lies already."""
    if out.suffix.lower() != ".xlsx":
        raise BadInput(reason=t("roster.usage.xlsx"))
    if out.exists():
        raise BadInput(reason=t("roster.file.exists", file=out))


def _copy(book: Book) -> Any:
    """The workbook itself with all its sheets; of a CSV file a workbook with its texts."""
    if book.path.suffix.lower() == ".xlsx":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(book.path, keep_links=False)
    copy: Any = Workbook()
    copy.active.title = t("roster.sheet.filings")
    for sheet in book.sheets:
        _texts(copy.active, sheet)
    return copy


def _texts(into: Any, sheet: Sheet) -> None:
    for number, cells in sheet.lines:
        for column, cell in enumerate(cells, 1):
            if cell.value is not None:
                _put(into.cell(row=number, column=column), str(cell.value))


def _sheet(copy: Any, name: str) -> Any:
    return copy[name] if name in copy.sheetnames else copy.worksheets[0]


def _clear(sheet: Any) -> None:
    """Take away the marks of an earlier check, and the columns that were added."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == MARKER:
                cell.comment = None
                cell.fill = PatternFill()
    added = {t(f"roster.column.{name}", lang) for name in ADDED for lang in LANGUAGES}
    for row in sheet.iter_rows(max_row=1):
        for cell in reversed(row):
            if cell.value in added:
                sheet.delete_cols(cell.column)


def _beside(sheet: Any, heading: int, columns: Mapping[str, Mapping[int, str]], lang: str) -> None:
    first = sheet.max_column + 1
    for column, (name, texts) in enumerate(columns.items(), first):
        head = sheet.cell(row=heading, column=column, value=t(f"roster.column.{name}", lang))
        head.font = Font(bold=True)
        sheet.column_dimensions[head.column_letter].width = 24
        for row, text in texts.items():
            cell = sheet.cell(row=row, column=column)
            _put(cell, text[:_LONGEST])
            cell.alignment = Alignment(vertical="top")


def _put(cell: Any, text: str) -> None:
    """Text as text: what begins with an equals sign must not become a formula in somebody's Excel."""
    cell.value = excel_text(text)
    cell.data_type = "s"
    cell.number_format = "@"


def _save(copy: Any, out: Path) -> None:
    try:
        copy.save(out)
    except OSError as error:
        raise BadInput(reason=f"{out}: {fault_text(error)}") from error
