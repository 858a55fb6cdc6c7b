"""What the three administrators (三员) may do, and who may record an absence: pure and default-deny, as every right is.

The system administrator proposes (系统管理员), the security administrator confirms (安全保密管理员), the audit
administrator reads what both have done (安全审计员). None of them acts on cases.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from workflow.domain.authority import Allowed, Refused
from workflow.domain.directory import DUTIES, Directory, Duty, administrator
from workflow.errors import (
    BanjieError,
    MayNotRecordAbsence,
    NotAuditAdministrator,
    NotAuthorised,
    NotSecurityAdministrator,
    NotSystemAdministrator,
    UnknownPerson,
)

UNAPPOINTED: Final = "administration.unappointed"
"""The rule where a directory names no administrators at all: whoever is in it may, as long as that is so."""

_ERRORS: Final[dict[Duty, type[NotAuthorised]]] = {
    "system": NotSystemAdministrator,
    "security": NotSecurityAdministrator,
    "audit": NotAuditAdministrator,
}


def appointed(directory: Directory, on: date) -> bool:
    """Whether the directory names any of the three administrators on `on`."""
    return any(directory.administrators(duty, on) for duty in DUTIES)


def missing_duties(directory: Directory, on: date) -> tuple[Duty, ...]:
    """The duties of the three that nobody has on `on`."""
    return tuple(duty for duty in DUTIES if not directory.administrators(duty, on))


def may_administer(actor: str, duty: Duty, directory: Directory, on: date) -> Allowed | Refused:
    """Whether `actor` may do what is for the administrator with that duty on the civil day `on`.

    Where the directory names none of the three, anybody in it may, under the rule `administration.unappointed`.
    """
    if actor not in directory.persons:
        return Refused(rule="administration.known_person", error=UnknownPerson(what="person", name=actor))
    holders = directory.administrators(duty, on)
    if actor in holders:
        return Allowed(post=administrator(duty), rule=f"administration.{duty}")
    if not appointed(directory, on):
        return Allowed(post="", rule=UNAPPOINTED)
    error: BanjieError = _ERRORS[duty](actor=actor, holders=", ".join(holders) or "—")
    return Refused(rule=f"administration.{duty}", error=error)


def may_record_absence(actor: str, person: str, directory: Directory, on: date) -> Allowed | Refused:
    """Whether `actor` may record, or cancel, an absence of `person`: himself, whoever heads an organ at which the person
    holds a post on `on`, or the system administrator.
    """
    for code in (actor, person):
        if code not in directory.persons:
            return Refused(rule="absence.known_person", error=UnknownPerson(what="person", name=code))
    if actor == person:
        return Allowed(post="", rule="absence.own")
    if any(directory.head_of(held.organ, on) == actor for held in directory.posts_of(person, on)):
        return Allowed(post="head", rule="absence.head")
    if actor in directory.administrators("system", on):
        return Allowed(post=administrator("system"), rule="absence.system")
    return Refused(rule="absence", error=MayNotRecordAbsence(actor=actor, person=person))
