"""Under which letter a case stands. A child case (联办) stands under none: its parent does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from workflow.domain.letters.values import LetterChange, LetterKey

if TYPE_CHECKING:
    from workflow.domain.case import Case
    from workflow.domain.definition import Definition

_SENDERS = ("ministry", "filer", "unit")
"""Parties by whom a letter may be written, the one that files upward first."""


def filing_organ(parties: Mapping[str, str]) -> str:
    """The organ that writes a case's letter (申报单位): its ministry, else whoever filed; empty for the public."""
    return next((parties[name] for name in _SENDERS if parties.get(name)), "")


def letter_of(case: Case | None) -> LetterKey | None:
    """The letter that a case stands under, or None."""
    if case is None or case.letter is None or case.parent is not None:
        return None
    organ = filing_organ(case.parties)
    return LetterKey(organ=organ, number=case.letter) if organ else None


def changes(before: Case | None, after: Case) -> tuple[LetterChange, ...]:
    """What a step from one to the other changed."""
    was, now = letter_of(before), letter_of(after)
    found: list[LetterChange] = []
    if was is not None and was != now:
        found.append(LetterChange(letter=was, what="left"))
    if now is not None and now != was:
        found.append(LetterChange(letter=now, what="joined"))
    ended = after.concluded_at is not None and (before is None or before.concluded_at is None)
    if now is not None and ended:
        found.append(LetterChange(letter=now, what="concluded"))
    return tuple(found)


def reply_series(definition: Definition) -> str:
    """The series of document numbers that replies to letters are numbered in: that of the matter's own reply (复函), else
    of any numbered reply, else of any numbered paper, else of its cases.
    """
    series = {name: spec.series for name, spec in definition.documents.items() if spec.series}
    named = [series[name] for name in ("letter_reply", "reply") if name in series]
    replies = sorted(code for name, code in series.items() if name.endswith("reply"))
    return next(iter((*named, *replies, *sorted(series.values()))), definition.series)
