"""Scoring (考评): a subject's findings, cases and ratings in a quarter, by rules that are data, to points and a grade.

Everything is whole numbers and fractions. Each point that is taken or given names what it rests on, so a score can be
followed down to findings and cases. A cancelled finding never counts; one under appeal is shown as pending.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final

REMINDER: Final = "reminder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head (考评项目) and its weight. `capped`: it loses no more than its weight. Not `measured`: nothing here can see it,
    and it keeps its points.
    """

    code: str
    titles: Mapping[str, str]
    weight: int
    capped: bool = True
    measured: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """`points` off a head for each card of a colour; of a procedural finding only if it says so. With `run_of`, for each run
    of so many reminders after which the period was missed all the same; one that was heeded ends a run.
    """

    id: str
    titles: Mapping[str, str]
    head: str
    card: str
    points: int
    procedural: bool | None = None
    run_of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """A bonus by percent: `points` once `since` percent are reached, `each` more for every further `step` percent, at most
    `most`.
    """

    id: str
    since: int
    points: int
    step: int
    each: int
    most: int

    def reached(self, share: Fraction) -> int:
        """The points for a share of one."""
        per_cent = share * 100
        if per_cent < self.since:
            return 0
        return min(self.points + self.each * ((per_cent - self.since) / self.step).__floor__(), self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """What ratings (满意度) cost a head: its weight times the part that the mean worth of the ratings is short of 100. With
    fewer than `at_least` ratings nothing is reckoned. `worth` is in percent, from one point to five.
    """

    head: str
    at_least: int
    worth: tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A grade (优秀, 良好, 合格, 不合格) from `at_least` points, never with a card of the colours in `without`."""

    code: str
    titles: Mapping[str, str]
    at_least: int
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The whole of it. `counts`: findings count from `raised` on, or only once `confirmed`."""

    id: str
    titles: Mapping[str, str]
    base: int
    counts: str
    heads: tuple[Head, ...]
    deductions: tuple[Deduction, ...]
    early: Steps
    promise: Steps
    satisfaction: Satisfaction
    grades: tuple[Grade, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A finding against the subject, and the case it is on. `missed` says of a reminder's period whether it ran out all
    the same; None while it runs.
    """

    no: str
    finding: int
    colour: str
    rule: str
    raised_at: datetime
    procedural: bool = False
    cancelled: bool = False
    confirmed: bool = False
    appealed: bool = False
    missed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merits:
    """All that counts of a subject in the time: its cards, its timed cases and which of them were early, the promised and
    the statutory working days of its cases' periods, and its ratings by points.
    """

    cards: tuple[Card, ...] = ()
    timed: int = 0
    early: int = 0
    promised: int = 0
    statutory: int = 0
    ratings: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the trace: so many points (negative if taken) under a head, by which rule, for which findings and cases.

    `pending` ones are told and not counted.
    """

    head: str | None
    rule: str
    points: Fraction
    findings: tuple[tuple[str, int], ...] = ()
    share: Fraction | None = None
    pending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The points and how they came about; `heads` is what each head kept. They and the bonuses add up to `points`, unless
    that would be below nothing.
    """

    points: Fraction
    grade: str
    heads: Mapping[str, Fraction]
    bonus: Fraction
    entries: tuple[Entry, ...]


def score(rules: Rules, merits: Merits) -> Score:
    """Score what counts of a subject."""
    entries = (*_cards(rules, merits.cards), *_ratings(rules, merits), *_bonuses(rules, merits))
    heads: dict[str, Fraction] = {}
    for head in rules.heads:
        lost = -sum((e.points for e in entries if e.head == head.code and not e.pending), Fraction(0))
        heads[head.code] = head.weight - (min(lost, Fraction(head.weight)) if head.capped else lost)
    bonus = sum((e.points for e in entries if e.head is None), Fraction(0))
    points = max(sum(heads.values(), Fraction(0)) + bonus, Fraction(0))
    colours = {card.colour for card in merits.cards if _counts(rules, card)}
    return Score(
        points=points, grade=_grade(rules, points, colours), heads=heads, bonus=bonus, entries=entries
    )


def _cards(rules: Rules, cards: Sequence[Card]) -> Iterator[Entry]:
    standing = sorted(
        (card for card in cards if not card.cancelled),
        key=lambda card: (card.raised_at, card.no, card.finding),
    )
    for card in standing:
        deduction = _deduction(rules, card)
        if deduction is None or deduction.run_of > 1:
            continue
        yield Entry(
            head=deduction.head,
            rule=deduction.id,
            points=Fraction(-deduction.points),
            findings=((card.no, card.finding),),
            pending=not _counts(rules, card),
        )
    for deduction in rules.deductions:
        if deduction.run_of > 1:
            yield from _runs(deduction, [card for card in standing if card.colour == deduction.card])


def _runs(deduction: Deduction, reminders: Sequence[Card]) -> Iterator[Entry]:
    run: list[Card] = []
    for card in reminders:
        if card.missed is None:
            continue
        run = [*run, card] if card.missed else []
        if len(run) == deduction.run_of:
            yield Entry(
                head=deduction.head,
                rule=deduction.id,
                points=Fraction(-deduction.points),
                findings=tuple((one.no, one.finding) for one in run),
            )
            run = []


def _deduction(rules: Rules, card: Card) -> Deduction | None:
    for deduction in rules.deductions:
        if deduction.card == card.colour and deduction.procedural in (None, card.procedural):
            return deduction
    return None


def _counts(rules: Rules, card: Card) -> bool:
    if card.cancelled or card.appealed:
        return False
    return rules.counts == "raised" or card.confirmed or card.colour == REMINDER


def _ratings(rules: Rules, merits: Merits) -> Iterator[Entry]:
    terms, given = rules.satisfaction, sum(merits.ratings.values())
    if not given or given < terms.at_least:
        return
    worth = Fraction(sum(terms.worth[points - 1] * n for points, n in merits.ratings.items()), 100 * given)
    weight = next(head.weight for head in rules.heads if head.code == terms.head)
    yield Entry(head=terms.head, rule="satisfaction", points=weight * (worth - 1), share=worth)


def _bonuses(rules: Rules, merits: Merits) -> Iterator[Entry]:
    for steps, share in (
        (rules.early, Fraction(merits.early, merits.timed) if merits.timed else None),
        (rules.promise, 1 - Fraction(merits.promised, merits.statutory) if merits.statutory else None),
    ):
        if share is not None and (points := steps.reached(share)):
            yield Entry(head=None, rule=steps.id, points=Fraction(points), share=share)


def _grade(rules: Rules, points: Fraction, colours: set[str]) -> str:
    for grade in rules.grades:
        if points >= grade.at_least and not colours & set(grade.without):
            return grade.code
    return rules.grades[-1].code
