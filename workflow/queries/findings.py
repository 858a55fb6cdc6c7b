"""Findings (预警纠错记录) across cases, the latest first, in pages that stay in place while new ones are raised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, tuple_

from workflow.domain.accountability.attribution import Attribution, attribution
from workflow.domain.accountability.state import Standing
from workflow.domain.definition import Colour
from workflow.domain.events import CaseMigrated, Event
from workflow.domain.holding import held
from workflow.errors import BadInput, NotFound
from workflow.queries.cases import case_by_no, matter_of
from workflow.queries.wording import Wording
from workflow.storage import tables as t
from workflow.texts import t as text

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.storage.store import Store

_MARK = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A finding with the case it is about, open until it is cancelled or struck off; `standing` is where it is in its life
    (`accountability.state`), `level` and `escalated_to` how far it has climbed.
    """

    case_id: str
    no: str
    matter: str
    definition: str
    finding: int
    colour: str
    rule: str
    basis: str
    clock: str | None
    post: str
    organ: str
    person: str | None
    due_on: date | None
    raised_at: datetime
    cancelled_at: datetime | None
    cancelled_because: str | None
    article: str | None
    standing: str
    level: int
    escalated_to: str | None
    appealed: bool

    @property
    def mark(self) -> str:
        """Where the page after this finding begins."""
        return _MARK.join(
            (self.raised_at.isoformat(timespec="microseconds"), self.case_id, str(self.finding))
        )


_LISTED = select(
    t.findings.c.case_id,
    t.cases.c.no,
    t.cases.c.matter,
    t.cases.c.definition,
    t.findings.c.finding,
    t.findings.c.colour,
    t.findings.c.rule,
    t.findings.c.basis,
    t.findings.c.clock,
    t.findings.c.post,
    t.findings.c.organ,
    t.findings.c.person,
    t.findings.c.due_on,
    t.findings.c.raised_at,
    t.findings.c.cancelled_at,
    t.findings.c.cancelled_because,
    t.findings.c.article,
    t.findings.c.standing,
    t.findings.c.level,
    t.findings.c.escalated_to,
    t.findings.c.appealed,
).join_from(t.findings, t.cases, t.cases.c.id == t.findings.c.case_id)
_ORDER = (t.findings.c.raised_at, t.findings.c.case_id, t.findings.c.finding)


def findings(  # noqa: PLR0913 - a filter has as many parts as people ask for
    store: Store,
    *,
    colour: str | None = None,
    post: str | None = None,
    organ: str | None = None,
    no: str | None = None,
    person: str | None = None,
    standing: str | None = None,
    open_only: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> list[Listed]:
    """Findings by weight, post, organ, case, standing, or the person who answers for them or to whom they have climbed;
    `after` is the `mark` of the last one of the page before.

    Raises BadInput for a mark that is none.
    """
    wanted = {
        t.findings.c.colour: colour,
        t.findings.c.post: post,
        t.findings.c.organ: organ,
        t.cases.c.no: no,
        t.findings.c.standing: standing,
    }
    query = _LISTED.where(*(column == value for column, value in wanted.items() if value is not None))
    if standing is not None:
        # What was cancelled is no longer where it stood then.
        query = query.where(t.findings.c.cancelled_at.is_(None))
    if open_only:
        query = query.where(
            t.findings.c.cancelled_at.is_(None), t.findings.c.standing != Standing.STRUCK_OFF.value
        )
    if person is not None:
        query = query.where(or_(t.findings.c.person == person, t.findings.c.escalated_to == person))
    if after is not None:
        query = query.where(
            tuple_(*_ORDER) < tuple_(*_marked(after), types=[column.type for column in _ORDER])
        )
    with store.read() as connection:
        rows = connection.execute(
            query.order_by(*(column.desc() for column in _ORDER)).limit(limit)
        ).mappings()
        return [Listed(**row) for row in rows]


def raised_since(store: Store, since: datetime) -> list[Listed]:
    """The cards that were raised at `since` or later, reminders left out, in the order in which they were raised."""
    query = _LISTED.where(t.findings.c.raised_at >= since, t.findings.c.colour != Colour.REMINDER.value)
    with store.read() as connection:
        return [Listed(**row) for row in connection.execute(query.order_by(*_ORDER)).mappings()]


def _marked(mark: str) -> tuple[datetime, str, int]:
    try:
        raised_at, case_id, finding = mark.split(_MARK)
        # Without a zone it would be an instant that means nothing.
        return datetime.strptime(raised_at, "%Y-%m-%dT%H:%M:%S.%f%z"), case_id, int(finding)
    except ValueError as error:
        raise BadInput(reason=text("queue.bad_mark")) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event of a finding's life: when it took effect, whose it was, and the event."""

    seq: int
    at: datetime
    actor: str
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFile:
    """A finding from its raising to its result, with whose the case's days were and whose the overrun."""

    finding: Listed
    words: Wording
    life: tuple[Told, ...]
    attribution: Attribution


def finding_file(store: Store, catalog: Catalog, no: str, number: int) -> FindingFile:
    """Everything about one finding of a case. Raises UnknownCase, NotFound."""
    case, matter = case_by_no(store, no)
    listed = [one for one in findings(store, no=no, limit=1000) if one.finding == number]
    if not listed:
        raise NotFound(what="finding", name=f"{no} {number}")
    history = store.history(case.id)
    life = tuple(
        Told(seq=envelope.seq, at=envelope.effective_at, actor=envelope.actor, event=event)
        for envelope, event in history
        if getattr(event, "finding", None) == number
    )
    return FindingFile(
        finding=listed[0],
        words=Wording(matter=matter, catalog=catalog),
        life=life,
        attribution=attribution_of(store, catalog, no, due_on=listed[0].due_on),
    )


def attribution_of(store: Store, catalog: Catalog, no: str, *, due_on: date | None = None) -> Attribution:
    """Whose each working day of a case was, up to now or its end, and of the overrun of a period that ended on `due_on`."""
    case, matter = case_by_no(store, no)
    history = store.history(case.id)
    hashes = {event.new for _, event in history if isinstance(event, CaseMigrated)}
    hashes |= {event.old for _, event in history if isinstance(event, CaseMigrated)}
    versions = {hash_: matter_of(store, hash_).definition for hash_ in hashes}
    filed = history[0][1]
    first = versions.get(getattr(filed, "definition", ""), matter.definition)
    until = case.concluded_at or store.clock().now
    stretches = held(
        first,
        catalog.law,
        [event for _, event in history],
        until,
        versions=versions,
        actors=[envelope.actor for envelope, _ in history],
    )
    kept = [replace(one, until=min(one.until, until)) for one in stretches if one.since < until]
    calendar = catalog.calendars[matter.definition.calendar]
    return attribution(kept, matter.definition, catalog.law, calendar, due_on=due_on)
