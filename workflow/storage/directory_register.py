"""The directory as the database keeps it: proposed by one person, confirmed by another, never changed; and absences, which
count at once.

Each confirmation and each absence raises the revision of the directory, which every command reads with its case.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, func, or_, select, update

from workflow.domain.directory import Absence
from workflow.errors import DirectoryMoved, UnknownAbsence, UnknownDirectory
from workflow.storage import directory_tables as d
from workflow.storage import tables as t
from workflow.storage.columns import PresentTime

_encoder = msgspec.json.Encoder(order="sorted")
_absences = msgspec.json.Decoder(list[Absence])


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who does a thing of administration, and the rule that allows it."""

    by: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDirectory:
    """A whole directory in the database, without its body; until somebody confirmed it, it counts for nothing.

    `base` is the number of the directory it was made from, `revision` the installation's that its confirmation made.
    """

    number: int
    base: int
    version: str
    note: str
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    revision: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a proposal says: the canonical bytes, their version, and the absences that came with them."""

    version: str
    body: bytes
    absences: tuple[Absence, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAbsence:
    """An absence, who recorded it when, and who cancelled it, if anybody did."""

    number: int
    absence: Absence
    recorded_by: str
    recorded_at: datetime
    cancelled_by: str | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An entry of the log of administration; `detail` says what its kind of act has to say."""

    number: int
    at: datetime
    actor: str
    act: str
    subject: str
    rule: str
    detail: Mapping[str, Any]


# --- revisions --------------------------------------------------------------------------------------------------------

_REVISION = select(t.installation.c.directory_revision)
_RAISE = (
    update(t.installation)
    .values(directory_revision=t.installation.c.directory_revision + 1)
    .returning(t.installation.c.directory_revision)
)
_KEPT = select(
    *(column for column in d.directory_revisions.c if column.name not in {"body", "absences"})
).order_by(d.directory_revisions.c.number)
_ONE = _KEPT.where(d.directory_revisions.c.number == bindparam("named"))
_CONTENT = select(
    d.directory_revisions.c.version,
    d.directory_revisions.c.body,
    d.directory_revisions.c.absences,
    d.directory_revisions.c.note,
).where(d.directory_revisions.c.number == bindparam("named"))
_IN_FORCE = (
    select(d.directory_revisions.c.number)
    .where(d.directory_revisions.c.revision <= bindparam("at"))
    .order_by(d.directory_revisions.c.revision.desc())
    .limit(1)
)


def directory_revision(connection: Connection) -> int:
    """How many directories and absences have come into force; 0 where the installation is still to be made."""
    return int(connection.execute(_REVISION).scalar() or 0)


def number_at(connection: Connection, revision: int) -> int:
    """The number of the directory in force at a revision; 0: the one that came with the program."""
    return int(connection.execute(_IN_FORCE, {"at": revision}).scalar() or 0)


def kept_directories(connection: Connection) -> list[KeptDirectory]:
    """Every directory, proposed or confirmed, in the order in which they were proposed."""
    return [_kept(row) for row in connection.execute(_KEPT)]


def content(connection: Connection, number: int) -> Content | None:
    """What the directory of that number says."""
    row = connection.execute(_CONTENT, {"named": number}).first()
    if row is None:
        return None
    return Content(
        version=row.version,
        body=bytes(row.body),
        absences=tuple(_absences.decode(row.absences)),
        note=row.note,
    )


def propose(connection: Connection, said: Content, *, base: int, origin: Origin) -> KeptDirectory:
    """Put a directory down to be confirmed; one that waits already and says the same is given back as it is.

    Raises DirectoryMoved when the directory it was made from is no longer in force.
    """
    now = _locked(connection)
    in_force = number_at(connection, now)
    if in_force != base:
        raise DirectoryMoved(base=base, number=in_force)
    kept = kept_directories(connection)
    for one in kept:
        if one.base == base and one.version == said.version and one.confirmed_by is None:
            waiting = content(connection, one.number)
            if waiting is not None and waiting.absences == said.absences:
                return one
    number = kept[-1].number + 1 if kept else 1
    connection.execute(
        d.directory_revisions.insert().values(
            number=number,
            base=base,
            version=said.version,
            body=said.body,
            absences=_encoder.encode(said.absences),
            note=said.note,
            proposed_by=origin.by,
            proposed_at=PresentTime(),
        )
    )
    note(connection, "directory.proposed", str(number), origin, base=base, version=said.version)
    return _one(connection, number)


def confirm(connection: Connection, number: int, origin: Origin) -> KeptDirectory:
    """Put a proposed directory in force, with the absences that came with it; one that is in force is given back.

    Raises UnknownDirectory; DirectoryMoved when another has come into force since it was proposed.
    """
    now = _locked(connection)
    kept = _one(connection, number)
    if kept.confirmed_by is not None:
        return kept
    in_force = number_at(connection, now)
    if in_force != kept.base:
        raise DirectoryMoved(base=kept.base, number=in_force)
    revision = connection.execute(_RAISE).scalar_one()
    connection.execute(
        update(d.directory_revisions)
        .where(d.directory_revisions.c.number == number)
        .values(confirmed_by=origin.by, confirmed_at=PresentTime(), revision=revision)
    )
    note(connection, "directory.confirmed", str(number), origin, revision=revision, version=kept.version)
    said = content(connection, number)
    known = set(absences_at(connection, now))
    for absence in said.absences if said is not None else ():
        if absence not in known:
            _record(connection, absence, revision, Origin(by=kept.proposed_by, rule="absence.directory"))
    return _one(connection, number)


