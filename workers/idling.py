"""Whether the relay is awake and yet hands nothing on: work lies there of which nobody was told, the broker answers and is
empty, and the relay sends nothing. The pulses then do the work, two seconds late, and nobody would notice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from workflow.errors import Unavailable

#: Seconds after which such a relay is said to be idle.
IDLE_AFTER = 15.0


class Sends(Protocol):
    """The sending end of the queue."""

    def send(self, case_ids: Sequence[str], messages: int) -> None: ...


class Idling:
    """Sits between the relay and what sends, and counts. `unhinted` gives cases of which nobody was told; `backlog` counts
    the messages in the broker, or raises BrokerUnavailable.
    """

    def __init__(
        self,
        hints: Sends,
        unhinted: Callable[[int], Sequence[str]],
        backlog: Callable[[], int],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hints = hints
        self._unhinted = unhinted
        self._backlog = backlog
        self._clock = clock
        self._sent = 0
        self._seen: tuple[int, float] | None = (
            None  # what had been sent when work first lay there, and since when
        )

    def send(self, case_ids: Sequence[str], messages: int) -> None:
        """Send, and count it when it was sent. Raises BrokerUnavailable."""
        self._hints.send(case_ids, messages)
        self._sent += len(case_ids)

    def __call__(self) -> bool:
        """Whether the relay has been idle for too long; asked every few seconds."""
        try:
            lies_there = bool(self._unhinted(1)) and self._backlog() == 0
        except Unavailable:
            lies_there = False
        now = self._clock()
        if not lies_there or (self._seen is not None and self._seen[0] != self._sent):
            self._seen = None
        elif self._seen is None:
            self._seen = (self._sent, now)
        return self._seen is not None and now - self._seen[1] >= IDLE_AFTER
