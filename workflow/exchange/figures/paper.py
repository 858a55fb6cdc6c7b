"""A paper: what a report says, in the reader's language, whatever it is printed as. Nothing is reckoned from here on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

Cell: TypeAlias = "str | int | date | None"
Kind: TypeAlias = Literal["text", "count", "percent", "points", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: `key` is its stable name for programs, `title` what people read. Percentages and points are text: `98.3`."""

    key: str
    title: str
    kind: Kind = "count"
    wide: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars of the columns `values` by the first column."""

    values: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with a heading; `keys` name each row for programs (a code where the first cell is a name). `total` says that
    the last row sums up the others; `note` stands below.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[str, ...] = ()
    total: bool = False
    note: str = ""
    chart: Chart | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole report. `lead` are sentences of the kind a reader quotes; `notes` say how things were counted. `cases` is a
    grid of the cases behind the figures, if they were asked for.
    """

    title: str
    subtitle: str
    made: str
    on: datetime
    lead: tuple[str, ...]
    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()
    cases: Grid | None = None
    facts: dict[str, object] = field(default_factory=dict)


def written(cell: Cell, kind: Kind) -> str:
    """A cell as people read it."""
    if cell is None:
        return "–"
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell}%" if kind == "percent" else str(cell)


def flat(grids: Sequence[Grid]) -> tuple[list[str], list[list[Cell]]]:
    """All grids as one table for programs: the grid, the key of the row, then every column that any of them has."""
    names = list(dict.fromkeys(column.key for grid in grids for column in grid.columns))
    rows: list[list[Cell]] = []
    for grid in grids:
        places = {column.key: place for place, column in enumerate(grid.columns)}
        keys = grid.keys or tuple(written(row[0], "text") for row in grid.rows)
        for key, row in zip(keys, grid.rows, strict=True):
            rows.append([grid.key, key, *(row[places[name]] if name in places else None for name in names)])
    return ["table", "key", *names], rows
