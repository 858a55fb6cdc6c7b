"""The announcer: the relay's other half, which hints at notifications that are due, as the relay does at cases.

It is as careless: a hint too many finds nothing to do, and one that is lost is found by a sender two seconds later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from workers.celery_settings import NOTIFY
from workers.logs import Log
from workers.pace import BackOff
from workflow.errors import BrokerUnavailable, Unavailable

log = Log("workers.announcing")

#: Seconds between two looks: a message to a person may wait so long.
PAUSE = 0.25

#: Messages of one look, and deliveries in each. Few, since a sender sends them one after the other.
MESSAGES, TOGETHER = 4, 5


class Outbox(Protocol):
    """The part of the store that an announcer needs."""

    def take(self, limit: int) -> Sequence[str]: ...
    def untake(self, deliveries: Sequence[str]) -> None: ...


class Sends(Protocol):
    """The sending end of the queue."""

    def send(self, case_ids: Sequence[str], messages: int, *, task: str) -> None: ...


class Announcer:
    """One announcer; it looks at most every PAUSE seconds, however often it is asked."""

    def __init__(self, outbox: Outbox, hints: Sends, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._outbox = outbox
        self._hints = hints
        self._clock = clock
        self._next = clock()
        self._back_off = BackOff(first=0.5, longest=5.0)
        self._trouble = ""

    def step(self) -> float:
        """Look if it is time, and hint at what is due. Gives the seconds to wait before the next step."""
        now = self._clock()
        if now >= self._next:
            self._next = now + self._look()
        return max(0.0, self._next - self._clock())

    def _look(self) -> float:
        try:
            deliveries = self._outbox.take(MESSAGES * TOGETHER)
            if deliveries:
                self._hint(deliveries)
        except Unavailable as error:
            if self._trouble != error.code:
                log.warning("announcer_halted", code=error.code, reason=error.message)
            self._trouble = error.code
            return self._back_off.failed()
        if self._trouble:
            self._trouble = ""
            self._back_off.succeeded()
        return PAUSE

    def _hint(self, deliveries: Sequence[str]) -> None:
        try:
            self._hints.send(deliveries, MESSAGES, task=NOTIFY)
        except BrokerUnavailable:
            self._outbox.untake(deliveries)
            raise
