"""The materials of a case as people look at them: every one the matter asks for, how it stands, and its versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from workflow.domain.materials.standing import latest, standing
from workflow.queries.cases import case_by_no

if TYPE_CHECKING:
    from workflow.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a material; `file` is its name, shown only to whoever may see personal values. `size` in bytes."""

    version: int
    state: str
    channel: str
    copies: int
    pages: int | None
    original: bool
    original_returned_at: datetime | None
    kind: str | None
    size: int | None
    digest: str | None
    file: str | None
    reason: str | None
    received_at: datetime
    received_by: str
    from_case: str | None
    from_version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialLine:
    """A material of the matter and how it stands on the case."""

    material: str
    title: str
    required: bool
    state: str
    reason: str | None
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMaterials:
    """All materials of a case."""

    no: str
    zone: str
    materials: tuple[MaterialLine, ...]


def materials_of(store: Store, no: str, *, personal: bool = False, lang: str | None = None) -> CaseMaterials:
    """The materials of the case of that number, in the order of the matter. Raises UnknownCase."""
    case, matter = case_by_no(store, no)
    names = store.personal_values(case.id) if personal else {}
    kept = store.materials(case.id)
    lines = []
    for name, asked in matter.definition.materials.items():
        recorded = latest(case, name)
        versions = tuple(
            Version(
                file=names.get(one.name_field) if one.name_field else None,
                **{field: getattr(one, field) for field in Version.__dataclass_fields__ if field != "file"},
            )
            for one in kept
            if one.material == name
        )
        lines.append(
            MaterialLine(
                material=name,
                title=matter.text(f"materials.{name}", lang, default=name),
                required=asked.required,
                state=str(standing(matter.definition, case, name)),
                reason=recorded.reason if recorded is not None else None,
                versions=versions,
            )
        )
    return CaseMaterials(no=case.no, zone=matter.definition.zone, materials=tuple(lines))
