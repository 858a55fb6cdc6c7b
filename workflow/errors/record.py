"""The record is not what it was (500)."""

from __future__ import annotations

from workflow.errors.base import BanjieError


class RecordBroken(BanjieError):
    """The record of case {case} is broken at event {seq}: {reason}."""

    code = "record_broken"


class NothingToResume(BanjieError):
    """No verification of this database was stopped on its way ({path}); begin one without --resume."""

    code = "nothing_to_resume"
    status = 404


class BadEvidence(BanjieError):
    """{path} cannot be used as evidence: {reason}."""

    code = "bad_evidence"
    status = 400
