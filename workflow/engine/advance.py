"""`advance`: look at a case and do everything that is due on it. It is all that a Celery message or a pulse means.

In a rush (ten thousand periods end at the same midnight) many cases are looked at in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from workflow.domain.commands import SYSTEM, FireRung, RunJob
from workflow.domain.quota.need import needs
from workflow.domain.reactions import AUTOMATIC
from workflow.engine.family import speak
from workflow.engine.handle import ATTEMPTS, planned
from workflow.storage.database import TryAgain

if TYPE_CHECKING:
    from workflow.domain.step import Step
    from workflow.engine.banjie import Banjie
    from workflow.storage.transaction import Agenda, DueJob, Transaction

ROUNDS = 32
"""How many rounds of consequences of consequences one look may bring; a definition that loops is parked, not endless."""


def advance(banjie: Banjie, case_id: str, *, done_by: str) -> int:
    """Do every rung and job that is due on the case, in one transaction; then what speaks to other cases, each by itself.

    Gives how many were done. Nothing due is no error: the message was a duplicate, or came too late. Raises BanjieError
    when a step is refused, and then nothing of it is written.
    """
    with banjie.watch("advance", case_id, "") as look:
        late: list[float] = []
        done, others = _on_the_case(banjie, case_id, done_by, late)
        for job in others:
            speak(banjie, case_id, job, done_by=done_by)
        look.did(done + len(others), done_by, late)
    return done + len(others)


def advance_many(banjie: Banjie, case_ids: Sequence[str], *, done_by: str) -> tuple[int, list[str]]:
    """Do what is due on many cases in one transaction; gives how many things were done, and the cases that must be looked
    at by themselves: somebody holds them, or something on them is to be said to other cases.

    Raises whatever goes wrong with any of them, and then nothing is written: all must be looked at by themselves.
    """
    with banjie.watch("advance_many", "", "") as look:
        late: list[float] = []
        done, alone = _in_one_transaction(banjie, case_ids, done_by, late)
        look.did(done, done_by, late)
    return done, alone


def _in_one_transaction(
    banjie: Banjie, case_ids: Sequence[str], done_by: str, late: list[float]
) -> tuple[int, list[str]]:
    with banjie.store.write() as tx:
        opened = {one.case.id: one.now for one in tx.open_many(case_ids) if one.case is not None}
        alone = [case_id for case_id in case_ids if case_id not in opened]
        done = 0
        for _ in range(ROUNDS):
            if not opened:
                return done, alone
            agendas = tx.agendas(list(opened), next(iter(opened.values())))
            steps = []
            for case_id, agenda in agendas.items():
                # One thing for each case in a round: two steps on one case cannot be written at once.
                step = _first_step(banjie, tx, case_id, agenda, done_by)
                if step is not None:
                    steps.append(step)
                    late += _late(agenda, opened[case_id])[:1]
                    if len(agenda.rungs) + len(agenda.jobs) == 1 and not _leaves_due(step, opened[case_id]):
                        del opened[case_id]
                    continue
                del opened[case_id]
                if agenda:
                    alone.append(case_id)
            if steps:
                tx.write_all(steps)
                done += len(steps)
    return done, [*alone, *opened]


def _first_step(banjie: Banjie, tx: Transaction, case_id: str, agenda: Agenda, done_by: str) -> Step | None:
    """What the first thing due on an opened case leaves behind, if the machine can do it by this case alone."""
    commands = commands_of(case_id, agenda)
    if not commands:
        return None
    opened = tx.open_case(case_id, actor=SYSTEM, key="")
    if opened.case is not None and needs(
        banjie.definition(tx, opened.case.definition), opened.case, commands[0], opened.now
    ):
        # Another case's step may have taken a number in this transaction, and quotas are locked before numbers.
        return None
    return planned(banjie, tx, opened, commands[0], done_by=done_by)


def _on_the_case(
    banjie: Banjie, case_id: str, done_by: str, late: list[float]
) -> tuple[int, tuple[DueJob, ...]]:
    for attempt in range(ATTEMPTS):
        try:
            del late[:]
            with banjie.store.write() as tx:
                return _all_due(banjie, tx, case_id, done_by, late)
        except TryAgain:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _all_due(
    banjie: Banjie, tx: Transaction, case_id: str, done_by: str, late: list[float]
) -> tuple[int, tuple[DueJob, ...]]:
    done = 0
    for _ in range(ROUNDS):
        opened = tx.open_case(case_id, actor=SYSTEM, key="")
        if opened.case is None:
            return done, ()
        agenda = tx.agenda(case_id, opened.now)
        others = tuple(job for job in agenda.jobs if job.kind != AUTOMATIC)
        commands = commands_of(case_id, agenda)
        more = False
        for command in commands:
            step = planned(banjie, tx, tx.open_case(case_id, actor=SYSTEM, key=""), command, done_by=done_by)
            more = more or step is None or _leaves_due(step, opened.now)
            if step is not None:
                tx.write(step, last=command is commands[-1] and not more)
            done += 1
        late += [(opened.now - rung.fires_at).total_seconds() for rung in agenda.rungs]
        if not more:
            return done, others
    raise RuntimeError(f"case {case_id} still had work due after {ROUNDS} rounds")


def _leaves_due(step: Step, now: datetime) -> bool:
    """Whether something may be due on the case after a step that was not on its agenda before."""
    return any(job.due_at <= now for job in step.jobs) or any(
        rung.at <= now and not rung.fired for clock in step.after.clocks if clock.open for rung in clock.rungs
    )


def _late(agenda: Agenda, now: datetime) -> list[float]:
    """How many seconds after its instant the one thing is done that is done in a round, if that is a rung."""
    if any(job.kind == AUTOMATIC for job in agenda.jobs):
        return []
    return [(now - rung.fires_at).total_seconds() for rung in agenda.rungs]


def commands_of(case_id: str, agenda: Agenda) -> list[FireRung | RunJob]:
    """The commands for what is due: jobs in the order they were asked for, then rungs in the order of their instants."""
    jobs: list[FireRung | RunJob] = [
        RunJob(
            case_id=case_id,
            key=f"job:{row.job}:{row.kind}",
            actor=SYSTEM,
            caused_by=f"{case_id}/{row.job}",
            job=row.job,
            action=row.action,
            visit=row.visit,
        )
        for row in agenda.jobs
        if row.kind == AUTOMATIC
    ]
    rungs = [
        FireRung(
            case_id=case_id,
            key=f"rung:{row.clock}:{row.generation}:{row.rung}:{row.revision}",
            actor=SYSTEM,
            clock=row.clock,
            generation=row.generation,
            rung=row.rung,
            revision=row.revision,
        )
        for row in agenda.rungs
    ]
    return jobs + rungs
