"""What makes a directory sound (名录的不变量): each breach under the name of its rule and at the entry that breaks it.

The three administrators (三员) are different persons and take no part in cases (GB/T 22239-2019, 8.1.5; BMB17); whoever
supervises (监察、督查) decides nothing; a deputy (B岗) stands in for somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Final, Literal

from workflow.domain.directory import DUTIES, SUPERVISOR, Directory, Holding, administrator

KEEPER: Final = "calendar_keeper"
"""The kind of post of whoever keeps the calendars where a directory names no administrators."""

ADMINISTRATORS: Final = tuple(administrator(duty) for duty in DUTIES)
"""The kinds of post of the three administrators (系统管理员、安全保密管理员、安全审计员)."""

_READS_ONLY: Final = frozenset({SUPERVISOR, "auditor"})
"""Kinds of post that a supervisor may hold: none of them decides anything on a case."""

Part = Literal["organs", "persons", "posts", "absences"]


INDIVIDUAL = "persons"
"""The kind of an organ that stands for one person who files for himself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryFault:
    """A breach of `rule` by one entry: the organ or person of the code `entry`, or the holding (part `posts`) or absence
    of that number, counted from 0 in the directory's own order. `fields` fill the rule's text.
    """

    rule: str
    part: Part
    entry: str | int
    column: str
    fields: Mapping[str, str] = field(default_factory=dict)


def faults_of(directory: Directory) -> tuple[DirectoryFault, ...]:
    """Every breach of a rule, part by part; none of a sound directory."""
    return (
        *_organs(directory),
        *_holdings(directory),
        *_deputies(directory),
        *_individuals(directory),
        *_together(directory),
        *_absences(directory),
    )


def _organs(directory: Directory) -> Iterator[DirectoryFault]:
    for code, organ in directory.organs.items():
        if organ.parent is None:
            continue
        if organ.parent not in directory.organs:
            yield DirectoryFault(
                rule="directory.known_organ",
                part="organs",
                entry=code,
                column="parent",
                fields={"organ": organ.parent},
            )
        elif _returns(directory, code):
            yield DirectoryFault(
                rule="directory.no_cycle", part="organs", entry=code, column="parent", fields={"organ": code}
            )


def _returns(directory: Directory, code: str) -> bool:
    """Whether the way up from an organ comes back to it."""
    last = (code, *directory.superiors(code))[-1]
    return directory.organs[last].parent == code


def _holdings(directory: Directory) -> Iterator[DirectoryFault]:
    for number, held in enumerate(directory.holdings):
        if held.organ not in directory.organs:
            yield _held("known_organ", number, "organ", organ=held.organ)
        if held.person not in directory.persons:
            yield _held("known_person", number, "person", person=held.person)
        if held.until is not None and held.until < held.since:
            yield _held("dates_in_order", number, "until", since=str(held.since), until=str(held.until))


def _deputies(directory: Directory) -> Iterator[DirectoryFault]:
    """A deputy without anybody, ever, to stand in for."""
    responsible = {(held.organ, held.kind) for held in directory.holdings if not held.deputy}
    for number, held in enumerate(directory.holdings):
        if held.deputy and (held.organ, held.kind) not in responsible:
            yield _held("deputy_of_somebody", number, "deputy", post=held.kind, organ=held.organ)


def _individuals(directory: Directory) -> Iterator[DirectoryFault]:
    """An individual (个人) is a party of his own: whoever shared his organ could act on his cases and read them."""
    whose: dict[str, str] = {}
    for number, held in enumerate(directory.holdings):
        organ = directory.organs.get(held.organ)
        if organ is not None and organ.kind == INDIVIDUAL:
            first = whose.setdefault(held.organ, held.person)
            if first != held.person:
                yield _held("one_person", number, "person", organ=held.organ, person=first)


def _together(directory: Directory) -> Iterator[DirectoryFault]:
    """What one person must not hold at the same time."""
    by_person: dict[str, list[tuple[int, Holding]]] = {}
    for number, held in enumerate(directory.holdings):
        by_person.setdefault(held.person, []).append((number, held))
    for person, own in by_person.items():
        for (_, one), (number, other) in combinations(own, 2):
            rule = _clash(one, other) if _overlap(one, other) else None
            if rule is not None:
                named = {"person": person, "one": one.kind, "other": other.kind, "organ": other.organ}
                yield _held(rule, number, "kind", **named)


def _clash(one: Holding, other: Holding) -> str | None:
    kinds = {one.kind, other.kind}
    same_post = (one.organ, one.kind) == (other.organ, other.kind)
    if same_post:
        shared = not one.matters or not other.matters or not set(one.matters).isdisjoint(other.matters)
        return "held_once" if shared else None
    administers = kinds.intersection(ADMINISTRATORS)
    if len(administers) > 1:
        return "administrators_differ"
    if administers and not kinds <= {*ADMINISTRATORS, KEEPER}:
        return "administrators_off_cases"
    if SUPERVISOR in kinds and not kinds <= _READS_ONLY:
        return "supervisor_decides_nothing"
    return None


def _overlap(one: Holding, other: Holding) -> bool:
    return one.since <= (other.until or date.max) and other.since <= (one.until or date.max)


def _absences(directory: Directory) -> Iterator[DirectoryFault]:
    seen = set()
    for number, absence in enumerate(directory.absences):
        if absence.person not in directory.persons:
            yield _away("known_person", number, "person", person=absence.person)
        if absence.until < absence.since:
            yield _away("dates_in_order", number, "until", since=str(absence.since), until=str(absence.until))
        window = (absence.person, absence.since, absence.until)
        if window in seen:
            yield _away("absent_once", number, "person", person=absence.person, since=str(absence.since))
        seen.add(window)


def _held(rule: str, number: int, column: str, **fields: str) -> DirectoryFault:
    return DirectoryFault(rule=f"directory.{rule}", part="posts", entry=number, column=column, fields=fields)


def _away(rule: str, number: int, column: str, **fields: str) -> DirectoryFault:
    return DirectoryFault(
        rule=f"directory.{rule}", part="absences", entry=number, column=column, fields=fields
    )
