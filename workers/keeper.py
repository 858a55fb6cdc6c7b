"""A keeper: in every worker process a thread that does a small piece of work again and again, whatever goes wrong."""

from __future__ import annotations

import threading

from workers.logs import Log
from workflow.errors import Unavailable


class Keeper:
    """One keeper, named after what it keeps; a kind of keeper says what it does in `keep`.

    `pause` are the seconds between two pieces of work; unless `at_once`, it begins with a pause.
    """

    def __init__(self, name: str, *, log: Log, pause: float, at_once: bool) -> None:
        self._postponed, self._failed = f"{name}_postponed", f"{name}_failed"
        self._log = log
        self._pause = pause
        self._at_once = at_once
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float) -> None:
        """Ask it to stop and wait, at most `timeout` seconds, for what it is at."""
        self._stopping.set()
        self._thread.join(timeout)

    def keep(self) -> None:
        """Do one piece of the work."""
        raise NotImplementedError

    def beat(self) -> None:
        """Do one piece. What goes wrong is logged and tried again the next time: a fault of ours must not end the thread."""
        log = self._log
        try:
            self.keep()
        except Unavailable as error:
            log.warning(self._postponed, code=error.code, reason=error.message)
        except Exception:
            log.exception(self._failed)

    def _run(self) -> None:
        if self._at_once and not self._stopping.is_set():
            self.beat()
        while not self._stopping.wait(self._pause):
            self.beat()
