"""What differs between two directories, entry by entry, so that whoever confirms one sees what he confirms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workflow.domain.directory import Absence, Directory, Holding
from workflow.domain.directory_rules import Part

How = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryChange:
    """One entry that differs: a code, or what names a holding or an absence in words of codes."""

    part: Part
    how: How
    entry: str


def differences(before: Directory, after: Directory) -> tuple[DirectoryChange, ...]:
    """Every entry that was added, changed or removed, table by table."""
    return (
        *_between("organs", before.organs, after.organs),
        *_between("persons", before.persons, after.persons),
        *_between("posts", _holdings(before), _holdings(after)),
        *_between("absences", _absences(before), _absences(after)),
    )


def _between(part: Part, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[DirectoryChange]:
    for entry in sorted({*before, *after}):
        if entry not in before:
            yield DirectoryChange(part=part, how="added", entry=entry)
        elif entry not in after:
            yield DirectoryChange(part=part, how="removed", entry=entry)
        elif before[entry] != after[entry]:
            yield DirectoryChange(part=part, how="changed", entry=entry)


def _holdings(directory: Directory) -> dict[str, tuple[Holding, ...]]:
    found: dict[str, tuple[Holding, ...]] = {}
    for held in directory.holdings:
        name = f"{held.organ} {held.kind} {held.person} {held.since}"
        found[name] = (*found.get(name, ()), held)
    return found


def _absences(directory: Directory) -> dict[str, Absence]:
    return {f"{one.person} {one.since}..{one.until}": one for one in directory.absences}
