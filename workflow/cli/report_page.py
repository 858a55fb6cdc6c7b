"""How a report leaves the command line: as lines, CSV, JSON, or a file of Excel or PDF."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from workflow.cli.rendering import emit, note, table
from workflow.errors import BadInput
from workflow.texts import fault_text, t

if TYPE_CHECKING:
    from workflow.exchange.figures.paper import Grid, Paper


class Format(StrEnum):
    """What a report is printed as."""

    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """As what, and where to; nowhere means stdout."""

    format: Format
    out: Path | None
    json: bool


def out_of(as_: Format, out: Path | None, *, as_json: bool) -> Printing:
    """What the options ask for. Raises BadParameter where they do not fit together."""
    if as_json and as_ is not Format.TABLE:
        raise typer.BadParameter(t("report.usage.json", format=as_.value))
    if as_ in (Format.XLSX, Format.PDF) and out is None:
        raise typer.BadParameter(t("report.usage.out", format=as_.value))
    return Printing(format=as_, out=out, json=as_json)


def tell(paper: Paper, printing: Printing, lang: str) -> None:
    """Print the paper. Raises BadInput when the file cannot be written."""
    if printing.json:
        if printing.out is None:
            emit(plain(paper))
            return
        from workflow.cli.rendering import json_text

        _write(printing.out, (json_text(plain(paper)) + "\n").encode())
        return
    match printing.format:
        case Format.TABLE:
            text = "\n".join(_lines(paper)) + "\n"
            if printing.out is None:
                sys.stdout.write(text)
            else:
                _write(printing.out, text.encode())
        case Format.CSV:
            from workflow.exchange.figures.printing import csv_text

            if printing.out is None:
                sys.stdout.write(csv_text(paper).replace("\r\n", "\n"))
            else:
                # Excel takes UTF-8 for what it is only with a mark in front.
                _write(printing.out, csv_text(paper).encode("utf-8-sig"))
        case Format.XLSX:
            from workflow.exchange.figures.workbook import workbook

            _write(_file(printing), workbook(paper))
        case Format.PDF:
            from workflow.exchange.figures.printing import pdf

            _write(_file(printing), pdf(paper, lang))


def plain(paper: Paper) -> dict[str, Any]:
    """The paper for programs: each grid with its rows under stable names."""
    told: dict[str, Any] = {grid.key: _plain(grid) for grid in paper.grids}
    if paper.cases is not None:
        told["cases"] = [
            {column.key: cell for column, cell in zip(paper.cases.columns, row, strict=True)}
            for row in paper.cases.rows
        ]
    return {"title": paper.title, "subtitle": paper.subtitle, "as_of": paper.on, **told}


def _plain(grid: Grid) -> list[dict[str, Any]]:
    keys = grid.keys or tuple(str(number) for number in range(1, len(grid.rows) + 1))
    return [
        {"key": key, **{column.key: cell for column, cell in zip(grid.columns, row, strict=True)}}
        for key, row in zip(keys, grid.rows, strict=True)
    ]


def _lines(paper: Paper) -> Iterator[str]:
    yield paper.title
    yield from (line for line in (paper.subtitle, paper.made) if line)
    if paper.lead:
        yield ""
        yield from paper.lead
    for grid in (*paper.grids, *([paper.cases] if paper.cases is not None else [])):
        yield ""
        yield grid.title
        yield from (f"  {line}" for line in _grid(grid))
    if paper.notes:
        yield ""
        yield t("report.notes")
        yield from (f"  {number}. {text}" for number, text in enumerate(paper.notes, 1))


def _grid(grid: Grid) -> Iterator[str]:
    from workflow.exchange.figures.paper import written

    if not grid.rows:
        yield t("report.no_rows")
        return
    rows = [
        [written(cell, column.kind) for cell, column in zip(row, grid.columns, strict=True)]
        for row in grid.rows
    ]
    yield from table([column.title for column in grid.columns], rows)


def _file(printing: Printing) -> Path:
    if printing.out is None:
        raise AssertionError("a file was asked for")
    return printing.out


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(reason=f"{path}: {fault_text(error)}") from error
    note(t("report.written", file=path))
