"""What the tables of a directory say: the directory itself, and every fault by sheet, row and column in one pass."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from workflow.catalog.directory_content import sealed
from workflow.domain.directory import Absence, Directory, Holding, Organ, Person
from workflow.domain.directory_rules import ADMINISTRATORS, DirectoryFault, Part, faults_of
from workflow.exchange.directory.columns import PARTS, Column, Kind, heading, ways
from workflow.exchange.directory.reading import Cell, Formula, Line, Tables, read
from workflow.exchange.directory.writing import DEPUTY
from workflow.exchange.roster.faults import Fault
from workflow.texts import CHINESE, ENGLISH, LANGUAGES

_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_POST: Final = re.compile(r"[a-z][a-z0-9_]*")
_DAY: Final = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
)
_BETWEEN: Final = re.compile(r"[;；,，、\s]+")
_DEPUTIES: Final = {code: deputy for deputy, code in DEPUTY.items()}
_UNREADABLE: Final = "?"
"""Stands for a cell with a fault of its own, so that what refers to its row is not told to be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What else there is: the codes of matters, and the kinds of posts that matters have. What is not among them is noted,
    and kept; nothing is noted where nothing is known.
    """

    matters: Collection[str] = ()
    posts: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The directory that a file says, and what is wrong with it; notes are no faults."""

    directory: Directory
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether it can be imported."""
        return not any(fault.severity == "fault" for fault in self.faults)


def check(path: Path, known: Known | None = None) -> Checked:
    """Read and check the file of a directory. Raises BadInput for one that cannot be read at all."""
    return checked(read(path), known or Known())


def checked(tables: Tables, known: Known) -> Checked:
    """The directory of these tables, with every fault in the order of sheets and rows."""
    reader = _Reader(tables)
    organs = reader.coded("organs", _organ)
    persons = reader.coded("persons", _person)
    posts = reader.entries("posts", _holding)
    absences = reader.entries("absences", _absence)
    directory = Directory(
        version="",
        organs={code: organ for code, (_, organ) in organs.items()},
        persons={code: person for code, (_, person) in persons.items()},
        holdings=tuple(held for _, held in posts),
        absences=tuple(absence for _, absence in absences),
    )
    rows: Mapping[Part, Any] = {
        "organs": {code: row for code, (row, _) in organs.items()},
        "persons": {code: row for code, (row, _) in persons.items()},
        "posts": [row for row, _ in posts],
        "absences": [row for row, _ in absences],
    }
    for fault in faults_of(directory):
        if reader.may_tell(fault):
            reader.fault(fault.part, rows[fault.part][fault.entry], fault.column, fault.rule, **fault.fields)
    for row, held in posts:
        reader.note_unknown(row, held, known)
    order = {table.sheet: number for number, table in enumerate(tables.parts.values())}
    faults = sorted(
        (*tables.faults, *reader.faults),
        key=lambda fault: (order.get(fault.sheet, len(order)), fault.row or 0, fault.column or 0),
    )
    sound = not any(fault.severity == "fault" for fault in faults)
    return Checked(directory=sealed(directory) if sound else directory, faults=tuple(faults))


@dataclass(slots=True)
class _Reader:
    """Reads the rows of the tables and gathers what is wrong with their cells."""

    tables: Tables
    faults: list[Fault] = field(default_factory=list)
    broken: set[Part] = field(default_factory=set)

    def entries(self, part: Part, make: Callable[[Mapping[str, Any]], Any]) -> list[tuple[int, Any]]:
        """What each row of a table says, with its number; a row that is not sound is left out."""
        table = self.tables.parts.get(part)
        if table is None:
            return []
        found = []
        for line in table.lines:
            values = self._values(part, line)
            if _UNREADABLE in values.values():
                self.broken.add(part)
            else:
                found.append((line.row, make(values)))
        return found

    def coded(self, part: Part, make: Callable[[Mapping[str, Any]], Any]) -> dict[str, tuple[int, Any]]:
        """The same for a table whose rows have codes; rows count as long as the code can be read."""
        table = self.tables.parts.get(part)
        found: dict[str, tuple[int, Any]] = {}
        for line in table.lines if table is not None else ():
            values = self._values(part, line)
            code = values["code"]
            if code == _UNREADABLE:
                self.broken.add(part)
            elif code in found:
                self.fault(
                    part, line.row, "code", "directory.code_once", code=code, first=str(found[code][0])
                )
            else:
                found[code] = line.row, make(values)
        return found

    def may_tell(self, fault: DirectoryFault) -> bool:
        """Whether a breach is one for sure: what a broken row says might mend it."""
        if fault.rule == "directory.deputy_of_somebody":
            return "posts" not in self.broken
        if fault.rule == "directory.known_organ":
            return "organs" not in self.broken and fault.fields.get("organ") != _UNREADABLE
        return fault.rule != "directory.known_person" or "persons" not in self.broken

    def note_unknown(self, row: int, held: Holding, known: Known) -> None:
        """Note a matter, or a kind of post, that nobody has heard of; it may be one that is still to come."""
        for matter in held.matters if known.matters else ():
            if matter not in known.matters:
                self.fault(
                    "posts", row, "matters", "directory.matter_unknown", severity="note", matter=matter
                )
        if known.posts and held.kind not in {*known.posts, *ADMINISTRATORS, *ways("post").values()}:
            self.fault("posts", row, "kind", "directory.post_unknown", severity="note", post=held.kind)

    def fault(
        self, part: Part, row: int, column: str, rule: str, *, severity: Any = "fault", **fields: Any
    ) -> None:
        """Note what is wrong with a cell; `rule` without its place among the texts."""
        table = self.tables.parts[part]
        titles: dict[str, str] = {lang: heading(part, column, lang) for lang in LANGUAGES}
        self.faults.append(
            Fault(
                sheet=table.sheet,
                row=row,
                column=table.places.get(column),
                rule=f"directory.fault.{rule.removeprefix('directory.')}",
                fields=fields,
                heading=titles,
                severity=severity,
            )
        )

    def _values(self, part: Part, line: Line) -> dict[str, Any]:
        values = {}
        for column in PARTS[part]:
            value = _value(column, line.cells.get(column.key))
            if isinstance(value, _Refused):
                self.fault(part, line.row, column.key, value.rule, **value.fields)
                value = _UNREADABLE
            values[column.key] = value
        return values


@dataclass(frozen=True, slots=True)
class _Refused:
    rule: str
    fields: Mapping[str, str] = field(default_factory=dict)


def _value(column: Column, cell: Cell) -> Any:
    """What a cell of this column says, None where it is blank."""
    if cell is None:
        return _Refused("required") if column.required else None
    if isinstance(cell, Formula):
        return _Refused("formula")
    if column.kind == "day":
        return _day(cell)
    text = cell.isoformat() if isinstance(cell, date) else cell.strip()
    if any(unicodedata.category(sign) == "Cc" for sign in text):
        return _Refused("control_characters")
    if column.kind == "codes":
        codes = tuple(sorted(filter(None, _BETWEEN.split(text))))
        wrong = next((code for code in codes if not _CODE.fullmatch(code)), None)
        return _Refused("code", {"value": wrong}) if wrong else codes
    return _word(column.kind, text)


def _word(kind: Kind, text: str) -> Any:
    match kind:
        case "code":
            return text if _CODE.fullmatch(text) else _Refused("code", {"value": text})
        case "text":
            return text
    code = ways(kind).get(text.casefold())
    if kind == "post" and code is None and _POST.fullmatch(text):
        return text
    return code or _Refused(kind, {"value": text})


def _day(cell: str | date) -> date | _Refused:
    if isinstance(cell, date):
        return cell
    if found := _DAY.fullmatch(cell.strip()):
        year, month, day = (int(part) for part in found.groups() if part)
        try:
            return date(year, month, day)
        except ValueError:
            pass
    return _Refused("day", {"value": cell.strip()})


def _organ(values: Mapping[str, Any]) -> Organ:
    names: dict[str, str] = {CHINESE: values["name"], ENGLISH: values["english"] or values["name"]}
    return Organ(code=values["code"], kind=values["kind"], names=names, parent=values["parent"])


def _person(values: Mapping[str, Any]) -> Person:
    return Person(code=values["code"], name=values["name"])


def _holding(values: Mapping[str, Any]) -> Holding:
    return Holding(
        person=values["person"],
        kind=values["kind"],
        organ=values["organ"],
        since=values["since"],
        until=values["until"],
        deputy=_DEPUTIES[values["deputy"] or DEPUTY[False]],
        matters=values["matters"] or (),
    )


def _absence(values: Mapping[str, Any]) -> Absence:
    return Absence(
        person=values["person"], since=values["since"], until=values["until"], reason=values["reason"] or ""
    )
