"""What the desks have done with a case, as far as later steps must know it: plain values on the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who has the present work item, since when (UTC), how he came to it, who gave it to him and who had it before; `seq` is
    the event by which he came to it.
    """

    person: str
    how: str
    by: str
    since: datetime
    previous: str | None = None
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """Work lent out (委派): `principal` stays responsible and gets it back with the opinion of `delegate`."""

    number: int
    principal: str
    delegate: str
    visit: int
    returned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recusal:
    """A person who may no longer act on the case (回避); `how`: self_reported, granted or ordered."""

    person: str
    ground: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalRequest:
    """A request that a person stand aside, open until the head of the organ has decided it."""

    number: int
    person: str
    by: str
    granted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A supervisor's dated order (督办), open until it is answered."""

    number: int
    by: str
    due_on: date
    post: str
    organ: str
    person: str | None
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Urging:
    """The last time that somebody urged the case (催办), and how often he has."""

    by: str
    on: date
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The last move that a person made, kept until the next has acted: it may be taken back (取回). `source` is the state
    it led out of, `visit` the one it led to.
    """

    action: str
    source: str
    person: str
    post: str
    visit: int
    seq: int


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The case as the desks see it. `first_contact` (首问) and `first_handler` (首办) own its follow-up."""

    assignment: Assignment | None = None
    delegations: tuple[Delegation, ...] = ()
    recusals: tuple[Recusal, ...] = ()
    requests: tuple[RecusalRequest, ...] = ()
    orders: tuple[Order, ...] = ()
    urgings: tuple[Urging, ...] = ()
    move: Move | None = None
    first_contact: str | None = None
    first_handler: str | None = None

    def recused(self, person: str) -> bool:
        """Whether `person` may no longer act on the case."""
        return any(recusal.person == person for recusal in self.recusals)

    def delegation(self) -> Delegation | None:
        """The delegation that has not been returned, or None."""
        return next((one for one in reversed(self.delegations) if not one.returned), None)
