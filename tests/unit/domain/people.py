"""A small directory of three organs and six persons, for tests of who holds what."""

from __future__ import annotations

from datetime import date

from workflow.domain.directory import Absence, Directory, Holding, Organ, Person

ON = date(2020, 3, 2)
SINCE = date(2019, 1, 1)


def organ(code: str, parent: str | None = None) -> Organ:
    return Organ(code=code, kind="division", names={"zh-CN": code, "en": code}, parent=parent)


def held(person: str, kind: str = "handler", organ: str = "division", **more: object) -> Holding:
    return Holding(person=person, kind=kind, organ=organ, **{"since": SINCE, **more})  # type: ignore[arg-type]


def away(person: str, since: date = ON, until: date = ON) -> Absence:
    return Absence(person=person, since=since, until=until)


def directory(*holdings: Holding, absences: tuple[Absence, ...] = ()) -> Directory:
    return Directory(
        version="1",
        organs={
            "ministry": organ("ministry"),
            "department": organ("department", "ministry"),
            "division": organ("division", "department"),
        },
        persons={name: Person(code=name, name=name) for name in "abcdef"},
        holdings=holdings,
        absences=absences,
    )
