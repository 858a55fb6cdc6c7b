"""The embedded stack as seen by who starts it: broker, relay and workers for as long as a block of code runs.

The stack is another process (`python -m workers.supervisor`), tied to this one by a pipe: when this process ends, however
it ends, the pipe closes and the stack stops.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workflow.config import Settings
from workflow.errors import StackFailed
from workflow.texts import fault_text

#: Seconds within which the stack must be ready. It needs one or two; the rest is for a machine that is busy.
START_WITHIN = 70.0

#: Seconds within which it stops by itself. It needs about one.
STOP_WITHIN = 8.0

#: And when it is told twice.
HASTENED_WITHIN = 3.0

#: How much of the end of its log is shown when the stack says nothing better about its end.
LOG_TAIL = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class StackProcess:
    """A stack that is ready. `pids` are those of `supervisor`, `relay`, `workers` (several) and, unless the broker was
    named by the settings, `broker`."""

    pids: Mapping[str, Any]
    broker: str
    log: Path
    process: subprocess.Popen[bytes]

    def check(self) -> None:
        """Raises StackFailed when the stack has ended."""
        if self.process.poll() is not None:
            raise StackFailed(reason=_why(self.process, self.log))

    def stop(self) -> None:
        """Stop it, and wait until it and all it started are gone. Stopping twice does nothing."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            # Its children die with it.
            ended_with(self.process, STOP_WITHIN)
        except BaseException:
            # Told to stop a second time while we wait: say so to it, too, and see it gone.
            self.process.terminate()
            ended_with(self.process, HASTENED_WITHIN)
            raise
        if self.process.stdout is not None:
            self.process.stdout.close()


def ended_with(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait so long for a process that was told to end; then end it."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def embedded_stack(settings: Settings, workers: int = 2) -> Iterator[StackProcess]:
    """Run the stack of `settings` while the block runs. Its log is `stack.log` in the home.

    Raises StackFailed when it does not start, with what the stack itself says about it.
    """
    log = settings.home / "stack.log"
    process = _start(settings, workers, log)
    stack = StackProcess(pids={}, broker="", log=log, process=process)
    try:
        said = _first_word(process, log)
        yield StackProcess(pids=said["pids"], broker=said["broker"], log=log, process=process)
    finally:
        stack.stop()


def _start(settings: Settings, workers: int, log: Path) -> subprocess.Popen[bytes]:
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with log.open("ab") as stderr:
            return subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "workers.supervisor", "--workers", str(workers)],
                env={**os.environ, **settings.to_environment()},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                process_group=0,  # Ctrl-C reaches us alone, and we stop the stack in order
            )
    except OSError as error:
        raise StackFailed(reason=f"{error.filename}: {fault_text(error)}") from error


def _first_word(process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    """The line by which the stack says that it is ready. Raises StackFailed for any other, or none."""
    line, deadline = b"", time.monotonic() + START_WITHIN
    stdout = process.stdout.fileno() if process.stdout else -1
    while not line.endswith(b"\n"):
        if not select.select([stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise StackFailed(reason=f"it was not ready after {START_WITHIN:.0f} s; its log is {log}")
        piece = os.read(stdout, 4096)
        if not piece:
            process.wait()
            raise StackFailed(reason=_why(process, log))
        line += piece
    said: dict[str, Any] = json.loads(line)
    if not said["ready"]:
        raise StackFailed(reason=said["reason"])
    return said


def _why(process: subprocess.Popen[bytes], log: Path) -> str:
    """Why a stack has ended, as far as its log says."""
    tail = log.read_bytes()[-LOG_TAIL:].decode("utf-8", "replace").strip() if log.exists() else ""
    return f"it ended with code {process.returncode}; the end of {log}:\n{tail}"
