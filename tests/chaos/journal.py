"""The journal of one client: what it was about to ask and what it was told, on disk before and after each command.

A client may be killed at any point. What its journal holds as acknowledged must be in the record, once; what it holds as
refused must not; and what it holds as begun is asked again under the same key until it is one of the two.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workflow.domain.commands import SubmitFiling, TakeAction


@dataclass(slots=True, kw_only=True)
class Entry:
    """A command and what became of it: `acked` holds its receipt, `refused` the code of the error."""

    number: int
    kind: str
    command: dict[str, Any]
    acked: dict[str, Any] | None = None
    refused: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether nobody knows what became of it."""
        return self.acked is None and not self.refused

    def asked(self) -> SubmitFiling | TakeAction:
        """The command itself."""
        given = dict(self.command)
        if self.kind == "SubmitFiling":
            return SubmitFiling(**{**given, "materials": tuple(given["materials"])})
        return TakeAction(**given)


class Journal:
    """One file, one writer."""

    def __init__(self, path: Path) -> None:
        self.entries: list[Entry] = read(path)
        self._file = os.open(path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        # A line that a killed writer has left half done is ended, so that it spoils no other.
        os.write(self._file, b"\n")

    def begin(self, command: SubmitFiling | TakeAction, **more: Any) -> Entry:
        """Put down what is about to be asked."""
        names = ("case_id", "key", "actor") + (
            ("matter", "form", "materials", "parties")
            if isinstance(command, SubmitFiling)
            else ("action", "fields")
        )
        given = {name: getattr(command, name) for name in names}
        entry = Entry(
            number=len(self.entries),
            kind=type(command).__name__,
            command=json.loads(json.dumps(given, default=dict)),
            more=more,
        )
        self.entries.append(entry)
        self._put(number=entry.number, kind=entry.kind, command=entry.command, more=more)
        return entry

    def acked(self, entry: Entry, seconds: float, **receipt: Any) -> None:
        entry.acked = receipt
        self._put(number=entry.number, acked=receipt, seconds=round(seconds, 4))

    def refused(self, entry: Entry, code: str) -> None:
        entry.refused = code
        self._put(number=entry.number, refused=code)

    def note(self, what: str, said: str) -> None:
        """Something that is no command: an answer of the portal, an error that nobody expected."""
        self._put(note=what, said=said)

    def _put(self, **line: Any) -> None:
        os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        os.fsync(self._file)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole line."""
    if not path.exists():
        return
    for line in path.read_bytes().split(b"\n"):
        try:
            yield json.loads(line)
        except ValueError:
            continue


def read(path: Path) -> list[Entry]:
    """The commands of a journal in their order, each with what became of it."""
    entries: dict[int, Entry] = {}
    for line in lines(path):
        if "command" in line:
            entries[line["number"]] = Entry(
                number=line["number"], kind=line["kind"], command=line["command"], more=line["more"]
            )
        elif "acked" in line:
            entries[line["number"]].acked = line["acked"]
        elif "refused" in line:
            entries[line["number"]].refused = line["refused"]
    return [entries[number] for number in sorted(entries)]
