"""The alarms that stand: one row for a name and a subject, ended when what it tells of is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.storage.columns import RealNow
from workflow.storage.watch_tables import alarm_stands, alarms

if TYPE_CHECKING:
    from sqlalchemy import Connection

LONGEST: Final = 500
"""Characters kept of a detail."""

MOST: Final = 1000
"""Alarms of one name that are put down at once; of so many more tell nobody more."""

_a = alarms.c
_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm that stands `since` an instant of real time."""

    name: str
    subject: str
    since: datetime
    detail: str


_STANDING = (
    select(_a.name, _a.subject, _a.since, _a.detail)
    .where(alarm_stands)
    .order_by(_a.since, _a.name, _a.subject)
)
_COUNTS = select(_a.name, func.count()).where(alarm_stands).group_by(_a.name)


def standing(connection: Connection, name: str | None = None) -> list[Alarm]:
    """The alarms that stand, all or of one name, the oldest first."""
    query = _STANDING if name is None else _STANDING.where(_a.name == name)
    return [Alarm(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - its public name


def counts(connection: Connection) -> dict[str, int]:
    """How many stand of each name that has any."""
    return {row[0]: row[1] for row in connection.execute(_COUNTS)}


def settle(
    connection: Connection, name: str, found: Mapping[str, str], looked_at: Sequence[str] | None = None
) -> list[Alarm]:
    """Let these stand, subject -> detail, and end the others of the name: all, or those whose subject begins with one of
    `looked_at`. Gives those that did not stand before.
    """
    found = dict(sorted(found.items())[:MOST])
    before = {alarm.subject for alarm in standing(connection, name)}
    over = [
        subject
        for subject in before - set(found)
        if looked_at is None or any(subject.startswith(one) for one in looked_at)
    ]
    if over:
        connection.execute(
            update(alarms)
            .where(_a.name == name, alarm_stands, _a.subject.in_(over))
            .values(ended_at=RealNow())
        )
    for subject, detail in found.items():
        row = {"name": name, "subject": subject, "detail": detail[:LONGEST]}
        insert = _DIALECTS[connection.dialect.name].insert(alarms)
        connection.execute(
            insert.values(**row, since=RealNow(), seen_at=RealNow()).on_conflict_do_update(
                index_elements=[_a.name, _a.subject],
                set_={
                    "since": case((_a.ended_at.is_(None), _a.since), else_=insert.excluded.since),
                    "seen_at": insert.excluded.seen_at,
                    "ended_at": None,
                    "detail": insert.excluded.detail,
                },
            )
        )
    return [
        alarm
        for alarm in standing(connection, name)
        if alarm.subject in found and alarm.subject not in before
    ]
