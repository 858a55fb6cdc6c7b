"""What an HTTP answer, or the lack of one, means for a message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

import requests
from urllib3.exceptions import NewConnectionError

from workflow.engine.notifier import Answer, Outcome

TIMEOUT: Final = (5.0, 15.0)
"""Seconds for the connection, and for each silence of the other side after it."""

_NOT_OURS: Final = frozenset({401, 403, 404, 407, 408, 425, 429})
"""Refusals that a person mends at the settings, or that pass by themselves; the message itself is not at fault."""

_PERHAPS: Final = 504
"""A gateway that gave up waiting: whether the message got through nobody knows."""


def of_status(response: requests.Response) -> Answer:
    """What a status says."""
    status, why = response.status_code, f"http_{response.status_code}"
    if 200 <= status < 300:
        return Answer(outcome=Outcome.SENT)
    if status == _PERHAPS:
        return Answer(outcome=Outcome.UNCERTAIN, why=why)
    if 400 <= status < 500 and status not in _NOT_OURS:
        return Answer(outcome=Outcome.REFUSED, why=why)
    return Answer(outcome=Outcome.FAILED, why=why, pause=_pause(response.headers.get("Retry-After")))


def of_fault(fault: Exception) -> Answer:
    """What a failed call says. Its own words may hold the address with its key, so they are not passed on."""
    if isinstance(fault, requests.ConnectTimeout) or _never_connected(fault):
        return Answer(outcome=Outcome.FAILED, why="connect", unreachable=True)
    if isinstance(fault, requests.Timeout):
        return Answer(outcome=Outcome.UNCERTAIN, why="timeout")
    if isinstance(fault, requests.exceptions.SSLError):
        return Answer(outcome=Outcome.FAILED, why="tls", unreachable=True)
    if isinstance(fault, requests.ConnectionError):
        return Answer(outcome=Outcome.UNCERTAIN, why="cut")
    return Answer(outcome=Outcome.UNCERTAIN, why=type(fault).__name__)


def _never_connected(fault: BaseException) -> bool:
    seen: list[BaseException] = []
    at: BaseException | None = fault
    while at is not None and at not in seen:
        seen.append(at)
        inner = [one for one in at.args if isinstance(one, BaseException)]
        if any(isinstance(getattr(one, "reason", one), NewConnectionError) for one in (at, *inner)):
            return True
        at = at.__cause__ or at.__context__
    return False


def _pause(header: str | None) -> timedelta | None:
    """`Retry-After`: seconds, or a date."""
    if header is None:
        return None
    if header.strip().isdigit():
        return timedelta(seconds=min(int(header), 10**6))
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return max(until - datetime.now(UTC), timedelta(0))
