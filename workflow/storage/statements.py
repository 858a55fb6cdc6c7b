"""The statements that run often, built once. What both databases understand is Core; the rest is written twice."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from workflow.storage import tables as t
from workflow.storage.columns import PresentTime, RealNow

POSTGRESQL_OPEN = """
WITH locked AS MATERIALIZED (SELECT body, head, seq FROM cases WHERE id = %(case_id)s FOR UPDATE)
SELECT locked.body, locked.head, locked.seq, (SELECT seq FROM cases WHERE id = %(case_id)s),
       commands.request_hash, commands.case_id, commands.seq, clock_timestamp()
FROM (SELECT 1) AS always LEFT JOIN locked ON true
LEFT JOIN commands ON commands.actor = %(actor)s AND commands.key = %(key)s
"""
"""The clock is read when the row is put together, which is after `locked` gave one: the test with two sessions proves
it. The case's number in the statement's own snapshot tells whether somebody was there between snapshot and lock.
"""

POSTGRESQL_STEPPED = "SELECT present FROM installation FOR SHARE"
"""Shared, so that time cannot be moved until every transaction that has read it is over."""

_SQLITE_PRESENT = str(PresentTime().compile(dialect=sqlite.dialect()))
SQLITE_OPEN = f"""
SELECT cases.body, cases.head, commands.request_hash, commands.case_id, commands.seq, {_SQLITE_PRESENT}
FROM (SELECT 1) LEFT JOIN cases ON cases.id = :case_id
LEFT JOIN commands ON commands.actor = :actor AND commands.key = :key
"""  # noqa: S608 - put together from constants

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}

REMEMBERED = select(t.commands.c.request_hash, t.commands.c.case_id, t.commands.c.seq).where(
    t.commands.c.actor == bindparam("actor"), t.commands.c.key == bindparam("key")
)

DEFINITION = select(t.definitions.c.body, t.definitions.c.texts).where(
    t.definitions.c.hash == bindparam("hash")
)

KEEP_DEFINITION = {
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

TAKE_NUMBER = {
    name: dialect.insert(t.number_counters)
    .values(series=bindparam("series"), year=bindparam("year"), last=1)
    .on_conflict_do_update(
        index_elements=[t.number_counters.c.series, t.number_counters.c.year],
        set_={"last": t.number_counters.c.last + 1},
    )
    .returning(t.number_counters.c.last)
    for name, dialect in _DIALECTS.items()
}

DUE_RUNGS = (
    select(t.rungs.c.clock, t.rungs.c.generation, t.rungs.c.rung, t.rungs.c.revision, t.rungs.c.fires_at)
    .where(t.rungs.c.case_id == bindparam("case_id"), t.rung_waits, t.rungs.c.fires_at <= bindparam("now"))
    .order_by(t.rungs.c.fires_at, t.rungs.c.clock, t.rungs.c.generation, t.rungs.c.rung, t.rungs.c.revision)
)

DUE_JOBS = (
    select(t.jobs.c.job, t.jobs.c.kind, t.jobs.c.action, t.jobs.c.visit, t.jobs.c.due_at)
    .where(t.jobs.c.case_id == bindparam("case_id"), t.job_waits, t.jobs.c.due_at <= bindparam("now"))
    .order_by(t.jobs.c.due_at, t.jobs.c.job, t.jobs.c.kind)
)
