"""What a run has left in its database, to be held against another run's: whole rows, not only their numbers."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from workflow.demo.filings import Filing
from workflow.domain.publication import SLIP_CODE
from workflow.storage import tables as t
from workflow.storage.letter_tables import letters
from workflow.storage.store import Store

Row = dict[str, Any]
Records = dict[str, dict[str, list[Row]]]
"""Rows by the key of the filing and the name of the table."""

#: What may differ between two runs: whose hand did it and when a worker was told, in real time; salts and what hangs on
#: them; and which of two papers of one day took the lower number.
_BY_CHANCE = {
    t.cases: {"body", "head"},
    t.events: {"prev_hash", "hash"},
    t.clocks: set(),
    t.rungs: {"hinted_at", "done_by", "attempts", "error"},
    t.jobs: {"hinted_at", "done_by", "attempts", "error"},
    t.work_items: set(),
    t.personal_values: {"salt"},
    t.findings: set(),
    t.documents: {"number"},
    t.notices: set(),
}


def records(store: Store, filings: Sequence[Filing]) -> Records:
    """For each filing, by its key: the rows of every table, in the order of their keys, without what is left to chance."""
    keys = {filing.case_id: filing.key for filing in filings}
    found: Records = {key: defaultdict(list) for key in keys.values()}
    with store.read() as connection:
        for table, chance in _BY_CHANCE.items():
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings():
                kept = {name: value for name, value in row.items() if name not in chance}
                case_id = kept["id"] if table is t.cases else kept["case_id"]
                found[keys[case_id]][table.name].append(_plain(kept))
    return found


def _plain(row: Row) -> Row:
    if "payload" in row:
        return row | {"payload": _unsalted(json.loads(row["payload"]))}
    if row.get("field") == SLIP_CODE:
        return row | {"value": "-"}
    return row


def _unsalted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _unsalted(v) for k, v in value.items() if k not in ("commitment", "number")}
    return [_unsalted(one) for one in value] if isinstance(value, list) else value


def totals(found: Records) -> dict[str, Counter[Any]]:
    """How the cases ended, and the numbers of events by type, findings by rule, colour and post, documents by kind."""

    def rows(table: str, *columns: str) -> Counter[Any]:
        every = (row for case in found.values() for row in case[table])
        return Counter(tuple(row[c] for c in columns) if columns[1:] else row[columns[0]] for row in every)

    return {
        "ends": rows("cases", "matter", "state", "outcome"),
        "events": rows("events", "type"),
        "findings": rows("findings", "rule", "colour", "post"),
        "documents": rows("documents", "document"),
    }


def numbers(store: Store) -> dict[tuple[str, int], list[int]]:
    """The document numbers (文号) that were taken, replies to letters included, by series and year, in their order."""
    taken: dict[tuple[str, int], list[int]] = defaultdict(list)
    with store.read() as connection:
        rows = connection.execute(select(t.documents).where(t.documents.c.series.is_not(None))).mappings()
        for row in rows:
            taken[row["series"], row["year"]].append(row["number"])
        replied = select(letters).where(letters.c.reply_number.is_not(None))
        for row in connection.execute(replied).mappings():
            taken[row["reply_series"], row["reply_year"]].append(row["reply_number"])
    return {series: sorted(all_) for series, all_ in taken.items()}
