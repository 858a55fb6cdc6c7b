"""Waiting for a condition with a deadline: nothing in a test sleeps for a while and hopes."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

T = TypeVar("T")


def wait_until(
    condition: Callable[[], T], timeout: float = 10.0, *, every: float = 0.01, what: str = ""
) -> T:
    """Ask `condition` every `every` seconds until it says yes; gives what it said.

    Raises TimeoutError after `timeout` seconds, naming `what` was waited for and the last answer.
    """
    never = Event()
    deadline = time.monotonic() + timeout
    while not (answer := condition()):
        if time.monotonic() >= deadline:
            raise TimeoutError(
                f"waited {timeout} s for {what or repr(condition)}; the last answer was {answer!r}"
            )
        never.wait(every)
    return answer
