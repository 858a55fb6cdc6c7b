"""A directory written into a workbook, a zip or a folder of CSV files. What begins like a formula is written as text."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

from workflow.domain.directory import Directory
from workflow.domain.directory_rules import Part
from workflow.errors import BadInput
from workflow.exchange.directory.columns import PARTS, Column, heading, sheet_title, words
from workflow.texts import CHINESE, ENGLISH, fault_text, t

Value: TypeAlias = str | date | None

FORMULA: Final = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
"""What a program for spreadsheets would reckon; an apostrophe before it makes it text, and one more is taken off again."""

DEPUTY: Final = {False: "a", True: "b"}
SEPARATOR: Final = "; "

_DATE: Final = "yyyy-mm-dd"
_SPARE: Final = 2000
"""Rows below the last one that have their drop-downs already."""

_STAMP: Final = (1980, 1, 1, 0, 0, 0)


def write(directory: Directory, out: Path, lang: str) -> None:
    """Write a directory, headed in that language: a workbook for `.xlsx`, CSV files in a zip for `.zip`, else in a folder.

    Raises BadInput for another ending, or when it cannot be written.
    """
    try:
        match out.suffix.lower():
            case ".xlsx":
                workbook(directory, lang).save(out)
            case ".zip":
                with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                    for part in PARTS:
                        # Of no moment of its own: the same directory gives the same file.
                        entry = zipfile.ZipInfo(f"{part}.csv", _STAMP)
                        archive.writestr(entry, _csv(part, directory, lang), zipfile.ZIP_DEFLATED)
            case "":
                out.mkdir(parents=True, exist_ok=True)
                for part in PARTS:
                    (out / f"{part}.csv").write_bytes(_csv(part, directory, lang))
            case _:
                raise BadInput(reason=t("directory.file.kind", file=out.name))
    except OSError as error:
        raise BadInput(reason=f"{error.filename or out}: {fault_text(error)}") from error


def rows_of(part: Part, directory: Directory, lang: str) -> Iterator[Sequence[Value]]:
    """The rows of a table, each value under its column; kinds of organs and posts by their words."""
    match part:
        case "organs":
            for organ in sorted(directory.organs.values(), key=lambda organ: organ.code):
                names = organ.names
                kind = words("organ_kind", lang).get(organ.kind, organ.kind)
                yield organ.code, kind, names[CHINESE], names.get(ENGLISH), organ.parent
        case "persons":
            for person in sorted(directory.persons.values(), key=lambda person: person.code):
                yield person.code, person.name
        case "posts":
            for held in directory.holdings:
                kind = words("post", lang).get(held.kind, held.kind)
                deputy = words("deputy", lang)[DEPUTY[held.deputy]]
                matters = SEPARATOR.join(held.matters) or None
                yield held.organ, kind, held.person, held.since, held.until, deputy, matters
        case "absences":
            for absence in directory.absences:
                yield absence.person, absence.since, absence.until, absence.reason or None


# --- CSV --------------------------------------------------------------------------------------------------------------


def _csv(part: Part, directory: Directory, lang: str) -> bytes:
    """UTF-8 with its mark, without which Excel takes Chinese for something else."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([heading(part, column.key, lang) for column in PARTS[part]])
    for row in rows_of(part, directory, lang):
        writer.writerow([_in_csv(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _in_csv(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if value and FORMULA.match(value) else value or ""


# --- Excel --------------------------------------------------------------------------------------------------------------


def workbook(directory: Directory, lang: str) -> Any:
    """The workbook: a sheet for each table, with drop-downs, and a note on each heading."""
    from openpyxl import Workbook  # noqa: PLC0415 - takes 0.2 s to import

    book: Any = Workbook()
    book.remove(book.active)
    for part in PARTS:
        sheet = book.create_sheet(sheet_title(part, lang))
        rows = list(rows_of(part, directory, lang))
        for number, column in enumerate(PARTS[part], 1):
            _head(sheet, number, part, column, lang)
        for number, row in enumerate(rows, 2):
            for at, value in enumerate(row, 1):
                _cell(sheet, number, at, value)
        sheet.freeze_panes = "B2"
    lists = book.create_sheet("lists")
    lists.sheet_state = "hidden"
    kinds = {held.kind for held in directory.holdings}
    for part in PARTS:
        _drop_downs(book[sheet_title(part, lang)], part, lists, kinds, lang)
    return book


def _head(sheet: Any, number: int, part: Part, column: Column, lang: str) -> None:
    from openpyxl.comments import Comment  # noqa: PLC0415 - as above
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    cell = sheet.cell(row=1, column=number, value=heading(part, column.key, lang))
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="1F4E79" if column.required else "7F7F7F")
    must = t("directory.note.required" if column.required else "directory.note.optional", lang)
    cell.comment = Comment(f"{must}\n{t(f'directory.note.{column.kind}', lang)}", "banjie", 120, 300)
    letter = get_column_letter(number)
    sheet.column_dimensions[letter].width = 28 if column.kind in {"code", "text", "codes"} else 16
    sheet.column_dimensions[letter].number_format = _DATE if column.kind == "day" else "@"


def _cell(sheet: Any, row: int, column: int, value: Value) -> None:
    if value is None:
        return
    cell = sheet.cell(row=row, column=column)
    if isinstance(value, date):
        cell.value = value
        cell.number_format = _DATE
        return
    _text(cell, value)
    cell.number_format = "@"


def _text(cell: Any, value: str) -> None:
    """A text and never a formula, not even when somebody edits the cell."""
    cell.value = value
    cell.data_type = "s"
    cell.quotePrefix = bool(FORMULA.match(value))


def _drop_downs(sheet: Any, part: Part, lists: Any, kinds: set[str], lang: str) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    last = sheet.max_row + _SPARE
    for number, column in enumerate(PARTS[part], 1):
        if column.of is not None:
            source = f"'{sheet_title(column.of, lang)}'!$A$2:$A${_SPARE * 10}"
        elif column.kind in {"organ_kind", "post", "deputy"}:
            known = words(column.kind, lang)
            further = sorted(kinds - known.keys()) if column.kind == "post" else []
            source = _listed(lists, [*known.values(), *further])
        else:
            continue
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        rule.errorStyle = "warning"  # a code that is to be added, or the code of a word, is right too
        letter = get_column_letter(number)
        rule.add(f"{letter}2:{letter}{last}")
        sheet.add_data_validation(rule)


def _listed(lists: Any, entries: Sequence[str]) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above

    column = lists.max_column + 1
    for row, entry in enumerate(entries, 1):
        _text(lists.cell(row=row, column=column), entry)
    letter = get_column_letter(column)
    return f"lists!${letter}$1:${letter}${len(entries)}"
