"""One process of the stack, as its supervisor sees it: started, ready, dead, started again."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workers.pace import BackOff
from workers.reports import Lines
from workflow.errors import StackFailed

_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None

#: A process that has lived so many seconds is well; its next death is met without a pause.
WELL_AFTER = 30.0

#: A process that dies so often within a minute will not be well by itself.
TOO_MANY_DEATHS, WITHIN = 10, 60.0


class Child:
    """A process that is to run as long as the stack does.

    It dies with the supervisor, even if that is killed (`PR_SET_PDEATHSIG`, on Linux), and is in a process group of its
    own, so that Ctrl-C in a terminal reaches only the supervisor, who stops all in order. Without one that is not `vital`
    the stack runs all the same, however often it dies.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        probe: Callable[[], bool] | None = None,
        vital: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.vital = vital
        self.error: str = ""
        self.restart_at: float | None = None
        self.report_fd: int | None = None
        self._ready = False
        self._command = list(command)
        self._env = dict(env)
        self._probe = probe
        self._lines: Lines | None = None
        self._clock = clock
        self._process: subprocess.Popen[bytes] | None = None
        self._born = 0.0
        self._deaths: deque[float] = deque(maxlen=TOO_MANY_DEATHS)
        self._back_off = BackOff(first=0.1, longest=10.0)

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def running(self) -> bool:
        return self._process is not None

    def is_ready(self) -> bool:
        """Whether it can do its work: it has said so, or answers its probe."""
        if not self._ready and self._probe is not None:
            self._ready = self._probe()
        return self._ready

    def start(self) -> None:
        """Start it. Raises StackFailed when the program cannot be run."""
        self.restart_at, self.error, self._ready = None, "", False
        self._born = self._clock()
        if self._probe is not None:
            self._process = self._spawn(self._command, ())
            return
        self.report_fd, writer = os.pipe()
        self._lines = Lines(self.report_fd)
        try:
            self._process = self._spawn([*self._command, "--report", str(writer)], (writer,))
        finally:
            os.close(writer)

    def _spawn(self, command: Sequence[str], pass_fds: Sequence[int]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - a command of our own making
                command,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # ours carries one line for whoever started us; logs go to stderr
                pass_fds=pass_fds,
                process_group=0,
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - the supervisor has one thread
            )
        except OSError as error:
            raise StackFailed(reason=f"{self.name}: {error.filename}: {error.strerror}") from error

    def reap(self) -> int | None:
        """If it has died since the last call, its exit code (negative: a signal's number), else None."""
        code = self._process.poll() if self._process else None
        if code is None:
            return None
        self._process = None
        now = self._clock()
        self._deaths.append(now)
        if now - self._born >= WELL_AFTER:
            self._back_off.succeeded()
        self.restart_at = now + self._back_off.failed()
        return code

    def is_hopeless(self) -> bool:
        """Whether it has died too often of late."""
        return len(self._deaths) == TOO_MANY_DEATHS and self._clock() - self._deaths[0] < WITHIN

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def hear(self) -> list[dict[str, Any]]:
        """What it has reported since the last call; call it when `report_fd` is readable, or when it has died.

        Raises EOFError when there will be nothing more.
        """
        if self._lines is None:
            raise EOFError
        reports = self._lines.read()
        for report in reports:
            self._ready = self._ready or bool(report.get("ready"))
            if "error" in report:
                self.error = f"{report['error']}: {report['message']}"
        return reports

    def close_reports(self) -> None:
        """Stop listening."""
        if self.report_fd is not None:
            os.close(self.report_fd)
        self.report_fd = self._lines = None

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)


def _die_with(parent: int) -> Callable[[], None]:
    """What a child does before it becomes its program: ask the kernel to be killed when `parent` dies."""

    def bind() -> None:
        if _prctl is not None:
            _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)

    return bind
