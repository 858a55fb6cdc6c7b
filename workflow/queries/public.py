"""What the public may look up about a case: through one allow-list, and with the slip's query code (人事服务单) only.

A case number that does not exist and a wrong code are answered alike, and cost the same, so nobody learns from the
answer which cases there are. What is shown never depends on anything but the definition's own allow-list.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, bindparam, select

from workflow.catalog.guide import field_title
from workflow.catalog.pinned import Pinned, pinned
from workflow.domain.authority import organ_of
from workflow.domain.case import Case
from workflow.domain.definition import Holder
from workflow.domain.publication import NAME, SLIP_CODE, masked, shown_fields
from workflow.domain.reckoning import civil_date
from workflow.errors import UnknownCase
from workflow.queries.milestones import Milestone, milestones
from workflow.queries.periods import PeriodLine, next_due, periods
from workflow.storage import tables as t
from workflow.storage.codec import decode_case
from workflow.texts import t as words

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.storage.store import Store

_BY_NUMBER = (
    select(
        t.cases.c.body,
        t.definitions.c.body.label("definition"),
        t.definitions.c.texts,
        t.personal_values.c.value,
    )
    .select_from(
        t.cases.join(t.definitions, t.definitions.c.hash == t.cases.c.definition).outerjoin(
            t.personal_values,
            and_(
                t.personal_values.c.case_id == t.cases.c.id,
                t.personal_values.c.subject == t.cases.c.id,
                t.personal_values.c.field == SLIP_CODE,
            ),
        )
    )
    .where(t.cases.c.no == bindparam("no"))
    .order_by(t.personal_values.c.seq.desc())
    .limit(1)
)
_NAMES = (
    select(t.personal_values.c.case_id, t.personal_values.c.value)
    .where(
        t.personal_values.c.case_id.in_(bindparam("cases", expanding=True)),
        t.personal_values.c.field == f"form.{NAME}",
    )
    .order_by(t.personal_values.c.seq)
)
_NO_CODE = "-" * 10
"""Compared when there is no such case, so that it takes as long as when there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that may be shown: its field, what the field is called, and the value in words."""

    field: str
    title: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoHolds:
    """Who holds the time: `kind` is organ, applicant or system; the post and its organ by name, if one is expected."""

    kind: str
    post: str | None
    organ: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStatus:
    """Where a case is, for the holder of its slip. Dates are civil days of the matter's zone; `facts` are the filing's
    fields that a notice of the matter may show, the name masked (王某).
    """

    no: str
    matter: str
    matter_title: str
    regime: str
    facts: tuple[Fact, ...]
    stage: str
    state: str
    state_title: str
    since: date
    holder: WhoHolds
    outcome: str | None
    concluded_on: date | None
    finished: bool
    missing: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    periods: tuple[PeriodLine, ...]
    next_due: PeriodLine | None
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A case that the right code has opened, with the definition it is pinned to and the name of the person, if any."""

    case: Case
    pinned: Pinned
    name: str | None
    code: str


def opened(store: Store, no: str, code: str) -> Opened:
    """The case `no`, if `code` is the query code of its slip. Raises UnknownCase, alike for any other pair."""
    number, given = tidy(no), tidy(code)
    with store.read() as connection:
        row = connection.execute(_BY_NUMBER, {"no": number}).first()
        kept = row.value if row is not None and row.value else _NO_CODE
        right = hmac.compare_digest(given.encode(), kept.encode())
        if row is None or not row.value or not right:
            raise UnknownCase(what="case", name=number)
        case = decode_case(row.body, number)
        name = names(connection, [case.id]).get(case.id)
    return Opened(case=case, pinned=pinned(bytes(row.definition), bytes(row.texts)), name=name, code=kept)


def status(store: Store, catalog: Catalog, no: str, code: str, lang: str) -> CaseStatus:
    """Where the case is, who holds it and what falls due when. Raises UnknownCase (see `opened`)."""
    found = opened(store, no, code)
    case, of = found.case, found.pinned
    definition = of.definition
    now = store.clock().now
    state = definition.states[case.state]
    lines = periods(case, of, catalog, lang, now)
    return CaseStatus(
        no=case.no,
        matter=case.matter,
        matter_title=of.title(lang),
        regime=definition.regime.value,
        facts=known_facts(found, lang),
        stage=state.stage,
        state=case.state,
        state_title=of.text(f"states.{case.state}", lang),
        since=civil_date(case.entered_at, definition.zone),
        holder=who_holds(case, of, catalog, lang),
        outcome=of.text(f"outcomes.{case.outcome}", lang, default=case.outcome) if case.outcome else None,
        concluded_on=civil_date(case.concluded_at, definition.zone) if case.concluded_at else None,
        finished=state.final,
        missing=_wanted(case, of, lang),
        milestones=milestones(store, case, of, lang),
        periods=lines,
        next_due=next_due(lines),
        as_of=now,
    )


def known_facts(found: Opened, lang: str) -> tuple[Fact, ...]:
    """The filing's fields that some notice of the matter may show; they are no secret from the slip's holder."""
    case, of = found.case, found.pinned
    fields = dict.fromkeys(
        field
        for notice in of.definition.notices
        for field in shown_fields(of.definition, notice)
        if field in case.form
    )
    values = ((field, form_value(case, of, field, lang)) for field in fields if field != NAME)
    facts = [Fact(field=field, title=field_title(of, field, lang), value=value) for field, value in values]
    if NAME in fields and found.name:
        facts.insert(0, Fact(field=NAME, title=field_title(of, NAME, lang), value=masked(found.name)))
    return tuple(facts)


def form_value(case: Case, of: Pinned, field: str, lang: str) -> str:
    """A field of the form in words; a choice by its title. Personal values are not in the form and come out empty."""
    value: Any = case.form.get(field)
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, str):
        return of.text(f"form.{field}.choices.{value}", lang, default=value)
    return str(value)


def who_holds(case: Case, of: Pinned, catalog: Catalog, lang: str) -> WhoHolds:
    """Who is expected to act on the case now."""
    state = of.definition.states[case.state]
    if state.post is None or state.automatic or state.final:
        return WhoHolds(kind=Holder.SYSTEM.value, post=None, organ=None)
    organ = organ_of(of.definition, case.parties, state.post) if state.post in of.definition.posts else None
    return WhoHolds(
        kind=state.holder.value,
        post=of.text(f"posts.{state.post}", lang, default=state.post),
        organ=catalog.organ_name(organ, lang) if organ else words("public.holder.applicant", lang),
    )


def names(connection: Connection, case_ids: list[str]) -> dict[str, str]:
    """The names of the persons whom cases concern, by case id, as far as they have not been erased; never shown bare."""
    return {row.case_id: row.value for row in connection.execute(_NAMES, {"cases": case_ids})}


def tidy(text: str) -> str:
    """A number or code as it was printed, however it was typed: no blanks, capital letters, plain hyphens."""
    return "".join(text.split()).upper().translate(_PLAIN)[:64]


_PLAIN = str.maketrans("－—–‐‑", "-----")


def _wanted(case: Case, of: Pinned, lang: str) -> tuple[str, ...]:
    """What the applicant still has to hand in: the supplement notice's list, or what the pre-check found missing."""
    accepted = case.accepted_at is not None or case.concluded_at is not None
    listed = () if accepted else case.defects or case.missing
    return tuple(of.text(f"materials.{name}", lang, default=name) for name in listed)
