"""What waits at the window (窗口): papers of filings that came in there and have not been handed out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from workflow.domain.authority import holds
from workflow.domain.papers import for_the_applicant
from workflow.domain.reckoning import civil_date
from workflow.domain.window.clerks import window_posts
from workflow.queries.cases import matter_of
from workflow.storage import tables as t
from workflow.storage.codec import decode_case

if TYPE_CHECKING:
    from workflow.catalog.pinned import Pinned
    from workflow.domain.directory import Directory
    from workflow.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ToHandOut:
    """The papers of a case that wait at the window, by their keys; `due_on` is the last day for their delivery."""

    case_id: str
    no: str
    matter: str
    filer: str
    papers: tuple[str, ...]
    since: datetime
    due_on: str | None
    ready: bool


_WAITING = (
    select(t.documents.c.case_id, t.documents.c.document, t.documents.c.issued_at, t.cases.c.body)
    .join_from(t.documents, t.cases, t.cases.c.id == t.documents.c.case_id)
    .where(t.documents.c.delivered_at.is_(None), t.cases.c.archived_at.is_(None))
    .order_by(t.documents.c.issued_at, t.documents.c.case_id, t.documents.c.seq)
    .limit(bindparam("most"))
)


def to_hand_out(
    store: Store, directory: Directory, *, clerk: str | None = None, now: datetime, most: int = 5000
) -> tuple[list[ToHandOut], Mapping[str, Pinned]]:
    """What waits to be handed out, the longest waiting first, and the matters by their definition's hash; for one clerk,
    what he may hand out. `ready`: the case is decided, so that everything can go in one.
    """
    with store.read() as connection:
        rows = list(connection.execute(_WAITING, {"most": most}))
    papers: dict[str, list[str]] = {}
    first: dict[str, tuple[datetime, str]] = {}
    for row in rows:
        papers.setdefault(row.case_id, []).append(row.document)
        first.setdefault(row.case_id, (row.issued_at, row.body))
    matters: dict[str, Pinned] = {}
    found = []
    for case_id, (since, body) in first.items():
        case = decode_case(body, case_id)
        if case.window is None:
            continue
        if case.definition not in matters:
            matters[case.definition] = matter_of(store, case.definition)
        definition = matters[case.definition].definition
        on = civil_date(now, definition.zone)
        if clerk is not None and not any(
            holds(definition, case.parties, post, clerk, directory, on) for post in window_posts(definition)
        ):
            continue
        waiting = for_the_applicant(definition, papers[case_id])
        if not waiting:
            continue
        due = min(
            (
                clock.due.on
                for clock in case.open_clocks()
                if clock.due is not None
                and clock.clock in definition.clocks
                and "DocumentsDelivered" in definition.clocks[clock.clock].end.events
            ),
            default=None,
        )
        found.append(
            ToHandOut(
                case_id=case_id,
                no=case.no,
                matter=case.definition,
                filer=case.parties.get("unit") or case.parties.get("filer") or "",
                papers=waiting,
                since=since,
                due_on=due.isoformat() if due is not None else None,
                ready=case.concluded_at is not None,
            )
        )
    return found, matters
