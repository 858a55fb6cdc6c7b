"""What happens to a case under a filing letter (申报函): answered with the others by one reply, or split off from them."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReplied(Event):
    """The reply (批复, 复函) to `letter` was issued and lists the case at `place` of `total`. `series`, `year` and `number`
    are its document number (文号), `digest` the SHA-256 of its whole list.
    """

    letter: str
    organ: str
    series: str
    year: int
    number: int
    place: int
    total: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitFromLetter(Event):
    """The head of the organ ordered that the case be answered by itself (单独答复), and not in the reply to `letter`."""

    letter: str
    organ: str
    reason: str
