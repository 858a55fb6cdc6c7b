"""Quotas as they are read: what each organ has, the whole story of one, and the report of a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from workflow.domain.quota.book import Balance, QuotaKey
from workflow.storage.quota_register import Total

if TYPE_CHECKING:
    from workflow.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaLine:
    """One line of the report: for a kind, an organ and a year, places allotted, reserved, consumed, given back so far, and
    left; exempt cases and the places they would have taken stand apart.
    """

    kind: str
    organ: str
    year: int
    allotted: int
    reserved: int
    consumed: int
    left: int
    released: int
    exempt_cases: int
    exempt_places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One line of the story of a quota: a paper, or what an event of a case did. `effective_at` is the legal time, `at` the
    time of recording; an exempt case has no revision, for it leaves the quota as it is.
    """

    revision: int | None
    at: datetime
    effective_at: datetime
    entry: str
    places: int
    total: int | None
    who: str
    document: str | None
    reason: str | None
    case: str | None
    held: str | None


def quota_report(store: Store, year: int) -> list[QuotaLine]:
    """Every kind and organ that has an allotment, or an exempt case, of a year."""
    balances, totals = store.quotas.balances(year=year), store.quotas.totals(year)
    return [
        _line(key, balances.get(key, Balance()), totals.get(key, Total()))
        for key in sorted({*balances, *totals})
    ]


def ledger_of(store: Store, key: QuotaKey) -> Sequence[LedgerLine]:
    """The whole story of one quota, in the order in which it happened."""
    papers = [
        LedgerLine(
            revision=paper.revision,
            at=paper.entered_at,
            effective_at=paper.entered_at,
            entry=paper.entry,
            places=paper.places,
            total=paper.total,
            who=paper.entered_by,
            document=paper.document,
            reason=paper.reason or None,
            case=None,
            held=None,
        )
        for paper in store.quotas.allotments(key)
    ]
    entries = [
        LedgerLine(
            revision=row.revision,
            at=row.recorded_at,
            effective_at=row.effective_at,
            entry=row.entry,
            places=row.places,
            total=None,
            who=row.actor,
            document=None,
            reason=row.reason,
            case=row.no,
            held=row.held,
        )
        for row in store.quotas.ledger(key=key)
    ]
    exempt = [line for line in entries if line.revision is None]
    numbered = [*papers, *(line for line in entries if line.revision is not None)]
    numbered.sort(key=lambda line: line.revision or 0)
    # What has no number goes by its time, behind all that was recorded before it.
    for line in exempt:
        place = next((n for n, other in enumerate(numbered) if other.at > line.at), len(numbered))
        numbered.insert(place, line)
    return numbered


def _line(key: QuotaKey, balance: Balance, total: Total) -> QuotaLine:
    return QuotaLine(
        kind=key.kind,
        organ=key.organ,
        year=key.year,
        allotted=balance.places,
        reserved=balance.reserved,
        consumed=balance.consumed,
        left=balance.left,
        released=total.released,
        exempt_cases=total.exempt_cases,
        exempt_places=total.exempt_places,
    )
