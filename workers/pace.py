"""How often a loop that asks the database looks: often while there is work, hardly ever when there is none."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """The seconds to wait before the next look.

    `busy` for `linger` seconds after the last work, then doubling up to `idle`. A loop that hears nothing all night so
    costs next to nothing, and one in the middle of a rush loses no time.
    """

    def __init__(
        self, *, busy: float, idle: float, linger: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._busy = busy
        self._idle = idle
        self._linger = linger
        self._clock = clock
        self._last_work = clock() - linger
        self._pause = busy

    def worked(self) -> float:
        """There was work: the next look is a busy one."""
        self._last_work = self._clock()
        self._pause = self._busy
        return self._pause

    def rested(self) -> float:
        """There was none."""
        if self._clock() - self._last_work >= self._linger:
            self._pause = min(self._pause * 2, self._idle)
        return self._pause


class Waning:
    """The seconds to wait before the next look, as a part of the time since the last work: from `busy` up to `idle`.

    Whoever has waited for a minute does not mind a tenth of a second, and in a rush nothing is lost; in between a look
    comes at most that `part` of the silence too late.
    """

    def __init__(
        self, *, busy: float, idle: float, part: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._busy = busy
        self._idle = idle
        self._part = part
        self._clock = clock
        self._last_work = clock() - idle / part

    def worked(self) -> float:
        """There was work: the next look is a busy one."""
        self._last_work = self._clock()
        return self._busy

    def rested(self) -> float:
        """There was none."""
        return min(max((self._clock() - self._last_work) * self._part, self._busy), self._idle)


class BackOff:
    """Growing pauses between attempts at something that fails: `first` seconds, doubling, never above `longest`."""

    def __init__(self, *, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._next = first

    def failed(self) -> float:
        """The pause after one more failure."""
        pause, self._next = self._next, min(self._next * 2, self._longest)
        return pause

    def succeeded(self) -> None:
        self._next = self._first