def _locked(connection: Connection) -> int:
    """The revision, with the installation's row locked: what changes the directory comes one after another."""
    return int(connection.execute(_REVISION.with_for_update()).scalar_one())


def _one(connection: Connection, number: int) -> KeptDirectory:
    row = connection.execute(_ONE, {"named": number}).first()
    if row is None:
        raise UnknownDirectory(number=number)
    return _kept(row)


def _kept(row: Row[Any]) -> KeptDirectory:
    return KeptDirectory(**row._mapping)  # noqa: SLF001 - its public name


# --- absences ---------------------------------------------------------------------------------------------------------

_ABSENCES = select(d.absences).order_by(d.absences.c.since, d.absences.c.person, d.absences.c.number)
_COUNTING = _ABSENCES.where(
    d.absences.c.revision <= bindparam("at"),
    or_(d.absences.c.cancelled_revision.is_(None), d.absences.c.cancelled_revision > bindparam("at")),
)


def absences_at(connection: Connection, revision: int) -> list[Absence]:
    """The absences that count at a revision."""
    return [_absence(row) for row in connection.execute(_COUNTING, {"at": revision})]


def kept_absences(connection: Connection) -> list[KeptAbsence]:
    """Every absence there was, cancelled ones too, in the order of their days."""
    return [_kept_absence(row) for row in connection.execute(_ABSENCES)]


def record_absence(connection: Connection, absence: Absence, origin: Origin) -> KeptAbsence:
    """Record an absence, which counts from now on; one that is recorded with the same days is given back as it is."""
    _locked(connection)
    for one in kept_absences(connection):
        days = (one.absence.person, one.absence.since, one.absence.until)
        if days == (absence.person, absence.since, absence.until) and one.cancelled_by is None:
            return one
    revision = connection.execute(_RAISE).scalar_one()
    return _kept_one(connection, _record(connection, absence, revision, origin))


def cancel_absence(connection: Connection, number: int, origin: Origin) -> KeptAbsence:
    """Cancel an absence, from now on; one that is cancelled is given back as it is. Raises UnknownAbsence."""
    _locked(connection)
    kept = _kept_one(connection, number)
    if kept.cancelled_by is not None:
        return kept
    revision = connection.execute(_RAISE).scalar_one()
    connection.execute(
        update(d.absences)
        .where(d.absences.c.number == number)
        .values(cancelled_by=origin.by, cancelled_at=PresentTime(), cancelled_revision=revision)
    )
    note(connection, "absence.cancelled", kept.absence.person, origin, number=number, revision=revision)
    return _kept_one(connection, number)


def _record(connection: Connection, absence: Absence, revision: int, origin: Origin) -> int:
    number = int(connection.execute(select(func.coalesce(func.max(d.absences.c.number), 0) + 1)).scalar_one())
    connection.execute(
        d.absences.insert().values(
            number=number,
            person=absence.person,
            since=absence.since,
            until=absence.until,
            reason=absence.reason,
            recorded_by=origin.by,
            recorded_at=PresentTime(),
            revision=revision,
        )
    )
    days = {"since": str(absence.since), "until": str(absence.until)}
    note(connection, "absence.recorded", absence.person, origin, number=number, revision=revision, **days)
    return number


def _kept_one(connection: Connection, number: int) -> KeptAbsence:
    row = connection.execute(_ABSENCES.where(d.absences.c.number == number)).first()
    if row is None:
        raise UnknownAbsence(number=number)
    return _kept_absence(row)


def _kept_absence(row: Row[Any]) -> KeptAbsence:
    return KeptAbsence(
        number=row.number,
        absence=_absence(row),
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        cancelled_by=row.cancelled_by,
        cancelled_at=row.cancelled_at,
    )


def _absence(row: Row[Any]) -> Absence:
    return Absence(person=row.person, since=row.since, until=row.until, reason=row.reason)


# --- the log of administration ------------------------------------------------------------------------------------------

_LOG = select(d.administration).order_by(d.administration.c.number.desc())


def note(connection: Connection, act: str, subject: str, origin: Origin, **detail: str | int | None) -> None:
    """Write down what an administrator has done, in the transaction that does it."""
    said = json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    connection.execute(
        d.administration.insert().values(
            at=PresentTime(), actor=origin.by, act=act, subject=subject, rule=origin.rule, detail=said
        )
    )


def deeds(connection: Connection, limit: int) -> list[Deed]:
    """The last entries of the log, the newest first."""
    rows = connection.execute(_LOG.limit(limit))
    return [Deed(**{**row._mapping, "detail": json.loads(row.detail)}) for row in rows]  # noqa: SLF001 - as above
