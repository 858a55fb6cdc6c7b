"""Rosters filled in as a clerk would: by the matter's own template, cell by cell."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from workflow.exchange.roster.columns import FORM, LETTER, MATERIALS, PARTIES, Column, Readable, words
from workflow.exchange.roster.template import FIRST, excel_text, template

Filing = Mapping[str, Any]
"""`form`, and if wanted `materials`, `parties` and `letter`, as a filing has them."""


def write_roster(
    path: Path,
    matter: Readable,
    columns: Sequence[Column],
    filings: Iterable[Filing],
    lang: str = "zh-CN",
) -> None:
    """A workbook from the matter's template with these filings in it."""
    book: Any = template(matter, columns, lang)
    sheet = book.worksheets[0]
    for row, filing in enumerate(filings, FIRST):
        for number, column in enumerate(columns, 1):
            value = shown(column, held(column, filing), lang)
            if value is None:
                continue
            kept = excel_text(value) if isinstance(value, str) else value
            cell = sheet.cell(row=row, column=number, value=kept)
            if isinstance(value, str):
                cell.data_type, cell.number_format = "s", "@"
            elif isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
    book.save(path)


def write_csv(
    path: Path,
    columns: Sequence[Column],
    filings: Iterable[Filing],
    *,
    lang: str = "zh-CN",
    encoding: str = "utf-8-sig",
) -> None:
    """The same as a CSV file with the titles alone above it."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.titles[lang] for column in columns])
        for filing in filings:
            values = [shown(column, held(column, filing), lang) for column in columns]
            writer.writerow(["" if value is None else str(value) for value in values])


def held(column: Column, filing: Filing) -> Any:
    """What a filing says in a column, None if it says nothing."""
    match column.part:
        case "letter":
            return filing.get(LETTER)
        case "materials":
            return True if column.path[0] in filing.get(MATERIALS, ()) else None
        case "parties":
            return filing.get(PARTIES, {}).get(column.path[0])
    value: Any = filing[FORM]
    for step in column.path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def shown(column: Column, value: Any, lang: str) -> Any:
    """The value as it is typed or picked."""
    if value is None:
        return None
    match column.kind:
        case "choice":
            return words(column, lang)[tuple(column.choices).index(value)]
        case "boolean":
            return words(column, lang)[0 if value else 1]
        case "date":
            return date.fromisoformat(value)
        case "list":
            return "；".join(value)
    return value
