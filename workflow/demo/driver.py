"""The one who moves the time: lets people act in the present slot, waits until the workers have made the store quiet,
and moves the stepped clock to the next instant at which anything happens.

Nothing is waited for by length of time: quiet is a condition of the database (design: idea 6).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workflow.demo.answers import Answers, Turn
from workflow.demo.hours import OfficeHours
from workflow.demo.office import Office
from workflow.demo.quotas import allot
from workflow.demo.resuming import catch_up
from workflow.engine.banjie import Banjie
from workflow.engine.handle import handle
from workflow.errors import Conflict, StackFailed, VerbRefused
from workflow.queries.findings import raised_since
from workflow.queries.queue import waiting
from workflow.texts import t

SHORTEST, LONGEST = 0.001, 0.008
"""Seconds between two looks at whether the store is quiet: few at first, then doubling."""

PATIENCE: Final = 60.0
"""Seconds of real time in which the workers must have done what is due at one instant; in health they take hundredths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the demonstration has come, for who shows it."""

    now: datetime
    filed: int
    ended: int
    total: int


def drive(
    banjie: Banjie,
    office: Office,
    answers: Answers,
    hours: OfficeHours,
    *,
    total: int,
    told: Callable[[Standing], None] = lambda _: None,
    alive: Callable[[], None] = lambda: None,
) -> None:
    """Run until every one of `total` cases is archived and every card is settled, from wherever the database stands: at
    its beginning, or where an earlier run was broken off. `alive` is asked now and then and raises when the stack is gone.

    Raises StackFailed when the workers do not get on, Conflict when nobody has anything to do and a case is still open.
    """
    store = banjie.store
    allot(banjie, office.matters, total, hours.first)
    settle(banjie, alive)
    catch_up(store, office, answers)
    while True:
        settle(banjie, alive)
        now, here = store.clock().now, waiting(store)
        office.look(here)
        answers.look(raised_since(store, answers.seen_until))
        filed = total - office.unfiled
        told(Standing(now=now, filed=filed, ended=filed - len(here), total=total))
        slots = [office.next_slot(), answers.next_slot()]
        slot, due = min((one for one in slots if one is not None), default=None), store.next_due()
        if filed == total and not here and slot is None:
            _all_in_order(banjie)
            return
        acting = hours.at(slot) if slot is not None else None
        if slot is not None and acting is not None and acting <= now:
            for command in office.commands(slot):
                handle(banjie, command)
            for turn in answers.turns(slot):
                _answer(banjie, answers, turn)
        elif instants := [instant for instant in (acting, due) if instant is not None]:
            store.advance(min(instants))
        else:
            _all_in_order(banjie)
            raise Conflict(reason=t("demo.refused.stuck", now=now, open=len(here)))


def _answer(banjie: Banjie, answers: Answers, turn: Turn) -> None:
    try:
        handle(banjie, turn.command())
    except VerbRefused:
        # A notice has cancelled the card in the meantime: nothing more is to be done about it.
        answers.drop(turn)


def settle(banjie: Banjie, alive: Callable[[], None]) -> None:
    """Wait until nothing is due, undone or unpublished. Raises StackFailed when that does not come."""
    pause, bell = SHORTEST, threading.Event()
    began = time.monotonic()
    while not banjie.store.quiet():
        bell.wait(pause)
        pause = min(pause * 2, LONGEST)
        alive()
        if time.monotonic() - began > PATIENCE:
            raise StackFailed(
                reason=f"nothing moved for {PATIENCE:.0f} seconds at {banjie.store.clock().now}"
            )


def _all_in_order(banjie: Banjie) -> None:
    """Raise StackFailed when something failed so often that it was set aside: a demonstration has no such thing."""
    if parked := banjie.store.parked():
        first = parked[0]
        fields = {"what": first.what, "case": first.case_id, "error": first.error}
        raise StackFailed(reason=t("demo.refused.parked", count=len(parked), **fields))
