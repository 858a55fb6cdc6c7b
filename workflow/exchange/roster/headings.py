"""Finding the headings of a roster: which column holds what, by the hidden keys, or by the titles in either language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from workflow.exchange.roster.cells import Cell
from workflow.exchange.roster.columns import REQUIRED, SOMETIMES, Column
from workflow.exchange.roster.faults import Fault
from workflow.exchange.roster.reading import MAX_HEADINGS, Line, Sheet
from workflow.texts import LANGUAGES, t

ADDED: Final = ("no", "code", "result", "findings")
"""The columns that a check or an import adds to a copy: what stands there is ours and is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a sheet has what: columns by their number from 1, the row people read as headings, the first row of filings;
    `added` are the columns of an earlier check.
    """

    sheet: Sheet
    columns: Mapping[int, Column]
    heading: int
    first: int
    added: frozenset[int]
    faults: tuple[Fault, ...]


def layout_of(sheets: Sequence[Sheet], columns: Sequence[Column]) -> Layout | None:
    """The headings of the first sheet that has any of the columns, or None when no sheet has."""
    for sheet in sheets:
        found = _layout(sheet, columns)
        if found is not None:
            return found
    return None


def _layout(sheet: Sheet, columns: Sequence[Column]) -> Layout | None:
    top = sheet.lines[:MAX_HEADINGS]
    keys = {column.key: column for column in columns}
    titles = _titles(columns)
    keyed = _best(top, lambda text: text in keys)
    titled = _best(top, lambda text: _bare(text) in titles)
    if keyed is None and titled is None:
        return None
    if keyed is not None and titled is not None and titled[0] > keyed[0]:
        # Below the keys there are filings, however much one of them may look like a title.
        titled = None
    rows = [line for line in (titled, keyed) if line is not None]
    width = max(len(cells) for _, cells in rows)
    shown = rows[0][0]
    placed: dict[int, Column] = {}
    ours = {t(f"roster.column.{name}", lang) for name in ADDED for lang in LANGUAGES}
    added: set[int] = set()
    faults: list[Fault] = []
    for number in range(1, width + 1):
        key, title = _text(keyed, number), _text(titled, number)
        if title in ours:
            added.add(number)
            continue
        column = keys.get(key) or titles.get(_bare(title))
        if column is None and (key or title):
            meant = _meant(key or title, columns)
            rule = "roster.fault.unknown_column_meant" if meant else "roster.fault.unknown_column"
            fields: dict[str, object] = {"title": title or key, "meant": meant}
            faults.append(Fault(sheet=sheet.name, row=shown, column=number, rule=rule, fields=fields))
        elif column is not None and column in placed.values():
            faults.append(_about(sheet, shown, number, column, "roster.fault.duplicate_column"))
        elif column is not None:
            placed[number] = column
    there = {column.key for column in placed.values()}
    faults += [
        _about(sheet, shown, None, column, "roster.fault.missing_column")
        for column in columns
        if column.required and column.key not in there
    ]
    return Layout(
        sheet=sheet,
        columns=placed,
        heading=shown,
        first=rows[-1][0] + 1,
        added=frozenset(added),
        faults=tuple(faults),
    )


def _about(sheet: Sheet, row: int, number: int | None, column: Column, rule: str) -> Fault:
    fields = {"title": column.titles}
    return Fault(sheet=sheet.name, row=row, column=number, rule=rule, fields=fields, heading=column.titles)


def _titles(columns: Sequence[Column]) -> dict[str, Column]:
    """Columns by their titles in every language; a title that two share means neither."""
    by_title: dict[str, list[Column]] = {}
    for column in columns:
        for lang in LANGUAGES:
            of = by_title.setdefault(_bare(column.titles[lang]), [])
            if column not in of:
                of.append(column)
    return {title: of[0] for title, of in by_title.items() if len(of) == 1}


def _bare(title: str) -> str:
    """A title without its mark, blanks and capitals."""
    return "".join(title.split()).lstrip(REQUIRED + SOMETIMES + "＊").casefold()


def _best(lines: Sequence[Line], known: Callable[[str], bool]) -> Line | None:
    """The row with the most headings that are known, the first of several."""
    counted = [(sum(known(_shown(cell)) for cell in cells), line) for line in lines for cells in [line[1]]]
    most = max((count for count, _ in counted), default=0)
    return next((line for count, line in counted if count == most), None) if most else None


def _text(line: Line | None, number: int) -> str:
    return _shown(line[1][number - 1]) if line is not None and number <= len(line[1]) else ""


def _shown(cell: Cell) -> str:
    return str(cell.value).strip() if cell.value is not None else ""


def _meant(title: str, columns: Sequence[Column]) -> str:
    """The title that somebody may have had in mind."""
    known = [column.titles[lang] for column in columns for lang in LANGUAGES]
    return next(iter(get_close_matches(title.lstrip(REQUIRED + SOMETIMES), known, n=1)), "")
