"""What has happened to a case, as far as it was done towards the applicant: receipt, papers, notices, the decision.

Opinions and returns between posts are the organ's inner working (政府信息公开条例 art. 16) and are not among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, select

from workflow.domain.case import Case, IssuedDocument
from workflow.domain.publication import document_number
from workflow.domain.reckoning import civil_date
from workflow.storage import tables as t
from workflow.texts import t as words

if TYPE_CHECKING:
    from workflow.catalog.pinned import Pinned
    from workflow.storage.store import Store

_PAPERS = select(t.documents).where(t.documents.c.case_id == bindparam("case_id")).order_by(t.documents.c.seq)
# On a stepped clock much happens in one instant; then this is the order in which it did.
_ORDER = (
    "received", "deemed", "accepted", "taken_down", "decided", "concluded", "issued", "issued_numbered", "published",
    "delivered", "archived",
)  # fmt: skip
_NOTICES = select(t.notices).where(t.notices.c.case_id == bindparam("case_id")).order_by(t.notices.c.seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """Something that happened on a civil day; `kind` is a word of `public.event`."""

    on: date
    at: datetime
    kind: str
    text: str


def milestones(store: Store, case: Case, of: Pinned, lang: str) -> tuple[Milestone, ...]:
    """The milestones of a case in order of time."""
    with store.read() as connection:
        found = [
            *_of_case(case, of, lang),
            *_papers(connection, case, of, lang),
            *_notices(connection, case, of, lang),
        ]
    return tuple(sorted(found, key=lambda milestone: (milestone.at, _ORDER.index(milestone.kind))))


def _of_case(case: Case, of: Pinned, lang: str) -> Iterator[Milestone]:
    outcome = of.text(f"outcomes.{case.outcome}", lang, default=case.outcome or "")
    yield _milestone(of, case.received_at, "received", lang)
    if case.accepted_at:
        yield _milestone(of, case.accepted_at, "deemed" if case.deemed else "accepted", lang)
    if case.decided_at:
        yield _milestone(of, case.decided_at, "decided", lang, outcome=outcome)
    if case.concluded_at and case.concluded_at != case.decided_at:
        yield _milestone(of, case.concluded_at, "concluded", lang, outcome=outcome)
    if case.archived_at:
        yield _milestone(of, case.archived_at, "archived", lang)


def _papers(connection: Connection, case: Case, of: Pinned, lang: str) -> Iterator[Milestone]:
    delivered: dict[datetime, list[str]] = {}
    for row in connection.execute(_PAPERS, {"case_id": case.id}):
        paper = of.text(f"documents.{row.document}", lang, default=row.document)
        number = document_number(
            IssuedDocument(
                document=row.document, series=row.series, year=row.year, number=row.number, on=row.issued_at
            )
        )
        kind = "issued_numbered" if number else "issued"
        yield _milestone(of, row.issued_at, kind, lang, paper=paper, number=number)
        if row.delivered_at:
            delivered.setdefault(row.delivered_at, []).append(paper)
    for at, papers in delivered.items():
        yield _milestone(of, at, "delivered", lang, papers=words("public.event.and", lang).join(papers))


def _notices(connection: Connection, case: Case, of: Pinned, lang: str) -> Iterator[Milestone]:
    for row in connection.execute(_NOTICES, {"case_id": case.id}):
        kind = words(f"public.notice_kind.{'before' if row.before_effect else 'after'}", lang)
        yield _milestone(of, row.published_at, "published", lang, kind=kind)
        if row.taken_down_at:
            yield _milestone(of, row.taken_down_at, "taken_down", lang, kind=kind)


def _milestone(of: Pinned, at: datetime, event: str, lang: str, **fields: str) -> Milestone:
    text = words(f"public.event.{event}", lang, **fields)
    return Milestone(on=civil_date(at, of.definition.zone), at=at, kind=event, text=text)
