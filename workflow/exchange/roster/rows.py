"""The rows of a roster as the filings they are, each with everything that is wrong with it.

The values are checked by the very check that a single filing gets (`form_faults`); before it stands what only a cell can
have wrong, after it what only a roster can: the same person twice, the same row twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import msgspec

from workflow.catalog.forms import form_faults
from workflow.domain import authority
from workflow.domain.definition import Definition
from workflow.domain.directory import Directory
from workflow.errors import BanjieError
from workflow.exchange.roster.cells import Cell, Refused, blank, value_of
from workflow.exchange.roster.columns import FORM, LETTER, MATERIALS, PARTIES, Column
from workflow.exchange.roster.faults import Fault
from workflow.exchange.roster.headings import Layout
from workflow.texts import LANGUAGES

_key = msgspec.json.Encoder(order="sorted").encode


class Filer(NamedTuple):
    """Who files, and on which civil day: what the right to file is judged by."""

    actor: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row as the filing it is. `sound`: nothing is wrong with it."""

    number: int
    form: Mapping[str, Any]
    materials: tuple[str, ...]
    parties: Mapping[str, str]
    letter: str | None
    sound: bool

    def content(self) -> dict[str, Any]:
        """What makes it the filing it is: for whom it asks what. Papers and letter come and go with the same filing."""
        return {"form": dict(self.form), "parties": dict(self.parties)}


