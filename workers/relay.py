"""The relay: takes work that has fallen due and that nobody has been told of, and sends a hint for it.

It takes in one short transaction, sends, and gives back what could not be sent. If it dies in between, a pulse finds
the work two seconds later; if it sends twice, the second look finds nothing to do. So it may be careless, and is quick.
It never lets many hints lie in the broker: what waits, waits in the database, in the order in which it is due. When more
falls due than there is room for, a message names several cases, and they are done in one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from workers.logs import Log
from workers.pace import BackOff, Waning
from workflow.errors import BrokerUnavailable, Unavailable
from workflow.operation.tracing import relay_span

log = Log("workers.relay")

#: Messages that may lie in the broker, and cases in one at most. Enough to keep workers busy between two looks, few enough
#: that the last of them is taken long before a pulse would call it overlooked.
IN_FLIGHT, TOGETHER = 32, 20

#: Seconds between looks: in a rush, and when all is quiet; in between they are this part of the silence so far.
BUSY, IDLE, PART = 0.001, 0.1, 1 / 800


class Due(Protocol):
    """The part of the store that a relay needs."""

    def take_due(self, limit: int) -> Sequence[str]: ...
    def unhint(self, case_ids: Sequence[str]) -> None: ...


class Sends(Protocol):
    """The sending end of the queue."""

    def send(self, case_ids: Sequence[str], messages: int) -> None: ...


class Relay:
    """One relay; any number may run, each takes what no other has taken.

    `backlog` counts the messages in the broker or raises BrokerUnavailable; `changed` says whether anything may
    have become due since it was last asked.
    """

    def __init__(
        self,
        due: Due,
        hints: Sends,
        *,
        backlog: Callable[[], int],
        changed: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._due = due
        self._hints = hints
        self._backlog = backlog
        self._changed = changed
        self._clock = clock
        self._pace = Waning(busy=BUSY, idle=IDLE, part=PART, clock=clock)
        self._back_off = BackOff(first=0.1, longest=1.0)
        self._looked = float("-inf")
        self._more = False
        self._trouble = ""

    def step(self) -> float:
        """Look once and send what is due. Gives the seconds to wait before the next step."""
        try:
            sent = self._send_due() if self._worth_looking() else 0
        except Unavailable as error:
            self._complain(error)
            return self._back_off.failed()
        self._recovered()
        return self._pace.worked() if sent or self._more else self._pace.rested()

    def _worth_looking(self) -> bool:
        """A commit may have brought work, and so may time alone: so look now and then in any case."""
        return self._changed() or self._more or self._clock() - self._looked >= IDLE

    def _send_due(self) -> int:
        room = IN_FLIGHT - self._backlog()
        if room <= 0:
            self._more = True
            return 0
        self._looked = self._clock()
        case_ids = self._due.take_due(room * TOGETHER)
        self._more = len(case_ids) >= room * TOGETHER
        if case_ids:
            try:
                with relay_span(len(case_ids)):
                    self._hints.send(case_ids, room)
            except BrokerUnavailable:
                self._due.unhint(case_ids)
                raise
        return len(case_ids)

    def _complain(self, error: Unavailable) -> None:
        self._more = True
        if self._trouble != error.code:
            log.warning("relay_halted", code=error.code, reason=error.message)
        self._trouble = error.code

    def _recovered(self) -> None:
        if self._trouble:
            log.warning("relay_resumed", after=self._trouble)
            self._trouble = ""
            self._back_off.succeeded()
