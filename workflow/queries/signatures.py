"""What waits for somebody's signature (待签) or ballot (待投票): his own, of a post of his, and of whom he stands in for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from workflow.storage import signing_tables as g
from workflow.storage import tables as t

if TYPE_CHECKING:
    from workflow.domain.directory import Directory
    from workflow.storage.store import Store

_WAITING = (
    select(
        g.signatures.c.case_id,
        t.cases.c.no,
        t.cases.c.matter,
        g.signatures.c.kind,
        g.signatures.c.round,
        g.signatures.c.signer,
        g.signatures.c.turn,
        g.signatures.c.opened_at,
    )
    .select_from(g.signatures.join(t.cases, t.cases.c.id == g.signatures.c.case_id))
    .where(g.signatures.c.closed_at.is_(None))
    .order_by(g.signatures.c.opened_at, t.cases.c.no, g.signatures.c.round, g.signatures.c.signer)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A signature or a ballot that waits since `opened_at` (UTC); `kind`: countersign or ballot. `turn`: nobody else must
    sign before.
    """

    case_id: str
    no: str
    matter: str
    kind: str
    round: int
    signer: str
    turn: bool
    opened_at: datetime


def awaited(store: Store, directory: Directory, person: str, on: date) -> list[Awaited]:
    """What waits for `person` on the civil day `on`, the longest waiting first; of a ballot only what is his own."""
    posts = {(held.organ, held.kind) for held in directory.posts_of(person, on)}
    absent = tuple(_stands_in_for(directory, person, on))
    mine = [g.signatures.c.person == person]
    mine += [and_(g.signatures.c.organ == organ, g.signatures.c.post_kind == kind) for organ, kind in posts]
    if absent:
        mine.append(and_(g.signatures.c.person.in_(absent), g.signatures.c.kind == "countersign"))
    with store.read() as connection:
        rows = connection.execute(_WAITING.where(or_(*mine))).mappings()
        return [Awaited(**row) for row in rows]


def _stands_in_for(directory: Directory, person: str, on: date) -> Iterator[str]:
    """The absent whose deputy (AB岗) the person is at a post they share."""
    for held in directory.posts_of(person, on):
        if held.deputy:
            for other in directory.principals(held.organ, held.kind, on):
                if other != person and directory.absent(other, on):
                    yield other
