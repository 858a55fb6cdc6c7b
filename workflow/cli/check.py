"""What one check of `banjie doctor` came to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_SHOWN: Final = 5


class Verdict(StrEnum):
    """What a check came to. A note is worth knowing and is not wrong."""

    WELL = "well"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One finding: what was looked at, what was found, and how to mend it if it is not well."""

    name: str
    verdict: Verdict
    found: str
    mend: str = ""
