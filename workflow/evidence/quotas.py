"""Whether the balances and the ledger of quotas (进京指标) are what the events and the papers of allotment come to.

Every change of a quota has its number, so a balance read at one moment is held against just the changes up to that number,
and nothing that is written meanwhile can raise a false alarm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from workflow.domain.events import QuotaConsumed, QuotaExempted, QuotaReleased, QuotaReserved
from workflow.domain.quota.book import Balance, QuotaKey, key_of, moved
from workflow.storage.codec import decode_event

if TYPE_CHECKING:
    from workflow.storage.quota_register import Allotment, Entered
    from workflow.storage.store import Store

Moved = QuotaReserved | QuotaConsumed | QuotaReleased


class QuotaFlaw(StrEnum):
    """What is wrong with a quota; each has its text under `quota.flaw`."""

    BALANCE = "balance"
    REVISION = "revision"
    IMPOSSIBLE = "impossible"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongQuota:
    """A quota whose tables and events do not agree; `detail` says what was found and what it should be."""

    key: QuotaKey
    flaw: QuotaFlaw
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaReport:
    """How many quotas and events were looked at, and what is wrong."""

    quotas: int
    events: int
    wrong: tuple[WrongQuota, ...]


def verify_quotas(store: Store) -> QuotaReport:
    """Reckon every quota again from events and papers alone, and hold its balance and its ledger against that."""
    balances = store.quotas.balances()
    # The ledger is read before the events and after them: a row of the first must have its event, an event its row in the
    # second, whatever is committed meanwhile.
    before, happened, after = _ledger(store), store.quotas.events(), _ledger(store)
    papers: dict[QuotaKey, list[Allotment]] = defaultdict(list)
    for paper in store.quotas.allotments():
        papers[paper.key].append(paper)
    moves: dict[QuotaKey, list[Moved]] = defaultdict(list)
    wrong: list[WrongQuota] = []
    for case_id, seq, type_, version, payload in happened:
        event = decode_event(type_, version, payload)
        if isinstance(event, Moved):
            moves[key_of(event)].append(event)
        if isinstance(event, (Moved, QuotaExempted)):
            wrong += _row(event, after.get((case_id, seq)), f"{case_id}/{seq}")
    seen = {(case_id, seq) for case_id, seq, *_ in happened}
    wrong += (
        WrongQuota(key=row.key, flaw=QuotaFlaw.LEDGER, detail=f"{row.no}/{row.seq}: no event")
        for place, row in before.items()
        if place not in seen
    )
    for key in sorted({*balances, *moves, *papers}):
        wrong += _balance(key, balances.get(key, Balance()), moves[key], papers[key])
    return QuotaReport(quotas=len(balances), events=len(happened), wrong=tuple(wrong))


def _ledger(store: Store) -> dict[tuple[str, int], Entered]:
    return {(row.case_id, row.seq): row for row in store.quotas.ledger()}


def _row(event: Moved | QuotaExempted, row: Entered | None, place: str) -> Iterator[WrongQuota]:
    key = QuotaKey(kind=event.kind, organ=event.organ, year=event.year)
    said = None if row is None else (row.key, row.places, row.revision, row.effective_at)
    if said != (key, event.places, getattr(event, "revision", None), event.at):
        yield WrongQuota(key=key, flaw=QuotaFlaw.LEDGER, detail=place)


def _balance(
    key: QuotaKey, found: Balance, moves: Iterable[Moved], papers: Iterable[Allotment]
) -> Iterator[WrongQuota]:
    changes: list[tuple[int, Moved | Allotment]] = [
        (change.revision, change) for change in (*moves, *papers) if change.revision <= found.revision
    ]
    changes.sort(key=lambda change: change[0])
    numbers = [number for number, _ in changes]
    if numbers != list(range(1, found.revision + 1)):
        missing = sorted(set(range(1, found.revision + 1)) - set(numbers))
        twice = sorted({number for number in numbers if numbers.count(number) > 1})
        detail = f"revision {found.revision}; missing {missing[:5]}; twice {twice[:5]}"
        yield WrongQuota(key=key, flaw=QuotaFlaw.REVISION, detail=detail)
        return
    balance = Balance()
    for number, change in changes:
        if isinstance(change, Moved):
            try:
                balance = moved(balance, change)
            except ValueError as error:
                yield WrongQuota(key=key, flaw=QuotaFlaw.IMPOSSIBLE, detail=str(error))
                return
        else:
            balance = replace(balance, places=change.total, revision=number)
    if balance != found:
        yield WrongQuota(key=key, flaw=QuotaFlaw.BALANCE, detail=f"{_told(found)} ≠ {_told(balance)}")


def _told(balance: Balance) -> str:
    return f"{balance.places}/{balance.reserved}/{balance.consumed}"
