"""The one way a directory is written down: canonical JSON, and the beginning of its SHA-256 as the directory's version.

Organs and persons in the order of their codes, holdings in the order of their posts, so that the same directory has the
same version from whatever file it came. What equals its default is left out. Absences are no part of it: they come and go
every day under versions of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from operator import attrgetter
from typing import Any

import msgspec

from workflow.domain.directory import Absence, Directory, Holding, Organ, Person


class _Content(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    organs: list[Organ]
    persons: list[Person]
    holdings: list[Holding]


_DECODER = msgspec.json.Decoder(_Content)


def content_of(directory: Directory) -> bytes:
    """The canonical bytes of a directory, without its absences."""
    return msgspec.json.encode(
        {
            "organs": [_plain(organ) for organ in _by_code(directory.organs)],
            "persons": [_plain(person) for person in _by_code(directory.persons)],
            "holdings": [_plain(held) for held in in_order(directory.holdings)],
        },
        order="sorted",
    )


def directory_of(content: bytes) -> Directory:
    """The directory that canonical bytes say. Raises msgspec.ValidationError on any other bytes."""
    read = _DECODER.decode(content)
    return Directory(
        version=version_of(content),
        organs={organ.code: organ for organ in read.organs},
        persons={person.code: person for person in read.persons},
        holdings=tuple(read.holdings),
    )


def version_of(content: bytes) -> str:
    """The version that these bytes are known by."""
    return hashlib.sha256(content).hexdigest()[:16]


def sealed(directory: Directory) -> Directory:
    """The directory in its canonical order, under its version."""
    holdings = [replace(held, matters=tuple(sorted(held.matters))) for held in directory.holdings]
    written = replace(directory, holdings=in_order(holdings), absences=())
    return with_absences(replace(written, version=version_of(content_of(written))), directory.absences)


def with_absences(
    directory: Directory, absences: Sequence[Absence], *, revision: int | None = None
) -> Directory:
    """A directory that has none, with these; each set of absences makes a version of its own. Of one in force the version
    names the installation's `revision`, so that whoever reads it in an event finds the absences that counted.
    """
    if not absences:
        return directory
    known = [absence for absence in absences if absence.person in directory.persons]
    known.sort(key=lambda absence: (absence.since, absence.person, absence.until, absence.reason))
    if revision is not None:
        version = f"{directory.version}+{revision}"
    else:
        content = msgspec.json.encode(
            [directory.version, [_plain(absence) for absence in known]], order="sorted"
        )
        version = version_of(content)
    return replace(directory, absences=tuple(known), version=version)


def in_order(holdings: Iterable[Holding]) -> tuple[Holding, ...]:
    """The holdings post by post, the responsible ones before deputies."""
    return tuple(
        sorted(
            holdings, key=lambda h: (h.organ, h.kind, h.deputy, h.since, h.person, h.matters, str(h.until))
        )
    )


def _by_code(entries: Mapping[str, Any]) -> list[Any]:
    return sorted(entries.values(), key=attrgetter("code"))


def _plain(value: Organ | Person | Holding | Absence) -> dict[str, Any]:
    named = ((field, getattr(value, field.name)) for field in fields(value))
    return {field.name: held for field, held in named if field.default is MISSING or held != field.default}
