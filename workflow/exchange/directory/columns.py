"""The four tables of a directory: their columns, what people read above them, and the words that stand in the cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

from workflow.domain.directory_rules import Part
from workflow.texts import LANGUAGES, catalogue, t

Kind: TypeAlias = Literal["code", "text", "day", "organ_kind", "post", "deputy", "codes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; `of` names the table whose codes stand in it."""

    key: str
    kind: Kind = "text"
    required: bool = True
    of: Part | None = None


PARTS: Final[Mapping[Part, tuple[Column, ...]]] = {
    "organs": (
        Column(key="code", kind="code"),
        Column(key="kind", kind="organ_kind"),
        Column(key="name"),
        Column(key="english", required=False),
        Column(key="parent", kind="code", required=False, of="organs"),
    ),
    "persons": (Column(key="code", kind="code"), Column(key="name")),
    "posts": (
        Column(key="organ", kind="code", of="organs"),
        Column(key="kind", kind="post"),
        Column(key="person", kind="code", of="persons"),
        Column(key="since", kind="day"),
        Column(key="until", kind="day", required=False),
        Column(key="deputy", kind="deputy", required=False),
        Column(key="matters", kind="codes", required=False),
    ),
    "absences": (
        Column(key="person", kind="code", of="persons"),
        Column(key="since", kind="day"),
        Column(key="until", kind="day"),
        Column(key="reason", required=False),
    ),
}
"""The tables in the order of their sheets."""

WORDS: Final[Mapping[Kind, str]] = {
    "organ_kind": "directory.organ_kind",
    "post": "directory.post",
    "deputy": "directory.deputy",
}
"""Where the words of a kind of cell stand."""


def sheet_title(part: Part, lang: str) -> str:
    """What the table's sheet is called."""
    return t(f"directory.sheet.{part}", lang)


def heading(part: Part, key: str, lang: str) -> str:
    """What stands above the column."""
    return t(f"directory.column.{part}.{key}", lang)


@cache
def words(kind: Kind, lang: str) -> Mapping[str, str]:
    """The word for each code that may stand in such a cell."""
    prefix = f"{WORDS[kind]}."
    return {key.removeprefix(prefix): word for key, word in catalogue(lang).items() if key.startswith(prefix)}


@cache
def ways(kind: Kind) -> Mapping[str, str]:
    """The code by every way to write it: itself, or its word in either language, in small letters."""
    found = {code: code for code in words(kind, LANGUAGES[0])}
    for lang in LANGUAGES:
        for code, word in words(kind, lang).items():
            found.setdefault(word.casefold(), code)
    return found


@cache
def known_sheets() -> Mapping[str, Part]:
    """The table by every name of its sheet: its key, or its title in either language, in small letters."""
    found: dict[str, Part] = {part: part for part in PARTS}
    for lang in LANGUAGES:
        found |= {sheet_title(part, lang).casefold(): part for part in PARTS}
    return found


@cache
def known_headings(part: Part) -> Mapping[str, str]:
    """The column's key by every way to head it, in small letters."""
    found = {column.key: column.key for column in PARTS[part]}
    for lang in LANGUAGES:
        found |= {heading(part, column.key, lang).casefold(): column.key for column in PARTS[part]}
    return found
