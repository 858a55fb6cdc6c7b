"""The sender: in every worker process a thread that sends notifications one after the other.

A Celery task says which; it only puts their ids into the sender's queue and returns, so that a mail server that hangs never
holds up a case: the one main thread of the process does no waiting. What no hint led to, the sender finds by itself two
seconds later, by the broker or without it. It may be killed at any moment (docs/decisions/0017).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from workers.logs import Log
from workers.looking import checked
from workflow.engine.notifying import Ended
from workflow.errors import BadInput, Unavailable

log = Log("workers.sending")

#: Seconds between two looks for what was overlooked, and how old a hint is then.
PAUSE, PATIENCE = 0.5, 2.0

#: Deliveries that wait in this process, and that are taken at once when they were overlooked.
WAITING, BATCH = 200, 20


class Outbox(Protocol):
    """The part of the store that a sender needs."""

    def real_time(self) -> datetime: ...
    def overlooked(self, before: datetime, limit: int, *, now: datetime) -> Sequence[str]: ...
    def unhinted(self, limit: int, *, now: datetime) -> Sequence[str]: ...


class Sender:
    """One sender. `deliver` sends a delivery and says what came of it; `backlog` how many hints lie in the broker, None when
    it does not answer.
    """

    def __init__(
        self,
        deliver: Callable[[str], Ended],
        outbox: Outbox,
        *,
        backlog: Callable[[], int | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._deliver = deliver
        self._outbox = outbox
        self._backlog = backlog
        self._clock = clock
        self._asked: queue.Queue[str] = queue.Queue(WAITING)
        self._first_seen: dict[str, float] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Ask it to stop and wait, at most `timeout` seconds, for the message it is at; if that takes longer, the message is
        sent by another once its lease is over, or is known to be uncertain."""
        self._stopping.set()
        self._thread.join(timeout)

    def by_task(self, *deliveries: object) -> None:
        """Called with what a message says; never waits. What is no id is refused, and what finds no room found again."""
        for one in deliveries:
            try:
                self._asked.put_nowait(checked(one))
            except BadInput as error:
                log.warning("message_refused", code=error.code)
            except queue.Full:
                return

    def beat(self) -> None:
        """Send what was asked for; if nothing was, what was overlooked."""
        try:
            self._send(self._asked.get(timeout=PAUSE))
        except queue.Empty:
            for delivery in self._overlooked():
                if self._stopping.is_set():
                    return
                self._send(delivery)

    def _overlooked(self) -> Sequence[str]:
        now = self._outbox.real_time()
        found = self._outbox.overlooked(now - timedelta(seconds=PATIENCE), BATCH, now=now)
        if found:
            return found
        seen, since = self._outbox.unhinted(BATCH, now=now), self._clock()
        self._first_seen = {one: self._first_seen.get(one, since) for one in seen}
        if self._backlog() is None:
            return seen
        # Nobody hints at these: no relay is awake, or none that has channels.
        return [one for one, first in self._first_seen.items() if since - first >= PATIENCE]

    def _send(self, delivery: str) -> None:
        try:
            ended = self._deliver(delivery)
        except Unavailable as error:
            log.warning("notification_postponed", delivery=delivery, code=error.code, reason=error.message)
        except Exception:
            # A fault of ours must not end the thread; the attempt is counted, so the notification is dead in the end.
            log.exception("notification_failed", delivery=delivery)
        else:
            if ended in (Ended.FAILED, Ended.DEAD, Ended.FENCED):
                log.warning("notification_not_sent", delivery=delivery, ended=ended.value)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.beat()
            except Unavailable as error:
                log.warning("sender_skipped", code=error.code, reason=error.message)
                self._stopping.wait(PAUSE)
            except Exception:
                log.exception("sender_failed")
                self._stopping.wait(PAUSE)
