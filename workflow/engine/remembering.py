"""Accepted commands are remembered by a hash of what was asked: same key and body, same result; another body, refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final

from workflow.domain.commands import AnyCommand, EndChild, FireRung, Reproject, RunJob, TakeAction, TellReply
from workflow.domain.desk.urn import without_the_vote
from workflow.storage.codec import canonical

SALT: Final = 16
"""Bytes of salt before each hash."""

_OF_THE_MACHINE = (RunJob, FireRung, Reproject, EndChild, TellReply)


def remembered_under(command: AnyCommand) -> str:
    """The key under which a command is remembered; empty for those of the machine, which find out by the case itself
    whether they have been done.
    """
    return "" if isinstance(command, _OF_THE_MACHINE) else command.key


def request_hash(command: AnyCommand, salt: bytes) -> bytes:
    """A salted hash of what was asked: salted, because a form holds values that could be guessed from a plain hash. The salt
    lies beside it, so a vote, which anybody could guess, is left out.
    """
    if isinstance(command, TakeAction):
        command = without_the_vote(command)
    said: dict[str, Any] = {"command": type(command).__name__}
    # What is left at its default is left out, so that a program that knows more fields remembers what an older one was told.
    kind: Any = type(command)
    for name, default in _defaults(kind):
        value = getattr(command, name)
        if value != default and value not in ((), {}):
            said[name] = _bare(value)
    return salt + hashlib.sha256(salt + canonical(said)).digest()


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((one.name, one.default) for one in fields(kind))


def _bare(value: Any) -> Any:
    """The same with plain dictionaries in the place of values of our own."""
    if isinstance(value, Mapping):
        return {key: _bare(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_bare(inner) for inner in value]
    if is_dataclass(value):
        return {one.name: _bare(getattr(value, one.name)) for one in fields(value)}
    return value
