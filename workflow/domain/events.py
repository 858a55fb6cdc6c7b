"""What has happened to a case, in the past tense; `envelope` holds what each event is recorded in.

Every event carries `at`, its effective (legal) time: acceptance deemed back to the day of receipt has an `at` before its
`recorded_at`. Payloads hold plain values only, so their canonical bytes can be hashed; personal values are `Sealed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """When a period ends: the last day `on` (inclusive, civil), the instant `at` from which it is overdue (UTC)."""

    on: date
    at: datetime
    provisional: bool
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RungTime:
    """When one rung of a clock's alarm ladder fires (UTC)."""

    rung: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """Where a child case belongs: which join of which case opened it, in which round, under which name."""

    case_id: str
    join: str
    round: int
    child: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened, effective `at` (aware, UTC)."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingSubmitted(Event):
    """A filing (申报) came in; `received_at` is the receipt of materials that starts the five days of art. 32(4)."""

    no: str
    matter: str
    definition: str
    state: str
    parties: Mapping[str, str]
    form: Mapping[str, Any]
    materials: tuple[str, ...]
    letter: str | None = None
    channel: str = "online"
    parent: Parent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTaken(Event):
    """Somebody, or the system, took a declared action; `post` is the post it was taken from."""

    action: str
    source: str
    target: str
    post: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialsChecked(Event):
    """The completeness pre-check ran; `missing` lists the required materials that were not handed in."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequested(Event):
    """The one complete supplement notice (补正告知书, art. 32(4)) went out, listing every defect."""

    defects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialsSupplemented(Event):
    """The applicant handed in what the supplement notice asked for."""

    materials: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingAccepted(Event):
    """The filing is accepted (受理); `deemed` when the law says so because nobody said otherwise in time (即为受理)."""

    deemed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(Event):
    """The organ decided (决定); `outcome` is a word of the definition."""

    outcome: str
    reasons: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentIssued(Event):
    """A paper was issued; `number` is its 文号, taken in the transaction that decided to issue it."""

    document: str
    series: str | None = None
    year: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsDelivered(Event):
    """What was issued reached the applicant (送达)."""

    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePublished(Event):
    """A notice stands in the open: `before_effect` is 公示 (objections are heard), otherwise 公开."""

    notice: str
    before_effect: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTakenDown(Event):
    """A notice's time is over; from now on only counts remain."""

    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised(Event):
    """Somebody objected (异议) to a public notice; signing waits for a written finding."""

    objection: int
    grounds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionDecided(Event):
    """The objection was looked into and answered in writing."""

    objection: int
    upheld: bool
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalReported(Event):
    """The person has arrived (结果回报): the household and the post are taken up."""

    arrived_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildrenOpened(Event):
    """The case was divided (联办件): each child is a case of its own, opened by a job of its own."""

    join: str
    round: int
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEnded(Event):
    """A child case was concluded; told to its parent once, by a command of its own."""

    join: str
    round: int
    child: str
    case_id: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseConcluded(Event):
    """The case is concluded (办结) for the count of the promise; it may still be delivered and archived."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseArchived(Event):
    """The file is closed (归档)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted(Event):
    """A period began to run under a version of a rule; `on` is the day of the event, which is not counted.

    `closing_time` (HH:MM, local) is that of the window for a case filed there: some rules end their last day with it.
    """

    clock: str
    generation: int
    rule: str
    rule_version: str
    period: str
    on: date
    due: DueDate
    rungs: tuple[RungTime, ...] = ()
    closing_time: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingStopped(Event):
    """From `on` days are not counted (停止计时), on a listed ground; `notice` is the paper that told the applicant."""

    clock: str
    generation: int
    ground: str
    on: date
    ref: str
    notice: str | None = None
    due: DueDate | None = None
    rungs: tuple[RungTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingResumed(Event):
    """From `on` days are counted again (恢复计时)."""

    clock: str
    generation: int
    ground: str
    on: date
    ref: str
    due: DueDate | None
    rungs: tuple[RungTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted(Event):
    """The head of the organ extended the period (延长期限) before it expired, with the reason told."""

    clock: str
    generation: int
    period: str
    reason: str
    on: date
    ref: str
    due: DueDate | None
    rungs: tuple[RungTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRemoved(Event):
    """An extension was taken back, with the reason; the period is again as long as before it."""

    clock: str
    generation: int
    reason: str
    on: date
    ref: str
    due: DueDate | None
    rungs: tuple[RungTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDateReprojected(Event):
    """A new calendar notice moved an open due date, or only the ladder beside it; nothing that was closed moves. There is
    no date while counting is stopped.
    """

    clock: str
    generation: int
    old: DueDate | None
    due: DueDate | None
    reason: str
    rungs: tuple[RungTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEnded(Event):
    """What the period waited for was done, `late` when its due instant had passed."""

    clock: str
    generation: int
    on: date
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RungFired(Event):
    """A rung of the ladder was reached while the clock ran; fired once per revision."""

    clock: str
    generation: int
    rung: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeWithheld(Event):
    """A deemed outcome fell due on a provisional date; it waits until the calendar notice is out (design §3)."""

    clock: str
    generation: int
    rung: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRaised(Event):
    """An accountability finding (预警纠错记录) against the post that held the case; suspected (待核实) until confirmed."""

    finding: int
    colour: str
    rule: str
    basis: str
    clock: str | None
    generation: int | None
    post: str
    organ: str
    person: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCancelled(Event):
    """A finding was cancelled (取消预警) with the reason; it is never deleted."""

    finding: int
    reason: str


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


EVENT_TYPES: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        FilingSubmitted, ActionTaken, MaterialsChecked, SupplementRequested, MaterialsSupplemented, FilingAccepted,
        DecisionMade, DocumentIssued, DocumentsDelivered, NoticePublished, NoticeTakenDown, ObjectionRaised,
        ObjectionDecided, ArrivalReported, ChildrenOpened, ChildEnded,
        CaseConcluded, CaseArchived, ClockStarted, CountingStopped, CountingResumed,
        ExtensionGranted, ExtensionRemoved, DueDateReprojected, ClockEnded, RungFired, OutcomeWithheld,
        FindingRaised, FindingCancelled, CaseMigrated, ClockMigrated,
    )
}  # fmt: skip
"""Every event type by the name it is stored under; a name is never reused for another meaning."""
