"""A job that always fails holds up no period of its case: each is done by itself, and only the job is parked."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text

from workflow.domain import events as e
from workflow.domain.commands import RunJob
from workflow.engine import apart
from workflow.engine import handle as handling
from workflow.engine.apart import advance_or_apart
from workflow.storage import tables as t


@pytest.fixture
def filed(office):
    """A case on which a job and the outcome of silence are due at once, on a clock that runs."""
    receipt = office.file()
    store = office.store
    with store.read() as connection:
        due = connection.execute(select(func.max(t.clocks.c.due_at))).scalar()
    offset = round((due - store.watch.real_time()).total_seconds()) + 5
    with store.engine.begin() as connection:
        change = "UPDATE installation SET mode = 'offset', present = NULL, offset_seconds = :by"
        connection.execute(text(change), {"by": offset})
        job = {
            "case_id": receipt.case_id,
            "job": 2,
            "kind": "automatic",
            "action": "poison",
            "visit": 1,
            "attempts": 0,
        }
        connection.execute(t.jobs.insert().values(**job, due_at=due))
    store._kept = None
    return receipt


@pytest.fixture
def poisoned(monkeypatch):
    planned = handling.planned

    def fails(banjie, tx, opened, command, **named):
        if isinstance(command, RunJob):
            raise ZeroDivisionError
        return planned(banjie, tx, opened, command, **named)

    monkeypatch.setattr(handling, "planned", fails)
    monkeypatch.setattr("workflow.engine.advance.planned", fails)


def test_the_period_is_kept_and_only_the_job_is_parked(office, filed, poisoned):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            advance_or_apart(office.banjie, filed.case_id, done_by="task")
        office.store.failed(filed.case_id, "ZeroDivisionError", attempts=2)

    assert [event.rung for event in office.events(filed) if isinstance(event, e.RungFired)] == ["expiry"]
    (parked,) = office.store.parked()
    assert parked.what == "poison"


def test_what_does_not_fail_is_done_together(office, filed, monkeypatch):
    monkeypatch.setattr(apart, "handle", None)
    monkeypatch.setattr(apart, "advance", lambda *_, done_by: len(done_by))

    assert advance_or_apart(office.banjie, filed.case_id, done_by="task") == 4
