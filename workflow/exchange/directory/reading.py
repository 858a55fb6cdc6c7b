"""The file of a directory read into tables of cells, whatever kind of file it is; what the cells mean is told elsewhere."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias
from xml.etree.ElementTree import ParseError

from workflow.domain.directory_rules import Part
from workflow.errors import BadInput
from workflow.exchange.directory.columns import PARTS, heading, known_headings, known_sheets
from workflow.exchange.directory.writing import FORMULA
from workflow.exchange.roster.faults import Fault
from workflow.exchange.roster.gate import MAX_UNPACKED, size_allowed, workbook_allowed
from workflow.texts import LANGUAGES, t

MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 50
OPTIONAL: Final[frozenset[Part]] = frozenset({"absences"})
"""Tables that may be left out."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is reckoned by the program for spreadsheets; it says nothing here."""


Cell: TypeAlias = str | date | Formula | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row that is not blank: its number, as Excel counts, and its cells by the keys of their columns."""

    row: int
    cells: Mapping[str, Cell]


@dataclass(slots=True, kw_only=True)
class Table:
    """One table as it was found: its sheet, or file, where each column is, and its rows."""

    sheet: str
    places: dict[str, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Tables:
    """All that a file holds, and what is wrong with its sheets and headings."""

    parts: dict[Part, Table] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


Rows: TypeAlias = Iterable[Sequence[Cell]]


def read(path: Path) -> Tables:
    """Read the tables of a workbook, a zip or a folder. Raises BadInput for what is none of them or may not be read."""
    found = Tables()
    if path.is_dir():
        for part in PARTS:
            file = path / f"{part}.csv"
            if file.is_file():
                size_allowed(file)
                _take(found, part, file.name, _csv(file.read_bytes(), file.name))
    else:
        size_allowed(path)
        match path.suffix.lower():
            case ".xlsx":
                _workbook(path, found)
            case ".zip":
                _zip(path, found)
            case _:
                raise BadInput(reason=t("directory.file.kind", file=path.name))
    for part in PARTS:
        if part not in found.parts and part not in OPTIONAL:
            found.faults.append(Fault(sheet=part, rule="directory.fault.no_sheet", fields={"sheet": part}))
    return found


def _take(found: Tables, part: Part, sheet: str, rows: Rows) -> None:
    """Take a table: its first row that is not blank are the headings."""
    table = Table(sheet=sheet)
    if part in found.parts:
        found.faults.append(Fault(sheet=sheet, rule="directory.fault.sheet_twice"))
        return
    found.parts[part] = table
    for number, cells in enumerate(rows, 1):
        if not any(cell is not None for cell in cells):
            continue
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise BadInput(reason=t("directory.file.large", sheet=sheet, rows=MAX_ROWS, columns=MAX_COLUMNS))
        if not table.places:
            _headings(found, part, table, number, cells)
            if not table.places:
                return
            continue
        line = {key: cells[place - 1] if place <= len(cells) else None for key, place in table.places.items()}
        table.lines.append(Line(row=number, cells=line))
    if not table.places:
        found.faults.append(Fault(sheet=sheet, rule="directory.fault.no_headings"))


def _headings(found: Tables, part: Part, table: Table, row: int, cells: Sequence[Cell]) -> None:
    known = known_headings(part)
    for place, cell in enumerate(cells, 1):
        text = cell.strip() if isinstance(cell, str) else cell
        if text is None:
            continue
        key = known.get(text.casefold()) if isinstance(text, str) else None
        if key is None:
            shown = text if isinstance(text, str) else str(place)
            rule, fields = "directory.fault.unknown_heading", {"heading": shown}
        elif key in table.places:
            rule, fields = "directory.fault.heading_twice", {"heading": str(text)}
        else:
            table.places[key] = place
            continue
        found.faults.append(Fault(sheet=table.sheet, row=row, column=place, rule=rule, fields=fields))
    for column in PARTS[part]:
        if column.required and column.key not in table.places:
            titles = {"heading": _titles(part, column.key)}
            found.faults.append(
                Fault(sheet=table.sheet, row=row, rule="directory.fault.heading_missing", fields=titles)
            )


def _titles(part: Part, key: str) -> Mapping[str, str]:
    return {lang: heading(part, key, lang) for lang in LANGUAGES}


# --- CSV --------------------------------------------------------------------------------------------------------------


def _zip(path: Path, found: Tables) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise BadInput(reason=t("roster.file.bomb", file=path.name, most=MAX_UNPACKED >> 20))
            for part in PARTS:
                for entry in entries:
                    if Path(entry.filename).name == f"{part}.csv":
                        _take(found, part, entry.filename, _csv(archive.read(entry), entry.filename))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise BadInput(reason=t("directory.file.no_zip", file=path.name)) from error


def _csv(content: bytes, name: str) -> Rows:
    """UTF-8 with or without its mark, else GB 18030, which Excel in Chinese writes."""
    text = _decoded(content, name)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        return [[_from_csv(value) for value in row] for row in reader]
    except csv.Error as error:
        raise BadInput(reason=t("roster.file.csv", file=name, line=reader.line_num)) from error


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput(reason=t("roster.file.encoding", file=name))


def _from_csv(value: str) -> Cell:
    if not value.strip():
        return None
    if value.startswith("'") and FORMULA.match(value):
        return value[1:]
    return Formula() if value.startswith("=") else value


# --- Excel --------------------------------------------------------------------------------------------------------------


def _workbook(path: Path, found: Tables) -> None:
    workbook_allowed(path)
    from openpyxl import load_workbook  # noqa: PLC0415 - takes 0.2 s to import
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # What openpyxl does not know (a fancy format) is of no interest here.
            warnings.simplefilter("ignore")
            book: Any = load_workbook(path, read_only=True, keep_links=False)
            with closing(book):
                for sheet in book.worksheets:
                    part = known_sheets().get(sheet.title.strip().casefold())
                    if part is not None and sheet.sheet_state == "visible":
                        # What a sheet says of its own size may be wrong.
                        sheet.reset_dimensions()
                        _take(found, part, sheet.title, _rows(sheet))
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        ParseError,
        InvalidFileException,
    ) as error:
        # openpyxl speaks of its own insides when a part is missing or is not what it should be.
        raise BadInput(reason=t("roster.file.no_workbook", file=path.name)) from error


def _rows(sheet: Any) -> Rows:
    for row in sheet.iter_rows():
        cells = [_from_excel(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        yield cells


def _from_excel(cell: Any) -> Cell:
    value = cell.value
    if value is None or cell.data_type == "f":
        return Formula() if cell.data_type == "f" else None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value)
    return text if text.strip() else None
