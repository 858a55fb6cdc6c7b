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
from workflow.domain.events.desk import (
    ActTakenBack,
    CaseUrged,
    DelegationReturned,
    OrderAnswered,
    OrderGiven,
    RecusalAsked,
    RecusalDecided,
    Recused,
    WorkAssigned,
    WorkClaimed,
    WorkDelegated,
    WorkReleased,
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
from workflow.domain.events.materials import (
    MaterialFoundDefective,
    MaterialReceived,
    MaterialReplaced,
    MaterialTakenOver,
    MaterialWaived,
    MaterialWithdrawn,
    OriginalReturned,
    StoredFile,
    TakenFrom,
)
from workflow.domain.events.migration import CaseMigrated, ClockMigrated
from workflow.domain.events.procedure import (
    HearingCalled,
    HearingCalledOff,
    HearingChairReplaced,
    HearingHeld,
    HearingRightTold,
    HearingScheduled,
    HearingWaived,
    InterestedPartiesHeard,
    InterestedPartiesNamed,
    InterestedPartiesTold,
    RefusalAcknowledged,
    RefusalReported,
)
from workflow.domain.events.quota import QuotaConsumed, QuotaExempted, QuotaReleased, QuotaReserved

__all__ = [
    "EVENT_TYPES",
    "MOVES",
    "SCHEMA_VERSION",
    "ActTakenBack",
    "ActionTaken",
    "ArrivalReported",
    "CaseArchived",
    "CaseConcluded",
    "CaseMigrated",
    "CaseUrged",
    "ChildEnded",
    "ChildrenOpened",
    "ClockEnded",
    "ClockMigrated",
    "ClockStarted",
    "CountingResumed",
    "CountingStopped",
    "DecisionMade",
    "DelegationReturned",
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
    "HearingCalled",
    "HearingCalledOff",
    "HearingChairReplaced",
    "HearingHeld",
    "HearingRightTold",
    "HearingScheduled",
    "HearingWaived",
    "InterestedPartiesHeard",
    "InterestedPartiesNamed",
    "InterestedPartiesTold",
    "MaterialFoundDefective",
    "MaterialReceived",
    "MaterialReplaced",
    "MaterialTakenOver",
    "MaterialWaived",
    "MaterialWithdrawn",
    "MaterialsChecked",
    "MaterialsSupplemented",
    "NoticePublished",
    "NoticeTakenDown",
    "ObjectionDecided",
    "ObjectionRaised",
    "OrderAnswered",
    "OrderGiven",
    "OriginalReturned",
    "OutcomeWithheld",
    "Parent",
    "QuotaConsumed",
    "QuotaExempted",
    "QuotaReleased",
    "QuotaReserved",
    "RecusalAsked",
    "RecusalDecided",
    "Recused",
    "RefusalAcknowledged",
    "RefusalReported",
    "RungFired",
    "RungTime",
    "StoredFile",
    "SupplementRequested",
    "TakenFrom",
    "WorkAssigned",
    "WorkClaimed",
    "WorkDelegated",
    "WorkReleased",
]

MOVES = (ActionTaken, ActTakenBack)
"""The events by which an act of somebody, or the system, moves a case from one state to another."""

EVENT_TYPES: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        FilingSubmitted, ActionTaken, MaterialsChecked, SupplementRequested, MaterialsSupplemented, FilingAccepted,
        DecisionMade, DocumentIssued, DocumentsDelivered, NoticePublished, NoticeTakenDown, ObjectionRaised,
        ObjectionDecided, ArrivalReported, ChildrenOpened, ChildEnded,
        CaseConcluded, CaseArchived, ClockStarted, CountingStopped, CountingResumed,
        ExtensionGranted, ExtensionRemoved, DueDateReprojected, ClockEnded, RungFired, OutcomeWithheld,
        FindingRaised, FindingCancelled, CaseMigrated, ClockMigrated,
        WorkClaimed, WorkReleased, WorkAssigned, WorkDelegated, DelegationReturned,
        Recused, RecusalAsked, RecusalDecided, ActTakenBack, CaseUrged, OrderGiven, OrderAnswered,
        QuotaReserved, QuotaConsumed, QuotaReleased, QuotaExempted,
        InterestedPartiesNamed, InterestedPartiesTold, InterestedPartiesHeard, HearingRightTold, HearingWaived,
        HearingCalled, HearingScheduled, HearingChairReplaced, HearingHeld, HearingCalledOff,
        RefusalReported, RefusalAcknowledged,
        MaterialReceived, MaterialReplaced, MaterialTakenOver, MaterialFoundDefective, MaterialWaived,
        MaterialWithdrawn, OriginalReturned,
    )
}  # fmt: skip
"""Every event type by the name it is stored under; a name is never reused for another meaning."""
