"""Reading a case's materials: how each one stands, what is wanting, and which family of cases shares its files."""

from __future__ import annotations

from workflow.domain.case import Case
from workflow.domain.definition import Definition
from workflow.domain.materials.state import COUNTING, HandedIn, Standing
from workflow.errors import UnknownMaterial


def family_of(case: Case) -> str:
    """The id of the first case of the family: parents and children hold files together, and nobody else does."""
    if case.parent is None:
        return case.id
    return case.parent.family or case.parent.case_id


def latest(case: Case, material: str) -> HandedIn | None:
    """The latest version of a material with all that was recorded of it; None where only its name was given, or nothing."""
    return next((one for one in case.handed_in if one.material == material), None)


def standing(definition: Definition, case: Case, material: str) -> Standing:
    """How a material stands on the case. Raises UnknownMaterial for one that the matter does not ask for."""
    if material not in definition.materials:
        known = ", ".join(definition.materials) or "-"
        raise UnknownMaterial(what="material", name=material, matter=definition.code, known=known)
    recorded = latest(case, material)
    if recorded is not None:
        return Standing(recorded.state)
    if material in case.materials:
        return Standing.RECEIVED
    return Standing.REQUIRED if definition.materials[material].required else Standing.OPTIONAL


def version_of(case: Case, material: str) -> int:
    """The number of the latest version; a material of which only the name was given has its first one by that."""
    recorded = latest(case, material)
    if recorded is not None:
        return recorded.version
    return 1 if material in case.materials else 0


def wanting(definition: Definition, case: Case) -> tuple[str, ...]:
    """The required materials without which the filing is not complete: not handed in, taken back, or defective."""
    return tuple(
        name
        for name, material in definition.materials.items()
        if material.required and standing(definition, case, name) not in COUNTING
    )


def defective(case: Case) -> tuple[str, ...]:
    """The materials that were handed in and do not do, required or not."""
    return tuple(one.material for one in case.handed_in if one.state == Standing.DEFECTIVE)
