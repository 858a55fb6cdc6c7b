"""What belongs together: the lead case of a child with its overall periods, and what the children of a case have come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from workflow.queries.cases import matter_of

if TYPE_CHECKING:
    from workflow.catalog.pinned import Pinned
    from workflow.domain.case import Case
    from workflow.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """A period of the whole of a lead case that is running; no date while its time is out."""

    clock: str
    title: str
    due_on: date | None
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The case that a child belongs to (主办件)."""

    no: str
    matter: str
    title: str
    periods: tuple[Overall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A child of a case, in words: which it is, and its outcome once it is concluded."""

    join: str
    round: int
    child: str
    title: str
    outcome: str | None
    outcome_title: str


def lead_of(store: Store, case: Case, lang: str | None = None) -> Lead | None:
    """The lead case of a child with the one overall clock of both; None for a case that stands alone."""
    if case.parent is None or (lead := store.case(case.parent.case_id)) is None:
        return None
    of = matter_of(store, lead.definition)
    clocks = of.definition.clocks
    periods = tuple(
        Overall(
            clock=clock.clock,
            title=of.text(f"clocks.{clock.clock}", lang, default=clock.clock),
            due_on=clock.due.on if clock.due else None,
            provisional=clock.due.provisional if clock.due else False,
        )
        for clock in lead.open_clocks()
        if clock.clock in clocks and clocks[clock.clock].scope == "case"
    )
    return Lead(no=lead.no, matter=lead.matter, title=of.title(lang), periods=periods)


def branches_of(store: Store, case: Case, of: Pinned, lang: str | None = None) -> tuple[Branch, ...]:
    """The children of a case, in the order in which they were opened."""
    return tuple(
        Branch(
            join=child.join,
            round=child.round,
            child=child.child,
            title=of.text(f"joins.{child.join}.children.{child.child}", lang, default=child.child),
            outcome=child.outcome,
            outcome_title=_outcome(store, child.case_id, child.outcome, lang),
        )
        for child in case.children
    )


def _outcome(store: Store, case_id: str | None, outcome: str | None, lang: str | None) -> str:
    """An outcome in the words of the child's own matter."""
    child = store.case(case_id) if case_id is not None else None
    if child is None or outcome is None:
        return outcome or ""
    return matter_of(store, child.definition).text(f"outcomes.{outcome}", lang, default=outcome)
