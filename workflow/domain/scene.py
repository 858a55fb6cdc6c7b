"""What a decision looks at and what it has decided so far: the pure working value of `decide`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from workflow.domain.calendar import Calendar
from workflow.domain.case import Case
from workflow.domain.definition import Definition
from workflow.domain.desk.panel_state import PanelFacts
from workflow.domain.directory import Directory
from workflow.domain.events import Event
from workflow.domain.evolve import evolve
from workflow.domain.law import LawParameters
from workflow.domain.materials.state import MaterialFacts
from workflow.domain.quota.book import Book
from workflow.domain.reckoning import civil_date


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a decision rests on besides the case: loaded before it, each under a version that the events record. `target`
    is the definition that a case is to be migrated to; `quota` the balances that it may touch, locked, if any; `panel`
    the secrets of a draw or a ballot.
    """

    calendar: Calendar
    law: LawParameters
    directory: Directory
    target: Definition | None = None
    materials: MaterialFacts = field(default_factory=MaterialFacts)
    quota: Book | None = None
    panel: PanelFacts = field(default_factory=PanelFacts)

    def versions(self) -> dict[str, str]:
        """The versions of the facts, as every event's envelope keeps them."""
        return {
            "calendar": self.calendar.version,
            "law": self.law.version,
            "directory": self.directory.version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """An event that was decided, who it is by, and the rule that allowed it; `after` is the case as the event makes it."""

    event: Event
    actor: str
    rule: str
    after: Case


@dataclass(slots=True, kw_only=True)
class Scene:
    """A decision under way: `case` is always the case as the events so far have made it."""

    definition: Definition
    case_id: str
    case: Case | None
    facts: Facts
    now: datetime
    actor: str
    rule: str = ""
    decided: list[Decided] = field(default_factory=list)

    @property
    def here(self) -> Case:
        """The case, which must exist by now."""
        if self.case is None:
            raise ValueError("the case has not begun")
        return self.case

    def happened(self, event: Event) -> None:
        """Record `event` and fold it into the case."""
        after = self.case = evolve(self.case, event, case_id=self.case_id, actor=self.actor)
        self.decided.append(Decided(event=event, actor=self.actor, rule=self.rule, after=after))

    def civil(self, moment: datetime) -> date:
        """The civil day of an instant in the definition's zone."""
        return civil_date(moment, self.definition.zone)

    def local(self, moment: datetime) -> datetime:
        """An instant by the clocks of the definition's zone."""
        return moment.astimezone(ZoneInfo(self.definition.zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """The action being taken: its name, its fields, and when it takes effect (UTC)."""

    action: str
    fields: Mapping[str, Any]
    at: datetime
