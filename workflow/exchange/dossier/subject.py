"""The case that a dossier is about, with all that it is told by, as it was known at the case's last event."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from workflow.queries.cases import case_by_no
from workflow.queries.wording import Wording
from workflow.storage import tables as t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.catalog.pinned import Pinned
    from workflow.domain.case import Case
    from workflow.domain.envelope import Envelope
    from workflow.domain.events import Event
    from workflow.domain.scene import Facts
    from workflow.engine.banjie import Banjie

_PERSONAL = (
    select(t.personal_values)
    .where(t.personal_values.c.case_id == bindparam("case_id"))
    .order_by(t.personal_values.c.subject, t.personal_values.c.field, t.personal_values.c.seq)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A case with its record; `catalog` and `facts` are those of its last event, so that they do not change after it."""

    banjie: Banjie
    case: Case
    matter: Pinned
    history: list[tuple[Envelope, Event]]
    catalog: Catalog
    facts: Facts

    @property
    def last(self) -> Envelope:
        """The last event."""
        return self.history[-1][0]

    @property
    def words(self) -> Wording:
        """The words for the case."""
        return Wording(matter=self.matter, catalog=self.catalog)

    def personal(self) -> list[dict[str, Any]]:
        """The rows of its personal values, as far as they have not been erased."""
        with self.banjie.store.read() as connection:
            found = connection.execute(_PERSONAL, {"case_id": self.case.id}).mappings()
            return [dict(row) for row in found]


def subject(banjie: Banjie, no: str) -> Subject:
    """The case with that number. Raises UnknownCase, RecordBroken."""
    case, matter = case_by_no(banjie.store, no)
    history = banjie.store.history(case.id)
    # A case that moved in between is told as its events have it.
    history = [pair for pair in history if pair[0].seq <= case.seq]
    used = history[-1][0].facts
    catalog = banjie.present_catalog()
    facts = banjie.facts(matter.definition)
    if (known := _revision(used.get("directory", ""))) is not None:
        directory = banjie.directory(known)
        catalog, facts = replace(catalog, directory=directory), replace(facts, directory=directory)
    if (version := used.get("calendar")) is not None:
        calendar = facts.calendar.known_as(version)
        facts = replace(facts, calendar=calendar)
        catalog = replace(catalog, calendars={**catalog.calendars, matter.definition.calendar: calendar})
    return Subject(banjie=banjie, case=case, matter=matter, history=history, catalog=catalog, facts=facts)


def _revision(version: str) -> int | None:
    """The revision that a directory's version names: none in it is the one that came with the program."""
    _, plus, revision = version.rpartition("+")
    return int(revision) if plus and revision.isdigit() else 0 if version else None
