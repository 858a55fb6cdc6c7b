"""Cases with their events for an export, some at a time, in the order of their ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select

from workflow.domain.reckoning import start_of_day
from workflow.storage import tables as t
from workflow.storage.codec import decode_case

if TYPE_CHECKING:
    from workflow.domain.case import Case
    from workflow.domain.definition import Definition
    from workflow.domain.envelope import Envelope
    from workflow.domain.events import Event
    from workflow.engine.banjie import Banjie

CHUNK: Final = 100
ZONE: Final = "Asia/Shanghai"
"""Where the days of `--from` and `--to` begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cases: of a matter, filed from `first` to `last` (civil days, both included); all without them."""

    matter: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A case with its events and the definition it is under."""

    case: Case
    definition: Definition
    history: list[tuple[Envelope, Event]]


def cases(banjie: Banjie, wanted: Wanted) -> Iterator[Told]:
    """The cases that are wanted. Each is as its events had it when they were read. Raises RecordBroken."""
    query = select(t.cases.c.id, t.cases.c.body).where(t.cases.c.id > bindparam("after"))
    if wanted.matter is not None:
        query = query.where(t.cases.c.matter == wanted.matter)
    if wanted.first is not None:
        query = query.where(t.cases.c.received_at >= _begin(wanted.first, 0))
    if wanted.last is not None:
        query = query.where(t.cases.c.received_at < _begin(wanted.last, 1))
    query = query.order_by(t.cases.c.id).limit(CHUNK)
    after = ""
    while True:
        with banjie.store.read() as connection:
            rows = connection.execute(query, {"after": after}).all()
        if not rows:
            return
        for row in rows:
            case = decode_case(row.body, row.id)
            history = [pair for pair in banjie.store.history(row.id) if pair[0].seq <= case.seq]
            yield Told(
                case=case, definition=banjie.definition(banjie.store, case.definition), history=history
            )
        after = rows[-1].id


def _begin(day: date, later: int) -> datetime:
    return start_of_day(date.fromordinal(day.toordinal() + later), ZONE)
