"""What happens at the desks: work claimed, given and lent out; recusals; orders and urgings; an act taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkClaimed(Event):
    """`person` took the work item of the case's present visit (签收)."""

    visit: int
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkReleased(Event):
    """`person` gave the work item back to the post (退签)."""

    visit: int
    person: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkAssigned(Event):
    """The work item went to `person`. `how`: transferred (转办), distributed (派件), deputy (A/B岗), recusal, leaver,
    returned (back from a deputy or a delegate); `previous` had it before.
    """

    visit: int
    person: str
    how: str
    previous: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDelegated(Event):
    """`principal` lent the work to `delegate` (委派), who returns it with an opinion."""

    delegation: int
    visit: int
    principal: str
    delegate: str
    instructions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationReturned(Event):
    """The delegate returned the work with his opinion; without one, it was called back or the case moved on."""

    delegation: int
    delegate: str
    post: str
    opinion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recused(Event):
    """`person` may no longer act on the case (回避); `how`: self_reported, granted (on request), ordered. `reason` tells of
    kinship or interest: a personal value, sealed.
    """

    person: str
    ground: str
    how: str
    reason: str | Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalAsked(Event):
    """Somebody asked that `person` stand aside; the `ground`, in his own words, is sealed."""

    request: int
    person: str
    ground: str | Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalDecided(Event):
    """The head of the organ decided a request for recusal."""

    request: int
    granted: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActTakenBack(Event):
    """Somebody took back his last act while the next had not acted (取回): the case is again in the state before it."""

    action: str
    source: str
    target: str
    post: str
    undoes: int
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUrged(Event):
    """Somebody urged the case (催办) on the civil day `on`; auditors see it."""

    on: date
    text: str
    person: str | None
    post: str
    organ: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGiven(Event):
    """A supervisor ordered something to be done by a day (督办)."""

    order: int
    text: str
    due_on: date
    post: str
    organ: str
    person: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAnswered(Event):
    """The order was answered in writing (督办回复)."""

    order: int
    reply: str
