"""Public figures as open data (开放数据): JSON and CSV with stable names, a dictionary of them, and no small count.

By matter and nothing finer: no organ's inner parts, no post, no person. How cases ended is told in parts that exclude each
other, so that what is held back cannot be reckoned from the rest (`workflow.domain.figures.suppression`).
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from workflow.catalog.guide import PUBLIC
from workflow.domain.figures.suppression import TOTAL, told, with_totals
from workflow.domain.publication import SMALL
from workflow.errors import BadInput
from workflow.queries.timeliness import Wanted, timeliness
from workflow.texts import LANGUAGES, fault_text, t

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.catalog.loader import Catalog
    from workflow.domain.figures.timeliness import Line
    from workflow.storage.store import Store

PARTS: Final = ("on_time", "late", "not_timed", "not_accepted", "withdrawn")
"""How concluded cases ended, each in one of these; `concluded` is their sum."""

COLUMNS: Final = ("year", "matter", "title_zh", "title_en", "concluded", *PARTS, "median_days", "p90_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenData:
    """The rows of one year under the names of COLUMNS; None where a count is held back or there is nothing."""

    year: int
    as_of: datetime
    simulated: bool
    rows: tuple[tuple[Any, ...], ...]


def open_data(store: Store, catalog: Catalog, year: int) -> OpenData:
    """The public figures of the cases concluded in a year: every public matter, those without cases too, and all."""
    clock = store.clock()
    lines = timeliness(store, Wanted(first=date(year, 1, 1), last=date(year, 12, 31))).matters
    codes = [code for code, matter in catalog.matters.items() if matter.audience == PUBLIC]
    counts = {(code, part): _part(lines[code], part) for code in codes if code in lines for part in PARTS}
    shown = told(with_totals(counts, codes, PARTS))
    rows = []
    for code in (*codes, TOTAL):
        titles = (
            [catalog.matter(code).title(lang) for lang in LANGUAGES] if code != TOTAL else ["全部", "All"]
        )
        line = lines.get(code)
        days = (line.median, line.ninetieth) if line and line.timed >= SMALL else (None, None)
        rows.append((year, code, *titles, shown[code, TOTAL], *(shown[code, part] for part in PARTS), *days))
    return OpenData(year=year, as_of=clock.now, simulated=clock.mode != "real", rows=tuple(rows))


def plain(data: OpenData) -> dict[str, Any]:
    """The data for programs, with the dictionary of its columns."""
    return {
        "year": data.year,
        "as_of": data.as_of,
        "simulated": data.simulated,
        "held_back_below": SMALL,
        "columns": _dictionary(),
        "rows": [dict(zip(COLUMNS, row, strict=True)) for row in data.rows],
    }


def as_csv(data: OpenData) -> bytes:
    """The rows as CSV, with a mark in front by which Excel knows UTF-8."""
    return _csv([COLUMNS, *data.rows])


def write_open_data(data: OpenData, folder: Path) -> list[Path]:
    """Write the data as JSON and CSV with their dictionary; gives the files. Raises BadInput."""
    dictionary = [("column", *LANGUAGES), *(tuple(entry.values()) for entry in _dictionary())]
    files = {
        f"timeliness-{data.year}.json": msgspec.json.format(msgspec.json.encode(plain(data)), indent=1)
        + b"\n",
        f"timeliness-{data.year}.csv": as_csv(data),
        "dictionary.csv": _csv(dictionary),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise BadInput(reason=f"{folder}: {fault_text(error)}") from error
    return [folder / name for name in files]


def _dictionary() -> list[dict[str, str]]:
    return [
        {"column": name, **{lang: t(f"report.dictionary.{name}", lang) for lang in LANGUAGES}}
        for name in COLUMNS
    ]


def _part(line: Line, part: str) -> int:
    if part == "not_timed":
        return line.completed - line.timed
    count: int = getattr(line, part)
    return count


def _csv(rows: list[tuple[Any, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")
