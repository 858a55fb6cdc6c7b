"""Stopping when told: a process that waits here wakes at once for SIGTERM or SIGINT."""

from __future__ import annotations

import os
import select
import signal


class Stop:
    """Turns SIGTERM and SIGINT into a flag and a wake-up.

    The signal's number comes through a pipe (`signal.set_wakeup_fd`), so no handler takes a lock that the interrupted
    code may hold, as `threading.Event.set` would. Only for the main thread.
    """

    def __init__(self) -> None:
        self.times = 0
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    @property
    def asked(self) -> bool:
        """Whether this process has been told to stop; `times` says how often, and twice means at once."""
        return self.times > 0

    def fileno(self) -> int:
        """Readable after any signal; for a selector."""
        return self._reader

    def drain(self) -> None:
        """Forget the wake-ups received so far."""
        try:
            while os.read(self._reader, 512):
                pass
        except BlockingIOError:
            pass

    def wait(self, seconds: float) -> bool:
        """Wait, at most so long; True when the process has been asked to stop."""
        if not self.asked and select.select([self._reader], [], [], seconds)[0]:
            self.drain()
        return self.asked

    def _on_signal(self, _number: int, _frame: object) -> None:
        self.times += 1
