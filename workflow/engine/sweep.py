"""Carrying a published notice on holidays to every open clock that it may move, some hundred cases a transaction.

How far it has come stands in the rows themselves: each open clock carries the revision of the calendars under which it was
last looked at, so a sweep that is killed goes on where it was, any number of processes share it, and a clock that a
slow command wrote under an older revision is found as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow.domain.commands import SYSTEM, Reproject
from workflow.domain.events import DueDateReprojected, Event, FindingCancelled, FindingRaised
from workflow.domain.reprojection import MOVED_EARLIER
from workflow.engine.handle import ATTEMPTS, planned
from workflow.errors import Unavailable
from workflow.storage.faults import TryAgain, told_as

if TYPE_CHECKING:
    from workflow.domain.law import LawParameters
    from workflow.domain.step import Step
    from workflow.engine.banjie import Banjie
    from workflow.storage.transaction import Behind, Transaction

BATCH = 200
"""Cases in one transaction. They are locked until it ends, for some tenths of a second."""

LONGEST_ERROR = 500
"""Characters kept of why a case failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What re-projecting came to: clocks `moved`, findings `cured`, holders `warned` of an earlier date."""

    moved: int = 0
    cured: int = 0
    warned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """One batch: so many `cases` were behind, with `looked` open clocks; `failed` says why by case."""

    cases: int = 0
    looked: int = 0
    tally: Tally = field(default_factory=Tally)
    failed: Mapping[str, str] = field(default_factory=dict)


def sweep(banjie: Banjie, *, limit: int = BATCH) -> Swept:
    """Re-project the open clocks of at most `limit` cases that are behind the present calendars and that nobody holds.

    No cases: nothing is left to do, or others are at it. A case that fails is counted and passed over: whatever next
    happens to it looks at the calendar first, and fails or not by itself. Raises Unavailable.
    """
    if not banjie.store.sweep_waits():
        return Swept()
    for attempt in range(ATTEMPTS):
        try:
            with banjie.store.write() as tx:
                swept = _batch(banjie, tx, limit)
            break
        except TryAgain:
            if attempt == ATTEMPTS - 1:
                raise
    if not swept.cases:
        banjie.store.end_sweeps()
    return swept


def backward_rules(law: LawParameters) -> list[str]:
    """The rules that count back from a day: the window of their clocks lies before it."""
    return [name for name, versions in law.rules.items() if any(rule.backward for rule in versions)]


def tally(events: Iterable[Event]) -> Tally:
    """What the events of re-projections come to."""
    moved = cured = warned = 0
    for event in events:
        moved += isinstance(event, DueDateReprojected)
        cured += isinstance(event, FindingCancelled)
        warned += isinstance(event, FindingRaised) and event.rule == MOVED_EARLIER
    return Tally(moved=moved, cured=cured, warned=warned)


def _batch(banjie: Banjie, tx: Transaction, limit: int) -> Swept:
    behind = tx.open_behind(limit, backward_rules(banjie.catalog.law))
    if not behind.case_ids:
        return Swept()
    steps, failed = _steps(banjie, tx, behind)
    looked = tx.looked_at(behind)
    failed |= tx.write_many(steps)
    came_to = tally(event for step in steps if step.after.id not in failed for _, event in step.events)
    told = {case_id: f"{type(error).__name__}: {error}"[:LONGEST_ERROR] for case_id, error in failed.items()}
    tx.count_swept(
        behind.revision,
        error=next((f"{case_id}: {why}" for case_id, why in told.items()), None),
        looked=looked,
        moved=came_to.moved,
        cured=came_to.cured,
        warned=came_to.warned,
        failed=len(told),
    )
    return Swept(cases=len(behind.case_ids), looked=looked, tally=came_to, failed=told)


def _steps(banjie: Banjie, tx: Transaction, behind: Behind) -> tuple[list[Step], dict[str, Exception]]:
    steps: list[Step] = []
    failed: dict[str, Exception] = dict(behind.broken)
    for case_id in behind.reached:
        command = Reproject(case_id=case_id, key=f"calendar:{behind.revision}", actor=SYSTEM)
        try:
            step = planned(banjie, tx, tx.open_case(case_id, actor=SYSTEM, key=""), command)
        except Unavailable:
            raise
        except Exception as error:  # whatever is wrong with one case must not stop all others
            if isinstance(told_as(error), Unavailable):
                raise  # that is no fault of this case: the batch is tried again
            failed[case_id] = error
        else:
            if step is not None:
                steps.append(step)
    return steps, failed
