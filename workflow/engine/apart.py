"""What fails on a case must not keep the rest from being done: a job that always fails would else hold up a deadline.

All that is due on a case is done in one transaction, as a rule. When that fails, each thing is done by itself, periods
first, because they are rights; whoever looks notes the failure of what is still due then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workflow.domain.commands import SYSTEM
from workflow.domain.reactions import AUTOMATIC
from workflow.engine.advance import advance, commands_of
from workflow.engine.family import speak
from workflow.engine.handle import handle
from workflow.errors import Unavailable
from workflow.storage.transaction import DueJob, DueRung

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie
    from workflow.storage.transaction import Agenda


def advance_or_apart(banjie: Banjie, case_id: str, *, done_by: str) -> int:
    """`advance`; where that fails, everything due by itself, and then what it failed of is raised all the same."""
    try:
        return advance(banjie, case_id, done_by=done_by)
    except Unavailable:
        raise
    except Exception:
        _apart(banjie, case_id, done_by)
        raise


def _apart(banjie: Banjie, case_id: str, done_by: str) -> None:
    with banjie.store.write() as tx:
        opened = tx.open_case(case_id, actor=SYSTEM, key="")
        if opened.case is None:
            return
        agenda = tx.agenda(case_id, opened.now)
    if len(agenda.rungs) + len(agenda.jobs) == 1:
        return  # that is what has failed
    items: list[DueRung | DueJob] = [*agenda.rungs, *agenda.jobs]
    for item in items:
        try:
            _one(banjie, case_id, agenda, item, done_by)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001, S112 - it is still due, which is how whoever looks will know of it
            continue


def _one(banjie: Banjie, case_id: str, agenda: Agenda, item: DueRung | DueJob, done_by: str) -> None:
    if isinstance(item, DueJob) and item.kind != AUTOMATIC:
        speak(banjie, case_id, item, done_by=done_by)
        return
    alone = (
        replace(agenda, rungs=(item,), jobs=())
        if isinstance(item, DueRung)
        else replace(agenda, rungs=(), jobs=(item,))
    )
    for command in commands_of(case_id, alone):
        handle(banjie, command, done_by=done_by)
