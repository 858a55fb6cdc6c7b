"""This host's clock, and how far it can be believed: a second opinion on time beside the database's.

A host tells two times: the time of day, which somebody may set, and how long it has been running, which nobody can. From
the two follows what time it must be if the time of day has not been set since this process first looked. A clock that was
set back, or more than some minutes forward, is not believed until people say that it is right (docs/operations/clock.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

BACK: Final = timedelta(seconds=2)
"""A clock may go back so far: that is how exactly clocks are kept in step, and no jump."""

FORWARD: Final = timedelta(minutes=5)
"""And so far forward, against the time that has really passed: a machine that slept, or was put right in the morning."""

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_RUNNING: Final = getattr(
    time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC
)  # sleep is counted where the system can


def _time_of_day() -> datetime:
    return datetime.now(UTC)


def _running() -> timedelta:
    return timedelta(seconds=time.clock_gettime(_RUNNING))


class HostClock:
    """The clock of this process's host; `host` names the machine since it was started, so that any two processes on it can
    compare how long it has been running.
    """

    def __init__(
        self,
        *,
        time_of_day: Callable[[], datetime] = _time_of_day,
        running: Callable[[], timedelta] = _running,
        host: str | None = None,
    ) -> None:
        self.host = host or _boot()
        self.time_of_day = time_of_day
        self.running = running
        self._releases: int | None = None
        self.believe()

    def believe(self) -> None:
        """Take the time of day for what it tells, from now on."""
        self._told, self._ran = self.time_of_day(), self.running()

    def now(self) -> datetime:
        """The latest instant that it can be, as far as this host knows: the time of day, unless that was set too far
        forward, or back; then the earlier of the two times it can be.
        """
        told, expected = self.time_of_day(), self._told + (self.running() - self._ran)
        if -BACK <= told - expected <= FORWARD:
            self.believe()
            return told
        return min(told, expected)

    def released(self, releases: int) -> None:
        """Learn how often people have said that the clocks are right; when that has risen, believe the time of day."""
        if self._releases is not None and releases > self._releases:
            self.believe()
        self._releases = releases


def _boot() -> str:
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return uuid4().hex  # nothing to compare with across processes


HOST: Final = HostClock()
"""That of this process."""
