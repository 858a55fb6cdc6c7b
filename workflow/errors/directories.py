"""What is refused about the directory and by its administrators."""

from __future__ import annotations

from workflow.errors.asking import BadInput
from workflow.errors.conflicts import Conflict
from workflow.errors.missing import NotFound
from workflow.errors.rights import NotAuthorised


class NotSystemAdministrator(NotAuthorised):
    """{actor} is not the system administrator (系统管理员) today; this is for {holders}."""

    code = "not_system_administrator"


class NotSecurityAdministrator(NotAuthorised):
    """{actor} is not the security administrator (安全保密管理员) today; this is for {holders}."""

    code = "not_security_administrator"


class NotAuditAdministrator(NotAuthorised):
    """{actor} is not the audit administrator (安全审计员) today; this is for {holders}."""

    code = "not_audit_administrator"


class SameAdministrator(NotAuthorised):
    """{actor} proposed directory {number}; it must be confirmed by another person."""

    code = "same_administrator"


class MayNotRecordAbsence(NotAuthorised):
    """{actor} may not record or cancel an absence of {person}: {person}, the head of an organ of theirs or the system
    administrator may.
    """

    code = "may_not_record_absence"


class UnknownDirectory(NotFound):
    """No directory {number} has been proposed; `banjie directory history` shows those there are."""

    code = "unknown_directory"


class UnknownAbsence(NotFound):
    """There is no absence {number}; `banjie directory absence list` shows those there are."""

    code = "unknown_absence"


class DirectoryMoved(Conflict):
    """This was made from directory {base}, and directory {number} is in force meanwhile: export it, bring your changes into
    it, and import that.
    """

    code = "directory_moved"


class NothingProposed(Conflict):
    """Of the directories that wait to be confirmed there are {count}, not one; say its number."""

    code = "nothing_proposed"


class DirectoryUnchanged(Conflict):
    """The directory in force says exactly this already; nothing was proposed."""

    code = "directory_unchanged"


class BadDirectory(BadInput):
    """The directory has {count} faults, beginning with: {first}."""

    code = "bad_directory"


class AdministratorsMissing(BadInput):
    """The first directory of an installation must name all three administrators (三员), each another person; it names
    nobody for {missing}.
    """

    code = "administrators_missing"


class AbsenceOver(BadInput):
    """The absence ends on {until}, before today ({today}); only one that is not over can be recorded."""

    code = "absence_over"
