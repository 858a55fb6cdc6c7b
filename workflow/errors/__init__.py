"""One tree of errors: each has a code, an HTTP status, and its docstring is its message.

A message is a format string over the keyword fields given when the error is raised; the same code names the text in
the catalogues (`definitions/texts/*/errors.yaml`), so a door shows it in the reader's language and a machine reads
`code` and `fields`. An error means: nothing was written.
"""

from __future__ import annotations

from workflow.errors.asking import (
    BadDate,
    BadDefinition,
    BadFields,
    BadInput,
    BadLog,
    BadMap,
    BadPeriod,
    BadSetting,
    InstantNeeded,
    OutOfCalendar,
    UnknownZone,
)
from workflow.errors.base import BanjieError
from workflow.errors.conflicts import (
    ActionNotAvailable,
    CaseExists,
    CaseHasMoved,
    ClockIsReal,
    ClockRefused,
    ConditionRefused,
    Conflict,
    DefinitionInUse,
    GuardRefused,
    KeyUsedForAnother,
    MigrationRefused,
    NoAutomaticStep,
    NoticeDiffers,
    NoticeKnown,
    ReplayRefused,
    VersionInUse,
)
from workflow.errors.machinery import (
    BrokerUnavailable,
    DatabaseUnavailable,
    SchemaOutOfDate,
    StackFailed,
    Unavailable,
)
from workflow.errors.missing import (
    NoRuleInForce,
    NotFound,
    NoVersionInForce,
    UnknownCalendar,
    UnknownCase,
    UnknownMatter,
    UnknownNotice,
    UnknownPerson,
    UnknownRule,
)
from workflow.errors.record import RecordBroken
from workflow.errors.rights import NotAuthorised, NotCalendarKeeper, SameKeeper, SamePerson

__all__ = [
    "ActionNotAvailable",
    "BadDate",
    "BadDefinition",
    "BadFields",
    "BadInput",
    "BadLog",
    "BadMap",
    "BadPeriod",
    "BadSetting",
    "BanjieError",
    "BrokerUnavailable",
    "CaseExists",
    "CaseHasMoved",
    "ClockIsReal",
    "ClockRefused",
    "ConditionRefused",
    "Conflict",
    "DatabaseUnavailable",
    "DefinitionInUse",
    "GuardRefused",
    "InstantNeeded",
    "KeyUsedForAnother",
    "MigrationRefused",
    "NoAutomaticStep",
    "NoRuleInForce",
    "NoVersionInForce",
    "NotAuthorised",
    "NotCalendarKeeper",
    "NotFound",
    "NoticeDiffers",
    "NoticeKnown",
    "OutOfCalendar",
    "RecordBroken",
    "ReplayRefused",
    "SameKeeper",
    "SamePerson",
    "SchemaOutOfDate",
    "StackFailed",
    "Unavailable",
    "UnknownCalendar",
    "UnknownCase",
    "UnknownMatter",
    "UnknownNotice",
    "UnknownPerson",
    "UnknownRule",
    "UnknownZone",
    "VersionInUse",
]
