"""How far a long verification has come, in a small file of the home, so that one that was stopped goes on where it was.

It is written anew after each chunk and put into its place at once, so a kill leaves the one before or the one after.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

from workflow.errors import NothingToResume
from workflow.evidence.walk import Report

FILE: Final = Path("audit") / "verify.json"


class _Kept(msgspec.Struct, kw_only=True):
    database: str
    report: Report


def keep(home: Path, database: str, report: Report) -> None:
    """Note how far a walk over `database` (a name without passwords) has come."""
    path = home / FILE
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(msgspec.json.encode(_Kept(database=database, report=report)))
    draft.replace(path)


def kept(home: Path, database: str) -> Report:
    """How far the walk had come that was stopped. Raises NothingToResume when none was, or over another database."""
    path = home / FILE
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError) as error:
        raise NothingToResume(path=path) from error
    if found.database != database:
        raise NothingToResume(path=path)
    return found.report


def forget(home: Path) -> None:
    """The walk is over."""
    (home / FILE).unlink(missing_ok=True)
