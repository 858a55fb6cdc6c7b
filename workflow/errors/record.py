"""The record is not what it was (500)."""

from __future__ import annotations

from workflow.errors.base import BanjieError


class RecordBroken(BanjieError):
    """The record of case {case} is broken at event {seq}: {reason}."""

    code = "record_broken"
