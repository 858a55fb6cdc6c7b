"""Whoever answers for a card in the demonstration, and the auditors who deal with it: acknowledged, explained, confirmed or
cancelled, measured, answered for, struck off.

A card's whole course is drawn from the seed, the case and its number when it is first seen, so it does not matter in which
order cards are raised.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from typing import Any, Final

from workflow.demo.hours import PER_DAY, OfficeHours
from workflow.demo.wording import phrase
from workflow.domain.commands import TakeAction
from workflow.domain.directory import SUPERVISOR, Directory
from workflow.queries.findings import Listed

SILENT: Final = 0.08
"""How often nobody acknowledges a card, so that it climbs, and nobody explains it either."""

CANCELLED: Final = 0.12
"""How often a card turns out to be wrong, and two persons cancel it."""

AUDITOR: Final = "auditor"

ANSWER: Final = "answer/"
"""How the key of everything begins that is done about a card."""


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """One thing to be done about a card, in a slot; `number` counts the turns of the card."""

    slot: int
    case_id: str
    finding: int
    number: int
    verb: str = field(compare=False)
    actor: str = field(compare=False)
    fields: Mapping[str, Any] = field(compare=False)

    @property
    def key(self) -> str:
        """The key under which it is done, once."""
        return f"{ANSWER}{self.case_id}/{self.finding}/{self.number}"

    def command(self) -> TakeAction:
        """The turn as a command."""
        return TakeAction(
            case_id=self.case_id,
            key=self.key,
            actor=self.actor,
            action=self.verb,
            fields={"finding": self.finding, **self.fields},
        )


class Answers:
    """What is still to be done about cards, in a diary. Not for several threads."""

    def __init__(self, *, directory: Directory, hours: OfficeHours, seed: str) -> None:
        self._directory = directory
        self._hours = hours
        self._seed = seed
        self._seen: set[tuple[str, int]] = set()
        self.seen_until = datetime.min.replace(tzinfo=UTC)
        self._diary: list[Turn] = []
        self._done: frozenset[str] = frozenset()

    def recall(self, keys: Iterable[str]) -> None:
        """Go on where an earlier run was broken off: the commands with these keys have been given."""
        self._done = frozenset(keys)

    def look(self, cards: Sequence[Listed]) -> None:
        """Plan the course of every card that has not been seen yet."""
        for card in cards:
            self.seen_until = max(self.seen_until, card.raised_at)
            if (card.case_id, card.finding) not in self._seen:
                self._seen.add((card.case_id, card.finding))
                for turn in self._course(card):
                    if turn.key not in self._done:
                        heapq.heappush(self._diary, turn)

    def next_slot(self) -> int | None:
        """The next slot in which somebody has something to do about a card, or None."""
        return self._diary[0].slot if self._diary else None

    def turns(self, slot: int) -> Iterator[Turn]:
        """What is to be done about cards in a slot."""
        while self._diary and self._diary[0].slot <= slot:
            yield heapq.heappop(self._diary)

    def drop(self, turn: Turn) -> None:
        """A card that was cancelled by a notice in the meantime wants nothing any more."""
        self._diary = [
            one for one in self._diary if (one.case_id, one.finding) != (turn.case_id, turn.finding)
        ]
        heapq.heapify(self._diary)

    def _course(self, card: Listed) -> Iterator[Turn]:
        rng = Random(f"{self._seed}/{card.case_id}/{card.finding}/answers")
        slot = self._hours.after(card.raised_at)
        on = self._hours.day(slot)
        auditor = self._someone(AUDITOR, on)
        respondent = card.person or self._directory.head_of(card.organ, on)
        number = 0

        def turn(after: tuple[int, int], verb: str, actor: str, **fields: Any) -> Turn:
            nonlocal slot, number
            slot += rng.randint(*after)
            number += 1
            said = {name: phrase(rng, f"answers.{verb}.{name}") for name in fields.pop("say", ())}
            return Turn(slot, card.case_id, card.finding, number, verb, actor, {**said, **fields})

        wants_answer = not card.rule.startswith("cn.accountability.explanation")
        if wants_answer and respondent is not None and rng.random() >= SILENT:
            yield turn((1, 3), "acknowledge_finding", respondent)
            yield turn((PER_DAY, 3 * PER_DAY), "explain_finding", respondent, say=("text",))
        elif wants_answer:
            slot += 6 * PER_DAY
        if rng.random() < CANCELLED:
            supervisor = self._someone(SUPERVISOR, on)
            yield turn((PER_DAY, 2 * PER_DAY), "propose_cancel", supervisor, say=("reason",))
            yield turn((1, PER_DAY), "cancel_finding", auditor, say=("reason",))
            return
        yield turn((PER_DAY, 2 * PER_DAY), "confirm_finding", auditor, say=("reason",))
        yield turn((1, PER_DAY), "take_measure", auditor, measure="rectification", say=("text",))
        result = rng.choice(("talk", "self_examination", "criticism"))
        yield turn((2 * PER_DAY, 4 * PER_DAY), "record_result", auditor, result=result, say=("text",))
        yield turn((1, PER_DAY), "strike_off", auditor, say=("reason",))

    def _someone(self, kind: str, on: date) -> str:
        """Whoever holds a post of supervision that day."""
        for organ in self._directory.organs:
            if there := self._directory.principals(organ, kind, on):
                return there[0]
        raise LookupError(f"nobody holds the post {kind} on {on}")
