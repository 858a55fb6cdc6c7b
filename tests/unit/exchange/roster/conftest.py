"""Rosters on disk, made by the template and then spoilt cell by cell."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.integration.transfers import FORM, MATERIALS, shipped
from workflow.exchange.roster.checking import check
from workflow.exchange.roster.columns import columns_of
from workflow.exchange.roster.reading import read
from workflow.testing.rosters import write_csv, write_roster

TRANSFER = "transfer-into-beijing"
PEOPLE = ("11010519491231002X", "990000198001010012", "990000197502140021", "990000199011110038")
"""Identity numbers that hold, each of another invented person."""


@dataclass
class Clerk:
    """Fills in rosters of one matter and has them checked."""

    folder: Path
    matter: object
    columns: tuple = ()
    number: int = 0
    by_key: dict = field(default_factory=dict)

    def __post_init__(self):
        self.columns = columns_of(self.matter, self.matter.order("form"))
        self.by_key = {column.key: at for at, column in enumerate(self.columns, 1)}

    def path(self, ending=".xlsx"):
        self.number += 1
        return self.folder / f"roster-{self.number}{ending}"

    def workbook(self, filings, lang="zh-CN"):
        path = self.path()
        write_roster(path, self.matter, self.columns, filings, lang)
        return path

    def csv(self, filings, **how):
        path = self.path(".csv")
        write_csv(path, self.columns, filings, **how)
        return path

    def rows(self, *rows):
        """A CSV file with these very rows."""
        path = self.path(".csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    def spoilt(self, spoil, filings=None):
        """A sound workbook after `spoil(sheet, at)` has been at its first sheet; `at` names a cell by key and row."""
        path = self.workbook(filings or [filing(number) for number in range(3)])
        book = load_workbook(path)
        sheet = book.worksheets[0]
        spoil(sheet, lambda key, row: sheet.cell(row=row, column=self.by_key[key]))
        book.save(path)
        return path

    def check(self, path, **given):
        return check(read(path), self.matter, self.columns, shipped().directory, **given)


def filing(number=0, **form):
    """A sound filing; each number is another person."""
    return {
        "form": {**FORM, "name": f"王秀{'华英兰梅'[number]}", "id_number": PEOPLE[number], **form},
        "materials": MATERIALS,
    }


def told(checked):
    """Where and by which rule, of everything that is a fault."""
    return [(fault.cell, fault.rule) for fault in checked.faults if fault.severity == "fault"]


@pytest.fixture
def clerk(tmp_path):
    """A clerk with the roster of transfers into Beijing."""
    return Clerk(tmp_path, shipped().matter(TRANSFER))


@pytest.fixture
def clerk_of(tmp_path):
    """A clerk for any matter."""
    return lambda code: Clerk(tmp_path, shipped().matter(code))
