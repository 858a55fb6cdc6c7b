"""What the law asks for on the way to a decision: interested parties heard, hearings, refusals reported upward.

Articles are those of the Administrative Licensing Law (行政许可法).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestedPartiesNamed(Event):
    """It was found whose material interest (重大利益) the matter touches directly (art. 36)."""

    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestedPartiesTold(Event):
    """The parties were told of the application and that they may state their views (art. 36)."""

    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestedPartiesHeard(Event):
    """What the parties stated was heard, or, when `silent`, their time ran out without a word from them (art. 36)."""

    parties: tuple[str, ...]
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingRightTold(Event):
    """The applicant and the interested `parties` were told that they may ask for a hearing (art. 47)."""

    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingWaived(Event):
    """Nobody wants a hearing; when `silent`, because the days to ask for one ran out (art. 47)."""

    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingCalled(Event):
    """There is to be a hearing: on request (art. 47), or on the organ's own initiative (art. 46)."""

    own_initiative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingScheduled(Event):
    """Day, place and chair of the hearing were told (art. 48); `closed_reason` is why it is not public."""

    on: date
    place: str
    chair: str
    closed_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingChairReplaced(Event):
    """The chair withdrew, or was made to (回避, art. 48), and somebody else takes the chair."""

    removed: str
    chair: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingHeld(Event):
    """The hearing was held; `unsigned` of the `attended` participants refused to sign the record (art. 48)."""

    chair: str
    attended: int
    unsigned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingCalledOff(Event):
    """A hearing that had been called is not held, for the reason in the act; nothing rests on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalReported(Event):
    """A refusal was reported upward for the record (否定报备); it takes effect when `acknowledged`."""

    refusal: int
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalAcknowledged(Event):
    """Whom the refusal was reported to has taken note of it, or, when `objected`, sent it back."""

    refusal: int
    objected: bool
