"""The workbook that a roster is filled in: made from the matter's definition, so it can ask for nothing else.

Headings in the reader's language with the keys in a hidden row below them; drop-downs, formats and limits as far as Excel
can keep them; beside it how to fill it in, in Chinese and English. Excel guards only what is typed, not what is pasted in,
so none of it replaces the check.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from workflow.errors import BadInput
from workflow.exchange.roster.columns import DEFINITION, MATTER, Column, Readable, words
from workflow.exchange.roster.guidance import guidance, heading_note
from workflow.exchange.roster.reading import MAX_ROWS
from workflow.texts import fault_text, t

AUTHOR: Final = "banjie"
HEADINGS, KEYS, FIRST = 1, 2, 3
"""The row of the headings, that of the keys, and the first of the filings."""

_NUMBERED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LAST: Final = FIRST + MAX_ROWS - 1
_LISTS: Final = "lists"
_FORMATS: Final = {"date": "yyyy-mm-dd", "integer": "0"}
_TEXT: Final = "@"
_REQUIRED, _SOMETIMES, _FREE = "1F4E79", "2E75B6", "7F7F7F"
_PERSONAL: Final = "C55A11"
_ERROR_LENGTH: Final = 250
"""Excel shows no more characters than these of what it says against a wrong entry."""


def template(matter: Readable, columns: Sequence[Column], lang: str) -> Workbook:
    """An empty roster of the matter, whose headings are in that language."""
    book: Any = Workbook()
    sheet = book.active
    sheet.title = t("roster.sheet.filings", lang)
    lists = _Lists(book)
    for number, column in enumerate(columns, 1):
        _head(sheet, number, column, columns, lang)
        rule = _validation(column, lists, lang)
        if rule is not None:
            letter = get_column_letter(number)
            rule.add(f"{letter}{FIRST}:{letter}{_LAST}")
            sheet.add_data_validation(rule)
    sheet.row_dimensions[HEADINGS].height = 48
    sheet.row_dimensions[KEYS].hidden = True
    sheet.freeze_panes = sheet.cell(row=FIRST, column=2)
    _explain(book, matter, columns, lang)
    lists.hide()
    for name, value in ((MATTER, matter.definition.code), (DEFINITION, matter.definition.hash)):
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    book.properties.creator = AUTHOR
    book.properties.title = matter.title(lang)
    return book  # type: ignore[no-any-return]


def write_template(matter: Readable, columns: Sequence[Column], lang: str, path: Path) -> None:
    """Write an empty roster into a file. Raises BadInput when it cannot be written."""
    try:
        template(matter, columns, lang).save(path)
    except OSError as error:
        raise BadInput(reason=f"{path}: {fault_text(error)}") from error


def excel_text(text: str) -> str:
    """A text as Excel's format holds it: without control characters, and what looks like its way to number a sign masked."""
    printable = "".join(sign for sign in text if sign >= " " or sign in "\n\t")
    return _NUMBERED.sub("_x005F_", printable)


def _head(sheet: Any, number: int, column: Column, columns: Sequence[Column], lang: str) -> None:
    cell = sheet.cell(row=HEADINGS, column=number, value=column.heading(lang))
    colour = (
        _PERSONAL
        if column.personal
        else _REQUIRED
        if column.required
        else _SOMETIMES
        if column.when
        else _FREE
    )
    cell.fill = PatternFill("solid", fgColor=colour)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    cell.comment = Comment(heading_note(column, columns, lang), AUTHOR, width=320, height=200)
    sheet.cell(row=KEYS, column=number, value=column.key)
    dimension = sheet.column_dimensions[get_column_letter(number)]
    dimension.width = _width(column, lang)
    dimension.number_format = _FORMATS.get(column.kind, _TEXT)


def _width(column: Column, lang: str) -> float:
    if column.schema.get("format") in ("id_number", "credit_code"):
        return 22
    title = column.titles[lang]
    wide = sum(2 if ord(sign) > 0x2E80 else 1 for sign in title)
    return max(12, min(wide + 4, 30))


class _Lists:
    """What may be picked, on a sheet of its own: a list written into the rule itself may have 255 characters only."""

    def __init__(self, book: Any) -> None:
        self.sheet = book.create_sheet(_LISTS)
        self.known: dict[tuple[str, ...], str] = {}

    def range_of(self, entries: tuple[str, ...]) -> str:
        """Where the entries stand; the same ones stand there once."""
        if entries not in self.known:
            column = len(self.known) + 1
            for row, entry in enumerate(entries, 1):
                self.sheet.cell(row=row, column=column, value=entry)
            letter = get_column_letter(column)
            self.known[entries] = f"{_LISTS}!${letter}$1:${letter}${len(entries)}"
        return self.known[entries]

    def hide(self) -> None:
        """Nobody need see them."""
        self.sheet.sheet_state = "hidden"


def _validation(column: Column, lists: _Lists, lang: str) -> DataValidation | None:
    """What Excel itself can refuse when somebody types."""
    schema = column.schema
    given: dict[str, Any] = {"allow_blank": True, "showErrorMessage": True}
    match column.kind:
        case "choice" | "boolean":
            given |= {"type": "list", "formula1": lists.range_of(words(column, lang))}
            wrong = t("roster.entry.choice", lang)
        case "date":
            given |= {"type": "date", "operator": "greaterThan", "formula1": "DATE(1900,1,1)"}
            wrong = t("roster.entry.date", lang)
        case "integer":
            least, most = schema.get("minimum", -(10**9)), schema.get("maximum", 10**9)
            given |= {"type": "whole", "operator": "between", "formula1": str(least), "formula2": str(most)}
            wrong = t("roster.entry.integer", lang, least=least, most=most)
        case _ if schema.get("format") in ("id_number", "credit_code"):
            given |= {"type": "textLength", "operator": "equal", "formula1": "18"}
            wrong = t("roster.entry.eighteen", lang)
        case _ if "maxLength" in schema:
            given |= {
                "type": "textLength",
                "operator": "lessThanOrEqual",
                "formula1": str(schema["maxLength"]),
            }
            wrong = t("roster.entry.length", lang, most=schema["maxLength"])
        case _:
            return None
    return DataValidation(**given, errorTitle=t("roster.entry.title", lang), error=wrong[:_ERROR_LENGTH])


def _explain(book: Any, matter: Readable, columns: Sequence[Column], lang: str) -> None:
    """The second sheet: how to fill in the first, in the official's Chinese and in English."""
    sheet = book.create_sheet(t("roster.sheet.guide", lang), 1)
    sheet.column_dimensions["A"].width = 110
    for number, (text, bold) in enumerate(_paragraphs(matter, columns), 1):
        cell = sheet.cell(row=number, column=1, value=text)
        # A text that begins with an equals sign has become a formula.
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=bold)


def _paragraphs(matter: Readable, columns: Sequence[Column]) -> Iterator[tuple[str, bool]]:
    for spoken in ("zh-CN", "en"):
        yield t("roster.guide.title", spoken, matter=matter.title(spoken)), True
        for paragraph in guidance(columns, spoken):
            yield paragraph, False
        yield "", False
