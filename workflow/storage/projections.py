"""What a step changes in the tables, as plain rows: a pure function of the step and of the time it was decided at.

Rows whose whole state is known are inserted or replaced; what only ends (a rung, a job, a work item) is updated. Changes
to a row that the same step inserts are folded into the insert, because one statement writes them all.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from workflow.domain.case import Case, CaseClock, RungState
from workflow.domain.envelope import Envelope
from workflow.domain.events import RungFired
from workflow.domain.own_clocks import of_the_desk
from workflow.domain.step import Step
from workflow.storage.codec import encode_case, encode_facts
from workflow.storage.finding_rows import finding_rows
from workflow.storage.letter_rows import letter_rows
from workflow.storage.material_rows import material_rows
from workflow.storage.notification_rows import notification_rows
from workflow.storage.quota_rows import quota_rows
from workflow.storage.registers import Row, Rows, register
from workflow.storage.report_rows import report_rows
from workflow.storage.signing_rows import signing_rows


def rows_of(step: Step, now: datetime, calendar_revision: int = 0) -> Rows:
    """Every row that `step`, decided at `now` under that revision of the calendars, writes."""
    rows: Rows = defaultdict(list)
    _case(rows, step)
    _clocks(rows, step, now, calendar_revision)
    _work(rows, step, now)
    finding_rows(rows, step, now)
    for envelope, event in step.events:
        rows["events"].append(_event(envelope))
        register(rows, envelope, event)
        material_rows(rows, step, envelope, event)
    quota_rows(rows, step)
    signing_rows(rows, step, now)
    letter_rows(rows, step, now)
    notification_rows(rows, step, now)
    report_rows(rows, step)
    if step.key:
        rows["commands"].append(
            {
                "actor": step.actor,
                "key": step.key,
                "request_hash": step.request_hash,
                "case_id": step.after.id,
                "seq": step.after.seq,
                "accepted_at": now,
            }
        )
    for value in step.personal:
        rows["personal_values"].append(
            {
                "case_id": step.after.id,
                "subject": value.subject,
                "field": value.field,
                "seq": step.after.seq,
                "value": value.value,
                "salt": value.salt,
            }
        )
    return rows


def _case(rows: Rows, step: Step) -> None:
    after, before = step.after, step.before
    if not step.events:
        return
    row = {
        "id": after.id,
        "definition": after.definition,
        "state": after.state,
        "seq": after.seq,
        "version": after.version,
        "visit": after.visit,
        "letter": after.letter,
        "outcome": after.outcome,
        "entered_at": after.entered_at,
        "accepted_at": after.accepted_at,
        "decided_at": after.decided_at,
        "concluded_at": after.concluded_at,
        "archived_at": after.archived_at,
        "body": encode_case(after),
        "head": step.events[-1][0].hash,
    }
    if before is None:
        row |= {
            "no": after.no,
            "matter": after.matter,
            "received_at": after.received_at,
        }
        rows["cases"].append(row)
    else:
        rows["cases_moved"].append({**row, "seen": before.seq})


def _event(envelope: Envelope) -> Row:
    return {
        "case_id": envelope.case_id,
        "seq": envelope.seq,
        "type": envelope.type,
        "schema_version": envelope.schema_version,
        "recorded_at": envelope.recorded_at,
        "effective_at": envelope.effective_at,
        "actor": envelope.actor,
        "acting_for": envelope.acting_for,
        "rule": envelope.rule,
        "caused_by": envelope.caused_by,
        "command_id": envelope.command_id,
        "facts": encode_facts(envelope.facts),
        "payload": envelope.payload,
        "prev_hash": envelope.prev_hash,
        "hash": envelope.hash,
        "alg": envelope.alg,
    }


# --- clocks and their ladders ---------------------------------------------------------------------------------------


def _clocks(rows: Rows, step: Step, now: datetime, calendar_revision: int) -> None:
    case = step.after
    known = {(clock.clock, clock.generation): clock for clock in step.before.clocks} if step.before else {}
    for clock in case.clocks:
        old = known.get((clock.clock, clock.generation))
        if clock is old or clock == old:
            continue
        row = _clock(case.id, clock)
        if old is None or _clock(case.id, old) != row:
            rows["clocks"].append({**row, "calendar_revision": calendar_revision})
        _ladder(rows, step, old, clock, now)


def _clock(case_id: str, clock: CaseClock) -> Row:
    due = clock.due
    return {
        "case_id": case_id,
        "clock": clock.clock,
        "generation": clock.generation,
        "rule": clock.rule,
        "rule_version": clock.rule_version,
        "period": clock.period,
        "revision": clock.revision,
        "extensions": clock.extensions,
        "due_on": due.on if due else None,
        "due_at": due.at if due else None,
        "provisional": due.provisional if due else False,
        "calendar": due.calendar if due else None,
        "ended_on": clock.ended_on,
        "late": clock.late,
    }


def _ladder(rows: Rows, step: Step, old: CaseClock | None, clock: CaseClock, now: datetime) -> None:
    """A rung is a row per revision: new ones are added; of those that waited, some fired, and some never will."""
    case_id, done_by = step.after.id, step.done_by
    waiting = {(r.rung, r.revision): r for r in old.rungs if not r.fired} if old else {}
    ended = {(r.rung, r.revision) for r in old.rungs if r.fired} if old else set[tuple[str, int]]()
    was_open = old is not None and old.open
    for rung in clock.rungs:
        name = (rung.rung, rung.revision)
        if name in ended:
            continue
        before = waiting.pop(name, None)
        end = _end(rung, clock, now, done_by)
        key = {
            "case_id": case_id,
            "clock": clock.clock,
            "generation": clock.generation,
            "rung": rung.rung,
            "revision": rung.revision,
        }
        if before is None:
            rows["rungs"].append({**key, "fires_at": rung.at, **end})
        elif before != rung or (was_open and not clock.open):
            rows["rungs_ended"].append({**key, **end})
    for rung_name, revision in waiting:
        # What fell due was done first, and then the act moved the date: it fired all the same.
        fired = (rung_name, revision) in _fired(step, clock)
        rows["rungs_ended"].append(
            {
                "case_id": case_id,
                "clock": clock.clock,
                "generation": clock.generation,
                "rung": rung_name,
                "revision": revision,
                "fired_at": now if fired else None,
                "cancelled_at": None if fired else now,
                "withheld_at": None,
                "done_by": done_by if fired else None,
            }
        )


def _fired(step: Step, clock: CaseClock) -> set[tuple[str, int]]:
    """The rungs of a clock that fired within the step, by name and revision."""
    return {
        (event.rung, event.revision)
        for _, event in step.events
        if isinstance(event, RungFired) and (event.clock, event.generation) == (clock.clock, clock.generation)
    }


def _end(rung: RungState, clock: CaseClock, now: datetime, done_by: str | None) -> Row:
    cancelled = not rung.fired and not clock.open
    return {
        "fired_at": now if rung.fired else None,
        "cancelled_at": now if cancelled else None,
        "withheld_at": now if rung.withheld and not rung.fired and not cancelled else None,
        "done_by": done_by if rung.fired else None,
    }


# --- work for people and for the machine ----------------------------------------------------------------------------


def _work(rows: Rows, step: Step, now: datetime) -> None:
    case_id = step.after.id
    if step.before is not None and step.before.visit != step.after.visit:
        rows["work_items_closed"].append(
            {"case_id": case_id, "visit": step.before.visit, "closed_at": now, "closed_by": step.actor}
        )
    standing = _standing(step.after)
    if step.opened is not None:
        item = step.opened
        rows["work_items"].append(
            {
                "case_id": case_id,
                "visit": item.visit,
                "post": item.post,
                "kind": item.kind,
                "organ": item.organ,
                "state": item.state,
                "opened_at": now,
                **standing,
            }
        )
    elif (
        step.before is not None
        and step.before.visit == step.after.visit
        and _standing(step.before) != standing
    ):
        rows["work_items_moved"].append({"case_id": case_id, "visit": step.after.visit, **standing})
    for role in step.roles:
        rows["roles_taken"].append(
            {
                "case_id": case_id,
                "definition": role.definition,
                "role_group": role.group,
                "person": role.person,
                "post": role.post,
            }
        )
    for job in step.jobs:
        rows["jobs"].append(
            {
                "case_id": case_id,
                "job": job.job,
                "kind": job.kind,
                "action": job.action,
                "visit": job.visit,
                "due_at": job.due_at,
            }
        )
    for done in step.done:
        rows["jobs_done"].append(
            {"case_id": case_id, "job": done.job, "kind": done.kind, "done_at": now, "done_by": step.done_by}
        )


def _standing(case: Case) -> Row:
    """Who has the case's work item, and which of its open periods ends first."""
    held, lent = case.desk.assignment, case.desk.delegation()
    due = min(
        (
            (clock.due.at, clock.due.on, clock.clock)
            for clock in case.clocks
            if clock.open and clock.due and of_the_desk(clock.clock)
        ),
        default=(None, None, None),
    )
    return {
        "claimed_by": held.person if held is not None else None,
        "claimed_at": held.since if held is not None else None,
        "claimed_how": held.how if held is not None else None,
        "lent_to": lent.delegate if lent is not None else None,
        "due_on": due[1],
        "due_at": due[0],
        "due_clock": due[2],
    }
