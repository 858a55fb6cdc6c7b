"""Where the processes of a stack write what they measure, if anybody is to ask: one folder of the home for each stack.

Two stacks on one home, or in two containers that share it, have a folder each. It is made when the stack starts and goes
when it ends: numbers begin at nothing, as Prometheus expects of a program that was started again.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workflow.config import Settings

#: The name by which prometheus_client is told.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def measuring(settings: Settings) -> Iterator[dict[str, str]]:
    """What the processes of a stack must have in their environment to be measured together, while it runs: nothing if
    nobody asks."""
    if not settings.metrics:
        yield {}
        return
    folder = settings.home / "metrics" / f"{socket.gethostname()}-{os.getpid()}"
    _forget_the_dead(folder.parent)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield {FOLDER: str(folder)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _forget_the_dead(above: Path) -> None:
    """Remove what stacks of this machine left that were killed."""
    for folder in above.glob(f"{socket.gethostname()}-*"):
        pid = folder.name.rpartition("-")[2]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(folder, ignore_errors=True)
