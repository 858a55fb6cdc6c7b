"""The statements of a transaction, built and compiled once."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.storage import signing_tables as g
from workflow.storage import tables as t
from workflow.storage.calendar_register import reached
from workflow.storage.columns import RealNow
from workflow.storage.driver import prepared
from workflow.storage.freezing import MAY_FIRE

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}

REMEMBERED = prepared(
    select(t.commands.c.request_hash, t.commands.c.case_id, t.commands.c.seq).where(
        t.commands.c.actor == bindparam("actor"), t.commands.c.key == bindparam("key")
    )
)

PANEL_SECRET = prepared(
    select(g.panel_secrets.c.value, g.panel_secrets.c.salt).where(
        g.panel_secrets.c.case_id == bindparam("case_id"),
        g.panel_secrets.c.panel == bindparam("panel"),
        g.panel_secrets.c.kind == bindparam("kind"),
    )
)

HISTORY = prepared(
    select(t.events.c.type, t.events.c.schema_version, t.events.c.payload, t.events.c.actor)
    .where(t.events.c.case_id == bindparam("case_id"))
    .order_by(t.events.c.seq)
)

REVISIONS = prepared(select(t.installation.c.calendar_revision, t.installation.c.directory_revision))

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

PUBLISHED = prepared(
    select(
        t.publications.c.hash,
        t.publications.c.valid_from,
        t.publications.c.valid_to,
        t.publications.c.published_by,
        t.publications.c.published_at,
    )
    .where(t.publications.c.code == bindparam("code"))
    .order_by(t.publications.c.valid_from)
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


def _among(column: ColumnElement[str], name: str) -> dict[str, ColumnElement[bool]]:
    """Whether the column's value is in a list that is given as one parameter."""
    listed = func.json_each(bindparam(name)).table_valued("value")
    return {
        "postgresql": column == func.any(bindparam(name)),
        "sqlite": column.in_(select(listed.c.value)),
    }


LOCK_MANY = prepared(
    {
        name: select(t.cases.c.id, t.cases.c.body, t.cases.c.head)
        .where(_among(t.cases.c.id, "case_ids")[name])
        .order_by(t.cases.c.id)
        .with_for_update(skip_locked=True)
        for name in _DIALECTS
    }
)
"""Cases in the order of their ids, those that somebody holds passed over."""

DUE_RUNGS = prepared(
    {
        name: select(
            t.rungs.c.case_id,
            t.rungs.c.clock,
            t.rungs.c.generation,
            t.rungs.c.rung,
            t.rungs.c.revision,
            t.rungs.c.fires_at,
        )
        .where(
            _among(t.rungs.c.case_id, "case_ids")[name],
            t.rung_waits,
            t.rungs.c.fires_at <= bindparam("now"),
            MAY_FIRE,
        )
        .order_by(
            t.rungs.c.fires_at, t.rungs.c.clock, t.rungs.c.generation, t.rungs.c.rung, t.rungs.c.revision
        )
        for name in _DIALECTS
    }
)

DUE_JOBS = prepared(
    {
        name: select(
            t.jobs.c.case_id, t.jobs.c.job, t.jobs.c.kind, t.jobs.c.action, t.jobs.c.visit, t.jobs.c.due_at
        )
        .where(_among(t.jobs.c.case_id, "case_ids")[name], t.job_waits, t.jobs.c.due_at <= bindparam("now"))
        .order_by(t.jobs.c.due_at, t.jobs.c.job, t.jobs.c.kind)
        for name in _DIALECTS
    }
)

# --- the sweep of a notice on holidays: many cases in one transaction -----------------------------------------------

_behind = and_(
    t.clocks.c.ended_on.is_(None),
    t.clocks.c.calendar_revision < select(t.installation.c.calendar_revision).scalar_subquery(),
)

LOCK_BEHIND = prepared(
    select(t.cases.c.id)
    .join_from(t.clocks, t.cases, t.cases.c.id == t.clocks.c.case_id)
    .where(_behind)
    .order_by(t.clocks.c.calendar_revision, t.clocks.c.case_id)
    .limit(bindparam("limit"))
    .with_for_update(of=t.cases, skip_locked=True)
)
"""Cases with an open clock behind the present calendars, those that somebody holds passed over."""


def _read_behind(name: str) -> Select[str, bytes, str | None]:
    sweeps = t.calendar_sweeps.c
    moved = exists().where(
        t.clocks.c.case_id == t.cases.c.id,
        t.clocks.c.ended_on.is_(None),
        t.clocks.c.calendar_revision < sweeps.revision,
        or_(
            and_(sweeps.reach_from.is_not(None), reached(sweeps.calendar, sweeps.reach_from)),
            _among(t.clocks.c.rule, "backward")[name],
        ),
    )
    body = case((moved.correlate(t.cases), t.cases.c.body), else_=null())
    return select(t.cases.c.id, t.cases.c.head, body).where(_among(t.cases.c.id, "case_ids")[name])


READ_BEHIND = prepared({name: _read_behind(name) for name in _DIALECTS})
"""The chain's head of each case and, where a notice may move a date of it, its body."""

LOOKED_AT = prepared(
    {
        name: update(t.clocks)
        .values(calendar_revision=bindparam("revision"))
        .where(
            _among(t.clocks.c.case_id, "case_ids")[name],
            t.clocks.c.ended_on.is_(None),
            t.clocks.c.calendar_revision < bindparam("revision"),
        )
        for name in _DIALECTS
    }
)

COUNTED = ("looked", "moved", "cured", "warned", "failed")
COUNT_SWEPT = prepared(
    update(t.calendar_sweeps)
    .values(
        {name: t.calendar_sweeps.c[name] + bindparam(f"more_{name}") for name in COUNTED}
        | {"error": func.coalesce(bindparam("why"), t.calendar_sweeps.c.error)}
    )
    .where(t.calendar_sweeps.c.revision == bindparam("of"))
)
