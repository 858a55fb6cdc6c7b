"""Runs over many cases (批量办理, 离职转办): who ran what when, and what became of each item. Auditors read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.errors import RunDiffers
from workflow.storage import run_tables as r
from workflow.storage.columns import PresentTime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """What is to be done: `kind` is bulk, handover or undo; `subject` whose work it is, or which run is undone."""

    id: str
    kind: str
    actor: str
    action: str
    subject: str = ""
    reason: str = ""
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """A run with its counts; it has no end while it is under way, or was broken off."""

    id: str
    kind: str
    actor: str
    action: str
    subject: str
    reason: str
    asked: int
    done: int
    refused: int
    begun_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptItem:
    """What became of one case in a run: done, with the case's place after it, or refused by the error `code`."""

    case_id: str
    place: int
    no: str
    done: bool
    state: str | None = None
    seq: int | None = None
    version: int | None = None
    person: str | None = None
    why: str | None = None
    code: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


_DIALECTS: Final = {"postgresql": postgresql, "sqlite": sqlite}
_BEGIN = {
    name: dialect.insert(r.bulk_runs).values(begun_at=PresentTime()).on_conflict_do_nothing()
    for name, dialect in _DIALECTS.items()
}
_ONE = select(r.bulk_runs).where(r.bulk_runs.c.id == bindparam("named"))
_counted = select(func.count()).where(r.bulk_items.c.run == bindparam("named"))
_END = (
    update(r.bulk_runs)
    .values(
        asked=_counted.scalar_subquery(),
        done=_counted.where(r.bulk_items.c.done.is_(True)).scalar_subquery(),
        refused=_counted.where(r.bulk_items.c.done.is_(False)).scalar_subquery(),
        ended_at=PresentTime(),
    )
    .where(r.bulk_runs.c.id == bindparam("named"))
)


def _upsert(name: str) -> Any:
    made = _DIALECTS[name].insert(r.bulk_items)
    keys = ("case_id", "run")
    # What was done once stays done: run again, the item is merely repeated and may have moved on since.
    kept = {
        column.name: case((r.bulk_items.c.done.is_(True), column), else_=made.excluded[column.name])
        for column in r.bulk_items.c
        if column.name not in keys
    }
    return made.on_conflict_do_update(index_elements=[r.bulk_items.c[key] for key in keys], set_=kept)


_RECORD: Final = {name: _upsert(name) for name in _DIALECTS}


def begin(connection: Connection, run: NewRun) -> KeptRun:
    """Note that a run begins; one that was broken off is taken up again. Raises RunDiffers when its id means another."""
    connection.execute(_BEGIN[connection.dialect.name], asdict(run))
    kept = KeptRun(**_named(connection.execute(_ONE, {"named": run.id}).one()))
    said = (run.kind, run.actor, run.action, run.subject)
    if (kept.kind, kept.actor, kept.action, kept.subject) != said:
        raise RunDiffers(name=run.id, actor=kept.actor, action=kept.action)
    return kept


def record(connection: Connection, run: str, items: Sequence[KeptItem]) -> None:
    """Note what became of these items; what was done before stays noted as done."""
    for item in items:
        said = json.dumps(dict(item.fields), ensure_ascii=False, sort_keys=True, default=str)
        row = asdict(item) | {"run": run, "fields": said}
        connection.execute(_RECORD[connection.dialect.name], row)


def end(connection: Connection, run: str) -> KeptRun:
    """Note that the run has come to its end, with its counts."""
    connection.execute(_END, {"named": run})
    return KeptRun(**_named(connection.execute(_ONE, {"named": run}).one()))


def run(connection: Connection, named: str) -> KeptRun | None:
    """The run of that id."""
    row = connection.execute(_ONE, {"named": named}).first()
    return KeptRun(**_named(row)) if row is not None else None


def runs(connection: Connection, limit: int) -> list[KeptRun]:
    """The last runs, the newest first."""
    found = connection.execute(
        select(r.bulk_runs).order_by(r.bulk_runs.c.begun_at.desc(), r.bulk_runs.c.id).limit(limit)
    )
    return [KeptRun(**_named(row)) for row in found]


def items(connection: Connection, named: str) -> list[KeptItem]:
    """What became of each item of a run, in their order."""
    found = connection.execute(
        select(*(column for column in r.bulk_items.c if column.name != "run"))
        .where(r.bulk_items.c.run == named)
        .order_by(r.bulk_items.c.place)
    )
    return [KeptItem(**{**_named(row), "fields": json.loads(row.fields)}) for row in found]


def _named(row: Any) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - its public name
