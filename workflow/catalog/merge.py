"""A matter merged into its process, as a JSON merge patch (RFC 7396): maps merge key by key, everything else replaces.

So a list of the matter stands in place of the process's whole list, and `null` takes a key out. Texts (a map of languages)
replace as a whole. Every value keeps the place where it was written, so a fault found later names the right file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.catalog.faults import Fault, Mark
from workflow.catalog.strict_yaml import Document, Place
from workflow.texts import LANGUAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The whole of a matter, and where each part of it was written: in the matter, or else in the process."""

    data: dict[str, Any]
    matter: Document
    process: Document

    def where(self, place: Place) -> Mark:
        """Where the value at `place` was written, or the nearest thing around it."""
        for end in range(len(place), 0, -1):
            for document in (self.matter, self.process):
                if (mark := document.marks.get(place[:end])) is not None:
                    return mark
        return self.matter.where(())


def merge(process: Document, matter: Document) -> tuple[Merged, list[Fault]]:
    """The matter merged into the process, and a fault for each null that takes nothing out."""
    faults: list[Fault] = []
    base = {key: value for key, value in process.data.items() if key != "process"}
    data = _patched(base, matter.data, (), matter, faults)
    return Merged(data=data, matter=matter, process=process), faults


def is_text(value: Any) -> bool:
    """Whether the value is what people read: a map whose keys are all languages."""
    return isinstance(value, Mapping) and bool(value) and value.keys() <= set(LANGUAGES)


def texts_in(value: Any, place: Place = ()) -> Iterator[tuple[Place, Mapping[str, str]]]:
    """Every text in a tree of plain values, with its place."""
    if is_text(value):
        yield place, value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from texts_in(below, (*place, key))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from texts_in(below, (*place, number))


def without_texts(value: Any) -> Any:
    """The same tree without its texts: what is left is what the machine runs."""
    if isinstance(value, Mapping):
        return {key: without_texts(below) for key, below in value.items() if not is_text(below)}
    if isinstance(value, list):
        return [without_texts(below) for below in value if not is_text(below)]
    return value


def _patched(base: Any, patch: Any, place: Place, matter: Document, faults: list[Fault]) -> Any:
    if not isinstance(patch, Mapping) or is_text(patch):
        return patch
    known = base if isinstance(base, Mapping) and not is_text(base) else {}
    result = dict(known)
    for key, value in patch.items():
        below = (*place, key)
        if value is not None:
            result[key] = _patched(known.get(key), value, below, matter, faults)
        elif result.pop(key, None) is None:
            faults.append(Fault(rule="file.removed_nothing", mark=matter.where(below), fields={"key": key}))
    return result
