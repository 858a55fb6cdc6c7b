"""Files of materials: taking one in before a command names it, giving one out, and sweeping away what nobody named.

A file is staged first: judged, noted, stored, and only then named by a command under its salted digest (design §3). What
dies in between leaves an orphan, which the sweep removes a day later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workflow.blobs.intake import taken_in
from workflow.blobs.kinds import KINDS
from workflow.domain.materials.standing import family_of
from workflow.domain.materials.state import StagedFile
from workflow.engine.material_facts import applicant_of, file_name, same_person
from workflow.errors import (
    BlobDamaged,
    BlobsUnavailable,
    NoSuchVersion,
    NothingOffered,
    UnknownCase,
    UnknownMaterial,
)

if TYPE_CHECKING:
    from workflow.domain.case import Case
    from workflow.domain.definition import Definition
    from workflow.engine.banjie import Banjie
    from workflow.storage.material_reading import KeptMaterial

DAY: Final = 24 * 60 * 60
"""Seconds of real time that a file may lie unnamed."""

_AT_ONCE: Final = 100
_LARGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep of files came to."""

    condemned: int
    removed: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to be given out: only ever as an attachment, under the type that its content was found to have, never shown
    in place (`Content-Disposition: attachment`, `X-Content-Type-Options: nosniff`).
    """

    name: str
    media_type: str
    size: int
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A material that another case of the same applicant holds; it is used again only if the applicant accepts."""

    material: str
    from_case: str
    version: int
    since: str
    kind: str | None


def stage(
    banjie: Banjie, case_id: str, definition: Definition, material: str, pieces: Iterable[bytes]
) -> StagedFile:
    """Take a file in for a material of a case, which need not be filed yet. Raises UnknownMaterial, FileRefused,
    BlobsUnavailable; then no command can name it.
    """
    wanted = definition.materials.get(material)
    if wanted is None:
        known = ", ".join(definition.materials) or "-"
        raise UnknownMaterial(what="material", name=material, matter=definition.code, known=known)
    return _stage(banjie, _family(banjie, case_id), pieces, wanted.max_mb, wanted.accept)


def accepted_offer(
    banjie: Banjie, case: Case, definition: Definition, material: str, from_case: str
) -> dict[str, object]:
    """The fields of `reuse_material` for an offer that is accepted, its file copied first. Raises NothingOffered."""
    found = (one for one in offers(banjie, case, definition) if one.material == material)
    offer = next((one for one in found if one.from_case == from_case), None)
    source = banjie.store.case_id(from_case)
    kept = banjie.store.material(source, material, offer.version) if offer and source else None
    if offer is None or kept is None:
        raise NothingOffered(what="offer", name=material, version="*")
    fields: dict[str, object] = {"material": material, "from_case": from_case, "version": offer.version}
    return {**fields, "digest": copy_offered(banjie, case, kept).digest} if kept.digest else fields


def copy_offered(banjie: Banjie, case: Case, offer: KeptMaterial) -> StagedFile:
    """Stage the file of an offer for another family, under that family's salt: nobody can tell the two to be the same."""
    pieces = content(banjie, offer.case_id, offer.material, offer.version).pieces
    return _stage(banjie, family_of(case), pieces, _LARGEST, ())


def _stage(
    banjie: Banjie, family: str, pieces: Iterable[bytes], max_mb: int, accept: Iterable[str]
) -> StagedFile:
    blobs, register = banjie.files(), banjie.store.blobs
    with taken_in(pieces, max_mb=max_mb, accept=accept) as taken:
        digest = taken.digest(register.salt(family))
        file = StagedFile(
            digest=digest, kind=taken.kind.name, media_type=taken.kind.media_type, size=taken.size
        )
        if register.touch(family, digest):
            return file
        address = register.note(family, file)
        blobs.put(address, taken.content)
        if not register.stored(family, address):
            raise BlobsUnavailable(reason="storing took longer than a day")
        return file


def _family(banjie: Banjie, case_id: str) -> str:
    case = banjie.store.case(case_id)
    return family_of(case) if case is not None else case_id


def content(banjie: Banjie, case_id: str, material: str, version: int | None = None) -> Download:
    """A file of a case, of the latest version if none is said; its content is checked while it is read.

    Raises UnknownCase, NoSuchVersion, BlobsUnavailable, and at the end of the pieces BlobDamaged.
    """
    case = banjie.store.case(case_id)
    if case is None:
        raise UnknownCase(what="case", name=case_id)
    kept = banjie.store.material(case_id, material, version)
    if kept is None or kept.digest is None or kept.kind is None or kept.size is None:
        raise NoSuchVersion(what="file", name=material, version=version or (kept.version if kept else 0))
    register, family = banjie.store.blobs, kept.family
    address, salt = register.address(family, kept.digest), register.known_salt(family)
    if address is None or salt is None:
        raise BlobDamaged(digest=kept.digest[:12])
    name = file_name(banjie, case_id, material=material, version=kept.version)
    return Download(
        name=name or f"{material}-{kept.version}.{kept.kind}",
        media_type=KINDS[kept.kind].media_type,
        size=kept.size,
        pieces=banjie.files().get(address, digest=kept.digest, salt=salt),
    )


def offers(banjie: Banjie, case: Case, definition: Definition) -> list[Offer]:
    """What other cases of the same applicant, about the same person, hold of what is wanting on this one."""
    applicant = applicant_of(case)
    if applicant is None or case.concluded_at is not None:
        return []
    wanted = [name for name in definition.materials if name not in case.materials]
    others = (kept for kept in banjie.store.materials_of(applicant, wanted) if kept.case_id != case.id)
    return [
        Offer(
            material=kept.material,
            from_case=kept.no,
            version=kept.version,
            since=kept.received_at.isoformat(),
            kind=kept.kind,
        )
        for kept in others
        if same_person(banjie, case, kept.case_id)
    ]


def sweep_files(banjie: Banjie, *, seconds: float = DAY, limit: int = _AT_ONCE) -> Swept:
    """Remove files that no event names and that have lain so long; wherever it dies, the next sweep goes on.

    First they are condemned, so that no command can name them any more; then the store forgets them; then the register.
    """
    register, blobs = banjie.store.blobs, banjie.files()
    condemned = 0
    while found := register.condemn(seconds, limit):
        condemned += found
    removed = 0
    while gone := register.condemned(limit):
        for _, address in gone:
            blobs.delete(address)
        register.forget(gone)
        removed += len(gone)
    return Swept(condemned=condemned, removed=removed, waiting=register.waiting())
