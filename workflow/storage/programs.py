"""The register of programs at work: every long-lived process says so every few seconds, in real time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from workflow.storage.columns import RealNow, RealTimeAgo
from workflow.storage.program_tables import programs

ALIVE_WITHIN: Final = 60.0
"""Seconds since a program was last seen after which it counts as gone. One that was only frozen finds out when it wakes."""

_FORGOTTEN_AFTER: Final = 86_400.0
"""Seconds after which a program that died without a word is struck from the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A process of this system: `part` is what it does, `revision` the schema it wants."""

    id: str
    part: str
    revision: str
    host: str
    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive(Program):
    """A program that was seen of late."""

    since: datetime
    seen_at: datetime

    def told(self) -> str:
        """In a few words, for people."""
        return f"{self.part} {self.revision} ({self.host}, {self.pid})"


_SEEN = {
    name: (
        put := dialect.insert(programs).values(
            id=bindparam("id"),
            part=bindparam("part"),
            revision=bindparam("revision"),
            host=bindparam("host"),
            pid=bindparam("pid"),
            since=RealNow(),
            seen_at=RealNow(),
        )
    ).on_conflict_do_update(index_elements=["id"], set_={"seen_at": put.excluded.seen_at})
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_FORGET = delete(programs).where(programs.c.seen_at < RealTimeAgo(_FORGOTTEN_AFTER))
_GONE = delete(programs).where(programs.c.id == bindparam("gone"))
_ALIVE = (
    select(programs)
    .where(programs.c.seen_at >= RealTimeAgo(ALIVE_WITHIN))
    .order_by(programs.c.revision, programs.c.part, programs.c.since)
)


def seen(connection: Connection, program: Program) -> None:
    """Note that a program is at work now."""
    connection.execute(_FORGET)
    connection.execute(
        _SEEN[connection.dialect.name],
        {
            "id": program.id,
            "part": program.part,
            "revision": program.revision,
            "host": program.host,
            "pid": program.pid,
        },
    )


def gone(connection: Connection, program_id: str) -> None:
    """Note that it has ended in order."""
    connection.execute(_GONE, {"gone": program_id})


def alive(connection: Connection) -> list[Alive]:
    """The programs at work, the oldest first."""
    return [Alive(**row) for row in connection.execute(_ALIVE).mappings()]
