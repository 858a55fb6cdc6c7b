"""A plan of migration (迁移方案) from a strict YAML file: which state, period and post of the new version stands for which
of the old. Its hash stands in every case that it moves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from workflow.catalog.faults import refuse
from workflow.catalog.loader import shown
from workflow.catalog.schema import check_shape
from workflow.catalog.strict_yaml import inspect


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a plan says; what it does not name keeps its name. A clock that maps to None is ended."""

    matter: str
    reason: str
    hash: str
    states: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, str | None] = field(default_factory=dict)
    work: Mapping[str, str] = field(default_factory=dict)
    start: tuple[str, ...] = ()


def read_plan(path: Path) -> Plan:
    """Read a plan. Raises BadDefinition carrying every fault with its line."""
    document, faults = inspect(path, name=shown(path))
    refuse([*faults, *(check_shape(document.data, "plan", document.where) if not faults else ())])
    data = document.data
    digest = hashlib.sha256(msgspec.json.encode(data, order="sorted")).hexdigest()
    return Plan(
        matter=data["migrate"],
        reason=data["reason"],
        hash=digest,
        states=data.get("states", {}),
        clocks=data.get("clocks", {}),
        work=data.get("work", {}),
        start=tuple(data.get("start", ())),
    )
