"""What happens with an expert panel (专家评审): convened, drawn, seats changed, the secret ballot, the count, the minutes.

No event ties a vote to a person: a ballot's event says that somebody voted and what the urn as a whole is now bound to
(docs/decisions/0011).
"""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An expert of the pool who is not among the candidates; `ground`: recused, party, acted, absent."""

    person: str
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelConvened(Event):
    """The candidates are fixed, and so is the seed of the draw: `seal` is its SHA-256, the seed is told with the draw."""

    panel: int
    state: str
    pool: str
    chair: str
    candidates: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    size: int
    alternates: int
    quorum: int
    numerator: int
    denominator: int
    over: bool
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDrawn(Event):
    """The draw, with the seed from which anybody can repeat it."""

    panel: int
    seed: str
    seats: tuple[str, ...]
    alternates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelSeatChanged(Event):
    """A member left before he had voted, and the next alternate has the seat; nobody, if there is none. `ground`: declined,
    excused (the chair says he cannot come), recused.
    """

    panel: int
    person: str
    replacement: str | None
    ground: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotCast(Event):
    """`person` put a ballot in the urn, which is now bound to `urn`, a salted commitment to what is in it altogether."""

    panel: int
    person: str
    urn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotAnnulled(Event):
    """Somebody who had voted was recused; as nobody can tell his vote from the others, all vote again."""

    panel: int
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotsCounted(Event):
    """The urn was opened: `salt` opens its last commitment. `present` are those who voted, by code."""

    panel: int
    outcome: str
    agree: int
    disagree: int
    abstain: int
    present: tuple[str, ...]
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMinutesGiven(Event):
    """The minutes (评审纪要): who attended, and what the panel said."""

    panel: int
    attendees: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDissolved(Event):
    """The panel came to nothing; `because`: called_off, left (the case went elsewhere)."""

    panel: int
    because: str
    reason: str | None = None
