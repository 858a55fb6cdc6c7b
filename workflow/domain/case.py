"""A case (办件) as a value, small enough to be stored beside its events and rebuilt from them at any time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from workflow.domain.accountability.state import Finding
from workflow.domain.desk.panel_state import Panel
from workflow.domain.desk.signing_state import Round
from workflow.domain.desk.state import Desk
from workflow.domain.events import DueDate, Parent, Reader
from workflow.domain.letters.values import LetterReply
from workflow.domain.materials.state import HandedIn
from workflow.domain.procedure.values import Procedure
from workflow.domain.quota.book import QuotaHold
from workflow.domain.values import replace
from workflow.domain.window.state import AtWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One interval event of a clock as it is stored; `kind` is a word of `workflow.domain.clock.EntryKind`."""

    kind: str
    on: date
    at: datetime | None = None
    ground: str | None = None
    ref: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RungState:
    """One rung of a running clock: when it fires and whether it has, at this revision of the due date.

    `withheld` marks an outcome that was due on a provisional date: it waits for the calendar notice (design §3).
    """

    rung: str
    at: datetime
    revision: int = 0
    fired: bool = False
    withheld: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseClock:
    """A period that runs, or ran, on a case: its ledger, and the due date derived from it."""

    clock: str
    generation: int
    rule: str
    rule_version: str
    period: str
    entries: tuple[LedgerEntry, ...]
    due: DueDate | None
    rungs: tuple[RungState, ...] = ()
    ended_on: date | None = None
    late: bool = False
    extensions: int = 0
    revision: int = 0
    closing_time: str | None = None

    @property
    def open(self) -> bool:
        """Whether the period still waits for its end (it may be stopped)."""
        return self.ended_on is None

    @property
    def stopped(self) -> bool:
        """Whether counting is stopped on at least one ground."""
        return self.open and self.due is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who acted from which post, kept for the rule that handler, checker and approver are different persons."""

    post: str
    person: str
    action: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """An objection to a notice: open until a written finding decides it."""

    number: int
    upheld: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedDocument:
    """A paper of the case; `number` with `series` and `year` is its document number (文号)."""

    document: str
    series: str | None
    year: int | None
    number: int | None
    on: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child of the case, and its outcome once it is concluded."""

    join: str
    round: int
    child: str
    case_id: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTerms:
    """A period as it was before a migration."""

    clock: str
    generation: int
    rule: str
    rule_version: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedClock:
    """Where a period went in a migration: its name and generation before, and now."""

    clock: str
    generation: int
    to_clock: str
    to_generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What a case was before its last migration (`seq` is that event), kept until somebody acts."""

    seq: int
    definition: str
    plan: str
    state: str
    acts: tuple[Act, ...]
    clocks: tuple[ClockTerms, ...]
    moved: tuple[MovedClock, ...] = ()


# Without slots, so that `replace` has but a dictionary to copy: a step makes a dozen cases of one another.
@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything a decision about a case may rest on. `seq` is its last event, `version` what people see (If-Match):
    it moves with acts on the case, not with timers or re-projected dates. `visit` counts entries into states; `reader` is
    the lowest schema version under which a program knows all that is said here.
    """

    id: str
    no: str
    matter: str
    definition: str
    state: str
    seq: int = 0
    version: int = 0
    visit: int = 0
    entered_at: datetime
    parties: Mapping[str, str]
    form: Mapping[str, Any]
    materials: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    handed_in: tuple[HandedIn, ...] = ()
    letter: str | None = None
    channel: str = "online"
    received_at: datetime
    materials_at: datetime
    accepted_at: datetime | None = None
    deemed: bool = False
    decided_at: datetime | None = None
    outcome: str | None = None
    concluded_at: datetime | None = None
    archived_at: datetime | None = None
    supplements: int = 0
    defects: tuple[str, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    clocks: tuple[CaseClock, ...] = ()
    objections: tuple[Objection, ...] = ()
    documents: tuple[IssuedDocument, ...] = ()
    delivered: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    noticed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    parent: Parent | None = None
    children: tuple[Child, ...] = ()
    migration: Migration | None = None
    procedure: Procedure = field(default_factory=Procedure)
    desk: Desk = field(default_factory=Desk)
    frozen_by: str | None = None
    signing: tuple[Round, ...] = ()
    panels: tuple[Panel, ...] = ()
    quota: QuotaHold | None = None
    reply: LetterReply | None = None
    split_from: str | None = None
    window: AtWindow | None = None
    rating: int | None = None
    reader: Reader = 1

    def clock(self, name: str) -> CaseClock | None:
        """The latest generation of the clock `name`, or None if it has never run."""
        return next((clock for clock in reversed(self.clocks) if clock.clock == name), None)

    def open_clocks(self) -> tuple[CaseClock, ...]:
        """The clocks that still wait for their end."""
        return tuple(clock for clock in self.clocks if clock.open)

    def open_objections(self) -> tuple[Objection, ...]:
        """The objections without a written finding."""
        return tuple(objection for objection in self.objections if objection.upheld is None)

    def children_of(self, join: str) -> tuple[Child, ...]:
        """The children of the latest round of a join."""
        rounds = [child.round for child in self.children if child.join == join]
        return tuple(c for c in self.children if rounds and (c.join, c.round) == (join, max(rounds)))

    def with_clock(self, clock: CaseClock) -> Case:
        """The case with `clock` in the place of the same generation, or added to the end."""
        kept = [old for old in self.clocks if (old.clock, old.generation) != (clock.clock, clock.generation)]
        at = next(
            (
                i
                for i, old in enumerate(self.clocks)
                if (old.clock, old.generation) == (clock.clock, clock.generation)
            ),
            len(kept),
        )
        return replace(self, clocks=(*kept[:at], clock, *kept[at:]))
