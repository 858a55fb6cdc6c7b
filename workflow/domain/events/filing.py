"""From the filing (申报) to its acceptance (受理)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain.events.base import Event, Parent


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingSubmitted(Event):
    """A filing (申报) came in; `received_at` is the receipt of materials that starts the five days of art. 32(4)."""

    no: str
    matter: str
    definition: str
    state: str
    parties: Mapping[str, str]
    form: Mapping[str, Any]
    materials: tuple[str, ...]
    letter: str | None = None
    channel: str = "online"
    parent: Parent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialsChecked(Event):
    """The completeness pre-check ran; `missing` lists the required materials that were not handed in, or do not do."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequested(Event):
    """The one complete supplement notice (补正告知书, art. 32(4)) went out, listing every defect."""

    defects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialsSupplemented(Event):
    """The applicant handed in what the supplement notice asked for; `remaining` is what it asked for and did not get."""

    materials: tuple[str, ...]
    remaining: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingAccepted(Event):
    """The filing is accepted (受理); `deemed` when the law says so because nobody said otherwise in time (即为受理)."""

    deemed: bool
