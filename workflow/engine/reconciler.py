"""The reconciler: holds the tables against the invariants I1 to I12 by a way of its own, and makes the machine look again.

It repairs nothing but hints. Whatever else it finds is an alarm for a person, who has the record and `banjie audit verify`
to go by: a program that mends what it does not understand destroys the evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from workflow.storage.invariants import Broken, Proof, Stretch
from workflow.storage.invariants_clocks import CLOCKS
from workflow.storage.invariants_events import EVENTS
from workflow.storage.invariants_registers import REGISTERS, WHOLE

if TYPE_CHECKING:
    from workflow.storage.alarm_register import Alarm
    from workflow.storage.reconciler_register import ReconcilerStore
    from workflow.storage.store import Store

PROOFS: Final[tuple[Proof, ...]] = (*EVENTS, *CLOCKS, *REGISTERS)
"""What holds for the rows of each case."""

SLICE: Final = 200
"""Cases held against the invariants at each pass: a million in a day, at one pass in 15 seconds."""

STRIDE: Final = 500
"""Cases of one step of a full proof."""

RECHECKED: Final = 20
"""Cases already known to be broken that a pass looks at again, to see whether they have been put right."""

WINDOW: Final = 600.0
"""Seconds over which the share of tasks is told."""

ENOUGH: Final = 100
"""Of fewer pieces of work than that no share is told."""

SHARE: Final = 0.95
"""What tasks do in a healthy installation."""

SWEPT_WITHIN: Final = 300.0
"""Seconds that carrying a notice on holidays to all open clocks may take: 100,000 take less than four minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What came of it: `cases` read by a full proof, what is broken, new alarms, rows hinted anew, alarms that stand."""

    cases: int = 0
    broken: tuple[Broken, ...] = ()
    raised: tuple[Alarm, ...] = ()
    rehinted: int = 0
    standing: Mapping[str, int] = field(default_factory=dict)


def look(store: Store, size: int = SLICE) -> Pass:
    """One pass: everything that is open, by small indexes, and the next `size` cases of the round. Raises Unavailable."""
    own = store.watch.reconciler
    raised = [*_open_work(store)]
    rehinted = own.rehint()
    progress = own.progress()
    stretch = own.stretch(progress.after_case if progress is not None else "", size)
    known = dict.fromkeys(
        alarm.subject.partition(" ")[0] for alarm in store.watch.standing("invariant_broken")
    )
    again = [case_id for case_id in known if case_id != NO_CASE][:RECHECKED]
    found = own.broken(PROOFS, stretch)
    for case_id in again:
        found += own.broken(PROOFS, own.stretch_of(case_id))
    raised += store.watch.settle("invariant_broken", told(found), [f"{case_id} " for case_id in again])
    own.passed(stretch.high or "", rehinted)
    return Pass(
        broken=tuple(dict.fromkeys(found)),
        raised=tuple(raised),
        rehinted=rehinted,
        standing=store.watch.standing_counts(),
    )


def prove(store: Store, stopping: Callable[[], bool] = lambda: False) -> Pass:
    """The full proof: every case, every remembered command, the installation as a whole. It reads in short steps, so it
    holds nobody up; told to stop, it proves nothing and says what it has found so far. Raises Unavailable.
    """
    own = store.watch.reconciler
    found: list[Broken] = []
    low, cases = "", 0
    while not stopping():
        stretch = own.stretch(low, STRIDE)
        found += own.broken(PROOFS, stretch)
        if stretch.high is None:
            cases += len(store.case_ids(low, STRIDE))
            break
        low, cases = stretch.high, cases + STRIDE
    else:
        return Pass(cases=cases, broken=tuple(found))
    found += own.lost_commands(STRIDE * 4)
    found += own.broken(WHOLE, EVERYTHING)
    if own.unprotected():
        found.append(
            Broken(invariant="I6", rule="events_unprotected", case_id="", detail="a trigger is not there")
        )
    raised = store.watch.settle("invariant_broken", told(found))
    own.proved(cases)
    return Pass(
        cases=cases, broken=tuple(found), raised=tuple(raised), standing=store.watch.standing_counts()
    )


NO_CASE: Final = "-"
"""What stands for the case in the subject of an alarm that belongs to none."""

EVERYTHING: Final = Stretch(low="", high=None)


def told(found: Iterable[Broken]) -> dict[str, str]:
    """The subjects and details of the alarms of what is broken: a case and a rule are one alarm."""
    details: dict[str, list[str]] = {}
    for one in found:
        subject = f"{one.case_id or NO_CASE} {one.invariant} {one.rule}"
        details.setdefault(subject, []).append(one.detail)
    return {subject: "; ".join(dict.fromkeys(each)) for subject, each in details.items()}


def _open_work(store: Store) -> Iterable[Alarm]:
    own = store.watch.reconciler
    for name, rows in own.open_work().items():
        yield from store.watch.settle(
            name, {f"{one.case_id} {one.what}": one.since.isoformat() for one in rows}
        )
    yield from store.watch.settle("reprojection_failed", own.failed_sweeps())
    late = own.sweep_late(SWEPT_WITHIN)
    yield from store.watch.settle("calendar_behind", {"-": "a sweep is not done"} if late else {})
    yield from _clock(store)
    yield from _share(own, store)


def _clock(store: Store) -> Iterable[Alarm]:
    kept = store.watch.watched()
    frozen = kept is not None and kept.frozen_at is not None
    shift = f"{kept.because} by {kept.shift}" if kept is not None and frozen else ""
    return store.watch.settle("clock_jumped", {"-": shift} if frozen else {})


def _share(own: ReconcilerStore, store: Store) -> Iterable[Alarm]:
    """The share of tasks, told once a window."""
    done = own.window(WINDOW)
    if done is None or sum(done) < ENOUGH:
        return ()
    tasks, pulses = done
    idle = tasks < SHARE * (tasks + pulses)
    return store.watch.settle("tasks_idle", {"-": f"{tasks} by tasks, {pulses} by pulses"} if idle else {})
