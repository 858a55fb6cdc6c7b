"""What has happened to a case, in the past tense; `envelope` holds what each event is recorded in.

Every event carries `at`, its effective (legal) time: acceptance deemed back to the day of receipt has an `at` before its
`recorded_at`. Payloads hold plain values only, so their canonical bytes can be hashed; personal values are `Sealed`.
"""

from __future__ import annotations

from workflow.domain.events.base import SCHEMA_VERSION, DueDate, Event, Parent, RungTime
from workflow.domain.events.clocks import (
    ClockEnded,
    ClockStarted,
    CountingResumed,
    CountingStopped,
    DueDateReprojected,
    ExtensionGranted,
    ExtensionRemoved,
    OutcomeWithheld,
    RungFired,
)
from workflow.domain.events.course import (
    ActionTaken,
    ArrivalReported,
    CaseArchived,
    CaseConcluded,
    DecisionMade,
    DocumentIssued,
    DocumentsDelivered,
    NoticePublished,
    NoticeTakenDown,
    ObjectionDecided,
    ObjectionRaised,
)
from workflow.domain.events.family import ChildEnded, ChildrenOpened
from workflow.domain.events.filing import (
    FilingAccepted,
    FilingSubmitted,
    MaterialsChecked,
    MaterialsSupplemented,
    SupplementRequested,
)
from workflow.domain.events.findings import FindingCancelled, FindingRaised
from workflow.domain.events.migration import CaseMigrated, ClockMigrated

__all__ = [
    "EVENT_TYPES",
    "SCHEMA_VERSION",
    "ActionTaken",
    "ArrivalReported",
    "CaseArchived",
    "CaseConcluded",
    "CaseMigrated",
    "ChildEnded",
    "ChildrenOpened",
    "ClockEnded",
    "ClockMigrated",
    "ClockStarted",
    "CountingResumed",
    "CountingStopped",
    "DecisionMade",
    "DocumentIssued",
    "DocumentsDelivered",
    "DueDate",
    "DueDateReprojected",
    "Event",
    "ExtensionGranted",
    "ExtensionRemoved",
    "FilingAccepted",
    "FilingSubmitted",
    "FindingCancelled",
    "FindingRaised",
    "MaterialsChecked",
    "MaterialsSupplemented",
    "NoticePublished",
    "NoticeTakenDown",
    "ObjectionDecided",
    "ObjectionRaised",
    "OutcomeWithheld",
    "Parent",
    "RungFired",
    "RungTime",
    "SupplementRequested",
]

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
