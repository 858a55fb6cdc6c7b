"""Reading the materials of a case, version by version, and what other cases of an applicant hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from workflow.domain.materials.state import GOOD
from workflow.storage import material_tables as m
from workflow.storage import tables as t


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMaterial:
    """A version of a material as it stands; `size` in bytes, `digest` salted for the family."""

    case_id: str
    no: str
    material: str
    version: int
    family: str
    state: str
    reason: str | None
    channel: str
    copies: int
    pages: int | None
    original: bool
    original_returned_at: datetime | None
    digest: str | None
    kind: str | None
    media_type: str | None
    size: int | None
    name_field: str | None
    received_at: datetime
    received_by: str
    from_case: str | None
    from_version: int | None


_KEPT = select(
    t.cases.c.no, *(m.materials.c[name] for name in KeptMaterial.__dataclass_fields__ if name != "no")
).join_from(m.materials, t.cases, t.cases.c.id == m.materials.c.case_id)
_OF_CASE = _KEPT.where(m.materials.c.case_id == bindparam("of")).order_by(
    m.materials.c.material, m.materials.c.version
)
_later = m.materials.alias("later")
_LATEST = (
    select(func.max(_later.c.version))
    .where(_later.c.case_id == m.materials.c.case_id, _later.c.material == m.materials.c.material)
    .correlate(m.materials)
    .scalar_subquery()
)
_OF_APPLICANT = (
    _KEPT.where(
        m.materials.c.applicant == bindparam("of"),
        m.materials.c.material.in_(bindparam("names", expanding=True)),
        m.materials.c.state.in_([str(one) for one in GOOD]),
        m.materials.c.version == _LATEST,
    )
    .order_by(m.materials.c.material, m.materials.c.received_at.desc(), m.materials.c.case_id)
    .limit(200)
)


def materials_of_case(connection: Connection, case_id: str) -> list[KeptMaterial]:
    """Every version of every material of a case of which more was recorded than its name."""
    return [KeptMaterial(**row._mapping) for row in connection.execute(_OF_CASE, {"of": case_id})]  # noqa: SLF001


def materials_of_applicant(
    connection: Connection, applicant: str, names: Sequence[str]
) -> list[KeptMaterial]:
    """What cases of one applicant hold of these materials, in their latest versions that do, the newest first."""
    rows = connection.execute(_OF_APPLICANT, {"of": applicant, "names": list(names)})
    return [KeptMaterial(**row._mapping) for row in rows]  # noqa: SLF001
