"""Whether the tables that are derived from the events say what the events say: every row, every column that is a record.

The steps are made again from the events, the rows that each would write are laid into tables in memory by the same table
of writes as in the database, and what comes of it is held against what was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from workflow.evidence.steps import Made
from workflow.storage.projections import rows_of
from workflow.storage.registers import Row
from workflow.storage.writes import WRITES, Write

Key = tuple[Any, ...]

UNTOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "rungs": ("hinted_at", "attempts", "error", "parked_at", "done_by"),
    "jobs": ("hinted_at", "attempts", "error", "parked_at", "done_by"),
    "clocks": ("calendar_revision",),
    "letter_cases": ("place", "outcome", "paper"),
    "commands": ("request_hash",),
}
"""Columns that no event tells: how the machine is getting on, salts, and what another case's letter was answered with."""

ELSEWHERE: Final = frozenset(
    {"cases", "events", "personal_values", "panel_secrets", "blobs", "quotas", "notifications"}
)
"""Tables that are looked at by other means, or that are no record but an outbox or a safe (docs/evidence.md)."""

ASKED_BY_OTHERS: Final = re.compile(r"reply|letter:.+")
"""Jobs that are put to a case by its letter, so that no event of its own calls for them."""

FIGURES: Final = frozenset({"case_facts", "case_exclusions", "case_shares"})
"""Tables that rest on calendars and law beside the events; they are held against them where those are at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongRow:
    """A row that was altered, added or removed: `field` is empty for a whole row. `seq` is the last event that the row
    goes back to, 0 for a row that goes back to none.
    """

    table: str
    key: str
    seq: int
    field: str = ""
    expected: str = ""
    found: str = ""


@dataclass(slots=True, kw_only=True)
class _Kept:
    row: Row
    seq: int


@dataclass(slots=True, kw_only=True)
class Tables:
    """Tables of one case in memory, each a mapping from key to row."""

    rows: dict[str, dict[Key, _Kept]] = field(default_factory=dict)

    def take(self, write: Write, row: Row, seq: int) -> None:
        """Do one change as the database would."""
        table = self.rows.setdefault(write.table.name, {})
        if write.how == "update":
            for kept in list(table.values()):
                if _meets(write, kept.row, row):
                    kept.row |= {name: row[name] for name in write.columns}
                    kept.seq = seq
            return
        key = tuple(row[name] for name in KEYS[write.table.name])
        blank = dict.fromkeys(COLUMNS[write.table.name])
        old = table.get(key)
        table[key] = _Kept(row={**(old.row if old else blank), **row}, seq=seq)


# Names of tables and columns are a kind of text of their own, which travels into no file.
KEYS: Final = {
    str(write.table.name): tuple(str(column.name) for column in write.table.primary_key) for write in WRITES
}
COLUMNS: Final = {
    str(write.table.name): tuple(str(column.name) for column in write.table.columns) for write in WRITES
}
CHECKED: Final = {
    str(write.table.name): write.table
    for write in WRITES
    if write.of_case and write.table.name not in ELSEWHERE and "case_id" in write.table.columns
}
"""Every table of a case's own that a step writes, by its name."""

_WRITES: Final = {write.name: write for write in WRITES if write.table.name in CHECKED}


def expected(made: Iterable[Made]) -> Tables:
    """The tables that the steps of a sound chain of events come to."""
    tables = Tables()
    for step, events in made:
        seq = events[-1].envelope.seq
        rows = rows_of(step, events[-1].envelope.recorded_at)
        # In the order of the table of writes, as the database does them.
        for name, write in _WRITES.items():
            for row in rows.get(name, ()):
                tables.take(write, row, seq)
    return tables


def wrong_rows(tables: Tables, found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[WrongRow]:
    """What the found rows, by table, say otherwise than the expected ones."""
    for name, rows in found.items():
        wanted = dict(tables.rows.get(name, {}))
        for row in rows:
            key = tuple(row[column] for column in KEYS[name])
            kept = wanted.pop(key, None)
            if kept is not None:
                yield from _altered(name, key, kept, row)
            elif not (name == "jobs" and _asked_by_others(row, tables)):
                yield WrongRow(table=name, key=_told(name, key), seq=0, found=_row(name, row))
        for key, kept in wanted.items():
            yield WrongRow(table=name, key=_told(name, key), seq=kept.seq, expected=_row(name, kept.row))


def _asked_by_others(job: Mapping[str, Any], tables: Tables) -> bool:
    """Whether a job is of a letter that the case has stood under, which put it there."""
    letters = {kept.row["number"] for kept in tables.rows.get("letter_cases", {}).values()}
    return ASKED_BY_OTHERS.fullmatch(job["kind"]) is not None and job["action"] in letters


def _altered(name: str, key: Key, kept: _Kept, row: Mapping[str, Any]) -> Iterator[WrongRow]:
    for column in COLUMNS[name]:
        want, have = _plain(kept.row[column]), _plain(row[column])
        if want == have or column in UNTOLD.get(name, ()):
            continue
        if name == "jobs" and column == "done_at" and want is None:
            continue  # A job may turn out to be called for no more, which leaves no event.
        yield WrongRow(
            table=name,
            key=_told(name, key),
            seq=kept.seq,
            field=column,
            expected=_shown(want),
            found=_shown(have),
        )


def _meets(write: Write, row: Row, given: Row) -> bool:
    found = all(row[name] == given[name] for name in write.match)
    return found and all(row[name] is None for name in write.empty)


def _plain(value: Any) -> Any:
    """The same whether it came from an enumeration or from a column."""
    if isinstance(value, str):
        return str(value)
    return bytes(value) if isinstance(value, (bytearray, memoryview)) else value


def _told(name: str, key: Key) -> str:
    parts = zip(KEYS[name], key, strict=True)
    return ", ".join(f"{column}={value}" for column, value in parts if column != "case_id")


def _row(name: str, row: Mapping[str, Any]) -> str:
    shown = ((column, row[column]) for column in COLUMNS[name] if column not in KEYS[name])
    return ", ".join(f"{column}={_shown(value)}" for column, value in shown if value is not None)[:200]


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
