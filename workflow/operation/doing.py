"""What a thread is at: the request of the portal, the command, the case. Every log line says it, so lines can be joined.

A request of the portal has an id; the command that it becomes has one, which its events carry; what the machine does later
because of them names the case, and its own command ids (`job:…`, `rung:…`) lead back through `caused_by`.
"""

from __future__ import annotations

import hashlib
import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final
from uuid import UUID

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}")
_TELLING: Final = re.compile(r"\d{7}")


@dataclass(slots=True)
class Doing:
    """One request, task or look; what it does on the way is written into it."""

    request: str = ""
    case_id: str = ""
    command: str = ""


_NOW: ContextVar[Doing | None] = ContextVar("doing", default=None)


def begin(request: str = "") -> Doing:
    """From here on this thread, or this request, is at something new."""
    doing = Doing(request=request)
    _NOW.set(doing)
    return doing


def note(case_id: str, command: str) -> None:
    """The case and the command that it has come to."""
    doing = _NOW.get()
    if doing is None:
        _NOW.set(Doing(case_id=case_id, command=command))
        return
    doing.case_id, doing.command = case_id, command


def end() -> None:
    """It is at nothing any more; a request stays what it is until it has been answered."""
    doing = _NOW.get()
    if doing is not None and not doing.request:
        _NOW.set(None)


def now() -> dict[str, str]:
    """The ids that are known, by the names that log lines have for them."""
    doing = _NOW.get()
    if doing is None:
        return {}
    ids = {
        "request_id": doing.request,
        "case_id": doing.case_id,
        "command_id": told(doing.command) if doing.command else "",
    }
    return {name: value for name, value in ids.items() if value}


def told(key: str) -> str:
    """The id of a command as a log may have it. It is chosen by whoever asks, so one that might be somebody's number or
    name is told as its hash.
    """
    try:
        return str(UUID(key))
    except ValueError:
        pass
    if _PLAIN.fullmatch(key) and not _TELLING.search(_without_ids(key)):
        return key
    return "sha256:" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def _without_ids(key: str) -> str:
    return _UUID.sub("", key)


_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
