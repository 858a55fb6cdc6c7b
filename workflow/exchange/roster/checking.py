"""Checking a roster: every fault of every cell in one pass, and the filings that its rows are.

The values are checked by the very check that a single filing gets (`form_faults`); before it stands what only a cell can
have wrong, after it what only a roster can: the same person twice, the same row twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from workflow.domain.directory import Directory
from workflow.exchange.roster.columns import DEFINITION, Column, Readable
from workflow.exchange.roster.faults import Fault
from workflow.exchange.roster.headings import Layout, layout_of
from workflow.exchange.roster.reading import MAX_ROWS, Book
from workflow.exchange.roster.rows import Filer, Row, RowReader

_OF_THE_WHOLE: Final = ("roster.fault.too_many_rows", "roster.fault.no_rows")

Progress = Callable[[int], None]


@dataclass(slots=True, kw_only=True)
class Checked:
    """What a check found: the rows, sound or not, and every fault in the order of the sheet."""

    layout: Layout | None = None
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _by_row: dict[int, list[Fault]] | None = None

    @property
    def sound(self) -> bool:
        """Whether the whole roster can be imported; notes do not count."""
        return not any(fault.severity == "fault" for fault in self.faults)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that the roster has."""
        return tuple(self.layout.columns.values()) if self.layout else ()

    def place_of(self, column: Column) -> int | None:
        """The number of a column, if the roster has it."""
        placed = self.layout.columns if self.layout else {}
        return next((number for number, one in placed.items() if one.key == column.key), None)

    @property
    def blocked(self) -> bool:
        """Whether something is wrong that concerns every row: the headings, or how many rows there are."""
        return self.layout is None or any(
            fault.severity == "fault"
            and (fault.row in (None, self.layout.heading) or fault.rule in _OF_THE_WHOLE)
            for fault in self.faults
        )

    def with_more(self, faults: Sequence[Fault]) -> Checked:
        """The same check with more told."""
        return Checked(layout=self.layout, rows=self.rows, faults=[*self.faults, *faults])

    def faults_of(self, row: int) -> tuple[Fault, ...]:
        """What is wrong with one row; notes are left out."""
        if self._by_row is None:
            self._by_row = {}
            for fault in self.faults:
                if fault.severity == "fault" and fault.row is not None:
                    self._by_row.setdefault(fault.row, []).append(fault)
        return tuple(self._by_row.get(row, ()))


def check(
    book: Book,
    matter: Readable,
    columns: Sequence[Column],
    directory: Directory,
    *,
    filer: Filer | None = None,
    letter: str | None = None,
    progress: Progress = lambda _: None,
) -> Checked:
    """Check a roster of the matter; `letter` is the number of the filing letter of the rows that name none themselves. With
    a `filer` every row is also judged by whether he may file it.
    """
    layout = layout_of(book.sheets, columns)
    if layout is None:
        sheet = book.sheets[0].name if book.sheets else ""
        return Checked(faults=[Fault(sheet=sheet, rule="roster.fault.no_headings")])
    checked = Checked(layout=layout, faults=[*_about_the_version(book, matter, layout), *layout.faults])
    reader = RowReader(layout, matter.definition, columns, directory, filer, letter)
    lines = [line for line in layout.sheet.lines if line[0] >= layout.first]
    before = layout.first - 1
    for count, (number, cells) in enumerate(lines[:MAX_ROWS], 1):
        checked.faults += [
            reader.fault(blank, None, "roster.fault.empty_row") for blank in range(before + 1, number)
        ]
        before = number
        row, faults = reader.row(number, cells)
        checked.rows.append(row)
        checked.faults += faults
        progress(count)
    if len(lines) > MAX_ROWS or layout.sheet.more:
        beyond = lines[MAX_ROWS][0] if len(lines) > MAX_ROWS else before + 1
        checked.faults.append(reader.fault(beyond, None, "roster.fault.too_many_rows", most=MAX_ROWS))
    if not lines:
        checked.faults.append(reader.fault(layout.first, None, "roster.fault.no_rows"))
    checked.faults.sort(key=lambda fault: (fault.row or 0, fault.column is None, fault.column or 0))
    return checked


def _about_the_version(book: Book, matter: Readable, layout: Layout) -> Iterator[Fault]:
    made_for = book.properties.get(DEFINITION)
    if made_for is not None and made_for != matter.definition.hash:
        yield Fault(sheet=layout.sheet.name, rule="roster.fault.older_version", severity="note")
