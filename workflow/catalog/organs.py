"""The directory (名录) from `organs/*.yaml`: organs, posts, persons, under a version that changes with any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from workflow.catalog.directory_content import sealed
from workflow.catalog.faults import Fault
from workflow.catalog.schema import check_shape
from workflow.catalog.strict_yaml import Document, Place
from workflow.domain.directory import Directory, Holding, Organ, Person

ALWAYS: Final = "1949-10-01"
"""Since when a post is held if the file does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organs:
    """The directory, and which organs of it are fictional and must be shown with 示例."""

    directory: Directory
    samples: frozenset[str]


def organs_from(documents: Sequence[Document]) -> tuple[Organs, list[Fault]]:
    """The directory that the files of one set of folders make together, with all their faults."""
    faults = [
        fault
        for document in documents
        for fault in (
            *check_shape(document.data, "organs", document.where),
            *_no_days(document.data, (), document),
        )
    ]
    if faults:
        return Organs(directory=_directory({}, {}, []), samples=frozenset()), faults
    organs: dict[str, Organ] = {}
    persons: dict[str, Person] = {}
    holdings: list[Holding] = []
    samples: set[str] = set()
    first: dict[str, str] = {}
    for document in documents:
        for code, organ in document.data["organs"].items():
            if code in organs:
                fields = {"code": code, "first": first[code]}
                faults.append(Fault(rule="file.twice", mark=document.where(("organs", code)), fields=fields))
                continue
            first[code] = str(document.where(("organs", code)))
            organs[code] = Organ(
                code=code, kind=organ["kind"], names=organ["name"], parent=organ.get("parent")
            )
            holdings.extend(_holdings(code, organ, document, persons))
            if document.data.get("sample", False):
                samples.add(code)
    faults.extend(_lost(documents, organs, persons))
    return Organs(directory=_directory(organs, persons, holdings), samples=frozenset(samples)), faults


def _holdings(
    code: str, organ: Mapping[str, Any], document: Document, persons: dict[str, Person]
) -> Iterator[Holding]:
    for kind, holders in organ.get("posts", {}).items():
        for holder in holders:
            person = holder["person"]
            if "name" in holder:
                persons[person] = Person(code=person, name=holder["name"])
            yield Holding(
                person=person,
                kind=kind,
                organ=code,
                since=date.fromisoformat(holder.get("since", document.data.get("since", ALWAYS))),
                until=date.fromisoformat(holder["until"]) if "until" in holder else None,
                deputy=holder.get("deputy", False),
                matters=tuple(holder.get("matters", ())),
            )


def _no_days(value: Any, place: Place, document: Document) -> Iterator[Fault]:
    """A fault for each day of the file that no calendar has (the schema sees only how it is written)."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _no_days(below, (*place, key), document)
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _no_days(below, (*place, number), document)
    elif isinstance(value, str) and place and place[-1] in {"since", "until"}:
        try:
            date.fromisoformat(value)
        except ValueError:
            yield Fault(rule="shape.date", mark=document.where(place), fields={"value": value})


def _lost(
    documents: Sequence[Document], organs: Mapping[str, Organ], persons: Mapping[str, Person]
) -> Iterator[Fault]:
    for document in documents:
        for code, organ in document.data["organs"].items():
            parent = organ.get("parent")
            if parent is not None and parent not in organs:
                mark = document.where(("organs", code, "parent"))
                yield Fault(rule="reference.organ", mark=mark, fields={"name": parent})
            for kind, holders in organ.get("posts", {}).items():
                for number, holder in enumerate(holders):
                    if holder["person"] not in persons:
                        mark = document.where(("organs", code, "posts", kind, number))
                        yield Fault(rule="shape.missing_key", mark=mark, fields={"key": "name"})


def _directory(
    organs: Mapping[str, Organ], persons: Mapping[str, Person], holdings: Sequence[Holding]
) -> Directory:
    return sealed(Directory(version="", organs=organs, persons=persons, holdings=tuple(holdings)))
