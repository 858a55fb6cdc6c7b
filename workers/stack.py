"""A set of processes that run together: started, watched, restarted when one dies, stopped in order.

One thread, one selector: signals, the children's reports and the end of stdin all wake it; nothing here can hang on a
database or a broker, because nothing here talks to one.
"""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial

from workers.child import Child
from workers.logs import Log
from workers.stopping import Stop
from workers.watchdog import Watchdog
from workflow.errors import StackFailed

log = Log("workers.stack")

#: Seconds that the children may take to become ready, and to stop before they are killed. What cannot start says so or
#: dies, and is told at once; the first is only for one that hangs, so a machine in a rush is given time.
START_WITHIN, STOP_WITHIN = 60.0, 2.5

#: Seconds between two looks at what tells nobody when it changes: a probe at the start, a silent relay later.
PROBE_EVERY, JUDGE_EVERY = 0.01, 5.0


class Stack:
    """The children in `stages`: a stage is started when the one before is ready, and stopped when the one after is gone."""

    def __init__(
        self,
        stages: Sequence[Sequence[Child]],
        watchdog: Watchdog,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stages = stages
        self._children = [child for stage in stages for child in stage]
        self._watchdog = watchdog
        self._clock = clock
        self._abandoned = self._closed = False
        self._starting = True
        self._stop = Stop()
        signal.signal(signal.SIGCHLD, lambda *_: None)  # a handler, so that a death wakes the selector
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._stop.fileno(), selectors.EVENT_READ, self._stop.drain)

    def stop_when_closed(self, fd: int) -> None:
        """Stop when this file, a pipe from whoever started us, comes to its end."""

        def read() -> None:
            if not os.read(fd, 4096):
                self._selector.unregister(fd)
                self._abandoned = self._closed = True

        self._selector.register(fd, selectors.EVENT_READ, read)

    def run(self, on_ready: Callable[[], None]) -> None:
        """Start all, call `on_ready`, and run until told to stop. Raises StackFailed when it cannot start, or when a
        child dies again and again; all children are gone when this returns or raises."""
        try:
            for stage in self._stages:
                self._start(stage)
            if not self._ending:
                self._starting = False
                self._watchdog.begin()
                on_ready()
            while not self._ending:
                self._turn(self._patience())
                self._restart()
                self._watchdog.judge()
        finally:
            for stage in reversed(self._stages):
                self._end(stage)

    @property
    def _ending(self) -> bool:
        return self._stop.asked or self._abandoned

    @property
    def _hastened(self) -> bool:
        return self._stop.times + self._closed > 1

    def _start(self, stage: Sequence[Child]) -> None:
        for child in stage:
            self._launch(child)
        deadline = self._clock() + START_WITHIN
        while not self._ending and not all(child.is_ready() for child in stage if child.vital):
            if self._clock() > deadline:
                slow = ", ".join(child.name for child in stage if child.vital and not child.is_ready())
                raise StackFailed(reason=f"not ready after {START_WITHIN:.0f} s: {slow}")
            self._turn(PROBE_EVERY)

    def _launch(self, child: Child) -> None:
        child.start()
        if child.report_fd is not None:
            self._selector.register(child.report_fd, selectors.EVENT_READ, partial(self._hear, child))

    def _turn(self, timeout: float) -> None:
        """Wait, then hear what is to be heard and see who has died."""
        for key, _ in self._selector.select(timeout):
            key.data()
        for child in self._children:
            if (code := child.reap()) is not None:
                self._bury(child, code)

    def _hear(self, child: Child) -> None:
        try:
            self._watchdog.heard(child, child.hear())
        except EOFError:
            if child.report_fd is not None:
                self._selector.unregister(child.report_fd)
            child.close_reports()

    def _bury(self, child: Child, code: int) -> None:
        while child.report_fd is not None:
            self._hear(child)
        if self._ending:
            return
        if self._starting and child.vital:
            raise StackFailed(
                reason=child.error or f"{child.name} ended with code {code} before it was ready"
            )
        log.warning("child_died", child=child.name, code=code, error=child.error)
        if child.vital and child.is_hopeless():
            raise StackFailed(
                reason=child.error or f"{child.name} died again and again, at last with code {code}"
            )

    def _patience(self) -> float:
        now = self._clock()
        return min(
            [JUDGE_EVERY, *(max(0.0, at - now) for child in self._children if (at := child.restart_at))]
        )

    def _restart(self) -> None:
        for child in self._children:
            if child.restart_at is not None and child.restart_at <= self._clock() and not self._ending:
                self._launch(child)
                log.warning("child_restarted", child=child.name, pid=child.pid)

    def _end(self, stage: Sequence[Child]) -> None:
        """Stop a stage: politely, then not; without waiting if told to stop more than once."""
        self._abandoned = True
        for end, within in ((Child.terminate, STOP_WITHIN), (Child.kill, 1.0)):
            for child in stage:
                end(child)
            deadline = self._clock() + within
            while any(child.running for child in stage) and self._clock() < deadline:
                if end is Child.terminate and self._hastened:
                    break
                self._turn(deadline - self._clock())
