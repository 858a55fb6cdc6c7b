"""What a decision on materials must know of the tables, inside its transaction: files that lie ready, what others hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, or_, select

from workflow.domain.materials.state import GOOD, Elsewhere, StagedFile
from workflow.storage import material_tables as m
from workflow.storage import tables as t
from workflow.storage.driver import Session, prepared

_STAGED = prepared(
    select(m.blobs.c.digest, m.blobs.c.kind, m.blobs.c.media_type, m.blobs.c.size)
    .where(
        m.blobs.c.case_id == bindparam("family"),
        m.blobs.c.digest == bindparam("digest"),
        m.blobs.c.stored_at.is_not(None),
        m.blobs.c.condemned_at.is_(None),
    )
    .order_by(m.blobs.c.address)
    .with_for_update()
)
"""Locked, so that a sweep cannot condemn between the decision and its commit."""

_later = m.materials.alias("later")
_good = and_(
    or_(*(m.materials.c.state == literal_column(f"'{one}'") for one in GOOD)),
    m.materials.c.version
    == select(func.max(_later.c.version))
    .where(_later.c.case_id == m.materials.c.case_id, _later.c.material == m.materials.c.material)
    .correlate(m.materials)
    .scalar_subquery(),
)
"""The latest version of a material, if it does."""

_held = select(
    m.materials.c.case_id,
    t.cases.c.no,
    m.materials.c.material,
    m.materials.c.version,
    m.materials.c.channel,
    m.materials.c.digest,
    m.materials.c.kind,
    m.materials.c.media_type,
    m.materials.c.size,
).join_from(m.materials, t.cases, t.cases.c.id == m.materials.c.case_id)

_IN_FAMILY = prepared(
    _held.where(
        m.materials.c.family == bindparam("family"), m.materials.c.case_id != bindparam("case_id"), _good
    ).order_by(m.materials.c.received_at, m.materials.c.case_id)
)
_ONE = prepared(
    _held.where(
        t.cases.c.no == bindparam("no"),
        m.materials.c.material == bindparam("material"),
        m.materials.c.applicant == bindparam("applicant"),
        _good,
    )
)


@dataclass(frozen=True, slots=True)
class MaterialLookup:
    """Made by `Transaction.materials`."""

    session: Session

    def staged(self, family: str, digests: Iterable[str]) -> dict[str, StagedFile]:
        """The files of a family that lie ready under these digests, locked until the transaction ends."""
        found: dict[str, StagedFile] = {}
        for digest in sorted(set(digests)):
            rows = self.session.all(_STAGED, {"family": family, "digest": digest})
            for name, kind, media_type, size in rows:
                found[name] = StagedFile(digest=name, kind=kind, media_type=media_type, size=size)
        return found

    def in_family(self, family: str, case_id: str) -> list[Elsewhere]:
        """What other cases of the family hold, in the order in which they received it."""
        rows = self.session.all(_IN_FAMILY, {"family": family, "case_id": case_id})
        return [_elsewhere(row) for row in rows]

    def held_by(self, applicant: str, no: str, material: str) -> Elsewhere | None:
        """What the case of that number holds of a material, if the same applicant filed it."""
        row = self.session.one(_ONE, {"applicant": applicant, "no": no, "material": material})
        return _elsewhere(row) if row else None


def _elsewhere(row: Any) -> Elsewhere:
    case_id, no, material, version, channel, digest, kind, media_type, size = row
    file = StagedFile(digest=digest, kind=kind, media_type=media_type, size=size) if digest else None
    return Elsewhere(case_id=case_id, no=no, material=material, version=version, channel=channel, file=file)
