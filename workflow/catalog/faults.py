"""A fault in a definition: where it stands, which rule it breaks, and how to mend it, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflow.errors import BadDefinition
from workflow.texts import LANGUAGES, t


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mark:
    """A place in a file; line and column are counted from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. `rule` is stable and names the texts `faults.<rule>.says` and `faults.<rule>.mend`."""

    rule: str
    mark: Mark
    fields: Mapping[str, Any] = field(default_factory=dict)

    def says(self, lang: str | None = None) -> str:
        """What is wrong, in the reader's language."""
        return t(f"faults.{self.rule}.says", lang, **self.fields)

    def mend(self, lang: str | None = None) -> str:
        """How to put it right, in the reader's language."""
        return t(f"faults.{self.rule}.mend", lang, **self.fields)

    def line(self, lang: str | None = None) -> str:
        """The fault on one line, as compilers print them, so that editors can jump to the place."""
        return f"{self.mark}: {self.rule}: {self.says(lang)}"

    def plain(self) -> dict[str, Any]:
        """The fault for machines: plain values, both languages."""
        return {
            "file": self.mark.file,
            "line": self.mark.line,
            "column": self.mark.column,
            "rule": self.rule,
            "says": {lang: self.says(lang) for lang in LANGUAGES},
            "mend": {lang: self.mend(lang) for lang in LANGUAGES},
        }


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Each fault once, by file, line and rule."""
    once = {(fault.mark, fault.rule, repr(sorted(fault.fields.items()))): fault for fault in faults}
    return [once[place] for place in sorted(once)]


def refuse(faults: Iterable[Fault]) -> None:
    """Raise BadDefinition, which carries every fault, if there is one."""
    found = in_order(faults)
    if found:
        raise BadDefinition(
            count=len(found), first=found[0].line(), faults=[fault.plain() for fault in found]
        )
