"""A case moved to another version of its matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow.domain.events.base import DueDate, Event, RungTime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMigrated(Event):
    """The case was moved from one version of its matter to another by a plan, or back again (`undoes` is the event of the
    migration). `posts` are those that have new names; `reopened`: the open work begins anew.
    """

    old: str
    new: str
    plan: str
    reason: str
    source: str
    target: str
    posts: Mapping[str, str] = field(default_factory=dict)
    reopened: bool = False
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMigrated(Event):
    """A period goes on under another version, with its ledger: under the same name, or as `to_clock`, the old one ending
    on `on`. `old` is the due date it had, `due` the one it has now.
    """

    clock: str
    generation: int
    to_clock: str
    to_generation: int
    rule: str
    rule_version: str
    period: str
    on: date
    old: DueDate | None
    due: DueDate | None
    rungs: tuple[RungTime, ...] = ()
