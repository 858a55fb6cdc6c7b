"""The board: how much work is overdue or nearly due, by organ and kind of post, and which cases come first.

It must answer at once with a million cases open. The index of open work items begins with organ and kind and ends with
the due instant, so each count is a short range of it; which organs and kinds there are is found by stepping along it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, select, tuple_

from workflow.storage import tables as t

if TYPE_CHECKING:
    from workflow.storage.store import Store

_W = t.work_items.c
_OPEN = _W.closed_at.is_(None)
_HERE = (_OPEN, _W.organ == bindparam("organ"), _W.kind == bindparam("kind"))
_NEXT = (
    select(_W.organ, _W.kind)
    .where(_OPEN, tuple_(_W.organ, _W.kind) > tuple_(bindparam("organ"), bindparam("kind")))
    .order_by(_W.organ, _W.kind)
    .limit(1)
)
_COUNTS = select(
    select(func.count()).where(*_HERE, _W.due_at <= bindparam("now")).scalar_subquery().label("overdue"),
    select(func.count())
    .where(*_HERE, _W.due_at > bindparam("now"), _W.due_at <= bindparam("near"))
    .scalar_subquery()
    .label("near"),
)
_FIRST = (
    select(_W.case_id, _W.organ, _W.kind, _W.post, _W.claimed_by, _W.due_on, _W.due_at, _W.due_clock)
    .where(*_HERE, _W.due_at <= bindparam("near"))
    .order_by(_W.due_at)
    .limit(bindparam("limit"))
)
_NUMBERS = select(t.cases.c.id, t.cases.c.no, t.cases.c.matter).where(
    t.cases.c.id.in_(bindparam("case_ids", expanding=True))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Work items of a kind of post at an organ: those whose first period has run out, and those that end before `near`."""

    organ: str
    kind: str
    overdue: int
    near: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """A work item that is overdue or nearly due; `person` has it, if anybody has."""

    no: str
    matter: str
    organ: str
    post: str
    person: str | None
    clock: str | None
    due_on: date
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Both, at one time; `near` is the instant up to which work counts as nearly due."""

    now: datetime
    near: datetime
    loads: tuple[Load, ...]
    first: tuple[Pressing, ...]

    @property
    def overdue(self) -> int:
        """Everywhere."""
        return sum(load.overdue for load in self.loads)

    @property
    def nearly(self) -> int:
        """Nearly due everywhere."""
        return sum(load.near for load in self.loads)


def board(store: Store, now: datetime, near: datetime, *, limit: int = 20) -> Board:
    """The board at `now`, with the `limit` most pressing items."""
    loads: list[Load] = []
    rows: list[Any] = []
    with store.read() as connection:
        for organ, kind in _posts(connection):
            given = {"organ": organ, "kind": kind, "now": now, "near": near}
            counted = connection.execute(_COUNTS, given).one()
            if counted.overdue or counted.near:
                loads.append(Load(organ=organ, kind=kind, overdue=counted.overdue, near=counted.near))
                rows += connection.execute(_FIRST, {**given, "limit": limit})
        first = nsmallest(limit, rows, key=lambda row: (row.due_at, row.case_id))
        named = {
            row.id: row for row in connection.execute(_NUMBERS, {"case_ids": [row.case_id for row in first]})
        }
    return Board(
        now=now,
        near=near,
        loads=tuple(loads),
        first=tuple(
            Pressing(
                no=named[row.case_id].no,
                matter=named[row.case_id].matter,
                organ=row.organ,
                post=row.post,
                person=row.claimed_by,
                clock=row.due_clock,
                due_on=row.due_on,
                overdue=row.due_at <= now,
            )
            for row in first
            if row.case_id in named
        ),
    )


def _posts(connection: Connection) -> Iterator[tuple[str, str]]:
    """The organs and kinds of post for which anything waits, one step along the index for each."""
    organ, kind = "", ""
    while row := connection.execute(_NEXT, {"organ": organ, "kind": kind}).first():
        organ, kind = row
        yield organ, kind
