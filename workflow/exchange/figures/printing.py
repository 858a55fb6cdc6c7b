"""A paper as lines for a terminal, as CSV, and as PDF."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from workflow.documents.cells import harmless
from workflow.domain.figures.numbers import percent
from workflow.exchange.figures.paper import flat, written
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.exchange.figures.paper import Grid, Paper

MOST_ROWS = 2000
"""Rows of one grid that a PDF prints; whoever wants more takes the workbook, and the PDF says so."""


def csv_text(paper: Paper) -> str:
    """All grids as one table with stable column names; cells that a spreadsheet would take for a formula begin with an
    apostrophe.
    """
    grids = (*paper.grids, *([paper.cases] if paper.cases is not None else []))
    head, rows = flat(grids)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return out.getvalue()


def pdf(paper: Paper, lang: str) -> bytes:
    """The paper on A4; the same figures give the same bytes."""
    from workflow.documents.typeset import typeset  # noqa: PLC0415 - the typesetter is large

    facts = {
        "lang": lang,
        "title": paper.title,
        "subtitle": paper.subtitle,
        "made": paper.made,
        "lead": list(paper.lead),
        "notes": list(paper.notes),
        "grids": [_grid(grid, lang) for grid in (*paper.grids, *([paper.cases] if paper.cases else []))],
        "words": {
            "page": t("guide.page", lang, page="{page}", pages="{pages}"),
            "notes": t("report.notes", lang),
            "none": t("report.no_rows", lang),
        },
    }
    return typeset("figures.typ", facts, at=paper.on)


def _grid(grid: Grid, lang: str) -> dict[str, Any]:
    shown = grid.rows[:MOST_ROWS]
    more = len(grid.rows) - len(shown)
    return {
        "title": grid.title,
        "columns": [
            {
                "title": column.title,
                "text": column.kind == "text",
                "day": column.kind == "day",
                "wide": column.wide,
            }
            for column in grid.columns
        ],
        "rows": [
            [written(cell, column.kind) for cell, column in zip(row, grid.columns, strict=True)]
            for row in shown
        ],
        "total": grid.total,
        "note": t("report.more_rows", lang, more=more) if more else grid.note,
        "bars": _bars(grid),
    }


def _bars(grid: Grid) -> dict[str, Any] | None:
    """The first column of a chart as bars: of percentages up to a hundred, of counts up to the greatest."""
    rows = grid.rows[:-1] if grid.total else grid.rows
    if grid.chart is None or not 1 < len(rows) <= 25:
        return None
    names = [column.key for column in grid.columns]
    place = names.index(grid.chart.values[0])
    label = next(n for n, column in enumerate(grid.columns) if column.kind == "text")
    column = grid.columns[place]
    values = [row[place] for row in rows]
    scaled = [_tenths(value) for value in values]
    most = 1000 if column.kind == "percent" else max(*scaled, 1)
    return {
        "title": f"{grid.chart.title}",
        "rows": [
            {
                "label": str(row[label]),
                "value": written(value, column.kind),
                "part": percent(size, most) or "0",
            }
            for row, value, size in zip(rows, values, scaled, strict=True)
        ],
    }


def _tenths(value: Any) -> int:
    return 0 if value is None else int(str(value).replace(".", "")) if "." in str(value) else int(value) * 10


def _plain(cell: Any) -> Any:
    if not isinstance(cell, str) or cell.lstrip("+-").replace(".", "").isdecimal():
        return cell
    return harmless(cell)
