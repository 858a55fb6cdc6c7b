"""The slip (人事服务单): what the applicant takes home, and with which a case can be looked up at any time.

It states the business, when it came in, who accepted it and when, how it stands, the time limits, and the query code.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from workflow.documents.rendering import render
from workflow.domain.case import Case
from workflow.domain.envelope import Envelope
from workflow.domain.events import ActionTaken, Event
from workflow.domain.own_clocks import spec_of
from workflow.domain.publication import masked
from workflow.domain.reckoning import civil_date
from workflow.texts import language, t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.catalog.pinned import Pinned


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLimit:
    """A time limit on the slip; no day while counting is stopped."""

    title: str
    due_on: date | None
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFacts:
    """All that a slip may say. The person's name is masked: a slip gets lost."""

    matter: str
    no: str
    code: str
    person: str
    filer: str
    received_on: date
    status: str
    accepted_on: date | None
    accepted_by: str
    limits: tuple[SlipLimit, ...]
    printed_on: date
    sample: bool


def slip_facts(
    history: Sequence[tuple[Envelope, Event]],
    case: Case,
    of: Pinned,
    catalog: Catalog,
    *,
    code: str,
    name: str | None,
    now: datetime,
    lang: str | None = None,
) -> SlipFacts:
    """What the slip of a case says now. `name` is the person's, if the case has one and it has not been erased."""
    spoken = lang or language()
    zone = of.definition.zone
    filer = case.parties.get("unit") or case.parties.get("filer")
    return SlipFacts(
        matter=of.title(spoken),
        no=case.no,
        code=code,
        person=masked(name or ""),
        filer=catalog.organ_name(filer, spoken) if filer else "",
        received_on=civil_date(case.received_at, zone),
        status=_status(case, of, spoken),
        accepted_on=civil_date(case.accepted_at, zone) if case.accepted_at else None,
        accepted_by=_accepted_by(history, of, catalog, spoken),
        limits=tuple(_limits(case, of, spoken)),
        printed_on=civil_date(now, zone),
        sample=bool(filer in catalog.samples),
    )


def slip(facts: SlipFacts, lang: str | None = None) -> str:
    """The slip as HTML that stands by itself."""
    return render("slip.html", facts, lang)


def _status(case: Case, of: Pinned, lang: str) -> str:
    if case.concluded_at is not None:
        outcome = of.text(f"outcomes.{case.outcome}", lang, default=case.outcome or "")
        return t("documents.slip.state.ended", lang, outcome=outcome)
    if case.accepted_at is not None:
        return t(f"documents.slip.state.{'deemed' if case.deemed else 'accepted'}", lang)
    return t(f"documents.slip.state.{'supplement' if case.defects else 'received'}", lang)


def _accepted_by(history: Sequence[tuple[Envelope, Event]], of: Pinned, catalog: Catalog, lang: str) -> str:
    """The post and the person that accepted the filing; empty when nobody has, or silence did."""
    accepting = {
        name
        for name, action in of.definition.actions.items()
        if any(e.do == "accept" for e in action.effects)
    }
    for envelope, event in reversed(history):
        if isinstance(event, ActionTaken) and event.action in accepting and event.post in of.definition.posts:
            person = catalog.directory.persons.get(envelope.actor)
            post = of.text(f"posts.{event.post}", lang, default=event.post)
            return f"{post} {person.name}" if person else post
    return ""


def _limits(case: Case, of: Pinned, lang: str) -> Iterator[SlipLimit]:
    for clock in case.open_clocks():
        if spec_of(of.definition, clock.clock).scope == "case":
            yield SlipLimit(
                title=of.text(f"clocks.{clock.clock}", lang, default=clock.clock),
                due_on=clock.due.on if clock.due else None,
                provisional=bool(clock.due and clock.due.provisional),
            )
