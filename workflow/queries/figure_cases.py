"""The cases behind a figure: whatever a report says, this names the cases it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, and_, exists, select, true

from workflow.domain.figures.facts import Ending
from workflow.queries.timeliness import Wanted, of_facts
from workflow.storage.report_tables import case_exclusions, case_facts

if TYPE_CHECKING:
    from workflow.storage.store import Store

_C = case_facts.c

FIGURES: Final[dict[str, ColumnElement[bool]]] = {
    "concluded": true(),
    "completed": _C.ending == Ending.COMPLETED.value,
    "not_accepted": _C.ending == Ending.NOT_ACCEPTED.value,
    "withdrawn": _C.ending == Ending.WITHDRAWN.value,
    "timed": _C.timed,
    "on_time": and_(_C.timed, ~_C.late),
    "late": _C.late,
    "early": _C.early,
    "over_promise": ~_C.promise_kept,
    "over_statute": ~_C.statute_kept,
    "extended": _C.extensions > 0,
    "excluded": exists().where(case_exclusions.c.case_id == _C.case_id),
    "provisional": _C.provisional,
    "deemed": _C.deemed,
}
"""The figures of a line by name, as conditions on the rows that concluded cases left behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCase:
    """A concluded case as a report lists it; days are working days."""

    no: str
    matter: str
    organ: str
    ending: str
    outcome: str
    received_on: date
    accepted_on: date | None
    concluded_on: date
    due_on: date | None
    used: int | None
    allowed: int | None
    late: bool
    early: bool
    overrun: int
    extensions: int
    provisional: bool


_LISTED = tuple(FigureCase.__dataclass_fields__)


def cases_behind(store: Store, wanted: Wanted, figure: str = "concluded") -> Iterator[FigureCase]:
    """The cases of one figure of the report on `wanted`, in the order of their conclusion. Raises KeyError."""
    query = (
        select(*(_C[name] for name in _LISTED))
        .where(*of_facts(wanted), FIGURES[figure])
        .order_by(_C.concluded_on, _C.no)
    )
    with store.read() as connection:
        for row in connection.execute(query).mappings():
            yield FigureCase(**row)
