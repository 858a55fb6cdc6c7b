"""The store's part for the watch over time and for alarms: each call is a transaction, or a query, of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from workflow.storage import alarm_register, watch_register
from workflow.storage.reconciler_register import ReconcilerStore

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from workflow.storage.directory_register import Origin

Opening = Callable[[], "AbstractContextManager[Connection]"]


class WatchStore:
    """See `workflow.storage.watch_register` and `workflow.storage.alarm_register`."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing
        self.reconciler = ReconcilerStore(reading, writing)

    # --- time --------------------------------------------------------------------------------------------------------

    def real_time(self) -> datetime:
        """What the database's own clock tells."""
        with self._reading() as connection:
            return watch_register.real_time(connection)

    def watched(self) -> watch_register.Watched | None:
        """The latest time seen, and the freeze if one stands."""
        with self._reading() as connection:
            return watch_register.watched(connection)

    def mark(self, seen: watch_register.Seen) -> None:
        """Write down what was seen, unless a freeze stands."""
        with self._writing() as connection:
            watch_register.mark(connection, seen)

    def freeze(self, because: str, shift: timedelta) -> bool:
        """Hold irreversible outcomes back; whether it was this call that did it."""
        with self._writing() as connection:
            frozen = watch_register.freeze(connection, because, shift)
            watch_register.hold(connection)
            return frozen

    def hold(self) -> None:
        """Park the outcomes that have fallen due during a freeze."""
        with self._writing() as connection:
            watch_register.hold(connection)

    def count_held(self) -> int:
        """How many outcomes are held back."""
        with self._reading() as connection:
            return watch_register.count_held(connection)

    def propose_release(self, origin: Origin, reason: str) -> watch_register.Watched:
        """Put a release down for another person to confirm. Raises NotFrozen."""
        with self._writing() as connection:
            return watch_register.propose_release(connection, origin, reason)

    def release(self, origin: Origin, seen: watch_register.Seen) -> int:
        """Confirm a release; gives how many outcomes were held. Raises NotFrozen, SamePersonReleases."""
        with self._writing() as connection:
            return watch_register.release(connection, origin, seen)

    # --- alarms ------------------------------------------------------------------------------------------------------

    def standing(self, name: str | None = None) -> list[alarm_register.Alarm]:
        """The alarms that stand, the oldest first."""
        with self._reading() as connection:
            return alarm_register.standing(connection, name)

    def standing_counts(self) -> dict[str, int]:
        """How many alarms stand, by name."""
        with self._reading() as connection:
            return alarm_register.counts(connection)

    def settle(
        self, name: str, found: Mapping[str, str], looked_at: Sequence[str] | None = None
    ) -> list[alarm_register.Alarm]:
        """Let the alarms of a name stand for these subjects with these details; gives those that are new. Others of the
        name end: all, or those whose subject begins with one of `looked_at`."""
        if not found and not self.standing(name):
            return []
        with self._writing() as connection:
            return alarm_register.settle(connection, name, found, looked_at)
