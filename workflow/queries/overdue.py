"""What was overdue on a day, from the events that had been recorded by then, and who held it.

A period is overdue on a day when its last day, as it was known then, lay before it and the period still ran at the end of
the day. Later extensions, notices and ends change none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select

from workflow.domain.evolve import fold
from workflow.domain.holding import held
from workflow.domain.own_clocks import of_the_desk, spec_of
from workflow.domain.reckoning import DAY, start_of_day
from workflow.queries.cases import matter_of
from workflow.storage import tables as t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.domain.definition import Definition
    from workflow.domain.envelope import Envelope
    from workflow.domain.events import Event
    from workflow.storage.store import Store

ZONE: Final = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A period that was overdue, by how many working days, and who had the case at the end of the day."""

    no: str
    matter: str
    clock: str
    due_on: date
    provisional: bool
    days_over: int
    holder: str
    organ: str
    post: str
    person: str | None


def overdue(
    store: Store,
    catalog: Catalog,
    on: date,
    *,
    matter: str | None = None,
    organ: str | None = None,
    post: str | None = None,
) -> list[Overdue]:
    """Everything that was overdue on `on`, the longest first."""
    definitions = _Definitions(store)
    found = [
        one
        for case_id in _candidates(store, on, matter)
        for one in _of_case(store, catalog, definitions, case_id, on)
        if (organ is None or one.organ == organ) and (post is None or one.post == post)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.no, one.clock))


class _Definitions:
    """Definitions by hash, each read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Definition] = {}

    def __call__(self, hash_: str) -> Definition:
        if hash_ not in self._known:
            self._known[hash_] = matter_of(self._store, hash_).definition
        return self._known[hash_]


def _candidates(store: Store, on: date, matter: str | None) -> list[str]:
    """Cases that may have had an overdue period then. A period whose last day lies ahead of the day, and never moved, had
    none; what moved, or has no day while its time is out, is looked at.
    """
    moved = or_(t.clocks.c.due_on < on, t.clocks.c.due_on.is_(None), t.clocks.c.revision > 0)
    query = (
        select(t.clocks.c.case_id)
        .distinct()
        .join_from(t.clocks, t.cases, t.cases.c.id == t.clocks.c.case_id)
        .where(or_(t.clocks.c.ended_on.is_(None), t.clocks.c.ended_on >= on), moved)
        .order_by(t.clocks.c.case_id)
    )
    if matter is not None:
        query = query.where(t.cases.c.matter == matter)
    with store.read() as connection:
        return list(connection.execute(query).scalars())


def _of_case(
    store: Store, catalog: Catalog, definition: Callable[[str], Definition], case_id: str, on: date
) -> Iterator[Overdue]:
    history = store.history(case_id)
    end = start_of_day(on + DAY, _zone(history, definition))
    known = [(envelope, event) for envelope, event in history if envelope.recorded_at < end]
    if not known:
        return
    case = fold(((event, envelope.actor) for envelope, event in known), case_id=case_id)
    late = [c for c in case.clocks if c.open and c.due is not None and c.due.on < on and of_the_desk(c.clock)]
    if not late:
        return
    at = _holder(catalog, definition, known, end)
    present = definition(case.definition)
    calendar = catalog.calendars[present.calendar]
    for clock in late:
        if clock.due is None or spec_of(present, clock.clock).scope == "applicant":
            continue
        yield Overdue(
            no=case.no,
            matter=case.matter,
            clock=clock.clock,
            due_on=clock.due.on,
            provisional=clock.due.provisional,
            days_over=calendar.working_days_between(clock.due.on, on),
            holder=at[0],
            organ=at[1],
            post=at[2],
            person=at[3],
        )


def _zone(history: Sequence[tuple[Envelope, Event]], definition: Callable[[str], Definition]) -> str:
    filed = history[0][1]
    return definition(getattr(filed, "definition", "")).zone if history else ZONE


def _holder(
    catalog: Catalog,
    definition: Callable[[str], Definition],
    known: Sequence[tuple[Envelope, Event]],
    end: datetime,
) -> tuple[str, str, str, str | None]:
    hashes = {
        hash_
        for _, event in known
        for hash_ in (getattr(event, "new", None), getattr(event, "old", None))
        if type(event).__name__ == "CaseMigrated" and hash_
    }
    stretches = held(
        definition(getattr(known[0][1], "definition", "")),
        catalog.law,
        [event for _, event in known],
        end,
        versions={hash_: definition(hash_) for hash_ in hashes},
        actors=[envelope.actor for envelope, _ in known],
    )
    if not stretches:
        return "system", "", "", None
    last = stretches[-1]
    return last.holder, last.organ or "", last.post or "", last.person
