"""One table: which event tells whom. What it tells is looked up when the message is written, so that it is of that day.

A card goes to whoever answers for it, an escalation to the head it climbed to, an order or an urging to whoever has the
work, work to its new holder, a question to its signers, and what becomes of a filing to whoever filed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.domain import events as e
from workflow.domain.case import Case
from workflow.domain.commands import SYSTEM
from workflow.domain.desk.signing_state import Signer
from workflow.domain.directory import Directory
from workflow.domain.notification.values import APPLICANT, Kind, Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event, the case after the step it is of, and the directory on the civil day of the step."""

    seq: int
    event: Any
    actor: str
    case: Case
    directory: Directory
    on: date

    def to(self, kind: Kind, person: str | None, **more: Any) -> Iterator[Notification]:
        """A notification to a person; none to nobody."""
        if person:
            yield Notification(seq=self.seq, kind=kind, recipient=person, **more)

    def answering(self, person: str | None, organ: str) -> str | None:
        """Whoever is named, or the head of the organ where nobody is."""
        return person or (self.directory.head_of(organ, self.on) if organ else None)


Rule = Callable[[Told], Iterable[Notification]]

_CARDS = {"reminder": Kind.CARD_REMINDER, "yellow": Kind.CARD_YELLOW, "red": Kind.CARD_RED}
_STANDS_IN = ("deputy", "head")
"""How work comes to somebody because another is away."""


def _card(told: Told) -> Iterator[Notification]:
    event: e.FindingRaised = told.event
    kind = _CARDS.get(event.colour)
    if kind is not None:
        person = told.answering(event.person, event.organ)
        yield from told.to(kind, person, finding=event.finding, post=event.post, organ=event.organ)


def _escalated(told: Told) -> Iterator[Notification]:
    event: e.FindingEscalated = told.event
    yield from told.to(Kind.CARD_ESCALATED, event.person, finding=event.finding, organ=event.organ)


def _news(told: Told) -> Iterator[Notification]:
    found = next((one for one in told.case.findings if one.number == told.event.finding), None)
    if found is not None:
        person = told.answering(found.person, found.organ)
        yield from told.to(
            Kind.FINDING_NEWS, person, finding=found.number, post=found.post, organ=found.organ
        )


def _desk(kind: Kind) -> Rule:
    def addressed(told: Told) -> Iterator[Notification]:
        event = told.event
        person = told.answering(event.person, event.organ)
        yield from told.to(kind, person, post=event.post or None, organ=event.organ or None)

    return addressed


def _assigned(told: Told) -> Iterator[Notification]:
    event: e.WorkAssigned = told.event
    kind = Kind.STAND_IN if event.how in _STANDS_IN else Kind.ASSIGNMENT
    yield from told.to(kind, event.person)


def _lent(told: Told) -> Iterator[Notification]:
    yield from told.to(Kind.ASSIGNMENT, told.event.delegate)


def _given_back(told: Told) -> Iterator[Notification]:
    # A delegation that is called back needs no word to whoever called it.
    lent = next((one for one in told.case.desk.delegations if one.number == told.event.delegation), None)
    if lent is not None and told.event.opinion is not None:
        yield from told.to(Kind.ASSIGNMENT, lent.principal)


def _asked(told: Told) -> Iterator[Notification]:
    """Those whose turn it is when a round opens."""
    yield from _signers(told, lambda _, ahead: not ahead)


def _their_turn(told: Told) -> Iterator[Notification]:
    """Those whose turn it became by this signature, or because this signer is asked no more."""
    yield from _signers(told, lambda signer, ahead: told.event.signer in signer.waits_for and not ahead)


def _joined(told: Told) -> Iterator[Notification]:
    yield from _signers(told, lambda signer, ahead: signer.name == told.event.signer and not ahead)


def _signers(told: Told, turn: Callable[[Signer, tuple[str, ...]], bool]) -> Iterator[Notification]:
    asked = next((one for one in told.case.signing if one.number == told.event.round), None)
    if asked is None or not asked.open:
        return
    for signer in asked.unsigned():
        if turn(signer, asked.ahead_of(signer)):
            organ = signer.place[0] if signer.place else None
            for person in _persons(told, signer):
                yield from told.to(Kind.SIGNATURE, person, organ=organ)


def _persons(told: Told, signer: Signer) -> tuple[str, ...]:
    """A person, or whoever is at the post that is asked and there; the responsible ones, if any of them is."""
    if signer.place is None:
        return (signer.name,)
    directory, on = told.directory, told.on
    there = directory.present(*signer.place, on, told.case.matter)
    responsible = set(directory.principals(*signer.place, on, told.case.matter))
    return tuple(one for one in there if one in responsible) or there


def _applicant(kind: Kind) -> Rule:
    return lambda told: told.to(kind, APPLICANT)


TABLE: dict[type[e.Event], Rule] = {
    e.FindingRaised: _card,
    e.FindingEscalated: _escalated,
    e.FindingConfirmed: _news,
    e.FindingCancelled: _news,
    e.MeasureTaken: _news,
    e.AppealDecided: _news,
    e.OrderGiven: _desk(Kind.ORDER),
    e.CaseUrged: _desk(Kind.URGING),
    e.WorkAssigned: _assigned,
    e.WorkDelegated: _lent,
    e.DelegationReturned: _given_back,
    e.CountersignOpened: _asked,
    e.CountersignSigned: _their_turn,
    e.SignerRemoved: _their_turn,
    e.SignerAdded: _joined,
    e.SupplementRequested: _applicant(Kind.SUPPLEMENT),
    e.FilingAccepted: _applicant(Kind.ACCEPTANCE),
    e.DecisionMade: _applicant(Kind.DECISION),
    e.DocumentsDelivered: _applicant(Kind.DELIVERY),
}
"""By the type of the event. What does not stand here tells nobody."""


def notifications(told: Told) -> tuple[Notification, ...]:
    """Whom an event tells: nobody of what he did himself, nobody twice, never the system."""
    rule = TABLE.get(type(told.event))
    if rule is None:
        return ()
    each = {(one.kind, one.recipient): one for one in rule(told)}
    return tuple(one for one in each.values() if one.recipient not in (told.actor, SYSTEM))