class RowReader:
    """Reads the rows of one roster and remembers what must not come twice."""

    def __init__(
        self,
        layout: Layout,
        definition: Definition,
        columns: Sequence[Column],
        directory: Directory,
        filer: Filer | None,
        letter: str | None,
    ) -> None:
        self.layout = layout
        self.definition = definition
        self.directory = directory
        self.filer = filer
        self.letter = letter
        self.at = {column.key: number for number, column in layout.columns.items()}
        self.known = {*layout.columns, *layout.added, *(fault.column for fault in layout.faults)}
        self.missing = {column.key for column in columns if column.required and column.key not in self.at}
        self.columns = {column.key: column for column in columns}
        self.persons = {
            key for key, column in self.columns.items() if column.schema.get("format") == "id_number"
        }
        self.organs = {
            name.casefold(): code
            for code, organ in directory.organs.items()
            for name in (code, *organ.names.values())
        }
        self.seen: dict[tuple[str, str], int] = {}
        self.rights: dict[tuple[tuple[str, str], ...], BanjieError | None] = {}

    def fault(self, row: int, key: str | None, rule: str, **fields: Any) -> Fault:
        """A fault in a row, of one of its columns or of the whole row."""
        column = self.columns.get(key) if key else None
        return Fault(
            sheet=self.layout.sheet.name,
            row=row,
            column=self.at.get(key) if key else None,
            rule=rule,
            fields=fields,
            heading=column.titles if column else {},
        )

    def row(self, number: int, cells: Sequence[Cell]) -> tuple[Row, list[Fault]]:
        """One row as a filing, and everything that is wrong with it."""
        faults: list[Fault] = []
        parts: dict[str, dict[str, Any]] = {FORM: {}, MATERIALS: {}, PARTIES: {}, LETTER: {}}
        refused: set[str] = set()
        for position, cell in enumerate(cells, 1):
            column = self.layout.columns.get(position)
            if column is None:
                continue
            value = self._value(column, cell)
            if isinstance(value, Refused):
                refused.add(column.key)
                faults.append(self.fault(number, column.key, value.rule, **value.fields))
            elif value is not None:
                _put(parts[column.part], column.path or (LETTER,), value)
        faults += self._beyond(number, cells)
        form, parties = parts[FORM], parts[PARTIES]
        faults += self._form(number, form, refused)
        faults += self._twice(number, form, parties, refused)
        faults += self._right(number, parties, refused)
        handed_in = tuple(name for name, there in parts[MATERIALS].items() if there)
        row = Row(
            number=number,
            form=form,
            materials=handed_in,
            parties=parties,
            letter=parts[LETTER].get(LETTER, self.letter),
            sound=not faults and not self.missing,
        )
        return row, [*faults, *self._papers(number, handed_in)]

    def _value(self, column: Column, cell: Cell) -> Any:
        value = value_of(column, cell)
        if column.part == LETTER and isinstance(value, str) and len(value) > column.schema["maxLength"]:
            return Refused("forms.maxLength", {"limit": column.schema["maxLength"]})
        if column.part != PARTIES or not isinstance(value, str):
            return value
        organ = self.organs.get(value.casefold())
        return organ if organ is not None else Refused("roster.fault.unknown_organ", {})

    def _beyond(self, number: int, cells: Sequence[Cell]) -> Iterator[Fault]:
        """What stands under no heading; under one that is not known it has been told at the heading."""
        for position, cell in enumerate(cells, 1):
            if position not in self.known and not blank(cell):
                sheet = self.layout.sheet.name
                yield Fault(sheet=sheet, row=number, column=position, rule="roster.fault.no_heading")

    def _form(self, number: int, form: Mapping[str, Any], refused: set[str]) -> Iterator[Fault]:
        for where, rule, fields in form_faults(self.definition, form):
            key = self._column_of(where)
            # What a cell says wrongly has been told; a column that is not there, too.
            if key not in refused and key not in self.missing:
                yield self.fault(number, key, rule, **fields)

    def _column_of(self, where: str) -> str:
        """The column of a place in the form: `spouse.name`, or `authors.2` for an entry of a list."""
        key = f"{FORM}.{where}"
        while key not in self.columns and "." in key:
            key = key.rpartition(".")[0]
        return key

    def _twice(
        self, number: int, form: Mapping[str, Any], parties: Mapping[str, str], refused: set[str]
    ) -> Iterator[Fault]:
        for key in self.persons:
            person = _at(form, self.columns[key].path)
            if isinstance(person, str) and key not in refused:
                first = self.seen.setdefault((key, person), number)
                if first != number:
                    yield self.fault(number, key, "roster.fault.same_person", first=first)
                    return
        if not refused:
            first = self.seen.setdefault(("", _key([form, parties]).decode()), number)
            if first != number:
                yield self.fault(number, None, "roster.fault.same_row", first=first)

    def _right(self, number: int, parties: Mapping[str, str], refused: set[str]) -> Iterator[Fault]:
        if self.filer is None or any(key.startswith(PARTIES) for key in refused):
            return
        named = tuple(sorted(parties.items()))
        if named not in self.rights:
            self.rights[named] = self._refusal(parties)
        error = self.rights[named]
        if error is not None:
            yield Fault(sheet=self.layout.sheet.name, row=number, rule=error.code, error=error)

    def _refusal(self, parties: Mapping[str, str]) -> BanjieError | None:
        if self.filer is None:
            return None
        actor, on = self.filer
        completed = authority.parties_of(self.definition, actor, parties, self.directory, on)
        right = authority.may_file(self.definition, completed, actor=actor, directory=self.directory, on=on)
        return right.error if isinstance(right, authority.Refused) else None

    def _papers(self, number: int, handed_in: Sequence[str]) -> Iterator[Fault]:
        """What the pre-check will find wanting: no fault, for a filing may be supplemented, but it is better told now."""
        wanting = [
            self.columns[f"{MATERIALS}.{name}"].titles
            for name, material in self.definition.materials.items()
            if material.required and name not in handed_in
        ]
        if wanting:
            titles = {lang: "; ".join(of[lang] for of in wanting) for lang in LANGUAGES}
            yield replace(
                self.fault(number, None, "roster.fault.papers_wanting", titles=titles), severity="note"
            )


def _put(form: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *above, name = path
    for step in above:
        form = form.setdefault(step, {})
    form[name] = value


def _at(form: Any, path: Sequence[str]) -> Any:
    for step in path:
        form = form.get(step) if isinstance(form, Mapping) else None
    return form
