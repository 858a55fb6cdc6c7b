"""Timeliness of the cases concluded in some days, by matter, organ, month and post, from the rows they left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, case, exists, func, select

from workflow.domain.figures.timeliness import Group, Line, PostLine, lines
from workflow.storage import report_tables as t
from workflow.storage.report_tables import case_facts, case_shares

if TYPE_CHECKING:
    from workflow.storage.store import Store

ORGAN: Final = "organ"
_GROUPED = (
    "matter", "organ", "month", "ending", "timed", "late", "early", "promise_kept", "statute_kept", "used", "extensions",
    "provisional", "deemed",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which concluded cases: from `first` to `last` (included), of a matter, that an organ concluded, that a post had."""

    first: date
    last: date
    matter: str | None = None
    organ: str | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Time that one ground took out (不计入期限): in how many cases, and how many working days in all."""

    cases: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who had the time: organ, applicant, or of the ground that was open; `ground` says which."""

    holder: str
    ground: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """All lines. `posts` is by (organ, post), `held` working days by holder; they sum to the whole of all cases, `whole`."""

    wanted: Wanted
    matters: Mapping[str, Line]
    organs: Mapping[str, Line]
    months: Mapping[str, Line]
    posts: Mapping[tuple[str, str], PostLine]
    grounds: Mapping[str, Ground]
    held: Mapping[Holder, int]
    whole: int

    @property
    def total(self) -> Line:
        """All matters together."""
        return reduce(add, self.matters.values(), Line())


def timeliness(store: Store, wanted: Wanted) -> Timeliness:
    """The report of the cases that are wanted; four queries, whatever their number."""
    found = groups(store, wanted)
    held, whole = _held(store, wanted)
    return Timeliness(
        wanted=wanted,
        matters=lines(found, lambda group: group.matter),
        organs=lines(found, lambda group: group.organ),
        months=lines(found, lambda group: group.month),
        posts={
            (organ, post): line for (organ, post, _), line in shares(store, wanted, ("organ", "post")).items()
        },
        grounds=_grounds(store, wanted),
        held=held,
        whole=whole,
    )


def groups(store: Store, wanted: Wanted) -> list[Group]:
    """The concluded cases in groups of those that are alike."""
    columns = [case_facts.c[name] for name in _GROUPED]
    query = select(*columns, func.count().label("cases")).where(*of_facts(wanted)).group_by(*columns)
    with store.read() as connection:
        return [Group(**row) for row in connection.execute(query).mappings()]


def matters_in(store: Store, wanted: Wanted) -> tuple[str, ...]:
    """The matters of those cases, those with most cases first."""
    query = (
        select(case_facts.c.matter)
        .where(*of_facts(wanted))
        .group_by(case_facts.c.matter)
        .order_by(func.count().desc(), case_facts.c.matter)
    )
    with store.read() as connection:
        return tuple(connection.execute(query).scalars())


def shares(store: Store, wanted: Wanted, by: tuple[str, ...]) -> dict[tuple[str, str, str], PostLine]:
    """What organs (`by` = organ), posts (organ, post) or persons (organ, post, person) held of those cases; a key has empty
    texts for what was not asked. Days that nobody had in person have no person.
    """
    keys = [func.coalesce(case_shares.c[name], "").label(name) for name in by]
    each = (
        select(
            case_shares.c.case_id,
            *keys,
            func.sum(case_shares.c.days).label("days"),
            func.sum(case_shares.c.excess).label("excess"),
            func.sum(case_shares.c.overrun).label("overrun"),
        )
        .where(case_shares.c.holder == ORGAN, *of_shares(case_shares, wanted))
        .group_by(case_shares.c.case_id, *keys)
        .subquery()
    )
    names = [each.c[name] for name in by]
    query = select(
        *names,
        each.c.days,
        func.count().label("cases"),
        func.sum(case((each.c.excess > 0, 1), else_=0)).label("over"),
        func.sum(each.c.excess).label("excess"),
        func.sum(each.c.overrun).label("overrun"),
    ).group_by(*names, each.c.days)
    found: dict[tuple[str, str, str], PostLine] = {}
    with store.read() as connection:
        for row in connection.execute(query).mappings():
            key = (row["organ"], row.get("post", ""), row.get("person", ""))
            days, cases = int(row["days"]), int(row["cases"])
            line = PostLine(
                cases=cases,
                over=int(row["over"]),
                days=days * cases,
                excess=int(row["excess"]),
                overrun=int(row["overrun"]),
                held={days: cases},
            )
            found[key] = found.get(key, PostLine()) + line
    return dict(sorted(found.items()))


def of_facts(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions on `case_facts`."""
    conditions: list[ColumnElement[bool]] = [case_facts.c.concluded_on.between(wanted.first, wanted.last)]
    if wanted.matter is not None:
        conditions.append(case_facts.c.matter == wanted.matter)
    if wanted.organ is not None:
        conditions.append(case_facts.c.organ == wanted.organ)
    if wanted.post is not None:
        had = case_shares.alias("had")
        theirs = exists().where(had.c.case_id == case_facts.c.case_id, had.c.post == wanted.post)
        conditions.append(theirs)
    return conditions


def of_shares(table: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions on a table beside it: its rows carry the day and the matter, the rest is looked up."""
    conditions: list[ColumnElement[bool]] = [table.c.concluded_on.between(wanted.first, wanted.last)]
    if wanted.matter is not None:
        conditions.append(table.c.matter == wanted.matter)
    if wanted.organ is not None or wanted.post is not None:
        conditions.append(table.c.case_id.in_(_ids(wanted)))
    return conditions


def _ids(wanted: Wanted) -> Select[tuple[str]]:
    return select(case_facts.c.case_id).where(*of_facts(replace(wanted, matter=None)))


def _grounds(store: Store, wanted: Wanted) -> dict[str, Ground]:
    out = t.case_exclusions
    query = (
        select(out.c.ground, func.count().label("cases"), func.sum(out.c.days).label("days"))
        .where(*of_shares(out, wanted))
        .group_by(out.c.ground)
        .order_by(out.c.ground)
    )
    with store.read() as connection:
        return {row.ground: Ground(cases=row.cases, days=int(row.days)) for row in connection.execute(query)}


def _held(store: Store, wanted: Wanted) -> tuple[dict[Holder, int], int]:
    shared = case_shares.c
    query = (
        select(shared.holder, shared.ground, func.sum(shared.days).label("days"))
        .where(*of_shares(case_shares, wanted))
        .group_by(shared.holder, shared.ground)
        .order_by(shared.holder, shared.ground)
    )
    with store.read() as connection:
        held = {
            Holder(holder=row.holder, ground=row.ground): int(row.days) for row in connection.execute(query)
        }
    return held, sum(held.values())
