"""A fault of a roster: where it is, which rule says so, and what people read about it in either language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from workflow.errors import BanjieError
from workflow.exchange.roster.columns import Titles
from workflow.texts import LANGUAGES, error_text, language, t

Severity: TypeAlias = Literal["fault", "note"]
"""A fault keeps the roster from being imported; a note is only told."""

_LETTERS: Final = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. `rule` is the key of its text, `fields` what the text names; `error` is what refused a row as a whole.

    Rows and columns count from 1; without a column the whole row is meant, without a row the whole sheet.
    """

    sheet: str
    row: int | None = None
    column: int | None = None
    rule: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    heading: Titles = field(default_factory=dict)
    error: BanjieError | None = None
    severity: Severity = "fault"

    @property
    def cell(self) -> str:
        """The place in A1 notation: `C7`, `7:7` for a row, nothing for a sheet."""
        if self.row is None:
            return ""
        return f"{letters(self.column)}{self.row}" if self.column else f"{self.row}:{self.row}"

    def text(self, lang: str | None = None) -> str:
        """What is wrong, in the reader's language, and where he is to look first."""
        if self.error is not None:
            return error_text(self.error, lang)
        return t(self.rule, lang, **{name: _in(value, lang) for name, value in self.fields.items()})

    def plain(self) -> dict[str, Any]:
        """The fault for a program, with its text in both languages."""
        return {
            "sheet": self.sheet,
            "cell": self.cell,
            "row": self.row,
            "column": letters(self.column) if self.column else None,
            "heading": dict(self.heading) or None,
            "rule": self.error.code if self.error is not None else self.rule,
            "severity": self.severity,
            "text": {lang: self.text(lang) for lang in LANGUAGES},
        }


def letters(column: int) -> str:
    """A column's letters: A, B and so on, after Z two of them."""
    name = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name


def _in(value: Any, lang: str | None) -> Any:
    """What a text names, where it is itself a text of either language."""
    if isinstance(value, Mapping):
        return value[lang or language()]
    return value
