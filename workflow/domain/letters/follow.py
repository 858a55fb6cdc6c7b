"""How a letter's events change a case. A reply is no act on the case, so the version that people see stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.domain import events as e
from workflow.domain.case import Case
from workflow.domain.letters.values import LetterReply
from workflow.domain.values import replace


def _replied(case: Case, event: e.LetterReplied, actor: str) -> Case:
    reply = LetterReply(
        letter=event.letter,
        series=event.series,
        year=event.year,
        number=event.number,
        place=event.place,
        total=event.total,
    )
    return replace(case, reply=reply)


def _split(case: Case, event: e.SplitFromLetter, actor: str) -> Case:
    return replace(case, version=case.version + 1, letter=None, split_from=event.letter)


FOLLOWERS: dict[type[e.Event], Callable[[Case, Any, str], Case]] = {
    e.LetterReplied: _replied,
    e.SplitFromLetter: _split,
}
