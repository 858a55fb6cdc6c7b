"""What the judge is given, and what he says: what people and receivers tell, and the tables as plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import text

from tests.simulation.history import History
from workflow.domain.commands import TakeAction
from workflow.domain.directory import Directory
from workflow.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A promise that was broken: its number, and what shows it."""

    promise: str
    what: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery was claimed, or settled by whoever had claimed it; `epoch` is the fence he held, `rows` what he moved."""

    delivery: str
    epoch: int
    what: str
    rows: int = 1


@dataclass(kw_only=True)
class Account:
    """Everything the judge is given beside the database."""

    history: History
    directories: Mapping[str, Directory]
    said: Sequence[str] = ()  # what was given to the broker
    received: Sequence[tuple[str, str, bool]] = ()  # channel, delivery, whether a second copy does no harm
    claims: Sequence[Claim] = ()
    canaries: frozenset[str] = frozenset()
    told: Sequence[str] = ()  # what was told of errors, to people and to logs
    unfinished: str = ""
    now: datetime | None = None

    @cached_property
    def seen(self) -> dict[str, int]:
        """The version that each command says its actor had read, by its key."""
        commands = (asked.command for asked in self.history.asked)
        return {
            one.key: one.seen_version
            for one in commands
            if isinstance(one, TakeAction) and one.seen_version is not None
        }


@dataclass(slots=True)
class Rows:
    """The tables that are looked at, as plain rows."""

    store: Store
    kept: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __call__(self, table: str) -> list[dict[str, Any]]:
        if table not in self.kept:
            with self.store.read() as connection:
                found = connection.execute(text(f"SELECT * FROM {table}")).mappings()
                self.kept[table] = [dict(row) for row in found]
        return self.kept[table]
