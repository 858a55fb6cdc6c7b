"""Sending what the outbox holds: claim under a lease, call outside any transaction, settle behind the fence.

    claim (leased_until, epoch + 1) → plan → begin (sending) → the call → settle, if the epoch is still ours

Killed before `begin`: another claims it when the lease is over, and nothing was sent. Killed after it: nobody knows. A
channel that carries the delivery's id is called again with the same id; one that cannot is not, and the notification is
dead as `uncertain`, for a person to look at (docs/decisions/0017).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from workflow.domain.notification.times import HOUR, Plan, Preference, next_try, plan
from workflow.domain.notification.values import APPLICANT, CARDS, Kind
from workflow.engine.notification_wishes import wishes
from workflow.engine.notification_words import digest, facts_of, message
from workflow.engine.notifier import Answer, Message, Outcome
from workflow.storage.notification_register import RESTORED
from workflow.storage.notification_rows import digest_id

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie
    from workflow.engine.notifier import Channel, Notifier
    from workflow.storage.notification_register import Claimed

LEASE: Final = timedelta(seconds=120)
"""Longer than any call may take: every channel gives up after some seconds of silence."""

REST: Final = timedelta(seconds=30)
"""How long a process leaves a channel alone whose other side is not there."""

CONTACT_FIELD: Final = "form.contact_email"
"""Where an applicant from the public leaves an address: a personal value, erased with the others, never copied."""


class Ended(StrEnum):
    """What became of a look at a delivery."""

    NOTHING = "nothing"
    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    DEAD = "dead"
    UNWANTED = "unwanted"
    FENCED = "fenced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a recipient stands for, and the channels by which he can be reached, each with his address."""

    wish: Preference
    ways: tuple[tuple[Channel, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A message about to be sent, the rows it settles, and the ways that are left if this one fails."""

    id: str
    claims: tuple[Claimed, ...]
    to: Addressee
    way: tuple[Channel, str | None]
    clock: Callable[[], datetime]


def deliver(banjie: Banjie, delivery: str, *, clock: Callable[[], datetime] | None = None) -> Ended:
    """Send the delivery of that id if it is due and nobody is at it; with it, all that belongs to the same digest.

    `clock` tells real time, by default the database's. A hint too many finds nothing to do. Raises Unavailable.
    """
    notifier, store = banjie.notifier, banjie.store.notifications
    if notifier is None:
        return Ended.NOTHING
    clock = clock or store.real_time
    now = clock()
    claims = store.claim(delivery, now, now + LEASE)
    if not claims:
        return Ended.NOTHING
    try:
        return _delivered(banjie, notifier, claims, clock)
    except (LookupError, ValueError, TypeError, AttributeError) as fault:
        # A fault of ours, or a definition without a text: it is counted, and dead in the end, not tried for ever.
        _failed(banjie, notifier, claims, Answer(outcome=Outcome.FAILED, why=type(fault).__name__), clock())
        raise


def _delivered(
    banjie: Banjie, notifier: Notifier, claims: Sequence[Claimed], clock: Callable[[], datetime]
) -> Ended:
    if notifier.hold:
        return _settle(banjie, claims, Ended.DEAD, standing="dead", error=RESTORED)
    first, now = claims[0], clock()
    to = addressee(banjie, notifier, first)
    tried = next((way for way in to.ways if way[0].name == first.channel), None)
    way = tried or next(iter(to.ways), None)
    if way is None:
        return _settle(banjie, claims, Ended.UNWANTED, standing="unwanted", error="no_contact")
    if any(one.sending for one in claims) and not way[0].repeats:
        return _settle(banjie, claims, Ended.DEAD, standing="dead", error="uncertain")
    if first.attempts > notifier.attempts:
        # Whoever tried it was killed each time: what is not recorded is counted at the claim.
        return _settle(banjie, claims, Ended.DEAD, standing="dead", error="no_trace")
    ready, ended = _planned(banjie, notifier, claims, to, way[0], now)
    if not ready:
        return ended
    resting = notifier.resting(way[0].name, now)
    if resting is not None:
        return _later(banjie, ready, Plan(later=next_try(first.id, 1, resting), digest=bool(first.digest)))
    call = Call(id=first.digest or first.id, claims=ready, to=to, way=way, clock=clock)
    return _called(banjie, notifier, call, _written(banjie, notifier, call))


def _planned(
    banjie: Banjie,
    notifier: Notifier,
    claims: Sequence[Claimed],
    to: Addressee,
    channel: Channel,
    now: datetime,
) -> tuple[tuple[Claimed, ...], Ended]:
    """Those of the claims that are to be sent now; the others are put off or dropped."""
    recent = banjie.store.notifications.recent(claims[0].recipient, channel.name, now - HOUR)
    ready: list[Claimed] = []
    ended = Ended.NOTHING
    for one in claims:
        verdict = _cancelled(banjie, one) or plan(
            Kind(one.kind),
            to.wish,
            now,
            zone=notifier.zone,
            in_digest=one.digest is not None,
            recent=recent,
            per_hour=notifier.per_hour,
        )
        if verdict.never is not None:
            ended = _settle(banjie, [one], Ended.UNWANTED, standing="unwanted", error=verdict.never)
        elif verdict.later is not None:
            ended = _later(banjie, [one], verdict)
        else:
            ready.append(one)
    return tuple(ready), ended


def _cancelled(banjie: Banjie, claim: Claimed) -> Plan | None:
    """A card whose finding was cancelled before it went out is not sent at all."""
    if claim.finding is None or claim.kind not in CARDS:
        return None
    case = banjie.store.case(claim.case_id)
    found = [one for one in case.findings if one.number == claim.finding] if case is not None else []
    return Plan(never="cancelled") if any(one.cancelled for one in found) else None


def addressee(banjie: Banjie, notifier: Notifier, claim: Claimed) -> Addressee:
    """Who the recipient is and how he can be reached; of the applicant, whoever filed, or the address that he left."""
    person = claim.recipient
    if person == APPLICANT:
        person = banjie.store.notifications.filer(claim.case_id)
        if person not in banjie.directory().persons:
            left = banjie.store.personal_values(claim.case_id).get(CONTACT_FIELD)
            mails = [channel for channel in notifier.channels.values() if channel.kind == "mail"]
            return Addressee(wish=Preference(), ways=tuple((one, left) for one in mails[:1] if left))
    wish = wishes(banjie, person)
    return Addressee(wish=wish, ways=ways(notifier, wish))


def ways(notifier: Notifier, wish: Preference) -> tuple[tuple[Channel, str | None], ...]:
    """The channels by which a person can be reached, the one he prefers first, each with his address."""
    named = [
        notifier.channels[name] for name in wish.channels or notifier.default if name in notifier.channels
    ]
    each = [(channel, wish.addresses.get(channel.name)) for channel in named]
    return tuple(way for way in each if way[1] or not way[0].needs_address)


def _written(banjie: Banjie, notifier: Notifier, call: Call) -> Message:
    language = call.to.wish.language or notifier.language
    facts = [facts_of(banjie, one) for one in call.claims]
    if call.claims[0].digest is not None:
        return digest(banjie, notifier, call.id, facts, language)
    return message(banjie, notifier, facts[0], language)


def _called(banjie: Banjie, notifier: Notifier, call: Call, text: Message) -> Ended:
    channel, address = call.way
    store, now = banjie.store.notifications, call.clock()
    begun = store.move(call.claims, sending=True, channel=channel.name, leased_until=now + LEASE)
    if begun != len(call.claims):
        return Ended.FENCED
    answer = channel.send(text, address)
    now = call.clock()
    if answer.unreachable:
        notifier.rest(channel.name, now + REST)
    if answer.outcome is Outcome.SENT:
        return _settle(banjie, call.claims, Ended.SENT, standing="sent", sent_at=now, error=None)
    if answer.outcome is Outcome.UNCERTAIN and not channel.repeats:
        return _settle(banjie, call.claims, Ended.DEAD, standing="dead", error=f"uncertain:{answer.why}")
    lost = answer.outcome is Outcome.REFUSED or call.claims[0].attempts >= notifier.attempts
    if lost and (others := _after(call)):
        return _settle(
            banjie,
            call.claims,
            Ended.FAILED,
            channel=others[0][0].name,
            attempts=0,
            due_at=now,
            hinted_at=None,
            error=answer.why,
        )
    return _failed(banjie, notifier, call.claims, answer, now)


def _after(call: Call) -> tuple[tuple[Channel, str | None], ...]:
    """The ways that come after the one that has failed for good."""
    names = [channel.name for channel, _ in call.to.ways]
    return call.to.ways[names.index(call.way[0].name) + 1 :]


def _failed(
    banjie: Banjie, notifier: Notifier, claims: Sequence[Claimed], answer: Answer, now: datetime
) -> Ended:
    if answer.outcome is Outcome.REFUSED or claims[0].attempts >= notifier.attempts:
        return _settle(banjie, claims, Ended.DEAD, standing="dead", error=answer.why)
    again = next_try(claims[0].digest or claims[0].id, claims[0].attempts, now, asked=answer.pause)
    return _settle(banjie, claims, Ended.FAILED, due_at=again, hinted_at=None, error=answer.why)


def _later(banjie: Banjie, claims: Sequence[Claimed], verdict: Plan) -> Ended:
    """Put off without its being a try. What goes into a digest gets the id of that digest, for good."""
    ended = Ended.LATER
    for one in claims:
        values: dict[str, Any] = {"due_at": verdict.later, "hinted_at": None, "attempts": one.attempts - 1}
        if verdict.digest and verdict.later is not None:
            values["digest"] = one.digest or digest_id(one.recipient, verdict.later)
        ended = _settle(banjie, [one], Ended.LATER, **values)
    return ended


def _settle(banjie: Banjie, claims: Sequence[Claimed], ended: Ended, **values: Any) -> Ended:
    ours = banjie.store.notifications.move(claims, **{"leased_until": None, "sending": False, **values})
    return ended if ours == len(claims) else Ended.FENCED
