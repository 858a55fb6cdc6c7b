"""How long it takes to check and import a roster of ten thousand transfers into Beijing (京外调干).

    python -m benchmarks roster [--rows N] [--sqlite | --postgresql]

A workbook made by the matter's own template and filled in by invented people, every row sound and complete, on a new SQLite
file and on a new PostgreSQL server with durable settings. The time runs from opening the file to the commit of all rows, in
one process, as the command does it; then the same file is imported again, and files nothing. Bar: 10,000 rows in at most
60 s on either; exit 1 if missed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select

from benchmarks._installation import Installation, installation, processor_seconds, told
from workflow.cli.roster_office import without_cycles
from workflow.demo.forms import transfer_form
from workflow.exchange.roster.checking import check
from workflow.exchange.roster.columns import columns_of
from workflow.exchange.roster.importing import commands_of, import_rows
from workflow.exchange.roster.matter import directory_today, matter_today
from workflow.exchange.roster.reading import read
from workflow.exchange.roster.rows import Filer
from workflow.storage import tables as t
from workflow.testing.rosters import write_roster

ROWS, BAR = 10_000, 60.0
MATTER, FILER = "transfer-into-beijing", "lu-xiaochao"


def main(argv: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks roster")
    parser.add_argument("--rows", type=int, default=ROWS)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--sqlite", action="store_true")
    only.add_argument("--postgresql", action="store_true")
    options = parser.parse_args(argv)
    missed = 0
    for sqlite in (True, False):
        if (options.postgresql, options.sqlite)[not sqlite]:
            continue
        with (
            tempfile.TemporaryDirectory(prefix="banjie-") as folder,
            installation(Path(folder), sqlite=sqlite) as made,
        ):
            path = Path(folder) / "roster.xlsx"
            fill(made, path, options.rows)
            missed |= measured(made, path, options.rows, "SQLite" if sqlite else "PostgreSQL")
    return missed


def fill(made: Installation, path: Path, rows: int) -> None:
    """A workbook with so many people, no two the same."""
    catalog = made.banjie.catalog
    matter = catalog.matter(MATTER)
    columns = columns_of(matter, matter.order("form"))
    unit = catalog.directory.organs[
        next(held.organ for held in catalog.directory.holdings if held.person == FILER)
    ]
    rng, people = Random(5), dict[str, dict[str, Any]]()
    while len(people) < rows:
        form = transfer_form(rng, date(2026, 9, 1), unit)
        people[form["id_number"]] = form
    materials = tuple(matter.definition.materials)
    write_roster(path, matter, columns, [{"form": form, "materials": materials} for form in people.values()])


def measured(made: Installation, path: Path, rows: int, name: str) -> int:
    others, own, began = processor_seconds(), time.process_time(), time.monotonic()
    with without_cycles():
        checked_in, imported_in, counts = imported(made, path)
    took, own = time.monotonic() - began, time.process_time() - own
    server = told(others, processor_seconds())
    again_in = imported(made, path)[1]
    with made.store.read() as connection:
        cases = connection.execute(select(func.count()).select_from(t.cases)).scalar_one()
    print(
        f"{name:<11}{rows:>7,} rows in {took:.1f} s: read and checked {checked_in:.1f} s, filed {imported_in:.1f} s"
        f" ({rows / imported_in:,.0f} a second); processor seconds {own:.1f}{', ' + server if server else ''};"
        f" filed again {again_in:.1f} s"
    )
    once = counts == {"filed": rows} and cases == rows
    if not once:
        print(f"WRONG: {counts}, {cases} cases")
    late = rows >= ROWS and took > BAR
    if late:
        print(f"MISSED: {BAR:.0f} s")
    return 0 if once and not late else 1


def imported(made: Installation, path: Path) -> tuple[float, float, dict[str, int]]:
    """Seconds of the check and of the import, and how many rows came to what."""
    began = time.monotonic()
    matter, on = matter_today(made.banjie, MATTER)
    checked = check(
        read(path),
        matter,
        columns_of(matter),
        directory_today(made.banjie, matter),
        filer=Filer(FILER, on),
    )
    between = time.monotonic()
    commands = commands_of(checked.rows, MATTER, FILER, lambda content: f"{hash(str(content)):x}")
    results = import_rows(made.banjie, checked, commands)
    ended = time.monotonic()
    counts: dict[str, int] = {}
    for one in results:
        counts[one.status] = counts.get(one.status, 0) + 1
    return between - began, ended - between, counts
