"""What the roster commands answer, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workflow.exchange.roster.checking import Checked
from workflow.exchange.roster.columns import Readable
from workflow.exchange.roster.faults import Fault
from workflow.exchange.roster.importing import Imported
from workflow.exchange.roster.reading import Book
from workflow.texts import language, t


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A roster's file with what the check found."""

    file: Path
    book: Book
    matter: Readable
    checked: Checked


def check_page(told: Told, out: Path | None) -> list[str]:
    """Every fault in a line of its own, then the sum."""
    checked = told.checked
    faults, notes = _faults(checked), _notes(checked)
    lines = [_line(fault) for fault in faults]
    lines += [t("roster.page.note", line=_line(note)) for note in notes]
    named = {"file": told.file.name, "matter": told.matter.title(), "rows": len(checked.rows)}
    if faults:
        wrong = len({fault.row for fault in faults})
        lines.append(t("roster.page.faulty", faults=len(faults), wrong=wrong, **named))
    else:
        lines.append(t("roster.page.sound", **named))
    if notes:
        lines.append(t("roster.page.notes", notes=len(notes)))
    return [*lines, *_marked(out)]


def check_plain(told: Told, out: Path | None) -> dict[str, Any]:
    """The same for a program, with the texts in both languages."""
    checked = told.checked
    return {
        **_named(told),
        "rows": len(checked.rows),
        "sound": checked.sound,
        "faults": [fault.plain() for fault in _faults(checked)],
        "notes": [note.plain() for note in _notes(checked)],
        "out": str(out) if out else None,
    }


def import_page(
    told: Told, results: Sequence[Imported], *, dry_run: bool, per_row: bool, out: Path | None
) -> list[str]:
    """What became of each row, then the sum."""
    lines = [_line(fault) for fault in _of_the_whole(told, results)]
    for one in results:
        said = t(f"roster.result.{one.status}")
        if one.faults:
            lines += [f"{_line(fault)} — {said}" for fault in one.faults]
        else:
            lines.append(t("roster.page.row", row=one.row, no=one.no, result=said))
    counts = _counts(results)
    key = "roster.page.imported_dry" if dry_run else "roster.page.imported"
    lines.append(t(key, file=told.file.name, **counts))
    if counts["refused"] and not per_row and not dry_run:
        lines.append(t("roster.page.none_filed"))
    return [*lines, *_marked(out)]


def import_plain(
    told: Told, results: Sequence[Imported], *, dry_run: bool, per_row: bool, out: Path | None
) -> dict[str, Any]:
    """The same for a program."""
    return {
        **_named(told),
        "dry_run": dry_run,
        "per_row": per_row,
        **_counts(results),
        "faults": [fault.plain() for fault in _of_the_whole(told, results)],
        "rows": [
            {
                "row": one.row,
                "status": one.status,
                "no": one.no or None,
                "query_code": one.query_code or None,
                "faults": [fault.plain() for fault in one.faults],
            }
            for one in results
        ],
        "out": str(out) if out else None,
    }


def written_beside(results: Iterable[Imported]) -> dict[str, dict[int, str]]:
    """What is written beside the rows: case number, query code, and the result with what is wrong."""
    kept: dict[str, dict[int, str]] = {"no": {}, "code": {}, "result": {}}
    for one in results:
        kept["no"][one.row] = one.no
        kept["code"][one.row] = one.query_code
        why = "; ".join(fault.text() for fault in one.faults)
        kept["result"][one.row] = t(f"roster.result.{one.status}") + (f": {why}" if why else "")
    return kept


def _named(told: Told) -> dict[str, Any]:
    layout = told.checked.layout
    return {
        "file": str(told.file),
        "matter": told.matter.definition.code,
        "definition": told.matter.definition.hash,
        "sheet": layout.sheet.name if layout else None,
    }


def _counts(results: Sequence[Imported]) -> dict[str, int]:
    by_status = Counter(one.status for one in results)
    return {
        "filed": by_status["filed"] + by_status["would_be_filed"],
        "repeated": by_status["repeated"],
        "refused": by_status["refused"] + by_status["held_back"],
    }


def _of_the_whole(told: Told, results: Sequence[Imported]) -> list[Fault]:
    """The faults that are no row's own."""
    rows = {one.row for one in results}
    return [fault for fault in _faults(told.checked) if fault.row not in rows]


def _faults(checked: Checked) -> list[Fault]:
    return [fault for fault in checked.faults if fault.severity == "fault"]


def _notes(checked: Checked) -> list[Fault]:
    return [fault for fault in checked.faults if fault.severity == "note"]


def _line(fault: Fault) -> str:
    place = fault.cell or "-"
    if fault.sheet:
        place = t("roster.page.place", sheet=fault.sheet, cell=place)
    rule = fault.error.code if fault.error is not None else fault.rule
    told = {"place": place, "text": fault.text(), "rule": rule}
    if fault.heading and fault.column:
        return t("roster.page.fault", heading=fault.heading[language()], **told)
    return t("roster.page.bare", **told)


def _marked(out: Path | None) -> list[str]:
    return [t("roster.page.marked", out=out)] if out else []
