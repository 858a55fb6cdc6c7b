"""The queue of a desk (待办): what waits for a person or a post, the nearest due instant first, with lamp and days left.

Lists and counts are read with one condition, so they always agree. A lamp is a matter of dates alone: red (红灯) when the
period has run out, yellow (黄灯) in its last three working days, green (绿灯) before, none (灰灯) while no time runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true

from workflow.domain.authority import Allowed
from workflow.domain.desk.ownership import owner
from workflow.domain.desk.verbs import right_to
from workflow.domain.reckoning import civil_date
from workflow.domain.scene import Facts, Scene
from workflow.queries.cases import matter_of
from workflow.queries.marks import Mark, read_mark, written_mark
from workflow.storage import tables as t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.domain.definition import Definition
    from workflow.storage.store import Store

CALENDAR, ZONE = "cn", "Asia/Shanghai"
"""By which lamps are lit: one calendar for all, so that a list and its count cannot part."""

YELLOW_DAYS = 3
"""Working days before its end from which a period shows yellow."""


class Lamp(StrEnum):
    """How near the period is to its end."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which work items: those of a `person` (his own, and what waits for his posts), of an `organ` and `kind` of post, of
    a `matter`, with a `lamp`; `claimed` True or False keeps those that somebody, or nobody, has.
    """

    person: str | None = None
    organ: str | None = None
    kind: str | None = None
    matter: str | None = None
    lamp: Lamp | None = None
    claimed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One work item. `days_left` counts working days after today up to the last day, below zero those since it; `owner`
    is whose it is and `why`; `may_claim` whether the filter's person could take it now.
    """

    case_id: str
    no: str
    matter: str
    definition: str
    state: str
    post: str
    kind: str
    organ: str
    opened_at: datetime
    due_on: date | None
    due_at: datetime | None
    due_clock: str | None
    days_left: int | None
    lamp: Lamp
    claimed_by: str | None
    claimed_how: str | None
    lent_to: str | None
    owner: str | None
    why: str | None
    may_claim: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some lines, and the mark after which the next follow; None at the end."""

    lines: tuple[Line, ...]
    mark: str | None


def page(
    store: Store, catalog: Catalog, wanted: Filter, *, after: str | None = None, limit: int = 50
) -> Page:
    """The work items of a filter, the nearest due first. Raises BadInput for a mark that is none."""
    now = store.clock().now
    today = civil_date(now, ZONE)
    statement = _lines(_lamp(catalog, now, today)).where(_where(store, catalog, wanted, now, today))
    if after is not None:
        statement = statement.where(_beyond(read_mark(after)))
    with store.read() as connection:
        rows = connection.execute(statement.limit(limit + 1)).mappings().all()
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    mark = None
    if last is not None:
        mark = written_mark(Mark(due_at=last["due_at"], opened_at=last["opened_at"], case_id=last["case_id"]))
    return Page(lines=_told(store, catalog, wanted, shown, now, today), mark=mark)


def counts(store: Store, catalog: Catalog, wanted: Filter) -> dict[str, int]:
    """How many work items a filter has, by lamp and in all."""
    now = store.clock().now
    today = civil_date(now, ZONE)
    lamp = _lamp(catalog, now, today)
    statement = (
        select(lamp.label("lamp"), func.count().label("number"))
        .select_from(_ITEMS)
        .where(_where(store, catalog, wanted, now, today))
        .group_by(lamp)
    )
    with store.read() as connection:
        found = {row.lamp: row.number for row in connection.execute(statement)}
    return {**{lit.value: found.get(lit.value, 0) for lit in Lamp}, "all": sum(found.values())}


def loads(store: Store, persons: tuple[str, ...]) -> dict[str, int]:
    """How many open work items each of these persons has."""
    items = t.work_items.c
    statement = (
        select(items.claimed_by, func.count())
        .where(items.closed_at.is_(None), items.claimed_by.in_(persons))
        .group_by(items.claimed_by)
    )
    with store.read() as connection:
        found: dict[str | None, int] = dict(connection.execute(statement).all())
    return {person: found.get(person, 0) for person in persons}


_ITEMS = t.work_items.join(t.cases, t.cases.c.id == t.work_items.c.case_id)


def _lines(lamp: ColumnElement[str]) -> Select[Any]:
    items = t.work_items.c
    return (
        select(
            items.case_id,
            t.cases.c.no,
            t.cases.c.matter,
            t.cases.c.definition,
            items.state,
            items.post,
            items.kind,
            items.organ,
            items.opened_at,
            items.due_on,
            items.due_at,
            items.due_clock,
            lamp.label("lamp"),
            items.claimed_by,
            items.claimed_how,
            items.lent_to,
        )
        .select_from(_ITEMS)
        .order_by(items.due_at.is_(None), items.due_at, items.opened_at, items.case_id)
    )


def _lamp(catalog: Catalog, now: datetime, today: date) -> ColumnElement[str]:
    nearing = catalog.calendars[CALENDAR].add_working_days(today, YELLOW_DAYS)
    items = t.work_items.c
    return case(
        (items.due_at.is_(None), Lamp.NONE.value),
        (items.due_at <= now, Lamp.RED.value),
        (items.due_on <= nearing, Lamp.YELLOW.value),
        else_=Lamp.GREEN.value,
    )


def _where(store: Store, catalog: Catalog, wanted: Filter, now: datetime, today: date) -> ColumnElement[bool]:
    items = t.work_items.c
    conditions: list[ColumnElement[bool]] = [items.closed_at.is_(None)]
    if wanted.organ is not None:
        conditions.append(items.organ == wanted.organ)
    if wanted.kind is not None:
        conditions.append(items.kind == wanted.kind)
    if wanted.matter is not None:
        conditions.append(t.cases.c.matter == wanted.matter)
    if wanted.claimed is not None:
        conditions.append(items.claimed_by.is_not(None) if wanted.claimed else items.claimed_by.is_(None))
    if wanted.lamp is not None:
        conditions.append(_lamp(catalog, now, today) == wanted.lamp.value)
    if wanted.person is not None:
        conditions.append(_of_person(store, catalog, wanted.person, today))
    return and_(*conditions)


def _of_person(store: Store, catalog: Catalog, person: str, today: date) -> ColumnElement[bool]:
    """What he has or was lent, and what nobody has that waits for a post of his: one he holds, one he stands in for, or
    one that nobody else is there for below an organ that he heads.
    """
    items = t.work_items.c
    waits = or_(false(), *(_at(place, matters) for place, matters in _places(store, catalog, person, today)))
    return or_(items.claimed_by == person, items.lent_to == person, and_(items.claimed_by.is_(None), waits))


def _at(place: tuple[str, str], matters: tuple[str, ...]) -> ColumnElement[bool]:
    organ, kind = place
    covered = t.cases.c.matter.in_(matters) if matters else true()
    return and_(t.work_items.c.organ == organ, t.work_items.c.kind == kind, covered)


def _places(
    store: Store, catalog: Catalog, person: str, today: date
) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    directory = catalog.directory
    places = []
    for held in directory.posts_of(person, today):
        away = [
            one for one in directory.principals(held.organ, held.kind, today) if directory.absent(one, today)
        ]
        if not held.deputy or away or not directory.principals(held.organ, held.kind, today):
            places.append(((held.organ, held.kind), held.matters))
    return places + [((organ, kind), ()) for organ, kind in _left_to(store, catalog, person, today)]


def _left_to(store: Store, catalog: Catalog, person: str, today: date) -> list[tuple[str, str]]:
    """Posts with open work and nobody there, which fall to `person` as the head of the organ or of one above it."""
    items, directory = t.work_items.c, catalog.directory
    statement = select(items.organ, items.kind).where(items.closed_at.is_(None)).distinct()
    if not any(held.kind == "head" for held in directory.posts_of(person, today)):
        return []
    with store.read() as connection:
        waiting = connection.execute(statement).all()
    return [
        (organ, kind)
        for organ, kind in waiting
        if not directory.present(organ, kind, today) and directory.head_of(organ, today) == person
    ]


def _facts(catalog: Catalog, definition: Definition) -> Facts:
    return Facts(
        calendar=catalog.calendars[definition.calendar], law=catalog.law, directory=catalog.directory
    )


def _beyond(mark: Mark) -> ColumnElement[bool]:
    """What comes after the mark in the order of the list."""
    items = t.work_items.c
    later = or_(
        items.opened_at > mark.opened_at,
        and_(items.opened_at == mark.opened_at, items.case_id > mark.case_id),
    )
    if mark.due_at is None:
        return and_(items.due_at.is_(None), later)
    return or_(items.due_at.is_(None), items.due_at > mark.due_at, and_(items.due_at == mark.due_at, later))


def _told(
    store: Store, catalog: Catalog, wanted: Filter, rows: Any, now: datetime, today: date
) -> tuple[Line, ...]:
    calendar = catalog.calendars[CALENDAR]
    cases = {one.id: one for one in store.cases([row["case_id"] for row in rows])}
    directory = catalog.directory
    matters = {hash_: matter_of(store, hash_) for hash_ in {row["definition"] for row in rows}}
    lines = []
    for row in rows:
        about: Mapping[str, Any] = row
        one = cases[about["case_id"]]
        definition = matters[one.definition].definition
        found = owner(definition, one, directory, today)
        may_claim = None
        if wanted.person is not None:
            scene = Scene(
                definition=definition,
                case_id=one.id,
                case=one,
                facts=_facts(catalog, definition),
                now=now,
                actor=wanted.person,
            )
            may_claim = one.desk.assignment is None and isinstance(right_to(scene, "claim"), Allowed)
        due_on = about["due_on"]
        days = None
        if due_on is not None:
            left = calendar.working_days_between(min(today, due_on), max(today, due_on))
            days = left if today <= due_on else -left
        lines.append(
            Line(
                **{**about, "lamp": Lamp(about["lamp"])},
                days_left=days,
                owner=found[0] if found else None,
                why=found[1] if found else None,
                may_claim=may_claim,
            )
        )
    return tuple(lines)
