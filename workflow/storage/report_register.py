"""The tables of figures as a whole: filled again from what the events gave, and held against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Connection, delete, insert, select

from workflow.domain.reckoning import DAY
from workflow.storage import report_tables as t
from workflow.storage.report_rows import rows_of_facts
from workflow.storage.tables import cases

if TYPE_CHECKING:
    from workflow.domain.figures.facts import CaseFacts
    from workflow.storage.registers import Row

Kept: TypeAlias = "dict[str, dict[str, list[Row]]]"
"""Rows by case and table."""

TABLES = {"case_facts": t.case_facts, "case_exclusions": t.case_exclusions, "case_shares": t.case_shares}


def refill(connection: Connection, case_ids: Sequence[str], found: Sequence[CaseFacts]) -> None:
    """Replace all that the tables hold of these cases by what was found."""
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    for facts in found:
        for name, more in rows_of_facts(facts).items():
            rows[name] += more
    for name, table in TABLES.items():
        connection.execute(delete(table).where(table.c.case_id.in_(case_ids)))
        if rows[name]:
            connection.execute(insert(table), rows[name])


def kept(connection: Connection, case_ids: Sequence[str], first: date, last: date) -> Kept:
    """The rows by case and table of those of these cases that were concluded in those days, as the tables have them."""
    there: Kept = {}
    for name, table in TABLES.items():
        query = (
            select(table)
            .where(table.c.case_id.in_(case_ids), table.c.concluded_on.between(first, last))
            .order_by(*table.primary_key)
        )
        for row in connection.execute(query).mappings():
            there.setdefault(row["case_id"], {one: [] for one in TABLES})[name].append(dict(row))
    return there


def candidates(connection: Connection, first: date, last: date) -> list[str]:
    """Ids of the cases that may have been concluded in those days, in whatever zone, by their own row or by what they left
    behind. That a case's row is what its events say is for `audit verify` to prove.
    """
    # A civil day begins up to fourteen hours before, and ends up to twelve after, the same day in UTC.
    begin, end = (datetime.combine(day, time(), UTC) for day in (first - DAY, last + 2 * DAY))
    concluded = select(cases.c.id).where(cases.c.concluded_at >= begin, cases.c.concluded_at < end)
    left = select(t.case_facts.c.case_id).where(t.case_facts.c.concluded_on.between(first, last))
    return sorted({*connection.execute(concluded).scalars(), *connection.execute(left).scalars()})


def differences(there: Kept, found: Mapping[str, CaseFacts]) -> list[str]:
    """Numbers of the cases of which the tables say anything else than the events; of one that the tables alone know, its
    number there, or its id.
    """
    wrong = [facts.no for case_id, facts in found.items() if there.get(case_id) != rows_of_facts(facts)]
    for case_id in there.keys() - found.keys():
        rows: Sequence[dict[str, Any]] = there[case_id]["case_facts"]
        wrong.append(rows[0]["no"] if rows else case_id)
    return wrong
