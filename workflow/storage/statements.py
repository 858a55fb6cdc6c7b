"""The statements of a transaction, built and compiled once."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from workflow.storage import tables as t
from workflow.storage.columns import RealNow
from workflow.storage.driver import prepared

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}

REMEMBERED = prepared(
    select(t.commands.c.request_hash, t.commands.c.case_id, t.commands.c.seq).where(
        t.commands.c.actor == bindparam("actor"), t.commands.c.key == bindparam("key")
    )
)

CALENDAR_REVISION = prepared(select(t.installation.c.calendar_revision))

DEFINITION = prepared(
    select(t.definitions.c.body, t.definitions.c.texts).where(t.definitions.c.hash == bindparam("hash"))
)

KEEP_DEFINITION = prepared(
    {
        name: dialect.insert(t.definitions)
        .values(
            hash=bindparam("hash"),
            code=bindparam("code"),
            body=bindparam("body"),
            texts=bindparam("texts"),
            stored_at=RealNow(),
        )
        .on_conflict_do_nothing()
        for name, dialect in _DIALECTS.items()
    }
)

TAKE_NUMBER = prepared(
    {
        name: dialect.insert(t.number_counters)
        .values(series=bindparam("series"), year=bindparam("year"), last=1)
        .on_conflict_do_update(
            index_elements=[t.number_counters.c.series, t.number_counters.c.year],
            set_={"last": t.number_counters.c.last + 1},
        )
        .returning(t.number_counters.c.last)
        for name, dialect in _DIALECTS.items()
    }
)

DUE_RUNGS = prepared(
    select(t.rungs.c.clock, t.rungs.c.generation, t.rungs.c.rung, t.rungs.c.revision, t.rungs.c.fires_at)
    .where(t.rungs.c.case_id == bindparam("case_id"), t.rung_waits, t.rungs.c.fires_at <= bindparam("now"))
    .order_by(t.rungs.c.fires_at, t.rungs.c.clock, t.rungs.c.generation, t.rungs.c.rung, t.rungs.c.revision)
)

DUE_JOBS = prepared(
    select(t.jobs.c.job, t.jobs.c.kind, t.jobs.c.action, t.jobs.c.visit, t.jobs.c.due_at)
    .where(t.jobs.c.case_id == bindparam("case_id"), t.job_waits, t.jobs.c.due_at <= bindparam("now"))
    .order_by(t.jobs.c.due_at, t.jobs.c.job, t.jobs.c.kind)
)
