"""What counts of each subject of scoring in some days: its findings, the cases it concluded or held, and their ratings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sqlalchemy import and_, func, select

from workflow.domain.accountability.procedural import PROCEDURE
from workflow.domain.figures.facts import handling_clocks
from workflow.domain.figures.scoring import Card, Merits
from workflow.domain.period import WorkingDays, parse_period
from workflow.domain.reckoning import DAY, start_of_day
from workflow.queries.cases import matter_of
from workflow.queries.overdue import ZONE
from workflow.storage import tables as t
from workflow.storage.report_tables import case_facts, case_shares

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.domain.definition import Definition
    from workflow.domain.directory import Directory
    from workflow.domain.law import LawParameters
    from workflow.storage.store import Store

Level: TypeAlias = Literal["organ", "unit", "post", "person"]
"""机关 (the top of its tree), 机构 as the case has it, 岗位, 人员."""

Subject: TypeAlias = tuple[str, str, str]
"""Organ, post and person; empty where the level has none."""

UNCONFIRMED = ("raised", "acknowledged", "explained")


@dataclass(slots=True)
class _Sums:
    cards: list[Card] = field(default_factory=list)
    timed: int = 0
    early: int = 0
    promised: int = 0
    statutory: int = 0
    ratings: dict[int, int] = field(default_factory=dict)


def merits(
    store: Store, catalog: Catalog, first: date, last: date, level: Level, *, organ: str | None = None
) -> dict[Subject, Merits]:
    """The merits of every subject of that level with a case or a finding from `first` to `last`; of one organ and what is
    below it, if it is named. Findings are of the day they were raised, cases of the day they were concluded.
    """
    subject = _subject(catalog.directory, level)
    lengths = _Lengths(store, catalog.law, last)
    sums: dict[Subject, _Sums] = {}
    for whose, card in _cards(store, first, last):
        sums.setdefault(subject(*whose), _Sums()).cards.append(card)
    for row in _cases(store, first, last, level):
        of = sums.setdefault(subject(row["organ"], row.get("post", ""), row.get("person", "")), _Sums())
        of.timed += row["cases"] * row["timed"]
        of.early += row["cases"] * row["early"]
        promised, statutory = lengths(row["definition"]) if row["timed"] else (0, 0)
        of.promised += row["cases"] * promised
        of.statutory += row["cases"] * statutory
        if row["rating"] is not None:
            of.ratings[row["rating"]] = of.ratings.get(row["rating"], 0) + row["cases"]
    wanted = {
        whose: of
        for whose, of in sums.items()
        if _is_wanted(catalog.directory, whose, organ) and (level != "person" or whose[2])
    }
    return {whose: _merits(of) for whose, of in sorted(wanted.items())}


def _merits(of: _Sums) -> Merits:
    return Merits(
        cards=tuple(of.cards),
        timed=of.timed,
        early=of.early,
        promised=of.promised,
        statutory=of.statutory,
        ratings=dict(sorted(of.ratings.items())),
    )


def _is_wanted(directory: Directory, whose: Subject, organ: str | None) -> bool:
    if not whose[0]:
        return False
    return organ is None or organ == whose[0] or organ in directory.superiors(whose[0])


def _subject(directory: Directory, level: Level) -> Callable[[str, str, str], Subject]:
    def of(organ: str, post: str, person: str) -> Subject:
        if level == "organ":
            return (directory.superiors(organ) or (organ,))[-1], "", ""
        return organ, post if level in ("post", "person") else "", person if level == "person" else ""

    return of


def _cards(store: Store, first: date, last: date) -> Iterator[tuple[Subject, Card]]:
    found, clocks = t.findings.c, t.clocks.c
    same_clock = and_(
        clocks.case_id == found.case_id, clocks.clock == found.clock, clocks.generation == found.generation
    )
    query = (
        select(
            t.cases.c.no, found.finding, found.colour, found.rule, found.raised_at, found.cancelled_at, found.standing,
            found.appealed, found.organ, found.post, found.person, clocks.late, clocks.ended_on,
        )
        .select_from(
            t.findings.join(t.cases, t.cases.c.id == found.case_id).outerjoin(t.clocks, same_clock)
        )
        .where(found.raised_at >= start_of_day(first, ZONE), found.raised_at < start_of_day(last + DAY, ZONE))
    )  # fmt: skip
    with store.read() as connection:
        for row in connection.execute(query):
            yield (
                (row.organ, row.post, row.person or ""),
                Card(
                    no=row.no,
                    finding=row.finding,
                    colour=row.colour,
                    rule=row.rule,
                    raised_at=row.raised_at,
                    procedural=row.rule.startswith(f"{PROCEDURE}."),
                    cancelled=row.cancelled_at is not None,
                    confirmed=row.standing not in UNCONFIRMED,
                    appealed=row.appealed,
                    missed=bool(row.late) if row.ended_on is not None else None,
                ),
            )


def _cases(store: Store, first: date, last: date, level: Level) -> Iterator[Mapping[str, Any]]:
    """Concluded cases that are alike, with how many: of the organ that concluded them, else of whoever held them."""
    facts = case_facts.c
    alike = (facts.definition, facts.timed, facts.early, facts.rating)
    if level == "organ":
        of: Any = case_facts
        keys: list[Any] = [facts.organ]
    else:
        names = _HELD_BY[level]
        had = (
            select(
                case_shares.c.case_id, *(func.coalesce(case_shares.c[name], "").label(name) for name in names)
            )
            .where(case_shares.c.concluded_on.between(first, last), case_shares.c.holder == "organ")
            .distinct()
            .subquery()
        )
        of = had.join(case_facts, facts.case_id == had.c.case_id)
        keys = [had.c[name] for name in names]
    query = (
        select(*keys, *alike, func.count().label("cases"))
        .select_from(of)
        .where(facts.concluded_on.between(first, last))
        .group_by(*keys, *alike)
    )
    with store.read() as connection:
        yield from (dict(row) for row in connection.execute(query).mappings())


_HELD_BY: dict[str, tuple[str, ...]] = {
    "unit": ("organ",),
    "post": ("organ", "post"),
    "person": ("organ", "post", "person"),
}


class _Lengths:
    """The promised and the statutory working days of a definition's handling; 0 and 0 unless it has both."""

    def __init__(self, store: Store, law: LawParameters, on: date) -> None:
        self._store, self._law, self._on = store, law, on
        self._known: dict[str, tuple[int, int]] = {}

    def __call__(self, hash_: str) -> tuple[int, int]:
        if hash_ not in self._known:
            self._known[hash_] = lengths(matter_of(self._store, hash_).definition, self._law, self._on)
        return self._known[hash_]


def lengths(definition: Definition, law: LawParameters, on: date) -> tuple[int, int]:
    """The shortest promised and the shortest statutory handling period, in working days; 0 and 0 unless there are both."""
    promised: list[int] = []
    statutory: list[int] = []
    for name in handling_clocks(definition):
        spec = definition.clocks[name]
        rule = next((one for one in law.rules.get(spec.rule, ()) if one.holds_on(on)), None)
        period = parse_period(spec.promise) if spec.promise else rule.period if rule else None
        if isinstance(period, WorkingDays) and rule is not None:
            (promised if spec.promise or rule.basis == "promise" else statutory).append(period.amount)
    return (min(promised), min(statutory)) if promised and statutory else (0, 0)
