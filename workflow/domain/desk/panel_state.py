"""An expert panel (专家评审) as a value, and what is kept of it apart from the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

SEED, URN = "seed", "urn"
"""What is kept apart: the seed until the draw, the urn until the count."""

EXPERT: Final = "expert"
"""The kind of post that an expert holds at the organ that is the pool (专家库)."""


class Stage(StrEnum):
    """How far a panel has come."""

    CONVENED = "convened"
    DRAWN = "drawn"
    COUNTED = "counted"
    MINUTED = "minuted"
    DISSOLVED = "dissolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A member of the panel and whether he has voted, never how."""

    person: str
    since: datetime
    voted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A panel. `urn` is the commitment to what the ballots so far come to; the counts are none before the count."""

    number: int
    state: str
    pool: str
    chair: str
    convener: str
    candidates: tuple[str, ...]
    size: int
    alternates: int
    quorum: int
    numerator: int
    denominator: int
    over: bool
    seal: str
    stage: Stage = Stage.CONVENED
    seats: tuple[Seat, ...] = ()
    spare: tuple[str, ...] = ()
    urn: str | None = None
    outcome: str | None = None
    agree: int | None = None
    not_agree: int | None = None
    present: tuple[str, ...] = ()
    lapsed: bool = False

    @property
    def open(self) -> bool:
        """Whether the panel still has something to do."""
        return self.stage not in (Stage.MINUTED, Stage.DISSOLVED)

    def seat(self, person: str) -> Seat | None:
        """The seat of that person."""
        return next((one for one in self.seats if one.person == person), None)

    def voted(self) -> tuple[str, ...]:
        """Who has voted, by code."""
        return tuple(sorted(one.person for one in self.seats if one.voted))


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelSecret:
    """What is kept of a panel apart from its record, erased when it has served; `kind` is `seed` or `urn`."""

    panel: int
    kind: str
    value: str
    salt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelFacts:
    """The secrets that a decision on a panel needs."""

    seed: str | None = None
    urn: PanelSecret | None = None
