"""Reading a roster's file, Excel or CSV, into rows of cells; what the cells mean is no business of this module."""

from __future__ import annotations

import csv
import io
import math
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from workflow.errors import BadInput
from workflow.exchange.roster.cells import BLANK, Cell, CellKind, blank
from workflow.exchange.roster.gate import size_allowed, workbook_allowed
from workflow.texts import t

MAX_ROWS: Final = 10_000
"""Filings in one roster: all of them are one transaction, and others wait for as long as it takes."""

MAX_HEADINGS: Final = 10
"""How many rows from the top are searched for the headings."""

MAX_COLUMNS: Final = 300

MAX_CELLS: Final = 8_000_000
"""Cells of a sheet, blank ones with a format of their own included; a number of a row or column may be far out and cost
nothing to write, so this is what reading may cost.
"""

Line: TypeAlias = tuple[int, Sequence[Cell]]
"""A row that is not blank: its number, as Excel counts, and its cells without the blank ones at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet; a CSV file is one without a name. `more`: there were more rows than a roster may have."""

    name: str
    lines: tuple[Line, ...]
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A roster's file: its visible sheets in order, and what a workbook says of itself (`banjie.matter` …)."""

    path: Path
    sheets: tuple[Sheet, ...]
    properties: Mapping[str, str] = field(default_factory=dict)


def read(path: Path) -> Book:
    """Read a roster by the ending of its name. Raises BadInput for a file that is none, is too large, or may not be read."""
    size_allowed(path)
    match path.suffix.lower():
        case ".xlsx":
            return _workbook(path)
        case ".csv":
            return Book(path=path, sheets=(_csv(path),))
    raise BadInput(reason=t("roster.file.kind", file=path.name))


# --- Excel -------------------------------------------------------------------------------------------------------------


_UNREADABLE: Final = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, OSError, EOFError),
    *(SyntaxError, zipfile.BadZipFile, zlib.error),
)
"""What openpyxl and what is below it raise of a workbook that was cut short or put together wrongly; what is wrong with the
markup is a SyntaxError in both parsers.
"""


def _workbook(path: Path) -> Book:
    workbook_allowed(path)
    from openpyxl import load_workbook  # noqa: PLC0415 - takes 0.2 s to import
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # What openpyxl does not know (a fancy format) is of no interest here.
            warnings.simplefilter("ignore")
            book: Any = load_workbook(path, read_only=True, keep_links=False)
            with closing(book):
                shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
                properties = {one.name: str(one.value) for one in book.custom_doc_props.props if one.name}
                sheets = tuple(_sheet(sheet.title, _rows(sheet)) for sheet in shown)
    except (*_UNREADABLE, InvalidFileException) as error:
        # openpyxl speaks of its own insides when a part is missing or is not what it should be.
        raise BadInput(reason=t("roster.file.no_workbook", file=path.name)) from error
    return Book(path=path, sheets=sheets, properties=properties)


def _rows(sheet: Any) -> Iterator[Line]:
    # What a sheet says of its own size may be wrong.
    sheet.reset_dimensions()
    seen = 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        seen += len(row) + 1
        if seen > MAX_CELLS:
            raise BadInput(reason=t("roster.file.long", sheet=sheet.title, most=MAX_CELLS))
        yield number, [_excel_cell(cell) for cell in row]


_NUMBERED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_KINDS: Final[Mapping[str, CellKind]] = {
    "s": "text",
    "n": "number",
    "d": "date",
    "b": "boolean",
    "f": "formula",
    "e": "error",
}


def _excel_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None or value == "":
        return BLANK
    kind = _KINDS.get(cell.data_type, "text")
    if isinstance(value, float) and not math.isfinite(value):
        return Cell("", "error")
    return Cell(_lines(_signs(value)) if isinstance(value, str) else value, kind)


def _signs(text: str) -> str:
    """A text as Excel shows it: signs that its format cannot hold are kept in it by their number (`_x000D_`)."""
    return _NUMBERED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- CSV ---------------------------------------------------------------------------------------------------------------


def _csv(path: Path) -> Sheet:
    text = _decoded(path)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return _sheet(
            "", ((number, [_csv_cell(value) for value in row]) for number, row in enumerate(reader, 1))
        )
    except csv.Error as error:
        raise BadInput(reason=t("roster.file.csv", file=path.name, line=reader.line_num)) from error


def _decoded(path: Path) -> str:
    """UTF-8 with or without its mark, else GB 18030, which Excel in Chinese writes."""
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput(reason=t("roster.file.encoding", file=path.name))


def _csv_cell(value: str) -> Cell:
    if not value:
        return BLANK
    # A program for spreadsheets would reckon this, and show something else than what stands here.
    return Cell(
        value.replace("\r\n", "\n").replace("\r", "\n"), "formula" if value.startswith("=") else "text"
    )


# --- both --------------------------------------------------------------------------------------------------------------


def _sheet(name: str, rows: Iterable[Line]) -> Sheet:
    lines: list[Line] = []
    for number, cells in rows:
        end = len(cells)
        while end and blank(cells[end - 1]):
            end -= 1
        if not end:
            continue
        if end > MAX_COLUMNS:
            raise BadInput(reason=t("roster.file.wide", row=number, most=MAX_COLUMNS))
        if len(lines) == MAX_ROWS + MAX_HEADINGS:
            return Sheet(name=name, lines=tuple(lines), more=True)
        lines.append((number, cells[:end]))
    return Sheet(name=name, lines=tuple(lines))
