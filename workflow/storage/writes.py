"""Every kind of row change that a step can make. How each database makes them is in `postgresql` and `sqlite`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from sqlalchemy import Table

from workflow.storage import letter_tables as lt
from workflow.storage import material_tables as m
from workflow.storage import notification_tables as n
from workflow.storage import quota_tables as q
from workflow.storage import report_tables as rt
from workflow.storage import signing_tables as g
from workflow.storage import tables as t


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Write:
    """One kind of change; each is itself alone. `match` are the columns that find the rows of an update, the case's id
    first; `where` is a further condition, which may name `also_given` values as `{given}name`. `exact`: every row given
    must be found, or the record and the tables have parted. Not `of_case`: rows that cases share.
    """

    name: str
    table: Table
    how: Literal["insert", "upsert", "update"]
    columns: tuple[str, ...]
    match: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    where: str = ""
    also_given: tuple[str, ...] = ()
    exact: bool = False
    of_case: bool = True


def _columns(table: Table, *without: str) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if column.name not in without)


_RUNG = ("case_id", "clock", "generation", "rung", "revision")
_RUNG_END = ("fired_at", "cancelled_at", "withheld_at", "done_by")
_UNTRIED = ("hinted_at", "attempts", "error", "parked_at")

WRITES: tuple[Write, ...] = (
    Write(name="cases", table=t.cases, how="insert", columns=_columns(t.cases)),
    Write(
        name="cases_moved",
        table=t.cases,
        how="update",
        columns=_columns(t.cases, "id", "no", "matter", "received_at"),
        match=("id",),
        where="cases.seq = {given}seen",
        also_given=("seen",),
        exact=True,
    ),
    Write(name="events", table=t.events, how="insert", columns=_columns(t.events)),
    Write(name="commands", table=t.commands, how="insert", columns=_columns(t.commands)),
    Write(name="clocks", table=t.clocks, how="upsert", columns=_columns(t.clocks)),
    Write(name="rungs", table=t.rungs, how="insert", columns=(*_RUNG, "fires_at", *_RUNG_END)),
    Write(
        name="rungs_ended",
        table=t.rungs,
        how="update",
        columns=_RUNG_END,
        match=_RUNG,
        empty=("fired_at", "cancelled_at"),
        exact=True,
    ),
    Write(
        name="work_items",
        table=t.work_items,
        how="insert",
        columns=_columns(t.work_items, "closed_at", "closed_by"),
    ),
    Write(
        name="work_items_moved",
        table=t.work_items,
        how="update",
        columns=("claimed_by", "claimed_at", "claimed_how", "lent_to", "due_on", "due_at", "due_clock"),
        match=("case_id", "visit"),
        empty=("closed_at",),
    ),
    Write(
        name="work_items_closed",
        table=t.work_items,
        how="update",
        columns=("closed_at", "closed_by"),
        match=("case_id", "visit"),
        empty=("closed_at",),
    ),
    Write(name="roles_taken", table=t.roles_taken, how="upsert", columns=_columns(t.roles_taken)),
    Write(name="jobs", table=t.jobs, how="insert", columns=_columns(t.jobs, "done_at", "done_by", *_UNTRIED)),
    Write(
        name="jobs_done",
        table=t.jobs,
        how="update",
        columns=("done_at", "done_by"),
        match=("case_id", "job", "kind"),
        empty=("done_at",),
    ),
    Write(
        name="personal_values",
        table=t.personal_values,
        how="upsert",
        columns=_columns(t.personal_values),
    ),
    Write(name="findings", table=t.findings, how="insert", columns=_columns(t.findings)),
    Write(
        name="findings_moved",
        table=t.findings,
        how="update",
        columns=(
            "standing",
            "level",
            "escalated_to",
            "appealed",
            "moved_at",
            "cancelled_at",
            "cancelled_because",
        ),
        match=("case_id", "finding"),
        exact=True,
    ),
    Write(name="documents", table=t.documents, how="insert", columns=_columns(t.documents)),
    Write(
        name="documents_delivered",
        table=t.documents,
        how="update",
        columns=("delivered_at",),
        match=("case_id", "document"),
        empty=("delivered_at",),
    ),
    Write(name="notices", table=t.notices, how="insert", columns=_columns(t.notices)),
    Write(
        name="notices_taken_down",
        table=t.notices,
        how="update",
        columns=("taken_down_at",),
        match=("case_id", "notice"),
        empty=("taken_down_at",),
    ),
    Write(
        name="quotas_moved",
        table=q.quotas,
        how="update",
        columns=("reserved", "consumed", "revision"),
        match=("kind", "organ", "year"),
        where="quotas.revision < {given}revision",
        exact=True,
        of_case=False,
    ),
    Write(name="materials", table=m.materials, how="insert", columns=_columns(m.materials)),
    Write(
        name="materials_judged",
        table=m.materials,
        how="update",
        columns=("state", "reason"),
        match=("case_id", "material", "version"),
    ),
    Write(
        name="originals_returned",
        table=m.materials,
        how="update",
        columns=("original_returned_at",),
        match=("case_id", "material", "version"),
    ),
    Write(
        name="blobs_kept",
        table=m.blobs,
        how="update",
        columns=("kept_at",),
        match=("case_id", "digest"),
        empty=("kept_at", "condemned_at"),
        where="blobs.stored_at IS NOT NULL",
        of_case=False,  # the case of a family's files is its first one
    ),
    Write(
        name="letter_cases",
        table=lt.letter_cases,
        how="upsert",
        columns=("case_id", "organ", "number", "joined_at", "concluded_at", "left_at"),
    ),
    Write(
        name="letter_cases_ended",
        table=lt.letter_cases,
        how="update",
        columns=("concluded_at", "left_at"),
        match=("case_id", "organ", "number"),
    ),
    Write(
        name="notifications",
        table=n.notifications,
        how="insert",
        columns=(
            "case_id",
            "seq",
            "kind",
            "recipient",
            "id",
            "finding",
            "post",
            "organ",
            "raised_at",
            "due_at",
        ),
    ),
    Write(name="signatures", table=g.signatures, how="upsert", columns=_columns(g.signatures)),
    Write(name="panel_secrets", table=g.panel_secrets, how="upsert", columns=_columns(g.panel_secrets)),
    Write(name="case_facts", table=rt.case_facts, how="insert", columns=_columns(rt.case_facts)),
    Write(
        name="case_exclusions", table=rt.case_exclusions, how="insert", columns=_columns(rt.case_exclusions)
    ),
    Write(name="case_shares", table=rt.case_shares, how="insert", columns=_columns(rt.case_shares)),
    Write(name="case_rated", table=rt.case_facts, how="update", columns=("rating",), match=("case_id",)),
    Write(name="quota_ledger", table=q.quota_ledger, how="insert", columns=_columns(q.quota_ledger)),
)


def conflict(write: Write) -> str:
    """What an insert says about a row that is there already; both databases say it alike."""
    if write.how != "upsert":
        return ""
    keys = [column.name for column in write.table.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in write.columns if name not in keys)
    return f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"


def only_if(write: Write, given: str) -> str:
    """What an update asks of a row besides its key, `given` before the names of values; both databases say it alike.

    That a column is empty is said so that PostgreSQL's planner does not recognise the condition of a partial index: rows are
    found by their key. On a young table, of which it knows nothing, it would rather walk all that are open.
    """
    asked = [f"({write.table.name}.{column} IS NULL) IS NOT FALSE" for column in write.empty]
    if write.where:
        asked.append(write.where.format(given=given))
    return "".join(f" AND {one}" for one in asked)


@cache
def write_sql(write: Write) -> str:
    """The statement that makes one row's change, its parameters written `:name`."""
    table, columns = write.table.name, write.columns
    if write.how == "update":
        changes = ", ".join(f"{name} = :{name}" for name in columns)
        found = " AND ".join(f"{name} = :{name}" for name in write.match)
        return f"UPDATE {table} SET {changes} WHERE {found}{only_if(write, ':')}"
    values = ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values}){conflict(write)}"
