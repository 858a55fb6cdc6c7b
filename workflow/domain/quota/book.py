"""The book of a quota: how many places an organ has in a year and what has become of them, as plain values.

The same functions move the balance when a step is decided and when it is reckoned again from events alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from workflow.domain.events.base import Event
from workflow.domain.events.quota import QuotaConsumed, QuotaReleased, QuotaReserved
from workflow.domain.values import replace

RESERVED: Final = "reserved"
CONSUMED: Final = "consumed"
"""Out of what a place is given back."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class QuotaKey:
    """Which quota: its kind (`beijing_transfer`), the organ it is allotted to, and the civil year."""

    kind: str
    organ: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Places allotted (下达), reserved (预占) and consumed (使用); `revision` rises with every change of any of them."""

    places: int = 0
    reserved: int = 0
    consumed: int = 0
    revision: int = 0

    @property
    def used(self) -> int:
        """Places that nobody else can have."""
        return self.reserved + self.consumed

    @property
    def left(self) -> int:
        """Places that can still be reserved."""
        return self.places - self.used


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaHold:
    """What a case has of its quota: places `reserved` and `consumed`, or `exempt` of needing any. With none of them, what
    it had has been given back.
    """

    kind: str
    organ: str
    year: int
    reserved: int = 0
    consumed: int = 0
    exempt: bool = False

    @property
    def key(self) -> QuotaKey:
        return QuotaKey(kind=self.kind, organ=self.organ, year=self.year)

    @property
    def held(self) -> int:
        """Places that the case keeps from others."""
        return self.reserved + self.consumed


class QuotaNotRead(LookupError):
    """A decision came to a quota that was not among its facts: it is to be locked and read, and the decision made again."""


Book = Mapping[QuotaKey, Balance]
"""Balances by quota; one that is not in it has not been allotted."""


def key_of(event: QuotaReserved | QuotaConsumed | QuotaReleased) -> QuotaKey:
    """The quota that an event is about."""
    return QuotaKey(kind=event.kind, organ=event.organ, year=event.year)


def moved(balance: Balance, event: QuotaReserved | QuotaConsumed | QuotaReleased) -> Balance:
    """The balance after an event. Raises ValueError when it would be impossible: more than allotted, or less than none."""
    reserved, consumed = balance.reserved, balance.consumed
    match event:
        case QuotaReserved():
            reserved += event.places
        case QuotaConsumed():
            reserved, consumed = reserved - event.places, consumed + event.places
        case QuotaReleased(held="consumed"):
            consumed -= event.places
        case QuotaReleased():
            reserved -= event.places
    after = replace(balance, reserved=reserved, consumed=consumed, revision=balance.revision + 1)
    if event.places <= 0 or reserved < 0 or consumed < 0 or after.used > balance.places:
        raise ValueError(f"{type(event).__name__} of {event.places} places does not fit {balance}")
    return after


def changed(book: Book, events: Iterable[Event]) -> dict[QuotaKey, Balance]:
    """The balances that these events change, as they are after the last of them."""
    after: dict[QuotaKey, Balance] = {}
    for event in events:
        if isinstance(event, (QuotaReserved, QuotaConsumed, QuotaReleased)):
            key = key_of(event)
            after[key] = moved(after.get(key) or book.get(key, Balance()), event)
    return after
