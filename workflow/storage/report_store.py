"""The figures' part of the store: what concluded cases left behind, as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING

from workflow.storage import report_register as register

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from workflow.domain.figures.facts import CaseFacts

Opening = Callable[[], "AbstractContextManager[Connection]"]


class ReportStore:
    """See `workflow.storage.report_register`, where each of these is written out."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def refill(self, case_ids: Sequence[str], found: Sequence[CaseFacts]) -> None:
        """Replace all that the tables hold of these cases by what was found, in one transaction."""
        with self._writing() as connection:
            register.refill(connection, case_ids, found)

    def candidates(self, first: date, last: date) -> list[str]:
        """Ids of the cases that may have been concluded in those days."""
        with self._reading() as connection:
            return register.candidates(connection, first, last)

    def kept(self, case_ids: Sequence[str], first: date, last: date) -> register.Kept:
        """What the tables have of those of these cases that were concluded in those days."""
        with self._reading() as connection:
            return register.kept(connection, case_ids, first, last)
