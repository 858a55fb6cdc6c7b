"""Work follows absences: to the deputy when somebody is away, back when he is there again, and never twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from workflow.domain.directory import Absence
from workflow.domain.events import WorkAssigned
from workflow.engine.absences import follow_absences, next_change, note_days
from workflow.storage.directory_register import Origin
from workflow.testing.sample import at

KEEPER = Origin(by="hana", rule="test")


def away(office, person, since, until):
    kept = office.store.directory.record(
        Absence(person=person, since=date.fromisoformat(since), until=date.fromisoformat(until)), KEEPER
    )
    return kept.number


def assigned(office, receipt):
    return [
        (event.person, event.how, event.previous)
        for event in office.events(receipt)
        if isinstance(event, WorkAssigned)
    ]


def holder(office, receipt):
    held = office.case(receipt).desk.assignment
    return held.person if held is not None else None


@pytest.fixture
def claimed(office):
    """A case under review that Anna has."""
    receipt = office.file()
    office.act(receipt, "clerk", "accept")
    office.act(receipt, "anna", "claim")
    return receipt


def test_what_somebody_has_who_is_away_from_today_goes_to_the_next_in_line(office, claimed):
    away(office, "anna", "2026-09-07", "2026-09-09")
    away(office, "bo", "2026-09-07", "2026-09-09")
    away(office, "chen", "2026-09-07", "2026-09-09")
    assert office.store.desks.wait()
    assert not office.store.quiet()

    follow_absences(office.banjie)

    assert holder(office, claimed) == "dora"
    assert assigned(office, claimed) == [("dora", "deputy", "anna")]
    envelope, _ = office.store.history(claimed.case_id)[-1]
    assert (envelope.actor, envelope.rule) == ("system", "authority.system")
    assert office.store.quiet()


def test_a_stepped_clock_stops_at_both_ends_of_an_absence(office, claimed):
    away(office, "anna", "2026-09-09", "2026-09-10")
    office.settle()
    assert holder(office, claimed) == "anna"

    office.until(at("2026-09-09", "00:00"))
    office.settle()
    assert holder(office, claimed) == "bo"

    office.until(at("2026-09-12"))
    assert holder(office, claimed) == "anna"
    assert assigned(office, claimed) == [("bo", "deputy", "anna"), ("anna", "returned", "bo")]


def test_what_the_deputy_has_acted_on_stays_with_him(office, claimed):
    away(office, "anna", "2026-09-07", "2026-09-08")
    office.settle()
    office.act(claimed, "bo", "consult", ground="testing")

    office.until(at("2026-09-10"))

    assert holder(office, claimed) == "bo"


def test_an_absence_that_is_cancelled_brings_the_work_back(office, claimed):
    number = away(office, "anna", "2026-09-07", "2026-09-18")
    office.settle()
    assert holder(office, claimed) == "bo"

    office.store.directory.cancel(number, KEEPER)
    office.settle()

    assert holder(office, claimed) == "anna"


def test_sweeping_twice_or_at_once_moves_everything_once(office, claimed):
    away(office, "anna", "2026-09-07", "2026-09-09")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: follow_absences(office.banjie), range(4)))
    follow_absences(office.banjie)

    assert assigned(office, claimed) == [("bo", "deputy", "anna")]


def test_without_anybody_left_the_head_has_it(office, claimed):
    for person in ("anna", "bo", "chen", "dora"):
        away(office, person, "2026-09-07", "2026-09-09")

    office.settle()

    assert assigned(office, claimed) == [("hana", "head", "anna")]


def test_nobodys_work_waits_for_nobody(office):
    office.file()
    away(office, "anna", "2026-09-07", "2026-09-09")

    assert office.store.quiet()
    assert not office.store.desks.wait()


def test_a_worker_that_begins_looks_once(office, claimed):
    note_days(office.banjie)
    assert office.store.desks.wait()

    follow_absences(office.banjie)

    assert office.store.quiet()
    assert holder(office, claimed) == "anna"


def test_the_next_day_on_which_anything_changes(office):
    away(office, "anna", "2026-09-09", "2026-09-10")
    directory = office.banjie.directory()

    assert next_change(directory, date(2026, 9, 8)) == at("2026-09-09", "00:00")
    assert next_change(directory, date(2026, 9, 9)) == at("2026-09-11", "00:00")
    assert next_change(directory, date(2026, 9, 11)) is None
