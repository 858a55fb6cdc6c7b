"""A sheet: typed values read out of a document of the definitions, every fault of it located and gathered.

Values are asked for by key and kind; what is missing, of another kind or never asked for is a fault. Reading goes on
after a fault with a harmless value, so that one look shows all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from workflow.catalog.faults import Fault, refuse
from workflow.catalog.strict_yaml import Document, Place, inspect
from workflow.domain.period import Days, Period, parse_period
from workflow.errors import BadPeriod
from workflow.texts import LANGUAGES

Chosen = TypeVar("Chosen", bound=StrEnum)

NO_DAY = date(1, 1, 1)
"""Stands for a day that could not be read, so that reading can go on to the next fault."""


@dataclass(slots=True)
class Sheet:
    """One map of a document, and which of its keys have been asked for."""

    document: Document
    faults: list[Fault]
    place: Place = ()
    asked: set[str] = field(default_factory=set)

    def has(self, key: str) -> bool:
        """Whether the key is given and not null."""
        self.asked.add(key)
        return isinstance(self._map(), dict) and self._map().get(key) is not None

    def text(self, key: str, default: str | None = None) -> str:
        """A text; the default if one is given and the key is not."""
        return str(
            self._value(key, str, default if default is not None else "", optional=default is not None)
        )

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        return int(self._value(key, int, default or 0, optional=default is not None))

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false."""
        return bool(self._value(key, bool, default or False, optional=default is not None))

    def texts(self, key: str) -> list[str]:
        """A list of texts; a list that is not given is empty."""
        found = self._value(key, list, [], optional=True)
        if any(not isinstance(item, str) for item in found):
            self.fault(key, "shape.type", value=found, wanted="list of texts")
            return []
        return list(found)

    def day(self, key: str, default: date | None = None) -> date:
        """A day, written "YYYY-MM-DD"."""
        text = self.text(key, "" if default is not None else None)
        return default if not text and default is not None else self.as_day(key, text)

    def as_day(self, key: str, text: str) -> date:
        """A text as a day; a fault at `key` if it is none."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fault(key, "shape.date", value=text)
            return NO_DAY

    def clock_time(self, key: str) -> time | None:
        """A time of day, written "HH:MM", or None."""
        if not self.has(key):
            return None
        text = self.text(key)
        try:
            return time.fromisoformat(text)
        except ValueError:
            self.fault(key, "shape.type", value=text, wanted="time of day, HH:MM")
            return None

    def period(self, key: str) -> Period:
        """A period such as 20wd."""
        text = self.text(key)
        try:
            return parse_period(text)
        except BadPeriod:
            self.fault(key, "shape.period", value=text)
            return Days(0)

    def choice(self, key: str, kind: type[Chosen], default: Chosen | None = None) -> Chosen:
        """One of the words of an enumeration."""
        text = self.text(key, default)
        try:
            return kind(text)
        except ValueError:
            self.fault(key, "shape.choice", value=text, known=", ".join(kind))
            return next(iter(kind))

    def words(self, key: str) -> dict[str, str]:
        """The same words in every language."""
        self.asked.add(key)
        sheet = self.sheet(key)
        found: dict[str, str] = {lang: sheet.text(lang) for lang in LANGUAGES}
        sheet.close()
        return found

    def sheet(self, key: str) -> Sheet:
        """A map below this one."""
        self._value(key, dict, {}, optional=False)
        return Sheet(document=self.document, faults=self.faults, place=(*self.place, key))

    def sheets(self, key: str, *, optional: bool = False) -> Iterator[Sheet]:
        """Each map of a list below this one."""
        for place in range(len(self._value(key, list, [], optional=optional))):
            yield Sheet(document=self.document, faults=self.faults, place=(*self.place, key, place))

    def mixed(self, key: str) -> Iterator[tuple[str, Sheet | None]]:
        """A list of names, some of which are maps of one key that say more: the name, and what more is said."""
        for place, item in enumerate(self._value(key, list, [], optional=True)):
            if isinstance(item, str):
                yield item, None
            elif isinstance(item, dict) and len(item) == 1:
                (name,) = item
                below = (*self.place, key, place, name)
                yield name, Sheet(document=self.document, faults=self.faults, place=below)
            else:
                self.fault(key, "shape.type", value=item, wanted="name, or name with its terms")

    def keys(self) -> list[str]:
        """The keys that are given, all of them thereby asked for."""
        found = list(self._map()) if isinstance(self._map(), dict) else []
        self.asked.update(found)
        return found

    def close(self) -> None:
        """Say that nothing more will be asked: keys never asked for are faults, most often misspelt."""
        if not isinstance(self._map(), dict):
            self.fault("", "shape.type", value=self._map(), wanted="map")
            return
        for key in self._map():
            if key not in self.asked:
                self.fault(key, "shape.unknown_key", known=", ".join(sorted(self.asked)))

    def fault(self, key: str, rule: str, **fields: Any) -> None:
        """Note a fault at a key of this map."""
        place = (*self.place, key) if key else self.place
        mark = self.document.where(place)
        self.faults.append(Fault(rule=rule, mark=mark, fields={"key": key or "-", **fields}))

    def _map(self) -> Any:
        data = self.document.data
        for step in self.place:
            try:
                data = data[step]
            except (KeyError, IndexError, TypeError):
                return {}
        return data

    def _value(self, key: str, kind: type, default: Any, *, optional: bool) -> Any:
        self.asked.add(key)
        here = self._map()
        if not isinstance(here, dict):
            return default
        if here.get(key) is None:
            if not optional:
                self.fault(key, "shape.missing_key")
            return default
        found = here[key]
        if type(found) is not kind:
            self.fault(key, "shape.type", value=found, wanted=_KINDS[kind])
            return default
        return found


_KINDS: Final = {str: "text", int: "whole number", bool: "true or false", list: "list", dict: "map"}


def open_sheet(path: Path, faults: list[Fault], name: str | None = None) -> Sheet:
    """The top map of a file; faults of its YAML join `faults`."""
    document, found = inspect(path, name=name)
    faults.extend(found)
    return Sheet(document=document, faults=faults)


def finish(faults: list[Fault]) -> None:
    """Raise BadDefinition with every fault noted, if there is one."""
    refuse(faults)
