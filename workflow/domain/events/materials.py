"""What becomes of each material (申请材料): handed in, found wanting, replaced, taken over, given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file of the material. `digest` is salted for the `family` of cases (the id of its first one), so it tells nobody
    else what the file is; `name` is a personal value and therefore a commitment. `size` in bytes.
    """

    family: str
    digest: str
    kind: str
    media_type: str
    size: int
    name: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFrom:
    """Which version of which case's material was taken over."""

    case_id: str
    no: str
    material: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialReceived(Event):
    """A material came in, as a file (`online`) or on paper; whoever took it in is the event's actor. `original`: an original
    is in the office's hands and is to be given back.
    """

    material: str
    version: int
    channel: str
    copies: int = 1
    pages: int | None = None
    original: bool = False
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialReplaced(Event):
    """A new version of a material came in; the old ones are kept. `corrects`: the one before was found defective;
    `on_the_spot`: corrected at the window (当场更正, Licensing Law 行政许可法 art. 32(3)).
    """

    material: str
    version: int
    channel: str
    copies: int = 1
    pages: int | None = None
    original: bool = False
    file: StoredFile | None = None
    corrects: bool = False
    on_the_spot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialTakenOver(Event):
    """A material that is held already was not asked for again (一次提交、共享使用): within a family of cases by reference,
    from another case of the applicant only because he accepted the offer (`consent`).
    """

    material: str
    version: int
    source: TakenFrom
    consent: bool
    channel: str = "online"
    file: StoredFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialFoundDefective(Event):
    """A material handed in does not do, and why; `required` ones are then missing."""

    material: str
    version: int
    required: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialWaived(Event):
    """A material need not be handed in: the organ has what it would show (共享数据, 告知承诺); `reason` says from where."""

    material: str
    version: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialWithdrawn(Event):
    """The applicant took a material back before acceptance."""

    material: str
    version: int
    required: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalReturned(Event):
    """The original of a material was given back (退还原件)."""

    material: str
    version: int
