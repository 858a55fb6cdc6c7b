"""What a case remembers of its procedure: who had to be heard and was, the hearing, and refusals reported upward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

NAMED: Final = "named"
TOLD: Final = "told"
HEARD: Final = "heard"
SILENT: Final = "silent"
"""How far the organ has come with an interested party (利害关系人)."""

OFFERED: Final = "offered"
WAIVED: Final = "waived"
CALLED: Final = "called"
SCHEDULED: Final = "scheduled"
HELD: Final = "held"
CALLED_OFF: Final = "called_off"
"""How far a hearing (听证) has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestedParty:
    """Somebody whose material interest the matter touches; `hearing_told`: knows of the right to a hearing."""

    name: str
    heard: str = NAMED
    hearing_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """The latest hearing of the case; `removed` are the chairs that had to withdraw."""

    stage: str
    own_initiative: bool = False
    on: date | None = None
    place: str = ""
    chair: str | None = None
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refusal that was reported upward by `person`; `objected` is None until somebody has taken note of it."""

    number: int
    outcome: str
    person: str
    objected: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """All of it. `hearings_held` counts the hearings whose record a decision must rest on."""

    parties: tuple[InterestedParty, ...] = ()
    hearing: Hearing | None = None
    hearings_held: int = 0
    refusals: tuple[Refusal, ...] = ()

    @property
    def reported(self) -> Refusal | None:
        """The refusal that waits to be acknowledged: the latest one; an earlier one was overtaken by deemed acceptance."""
        last = self.refusals[-1] if self.refusals else None
        return last if last is not None and last.objected is None else None

    @property
    def refused(self) -> bool:
        """Whether the latest refusal that was reported has been acknowledged."""
        return bool(self.refusals) and self.refusals[-1].objected is False

    def unheard(self) -> tuple[str, ...]:
        """The names of the parties who were neither heard nor let their time run out."""
        return tuple(party.name for party in self.parties if party.heard not in (HEARD, SILENT))
