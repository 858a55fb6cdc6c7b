"""Whom notifications go to: a receiver that is slow, refuses, is not there, or takes a message and loses the reply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from tests.simulation.account import Claim
from workflow.engine.notifier import Answer, Message, Notifier, Outcome
from workflow.storage.notification_tables import notifications

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulation.world import World
    from workflow.storage.notification_store import NotificationStore


NEXT_OUT = select(func.min(notifications.c.due_at)).where(notifications.c.standing == "waiting")
"""When the next notification is to go out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way to the receiver; `repeats` as in `workflow.engine.notifier.Channel`."""

    world: World
    name: str
    repeats: bool
    kind: str = "webhook"
    needs_address: bool = False

    def send(self, message: Message, address: str | None) -> Answer:
        world, rng = self.world, self.world.rng
        world.hub.rest(rng.uniform(0.01, 0.5))
        if not world.faulty:
            world.received.append((self.name, message.id, self.repeats))
            return Answer(outcome=Outcome.SENT)
        what = rng.random()
        if what < 0.05:
            world.counts["receiver_away"] += 1
            return Answer(outcome=Outcome.FAILED, why="gone", unreachable=True)
        if what < 0.08:
            world.counts["receiver_refused"] += 1
            return Answer(outcome=Outcome.REFUSED, why="http_400")
        if what < 0.13:
            world.counts["receiver_busy"] += 1
            return Answer(outcome=Outcome.FAILED, why="http_503", pause=timedelta(seconds=rng.randint(1, 90)))
        if what < 0.16:
            world.counts["receiver_slow"] += 1
            world.hub.rest(rng.choice((30.0, 119.0, 121.0, 400.0)))
        world.received.append((self.name, message.id, self.repeats))
        if what < 0.25:
            world.counts["receiver_lost_reply"] += 1
            return Answer(outcome=Outcome.UNCERTAIN, why="cut")
        return Answer(outcome=Outcome.SENT)


def notifier(world: World) -> Notifier:
    """What a process sends with; it has a memory of its own of who rests."""
    channels = {
        "hook": Channel(world=world, name="hook", repeats=True),
        "mail": Channel(world=world, name="mail", repeats=False, kind="mail"),
    }
    return Notifier(channels=channels, default=world.channels)


def watched(world: World, store: NotificationStore) -> None:
    """Write down each claim and each settling, for the judge."""
    claim, move = store.claim, store.move

    def claimed(delivery: str, *given: Any) -> Any:
        found = claim(delivery, *given)
        world.claims.extend(Claim(delivery=_name(one), epoch=one.epoch, what="claimed") for one in found)
        return found

    def moved(claims: Sequence[Any], **values: Any) -> int:
        rows = move(claims, **values)
        if rows == len(claims):
            world.claims.extend(Claim(delivery=_name(one), epoch=one.epoch, what="moved") for one in claims)
        return rows

    store.claim = claimed  # type: ignore[method-assign]
    store.move = moved  # type: ignore[method-assign]


def _name(one: Any) -> str:
    return f"{one.case_id}/{one.seq}/{one.kind}/{one.recipient}"
