"""A release that brings a notice moves what is open, as one that is published here does; the first worker sees to it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete

from tests.integration.engine.keeping import FIRST, NUMBER, Keepers, engine
from workflow.catalog.calendars import load_calendar
from workflow.engine.shipped_calendars import EVERYTHING, note_shipped
from workflow.storage import tables
from workflow.testing.sample import at

OLD = load_calendar("cn").as_of(date(2020, 1, 20))
NEW = load_calendar("cn").as_of(date(2020, 2, 1))


@pytest.fixture
def office(store_without_clock):
    store_without_clock.create_clock("stepped", FIRST)
    office = Keepers(engine(store_without_clock, OLD))
    note_shipped(office.banjie)
    return office


def release(office, calendar):
    """The same installation under a program that brings another calendar."""
    return Keepers(engine(office.store, calendar))


def test_a_new_database_has_nothing_to_sweep(office):
    assert office.store.shipped_calendars("cn") == [OLD.version]
    assert (office.store.calendar_revision(), office.store.sweeps()) == (0, [])


def test_a_release_with_a_new_notice_moves_the_open_dates(office):
    filed = office.accept()
    assert office.due(filed) == date(2020, 2, 11)
    later = release(office, NEW)

    note_shipped(later.banjie)
    later.settle()

    assert [(move.due.on, move.reason) for move in later.moves(filed)] == [(date(2020, 2, 13), NUMBER)]
    (sweep,) = office.store.sweeps()
    assert (sweep.notice, sweep.moved, sweep.done_at is None) == (NEW.version, 1, False)
    assert office.store.calendar_revision() == 1


def test_it_is_noted_once_however_many_workers_start_and_whichever_release_comes_back(office):
    later = release(office, NEW)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: note_shipped(later.banjie), range(4)))
    note_shipped(office.banjie)
    note_shipped(later.banjie)
    assert office.store.calendar_revision() == 1
    assert set(office.store.shipped_calendars("cn")) == {OLD.version, NEW.version}


def test_where_it_cannot_be_said_what_changed_every_open_clock_is_looked_at(office):
    filed = office.accept()
    renamed = replace(OLD, regulations=tuple(replace(text, title="别名") for text in OLD.regulations))
    assert renamed.version != OLD.version
    later = release(office, renamed)
    note_shipped(later.banjie)
    later.settle()
    (sweep,) = office.store.sweeps()
    assert (sweep.reach_from, sweep.looked, sweep.moved) == (EVERYTHING, 1, 0)
    assert later.moves(filed) == []


def test_a_database_from_before_this_was_noted_is_judged_by_its_clocks(office):
    filed = office.accept()
    with office.store.engine.begin() as connection:
        connection.execute(delete(tables.shipped_calendars))
    note_shipped(office.banjie)
    assert office.store.sweeps() == [], "every clock rests on this very calendar"
    with office.store.engine.begin() as connection:
        connection.execute(delete(tables.shipped_calendars))
    later = release(office, NEW)
    note_shipped(later.banjie)
    later.settle()
    assert office.due(filed) == date(2020, 2, 13)


def test_a_notice_published_here_before_it_was_shipped_moves_nothing_again(office):
    filed = office.accept()
    office.until(at("2020-01-27", "18:00"))
    office.publish(load_calendar("cn").notice("cn-2020-spring-festival"))
    assert len(office.moves(filed)) == 1
    later = release(office, NEW)
    note_shipped(later.banjie)
    later.settle()
    assert len(office.moves(filed)) == 1
    assert later.banjie.calendars()["cn"].version == NEW.version
