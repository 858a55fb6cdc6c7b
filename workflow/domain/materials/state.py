"""How a material stands on a case: plain values, as far as later decisions must know them. Versions are in the events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """How a material stands: what counts as handed in, and what does not."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    RECEIVED = "received"
    DEFECTIVE = "defective"
    CORRECTED = "corrected"
    HELD = "held"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"


COUNTING = frozenset({Standing.RECEIVED, Standing.CORRECTED, Standing.HELD, Standing.WAIVED})
"""What completes a filing."""

GOOD = (Standing.RECEIVED, Standing.CORRECTED, Standing.HELD)
"""What another case can take over."""


RECEIPT = "materials_receipt"
"""The document that a receipt of materials (收件凭证) is issued as; no matter declares it, every matter has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """The latest version of a material; `reason` says why it is defective or waived, `digest` which file it is, if any."""

    material: str
    state: str
    version: int
    digest: str | None = None
    reason: str | None = None
    original: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """A file that lies ready in the store: what it was found to be. `size` in bytes."""

    digest: str
    kind: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A material that another case holds, in its latest good version. `digest` is salted for that case's family."""

    case_id: str
    no: str
    material: str
    version: int
    channel: str
    file: StagedFile | None = None
    name: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialFacts:
    """What a decision on materials rests on besides the case: the files that lie ready by their digest, what the family of
    cases holds by the material's name, and the one offer from another case that is being accepted.
    """

    staged: Mapping[str, StagedFile] = field(default_factory=dict)
    family: Mapping[str, Elsewhere] = field(default_factory=dict)
    offered: Elsewhere | None = None
