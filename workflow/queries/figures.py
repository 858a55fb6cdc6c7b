"""Figures over all cases: how many ended and how, how many in time, which findings against which post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, func, select

from workflow.storage import tables as t

if TYPE_CHECKING:
    from workflow.domain.definition import Definition
    from workflow.storage.store import Store

_OUTCOMES = (
    select(
        t.cases.c.matter,
        t.cases.c.outcome,
        func.count().label("cases"),
        func.count(t.cases.c.archived_at).label("ended"),
        func.count(t.cases.c.concluded_at).label("concluded"),
    )
    .group_by(t.cases.c.matter, t.cases.c.outcome)
    .order_by(t.cases.c.matter, t.cases.c.outcome)
)
# A case is late if it missed one of the periods, or one of them the second time it ran.
_KEPT = (
    select(func.max(case((t.clocks.c.late, 1), else_=0)).label("late"))
    .select_from(t.clocks.join(t.cases, t.cases.c.id == t.clocks.c.case_id))
    .where(
        t.cases.c.matter == bindparam("matter"),
        t.clocks.c.clock.in_(bindparam("clocks", expanding=True)),
        t.clocks.c.ended_on.is_not(None),
        t.cases.c.concluded_at.is_not(None),
    )
    .group_by(t.cases.c.id)
    .subquery()
)
_TIMELINESS = select(func.count().label("all"), func.coalesce(func.sum(_KEPT.c.late), 0).label("late"))
_FINDINGS = (
    select(
        t.findings.c.organ, t.findings.c.post, t.findings.c.colour, t.cases.c.matter, func.count().label("n")
    )
    .select_from(t.findings.join(t.cases, t.cases.c.id == t.findings.c.case_id))
    .where(t.findings.c.cancelled_at.is_(None))
    .group_by(t.findings.c.organ, t.findings.c.post, t.findings.c.colour, t.cases.c.matter)
    .order_by(t.findings.c.organ, t.findings.c.post, t.findings.c.colour)
)
_EVENTS = select(func.count()).select_from(t.events)


@dataclass(slots=True, kw_only=True)
class MatterFigures:
    """The cases of one matter: all, archived, concluded (办结), and the concluded ones by outcome."""

    cases: int = 0
    ended: int = 0
    concluded: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """Of `all` concluded cases whose handling period ran (the denominator), `late` ended it after its due date."""

    all: int
    late: int

    @property
    def in_time(self) -> int:
        """How many ended it in time."""
        return self.all - self.late

    def __add__(self, other: Timeliness) -> Timeliness:
        return Timeliness(all=self.all + other.all, late=self.late + other.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Findings of one colour against a post of an organ, in one matter; cancelled ones are not counted."""

    organ: str
    post: str
    colour: str
    matter: str
    count: int


def by_matter(store: Store) -> dict[str, MatterFigures]:
    """Cases by matter and outcome."""
    figures: dict[str, MatterFigures] = {}
    with store.read() as connection:
        for row in connection.execute(_OUTCOMES):
            of = figures.setdefault(row.matter, MatterFigures())
            of.cases += row.cases
            of.ended += row.ended
            of.concluded += row.concluded
            if row.outcome is not None and row.concluded:
                of.outcomes[row.outcome] = row.concluded
    return figures


def timeliness(store: Store, matter: str, clocks: Sequence[str]) -> Timeliness:
    """How the concluded cases of a matter kept the periods `clocks`: in time if they kept all of them."""
    with store.read() as connection:
        row = connection.execute(_TIMELINESS, {"matter": matter, "clocks": list(clocks)}).one()
        return Timeliness(all=row.all, late=row.late)


def handling_clocks(definition: Definition) -> tuple[str, ...]:
    """The periods that the decision ends, promised and statutory: those by which a case is in time or late."""
    return tuple(name for name, spec in definition.clocks.items() if "DecisionMade" in spec.end.events)


def cards(store: Store) -> list[Cards]:
    """Findings that stand, by organ, post and colour."""
    with store.read() as connection:
        return [
            Cards(organ=row.organ, post=row.post, colour=row.colour, matter=row.matter, count=row.n)
            for row in connection.execute(_FINDINGS)
        ]


def by_colour(found: Sequence[Cards]) -> Mapping[str, int]:
    """How many findings there are of each colour."""
    sums: dict[str, int] = {}
    for one in found:
        sums[one.colour] = sums.get(one.colour, 0) + one.count
    return sums


def events(store: Store) -> int:
    """How many events have been recorded."""
    with store.read() as connection:
        return int(connection.execute(_EVENTS).scalar_one())
