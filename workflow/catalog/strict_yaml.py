"""YAML without its traps: only maps, lists, texts, whole numbers, true, false and null, and every fault is located.

Refused, all at once and each with file, line and column: a key given twice, `yes`/`no`/`on`/`off` and their like left
unquoted (YAML 1.1 makes them booleans), unquoted dates and fractions, octal and sexagesimal numbers, keys that are not
texts, values left empty, tabs, anchors, aliases, merge keys, tags, a second document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from workflow.catalog.faults import Fault, Mark, refuse

Place: TypeAlias = tuple[str | int, ...]
"""The way to a value from the top of a document: keys and list positions."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]*")
_PLAIN: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}
# What YAML 1.1 would read as something else than the text it looks like; the first that matches names the fault.
_TRAPS: Final = (
    ("boolean", re.compile(r"(?i:y|n|yes|no|on|off|true|false)")),
    ("null", re.compile(r"~|Null|NULL")),
    ("date", re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?")),
    (
        "number",
        re.compile(r"[-+]?(0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*(:[0-5]?[0-9])*(\.[0-9_]*)?)|\+[0-9]+"),
    ),
    ("float", re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(?i:inf|nan)")),
    ("merge", re.compile(r"<<|=")),
)
_FRACTION: Final = re.compile(r"[-+]?[0-9]*\.[0-9]*([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file says, and where it says it."""

    file: str
    data: Any
    marks: dict[Place, Mark] = field(repr=False, default_factory=dict)

    def where(self, place: Place) -> Mark:
        """Where the value at `place` stands (a map's entry at its key), or the nearest thing around it."""
        return next(
            (self.marks[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.marks),
            Mark(file=self.file),
        )


def read(path: Path, *, name: str | None = None) -> Document:
    """Read one file. Raises BadDefinition carrying every fault; a file that is not there is one of them."""
    document, faults = inspect(path, name=name)
    refuse(faults)
    return document


def inspect(path: Path, *, name: str | None = None) -> tuple[Document, list[Fault]]:
    """Read one file as far as it can be read, with all its faults. `name` is how the file is called in them."""
    file = name or str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        fault = Fault(
            rule="yaml.unreadable", mark=Mark(file=file), fields={"reason": error.strerror or str(error)}
        )
        return Document(file=file, data={}), [fault]
    except UnicodeDecodeError as error:
        fault = Fault(
            rule="yaml.unreadable", mark=Mark(file=file), fields={"reason": f"not UTF-8: {error.reason}"}
        )
        return Document(file=file, data={}), [fault]
    return parse(text, file)


def parse(text: str, file: str) -> tuple[Document, list[Fault]]:
    """Read a text as the content of `file`, with all its faults."""
    reader = _Reader(file)
    reader.faults.extend(_tabs(text, file))
    try:
        data = reader.stream(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        fault = _syntax(error, file)
        # A tab in the wrong place is a syntax error too; it is told once, as the tab it is.
        if all(tab.mark.line != fault.mark.line for tab in reader.faults if tab.rule == "yaml.tab"):
            reader.faults.append(fault)
        data = {}
    return Document(file=file, data=data, marks=reader.marks), reader.faults


class _Reader:
    """Builds plain values from the parser's events, so that anchors, tags and repeated keys are seen before they act."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.marks: dict[Place, Mark] = {}

    def stream(self, events: Iterator[Any]) -> Any:
        data: Any = {}
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault("yaml.second_document", event)
                    break
                data = self._value(next(events), events, ())
        return data

    def _value(self, event: Any, events: Iterator[Any], place: Place) -> Any:
        if place not in self.marks:
            self.marks[place] = self._mark(event)
        if isinstance(event, yaml.AliasEvent):
            self._fault("yaml.alias", event, name=event.anchor)
            return None
        if event.anchor is not None:
            self._fault("yaml.anchor", event, name=event.anchor)
        if event.tag is not None:
            self._fault("yaml.tag", event, name=event.tag)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, place)
        return self._scalar(event)

    def _mapping(self, events: Iterator[Any], place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, events)
            below = (*place, key)
            if key in found:
                self._fault("yaml.duplicate_key", event, key=key, first=self.marks[below].line)
                kept = {where: mark for where, mark in self.marks.items() if where[: len(below)] == below}
                self._value(next(events), events, below)
                self.marks.update(kept)
                continue
            self.marks[below] = self._mark(event)
            found[key] = self._value(next(events), events, below)
        return found

    def _key(self, event: Any, events: Iterator[Any]) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._fault("yaml.key", event, key="…")
            self._value(event, events, ("…",))
            return "…"
        if not event.style and event.value in {"<<", "="}:
            self._fault("yaml.merge", event, value=event.value)
        elif not isinstance(self._scalar(event), str) and not self._faulted(event):
            self._fault("yaml.key", event, key=event.value)
        return str(event.value)

    def _sequence(self, events: Iterator[Any], place: Place) -> list[Any]:
        found: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._value(event, events, (*place, len(found))))
        return found

    def _scalar(self, event: Any) -> Any:
        value: str = event.value
        if event.style or (event.tag is not None and not event.implicit[0]):
            return value
        if value in _PLAIN:
            return _PLAIN[value]
        if not value:
            self._fault("yaml.empty", event)
            return None
        if _WHOLE.fullmatch(value):
            return int(value)
        for trap, pattern in _TRAPS:
            if pattern.fullmatch(value):
                rule = "float" if trap == "number" and _FRACTION.fullmatch(value) else trap
                self._fault(f"yaml.{rule}", event, value=value)
                return value
        return value

    def _faulted(self, event: Any) -> bool:
        mark = self._mark(event)
        return any(fault.mark == mark for fault in self.faults)

    def _mark(self, event: Any) -> Mark:
        return Mark(file=self.file, line=event.start_mark.line + 1, column=event.start_mark.column + 1)

    def _fault(self, rule: str, event: Any, **fields: Any) -> None:
        self.faults.append(Fault(rule=rule, mark=self._mark(event), fields=fields))


def _tabs(text: str, file: str) -> Iterator[Fault]:
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line:
            yield Fault(rule="yaml.tab", mark=Mark(file=file, line=number, column=line.index("\t") + 1))


def _syntax(error: yaml.YAMLError, file: str) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = Mark(file=file, line=mark.line + 1, column=mark.column + 1) if mark else Mark(file=file)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return Fault(rule="yaml.syntax", mark=where, fields={"reason": str(reason).splitlines()[0]})
