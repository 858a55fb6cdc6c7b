"""How the directory, what is proposed for it and what was done to it look on a terminal, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from workflow.cli.rendering import day, local, pairs, table
from workflow.domain.directory import DUTIES, HEAD, administrator
from workflow.engine.administration import ZONE
from workflow.exchange.directory.columns import words
from workflow.texts import language, t

if TYPE_CHECKING:
    from workflow.domain.directory import Directory, Holding, Organ, Person
    from workflow.domain.directory_changes import DirectoryChange
    from workflow.exchange.roster.faults import Fault
    from workflow.storage.directory_register import Deed, KeptAbsence, KeptDirectory

MOST_SHOWN: Final = 200
"""Changes that are listed one by one; JSON has all of them."""


# --- faults and changes ----------------------------------------------------------------------------------------------


def fault_line(fault: Fault) -> str:
    """Where the fault is and what it is, as in `posts.csv B7 Post: …`."""
    title = fault.heading.get(language(), "")
    place = " ".join(part for part in (fault.sheet, fault.cell, title) if part)
    prefix = "" if fault.severity == "fault" else f"{t('directory.noted')} "
    return f"{prefix}{place}: {fault.text()}"


def plain_changes(changes: Iterable[DirectoryChange]) -> list[dict[str, Any]]:
    """The changes for a program."""
    return [asdict(change) for change in changes]


def change_lines(changes: Sequence[DirectoryChange]) -> Iterator[str]:
    """How many entries change, table by table, and which."""
    counts = Counter((change.part, change.how) for change in changes)
    for (part, how), count in counts.items():
        yield t(f"directory.changes.{how}", part=t(f"directory.sheet.{part}"), count=count)
    for change in changes[:MOST_SHOWN]:
        yield f"  {t(f'directory.sign.{change.how}')} {change.entry}"
    if len(changes) > MOST_SHOWN:
        yield t("directory.more", count=len(changes) - MOST_SHOWN)


# --- what was proposed, confirmed, recorded, done -----------------------------------------------------------------------


def plain_kept(kept: KeptDirectory) -> dict[str, Any]:
    """A directory that was proposed, for a program."""
    return {name: getattr(kept, name) for name in kept.__dataclass_fields__}


def kept_lines(found: Sequence[KeptDirectory]) -> list[str]:
    """One line for each directory."""
    if not found:
        return [t("directory.none")]
    return table(
        _heads("number", "base", "version", "proposed", "confirmed", "note"),
        [
            (
                str(one.number),
                str(one.base),
                one.version,
                f"{one.proposed_by} {local(one.proposed_at, ZONE)}",
                f"{one.confirmed_by} {local(one.confirmed_at, ZONE)}"
                if one.confirmed_by
                else t("directory.waits"),
                one.note,
            )
            for one in found
        ],
    )


def plain_absence(kept: KeptAbsence) -> dict[str, Any]:
    """An absence for a program."""
    told = {name: getattr(kept, name) for name in kept.__dataclass_fields__ if name != "absence"}
    return {**told, **asdict(kept.absence)}


def absence_lines(found: Sequence[KeptAbsence], people: Mapping[str, Person]) -> list[str]:
    """One line for each absence."""
    if not found:
        return [t("directory.absence.none")]
    return table(
        _heads("number", "person", "since", "until", "recorded", "standing", "reason"),
        [
            (
                str(one.number),
                _called(one.absence.person, people),
                day(one.absence.since),
                day(one.absence.until),
                f"{one.recorded_by} {local(one.recorded_at, ZONE)}",
                t("directory.absence.back", person=one.cancelled_by) if one.cancelled_by else "",
                one.absence.reason,
            )
            for one in found
        ],
    )


def deed_lines(deeds: Sequence[Deed], people: Mapping[str, Person]) -> list[str]:
    """One line for each entry of the log, the newest first."""
    if not deeds:
        return [t("directory.log.none")]
    return table(
        _heads("number", "at", "person", "act", "subject", "rule"),
        [
            (
                str(deed.number),
                local(deed.at, ZONE),
                _called(deed.actor, people),
                t(f"directory.log.{deed.act}"),
                deed.subject,
                deed.rule,
            )
            for deed in deeds
        ],
    )


# --- the directory --------------------------------------------------------------------------------------------------------


def summary(directory: Directory, on: date) -> dict[str, Any]:
    """The directory in numbers, and who administers it."""
    return {
        "version": directory.version,
        "on": on,
        "organs": len(directory.organs),
        "persons": len(directory.persons),
        "posts": sum(held.in_force(on) for held in directory.holdings),
        "absent": sorted({one.person for one in directory.absences if one.covers(on)}),
        "administrators": {duty: list(directory.administrators(duty, on)) for duty in DUTIES},
    }


def summary_page(directory: Directory, on: date, number: int) -> list[str]:
    """The same for people, and the organs as a table."""
    told = summary(directory, on)
    people = directory.persons
    where = t("directory.page.number", number=number) if number else t("directory.page.shipped")
    head = [
        (t("directory.page.version"), f"{told['version']} ({where})"),
        (
            t("directory.page.counts"),
            t("directory.page.counted", **{n: told[n] for n in ("organs", "persons", "posts")}),
        ),
        *(
            (words("post", language())[administrator(duty)], _all(told["administrators"][duty], people))
            for duty in DUTIES
        ),
        (t("directory.page.absent"), _all(told["absent"], people)),
    ]
    rows = [
        (organ.code, _kind(organ), organ.names[language()], organ.parent or "")
        for organ in sorted(directory.organs.values(), key=lambda organ: organ.code)
    ]
    return [*pairs(head), "", *table(_heads("code", "kind", "name", "parent"), rows)]


def plain_organ(directory: Directory, code: str, on: date) -> dict[str, Any]:
    """An organ and who holds its posts that day, for a program."""
    held = [one for one in directory.holdings if one.organ == code and one.in_force(on)]
    return {
        **asdict(directory.organs[code]),
        "superiors": directory.superiors(code),
        "head": directory.head_of(code, on),
        "posts": [_plain_held(directory, one, on) for one in held],
    }


def organ_page(directory: Directory, code: str, on: date) -> list[str]:
    """The same for people."""
    organ, people = directory.organs[code], directory.persons
    head = directory.head_of(code, on)
    above = " < ".join(directory.organs[one].names[language()] for one in directory.superiors(code))
    lines = pairs(
        [
            (organ.names[language()], f"{code}, {_kind(organ)}"),
            (t("directory.page.above"), above),
            (words("post", language())[HEAD], _called(head, people) if head else ""),
        ]
    )
    held = [one for one in directory.holdings if one.organ == code and one.in_force(on)]
    return [*lines, "", *_held_table(directory, held, on)] if held else lines


def plain_person(directory: Directory, code: str, on: date) -> dict[str, Any]:
    """A person and the posts held that day, for a program."""
    own = [one for one in directory.absences if one.person == code]
    return {
        **asdict(directory.persons[code]),
        "absent": directory.absent(code, on),
        "left": directory.left(code, on),
        "posts": [_plain_held(directory, one, on) for one in directory.posts_of(code, on)],
        "absences": [asdict(one) for one in own],
    }


def person_page(directory: Directory, code: str, on: date) -> list[str]:
    """The same for people."""
    standing = "left" if directory.left(code, on) else "absent" if directory.absent(code, on) else ""
    lines = [
        _called(code, directory.persons) + (f" {t(f'directory.page.is_{standing}')}" if standing else "")
    ]
    held = directory.posts_of(code, on)
    return [*lines, "", *_held_table(directory, held, on)] if held else lines


def _held_table(directory: Directory, held: Sequence[Holding], on: date) -> list[str]:
    known, deputy = words("post", language()), words("deputy", language())
    return table(
        _heads("organ", "post", "deputy", "person", "since", "until", "standing", "matters"),
        [
            (
                directory.organs[one.organ].names[language()],
                known.get(one.kind, one.kind),
                deputy["b" if one.deputy else "a"],
                _called(one.person, directory.persons),
                day(one.since),
                day(one.until),
                t("directory.page.is_absent") if directory.absent(one.person, on) else "",
                ", ".join(one.matters),
            )
            for one in held
        ],
    )


def _plain_held(directory: Directory, held: Holding, on: date) -> dict[str, Any]:
    return {**asdict(held), "absent": directory.absent(held.person, on)}


def _heads(*names: str) -> list[str]:
    return [t(f"directory.head.{name}") for name in names]


def _kind(organ: Organ) -> str:
    return words("organ_kind", language()).get(organ.kind, organ.kind)


def _called(code: str, people: Mapping[str, Person]) -> str:
    known = people.get(code)
    return f"{known.name} ({code})" if known is not None else code


def _all(codes: Iterable[str], people: Mapping[str, Person]) -> str:
    return ", ".join(_called(code, people) for code in codes)
