"""Steps made by hand, for tests and benchmarks of the storage: true to form, whatever their law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from workflow.domain import chain
from workflow.domain.case import Case
from workflow.domain.envelope import Envelope
from workflow.domain.events import (
    SCHEMA_VERSION,
    ActionTaken,
    ClockStarted,
    DueDate,
    Event,
    FilingSubmitted,
    RungTime,
)
from workflow.domain.evolve import evolve
from workflow.domain.step import NewJob, Step, WorkItem
from workflow.storage.codec import encode_event
from workflow.storage.transaction import Opened, Transaction

DEFINITION = "d" * 64


def filing(at: datetime, *, no: str = "A-1", form: Mapping[str, Any] | None = None) -> FilingSubmitted:
    """A filing as it comes in."""
    return FilingSubmitted(
        at=at,
        no=no,
        matter="transfer-into-beijing",
        definition=DEFINITION,
        state="submitted",
        parties={"unit": "unit-7", "ministry": "ministry-2"},
        form=form or {"name": {"subject": no, "field": "form.name", "commitment": "c0ffee"}, "copies": 2},
        materials=("application", "diploma"),
    )


def act(at: datetime, action: str, source: str, target: str) -> ActionTaken:
    """An act that leads from one state to another."""
    return ActionTaken(at=at, action=action, source=source, target=target, post="handler")


def clock_started(at: datetime, clock: str, days: int, *, generation: int = 1) -> ClockStarted:
    """A period of `days` with a reminder a day before its end and a red card at it."""
    end = at + timedelta(days=days)
    return ClockStarted(
        at=at,
        clock=clock,
        generation=generation,
        rule="cn.licensing.decide",
        rule_version="2019",
        period=f"{days}d",
        on=at.date(),
        due=DueDate(on=end.date(), at=end, provisional=False, calendar="cn-2026.2"),
        rungs=(RungTime(rung="reminder", at=end - timedelta(days=1)), RungTime(rung="red", at=end)),
    )


def step_of(
    opened: Opened,
    case_id: str,
    events: Iterable[Event],
    *,
    actor: str = "zhang",
    key: str = "",
    work: bool = True,
    **more: Any,
) -> Step:
    """What `events` leave behind on a case that has been opened; a new visit opens a work item unless `work` is off."""
    case, head = opened.case, opened.head
    recorded = []
    for event in events:
        case = evolve(case, event, case_id=case_id, actor=actor)
        envelope = _envelope(event, case, head, actor, key, opened.now)
        head = envelope.hash
        recorded.append((envelope, event))
    after = case if case is not None else _missing(case_id)
    moved = opened.case is None or opened.case.visit != after.visit
    item = WorkItem(visit=after.visit, post="handler", kind="handler", organ="bureau", state=after.state)
    return replace(
        Step(
            before=opened.case,
            after=after,
            events=tuple(recorded),
            actor=actor,
            key=key,
            request_hash=b"\x01" * 48 if key else b"",
            opened=item if moved and work else None,
        ),
        **more,
    )


def take(
    tx: Transaction, case_id: str, *events: Event, key: str = "", last: bool = False, **more: Any
) -> Case:
    """Open a case, write the events on it, and give the case as it is then. `last`: nothing follows in the transaction."""
    step = step_of(tx.open_case(case_id, actor="zhang", key=key), case_id, events, key=key, **more)
    if step.before is None:
        tx.keep_definition(DEFINITION, "transfer-into-beijing", b"{}", b"{}")
    tx.write(step, last=last)
    return step.after


def job(case: Case, at: datetime, *, number: int | None = None) -> NewJob:
    """An automatic step that the case's last event calls for."""
    return NewJob(job=number or case.seq, kind="automatic", action="check", visit=case.visit, due_at=at)


def _missing(case_id: str) -> Case:
    raise ValueError(f"a step on {case_id}, which does not exist, needs a filing first")


def _envelope(event: Event, case: Case, head: bytes, actor: str, key: str, now: datetime) -> Envelope:
    envelope = Envelope(
        case_id=case.id,
        seq=case.seq,
        type=type(event).__name__,
        schema_version=SCHEMA_VERSION,
        recorded_at=now,
        effective_at=event.at,
        actor=actor,
        acting_for=None,
        rule="test",
        caused_by=None,
        command_id=key,
        facts={"calendar": "cn-2026.2", "law": "2026-09"},
        payload=encode_event(event),
        prev_hash=head,
        hash=b"",
        alg=chain.ALGORITHM,
    )
    return replace(envelope, hash=chain.link(envelope))
