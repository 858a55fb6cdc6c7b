"""January 2020 in an office on the sample licence: the calendar as it was known then, and the people who keep it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from tests.integration.engine.conftest import Office
from workflow.catalog.calendars import load_calendar
from workflow.catalog.canonical import sealed
from workflow.catalog.loader import Catalog, Matter
from workflow.domain.calendar import Notice, NoticeDay
from workflow.domain.events import DueDateReprojected
from workflow.engine.absences import follow_absences
from workflow.engine.advance import advance
from workflow.engine.banjie import Banjie
from workflow.engine.calendar_notices import propose, publish
from workflow.engine.sweep import sweep
from workflow.storage import tables
from workflow.testing import sample
from workflow.testing.sample import at

FIRST = at("2020-01-09")
EXTENSION = load_calendar("cn").notice("cn-2020-spring-festival")
"""The notice that extended the Spring Festival of 2020: 31 January and 1 February off, where work had been arranged."""

NUMBER = "国办发明电〔2020〕1号"


def paper(name, *days, issued="2020-01-08", confirms=None):
    """A notice that makes these days rest (True) or work (False)."""
    return Notice(
        id=name,
        number=name,
        issued_on=date.fromisoformat(issued),
        source="test",
        title=name,
        days=tuple(NoticeDay(date=date.fromisoformat(day), off=off, name="调整") for day, off in days),
        confirms=confirms,
    )


def engine(store, calendar=None):
    """An engine as a process of its own would have it, on this database and the calendar of 20 January 2020."""
    definition, content = sealed(sample.definition())
    matter = Matter(
        definition=definition, canonical=content, texts={"zh-CN": {}, "en": {}}, tree={}, path=Path("-")
    )
    facts = sample.facts()
    known = calendar or load_calendar("cn").as_of(date(2020, 1, 20))
    catalog = Catalog(
        matters={definition.code: matter},
        directory=facts.directory,
        law=facts.law,
        calendars={"cn": known},
    )
    return Banjie(store=store, catalog=catalog)


class Keepers(Office):
    """An office where notices on holidays come in."""

    def accept(self, key="filing-1"):
        """A case that is accepted on the present day, to be decided in twenty working days."""
        filed = self.file(key)
        self.act(filed, "clerk", "accept", key=f"{key}-accept")
        return filed

    def publish(self, notice, *, settle=True):
        propose(self.banjie, "cn", notice, by="fay")
        kept = publish(self.banjie, "cn", notice.id, by="gus")
        if settle:
            self.settle()
        return kept

    def settle(self):
        while not self.store.quiet():
            for case_id in self.store.overlooked(0, 100):
                advance(self.banjie, case_id, done_by="task")
            sweep(self.banjie)
            follow_absences(self.banjie)

    def due(self, receipt, clock="decision"):
        found = self.case(receipt).clock(clock).due
        return found.on if found is not None else None

    def moves(self, receipt):
        return [event for event in self.events(receipt) if isinstance(event, DueDateReprojected)]

    def cards(self, receipt):
        with self.store.read() as connection:
            found = connection.execute(
                select(tables.findings)
                .where(tables.findings.c.case_id == receipt.case_id)
                .order_by(tables.findings.c.finding)
            )
            return [(card.colour, card.rule, card.cancelled_because) for card in found]


def rows(store, *chosen):
    """How many rows these tables (all, if none is named) have."""
    with store.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in chosen or tables.metadata.sorted_tables
        }
