"""The directory of a running installation changed: proposed by the system administrator, confirmed by the security
administrator; absences recorded, which count at once.

What comes into force counts for every process from its next command on, because each command reads the revision with its
case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.catalog.directory_content import content_of, directory_of, sealed, with_absences
from workflow.domain.administration import appointed, may_administer, may_record_absence, missing_duties
from workflow.domain.directory import administrator
from workflow.domain.directory_changes import differences
from workflow.domain.directory_rules import faults_of
from workflow.domain.values import replace
from workflow.engine.administration import granted, today
from workflow.errors import (
    AbsenceOver,
    AdministratorsMissing,
    BadDirectory,
    BadInput,
    DirectoryUnchanged,
    NothingProposed,
    SameAdministrator,
    UnknownAbsence,
    UnknownDirectory,
)
from workflow.storage.directory_register import Content

if TYPE_CHECKING:
    from workflow.domain.directory import Absence, Directory
    from workflow.domain.directory_changes import DirectoryChange
    from workflow.engine.banjie import Banjie
    from workflow.storage.directory_register import KeptAbsence, KeptDirectory, Origin


def propose(banjie: Banjie, directory: Directory, *, by: str, note: str = "") -> KeptDirectory:
    """Put a whole directory down to be confirmed; proposing the same again changes nothing.

    It is for the system administrator in force. Where none of the three is in force, or the directory is still the
    fictional one that came with the program, it is for the system administrator that the new directory itself names, and
    it must name all three.

    Raises BadDirectory, DirectoryUnchanged, AdministratorsMissing, UnknownPerson, NotAuthorised, DirectoryMoved.
    """
    new = sealed(directory)
    if faults := faults_of(new):
        first = faults[0]
        raise BadDirectory(count=len(faults), first=f"{first.part} {first.entry}: {first.rule}")
    on = today(banjie)
    revision = banjie.store.directory.revision()
    base = banjie.store.directory.number_at(revision)
    in_force = banjie.directory(revision)
    if missing := missing_duties(new, on):
        raise AdministratorsMissing(missing=", ".join(administrator(duty) for duty in missing))
    judges = new if _founding(banjie, base) else in_force
    origin = granted(may_administer(by, "system", judges, on), by)
    further = tuple(absence for absence in new.absences if absence not in in_force.absences)
    body = content_of(new)
    if body == content_of(in_force) and not further:
        raise DirectoryUnchanged
    said = Content(version=directory_of(body).version, body=body, absences=further, note=note)
    return banjie.store.directory.propose(said, base=base, origin=origin)


def confirm(banjie: Banjie, number: int | None = None, *, by: str) -> KeptDirectory:
    """Put a proposed directory in force; by no number, the only one that waits. Confirming it again changes nothing.

    Raises UnknownDirectory, NothingProposed, SameAdministrator, UnknownPerson, NotAuthorised, DirectoryMoved.
    """
    kept = _waiting(banjie) if number is None else named(banjie, number)
    if kept.confirmed_by is not None:
        return kept
    if kept.proposed_by == by:
        raise SameAdministrator(actor=by, number=kept.number)
    judges = proposed(banjie, kept.number) if _founding(banjie, kept.base) else banjie.directory()
    origin = granted(may_administer(by, "security", judges, today(banjie)), by)
    return banjie.store.directory.confirm(kept.number, origin)


def proposed(banjie: Banjie, number: int) -> Directory:
    """A directory as it was proposed, with the absences that came with it; 0 is the one that came with the program.

    Raises UnknownDirectory.
    """
    if number == 0:
        return banjie.catalog.directory
    said = banjie.store.directory.content(number)
    if said is None:
        raise UnknownDirectory(number=number)
    return with_absences(directory_of(said.body), said.absences)


def changes_of(banjie: Banjie, number: int) -> tuple[DirectoryChange, ...]:
    """What a directory changes in the one it was made from, with the absences that came with it. Raises UnknownDirectory."""
    before = proposed(banjie, named(banjie, number).base)
    return differences(replace(before, absences=()), proposed(banjie, number))


def named(banjie: Banjie, number: int) -> KeptDirectory:
    """The directory of that number, proposed or confirmed. Raises UnknownDirectory."""
    for kept in banjie.store.directory.kept():
        if kept.number == number:
            return kept
    raise UnknownDirectory(number=number)


def record(banjie: Banjie, absence: Absence, *, by: str) -> KeptAbsence:
    """Record an absence; it counts at once, and the deputies stand in. Recording the same days again changes nothing.

    Raises UnknownPerson, MayNotRecordAbsence, AbsenceOver, BadInput for days that run backwards.
    """
    on = today(banjie)
    origin = _may_record(banjie, absence.person, by)
    if absence.until < absence.since:
        raise BadInput(reason=f"{absence.until} < {absence.since}")
    if absence.until < on:
        raise AbsenceOver(until=absence.until, today=on)
    return banjie.store.directory.record(absence, origin)


def cancel(banjie: Banjie, number: int, *, by: str) -> KeptAbsence:
    """Cancel an absence: the person is back, or never was away. Raises UnknownAbsence, UnknownPerson,
    MayNotRecordAbsence.
    """
    kept = next((one for one in banjie.store.directory.absences() if one.number == number), None)
    if kept is None:
        raise UnknownAbsence(number=number)
    return banjie.store.directory.cancel(number, _may_record(banjie, kept.absence.person, by))


def _may_record(banjie: Banjie, person: str, by: str) -> Origin:
    return granted(may_record_absence(by, person, banjie.directory(), today(banjie)), by)


def _waiting(banjie: Banjie) -> KeptDirectory:
    store = banjie.store.directory
    in_force = store.number_at(store.revision())
    waiting = [kept for kept in store.kept() if kept.confirmed_by is None and kept.base == in_force]
    if len(waiting) != 1:
        raise NothingProposed(count=len(waiting))
    return waiting[0]


def _founding(banjie: Banjie, base: int) -> bool:
    """Whether a directory made from this one is the installation's first: there is nobody yet who could allow it."""
    shipped = banjie.catalog
    if base != 0:
        return False
    return bool(shipped.samples) or not appointed(shipped.directory, today(banjie))
