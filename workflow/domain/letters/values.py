"""A letter's key, what a step changes in who stands under it, and the reply as a case remembers it: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKey:
    """A filing letter: the organ that wrote it (a directory code) and its own number for it."""

    organ: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterChange:
    """What a step did to a case's place under a letter: it `joined`, `left`, or was `concluded` under it."""

    letter: LetterKey
    what: Literal["joined", "left", "concluded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReply:
    """The reply (批复, 复函) in whose list a case stands: its document number (文号), and the place of `total`."""

    letter: str
    series: str
    year: int
    number: int
    place: int
    total: int
