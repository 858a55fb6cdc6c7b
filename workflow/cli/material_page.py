"""The materials of a case on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workflow.cli.rendering import local, table
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.pinned import Pinned
    from workflow.engine.materials import Offer
    from workflow.queries.materials import CaseMaterials, MaterialLine, Version

_KB = 1024


def plain(told: CaseMaterials) -> dict[str, Any]:
    """The materials for a program."""
    return {"no": told.no, "materials": told.materials}


def page(told: CaseMaterials) -> list[str]:
    """The materials as a table, the latest version of each."""
    heads = ("material", "state", "version", "form", "copies", "at", "file", "reason")
    rows = [_row(line, told.zone) for line in told.materials]
    return table([t(f"materials.head.{head}") for head in heads], rows)


def _row(line: MaterialLine, zone: str) -> tuple[str, ...]:
    last = line.versions[-1] if line.versions else None
    return (
        line.title,
        t(f"materials.state.{line.state}"),
        str(last.version) if last else "",
        t(f"materials.form.{_form(line, last)}") if last else "",
        str(last.copies) if last else "",
        local(last.received_at, zone) if last else "",
        _file(last),
        line.reason or "",
    )


def _form(line: MaterialLine, last: Version) -> str:
    if line.state in ("held", "waived"):
        return line.state
    if last.original:
        return "original"
    return "file" if last.channel == "online" else "paper"


def _file(last: Version | None) -> str:
    if last is None or last.size is None:
        return ""
    size = t("materials.size", kb=max(1, round(last.size / _KB)), kind=last.kind)
    return f"{last.file} {size}" if last.file else size


def offer_page(found: Sequence[Offer], matter: Pinned) -> list[str]:
    """What other cases of the applicant hold, and how it is used again."""
    if not found:
        return [t("materials.no_offers")]
    return [
        t(
            "materials.offer",
            material=matter.text(f"materials.{one.material}", default=one.material),
            no=one.from_case,
            version=one.version,
            since=one.since[:10],
            name=one.material,
        )
        for one in found
    ]
