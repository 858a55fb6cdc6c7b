"""A notice on holidays in a running installation, on both databases: two persons, and the story of January 2020."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update

from tests.integration.engine.keeping import EXTENSION, FIRST, NUMBER, Keepers, engine, paper, rows
from workflow.engine.calendar_notices import impact, propose, publish
from workflow.engine.sweep import sweep
from workflow.errors import (
    BadInput,
    NotCalendarKeeper,
    NoticeDiffers,
    NoticeKnown,
    SameKeeper,
    UnknownCalendar,
    UnknownNotice,
    UnknownPerson,
)
from workflow.queries.clocks import clocks
from workflow.storage import tables
from workflow.storage.faults import RefusedByTables, faults_told
from workflow.storage.store import open_store
from workflow.testing import sample
from workflow.testing.sample import at


@pytest.fixture
def office(store_without_clock):
    store_without_clock.create_clock("stepped", FIRST)
    return Keepers(engine(store_without_clock))


# --- the story of 2020 ----------------------------------------------------------------------------------------------


def test_the_extended_festival_moves_what_was_accepted_before_it(office):
    office.until(at("2020-01-10"))
    filed = office.accept()
    assert office.due(filed) == date(2020, 2, 12)

    office.until(at("2020-01-27", "18:00"))
    kept = office.publish(EXTENSION)

    assert (kept.revision, kept.published_by, kept.published_at) == (1, "gus", at("2020-01-27", "18:00"))
    (move,) = office.moves(filed)
    assert (move.old.on, move.due.on, move.reason) == (date(2020, 2, 12), date(2020, 2, 14), NUMBER)
    assert office.due(filed) == date(2020, 2, 14)
    (done,) = office.store.sweeps()
    assert (done.looked, done.moved, done.cured, done.warned, done.failed) == (1, 1, 0, 0, 0)
    assert done.done_at is not None
    office.until(at("2020-02-14", "23:00"))
    assert [colour for colour, *_ in office.cards(filed)] == ["reminder"], "a day before the corrected date"


def test_a_red_card_raised_in_between_is_cancelled_and_comes_again_at_the_corrected_date(office):
    office.until(at("2020-01-10"))
    filed = office.accept()
    office.until(at("2020-02-13", "09:00"))
    assert [colour for colour, *_ in office.cards(filed)] == ["reminder", "red"]

    office.publish(EXTENSION)

    reminder, red = office.cards(filed)
    assert (reminder[2], red[2]) == (None, NUMBER), "the reminder's day has come under either date"
    office.until(at("2020-02-14", "23:59"))
    assert len(office.cards(filed)) == 2
    office.until(at("2020-02-15", "00:00"))
    assert [(colour, because) for colour, _, because in office.cards(filed)] == [
        ("reminder", None),
        ("red", NUMBER),
        ("red", None),
    ]
    assert office.store.sweeps()[0].cured == 1


def test_what_is_closed_does_not_move(office):
    office.until(at("2020-01-22"))
    filed = office.accept()
    ended = office.file("ended")
    office.act(ended, "ella", "withdraw")
    accepted = office.case(filed).clock("acceptance")
    assert not accepted.open

    office.until(at("2020-01-27", "18:00"))
    office.publish(EXTENSION)

    assert office.case(filed).clock("acceptance") == accepted
    assert office.moves(ended) == []
    assert [move.clock for move in office.moves(filed)] == ["decision"]


def test_the_explanation_of_what_is_closed_stays_what_it_was(office):
    """It would count other days by the new notice, and be about another date than the one that was kept."""
    office.until(at("2020-01-22"))
    filed = office.accept()
    office.until(at("2020-02-10"))
    office.act(filed, "ella", "withdraw")
    office.publish(EXTENSION)

    definition, now = sample.definition(), office.store.clock().now
    views = clocks(definition, office.case(filed), office.banjie.facts(definition), now)

    assert {view.standing for view in views} == {"ended"}
    assert [view.explanation.due.on for view in views] == [view.due_on for view in views]


def test_a_date_that_comes_earlier_warns_the_holder_of_the_case(office):
    filed = office.accept()
    assert office.due(filed) == date(2020, 2, 11)
    office.publish(paper("冬训", ("2020-01-18", False)))
    assert office.due(filed) == date(2020, 2, 10)
    assert office.cards(filed) == [("reminder", "calendar.moved_earlier", None)]
    assert office.store.sweeps()[0].warned == 1


def test_a_confirmed_year_releases_the_outcome_that_waited_for_it(office):
    office.until(at("2020-12-30"))
    filed = office.file("late")
    assert office.case(filed).clock("acceptance").due.provisional
    office.until(at("2021-01-08"))
    assert not office.case(filed).deemed, "nothing irreversible on a provisional date"

    office.publish(paper("2021年", ("2021-01-01", True), issued="2021-01-07", confirms=2021))

    assert office.case(filed).deemed
    assert office.case(filed).accepted_at == office.case(filed).received_at


def test_a_second_notice_goes_on_from_the_first(office):
    filed = office.accept()
    office.publish(paper("一", ("2020-01-15", True)))
    office.publish(paper("二", ("2020-01-16", True)))
    assert [move.reason for move in office.moves(filed)] == ["一", "二"]
    assert [(one.revision, one.moved) for one in office.store.sweeps()] == [(1, 1), (2, 1)]
    last = office.store.history(filed.case_id)[-1][0]
    assert last.facts["calendar"] == office.banjie.calendars()["cn"].version


def test_a_notice_that_reaches_no_open_period_reads_no_case(office):
    filed = office.accept()
    before = rows(office.store, tables.events)
    office.publish(paper("腊月", ("2020-06-01", True)))
    (done,) = office.store.sweeps()
    assert (done.looked, done.moved) == (1, 0)
    assert rows(office.store, tables.events) == before
    assert office.due(filed) == date(2020, 2, 11)


def test_time_that_is_out_goes_on_by_the_new_calendar(office):
    filed = office.accept()
    office.act(filed, "anna", "consult", ground="testing")
    assert office.due(filed) is None
    office.publish(paper("停", ("2020-01-13", True)))
    office.until(at("2020-01-14"))
    office.act(filed, "anna", "hear_back", ground="testing")
    assert office.due(filed) == date(2020, 2, 13)


# --- before it is published -----------------------------------------------------------------------------------------


def test_a_proposed_notice_counts_for_nothing(office):
    propose(office.banjie, "cn", EXTENSION_KNOWN, by="fay")
    filed = office.accept()
    assert office.due(filed) == date(2020, 2, 11)
    assert office.store.quiet()
    assert office.store.calendar_revision() == 0


EXTENSION_KNOWN = paper("早知道", ("2020-01-31", True))


def test_what_a_notice_would_move_is_what_it_moves(office):
    """The preview is reckoned by the function that moves, and writes nothing."""
    earlier, later = office.accept("one"), office.accept("two")
    office.until(at("2020-02-12", "09:00"))
    notice = paper("补", ("2020-02-10", True), ("2020-02-11", True))
    before = rows(office.store)

    found = impact(office.banjie, "cn", notice)

    assert rows(office.store) == before
    assert [change.after.date for change in found.changes] == [date(2020, 2, 10), date(2020, 2, 11)]
    assert found.groups() == {("sample-licence", "decision", "later"): 2}
    assert (found.looked, found.cured, found.warned, found.failed) == (6, 2, 0, {}), (
        "those of the two red cards too"
    )
    office.publish(notice)
    told = {move.case_id: (move.old, move.new) for move in found.moves}
    done = {filed.case_id: office.moves(filed)[-1] for filed in (earlier, later)}
    assert told == {case_id: (move.old, move.due) for case_id, move in done.items()}
    (swept,) = office.store.sweeps()
    assert (swept.looked, swept.moved, swept.cured) == (found.looked, len(found.moves), found.cured)
    assert impact(office.banjie, "cn", notice).moves == ()


def test_a_case_that_cannot_be_reckoned_hides_no_other_from_the_preview(office):
    filed, broken = office.accept("one"), office.accept("broken")
    office.banjie.catalog = replace(office.banjie.catalog, law=replace(sample.facts().law, rules={}))
    found = impact(office.banjie, "cn", paper("补", ("2020-01-20", True)))
    assert set(found.failed) == {filed.no, broken.no}


# --- two persons ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "error"), [("clerk", NotCalendarKeeper), ("nobody", UnknownPerson), ("fay", SameKeeper)]
)
def test_only_another_keeper_publishes(office, by, error):
    propose(office.banjie, "cn", paper("一", ("2020-01-15", True)), by="fay")
    with pytest.raises(error):
        publish(office.banjie, "cn", "一", by=by)
    assert office.store.calendar_revision() == 0


@pytest.mark.parametrize(
    ("notice", "by", "calendar", "error"),
    [
        (paper("一", ("2020-01-15", True)), "clerk", "cn", NotCalendarKeeper),
        (paper("一", ("2020-01-15", True)), "nobody", "cn", UnknownPerson),
        (paper("一", ("2020-01-15", True)), "fay", "xx", UnknownCalendar),
        (paper("一"), "fay", "cn", BadInput),
        (paper("一", ("2020-01-15", True), issued="2020-01-10"), "fay", "cn", BadInput),
        (paper("cn-2020", ("2020-01-15", True)), "fay", "cn", NoticeKnown),
    ],
)
def test_what_cannot_be_proposed_leaves_no_trace(office, notice, by, calendar, error):
    with pytest.raises(error):
        propose(office.banjie, calendar, notice, by=by)
    assert office.store.kept_notices() == []


def test_proposing_again_changes_nothing_and_another_text_is_refused(office):
    notice = paper("一", ("2020-01-15", True))
    first = propose(office.banjie, "cn", notice, by="fay")
    office.until(FIRST + timedelta(hours=1))
    assert propose(office.banjie, "cn", notice, by="gus") == first
    with pytest.raises(NoticeDiffers):
        propose(office.banjie, "cn", paper("一", ("2020-01-16", True)), by="fay")
    assert office.store.kept_notices() == [first]


def test_publishing_again_changes_nothing(office):
    first = office.publish(paper("一", ("2020-01-15", True)))
    filed = office.accept()
    office.until(FIRST + timedelta(hours=1))
    assert publish(office.banjie, "cn", "一", by="gus") == first
    assert office.store.calendar_revision() == 1
    assert len(office.store.sweeps()) == 1
    assert sweep(office.banjie).cases == 0
    assert office.moves(filed) == []
    with pytest.raises(SameKeeper):
        publish(office.banjie, "cn", "一", by="fay")


def test_a_notice_nobody_proposed_cannot_be_published(office):
    with pytest.raises(UnknownNotice):
        publish(office.banjie, "cn", "cn-2099", by="gus")


@pytest.mark.parametrize(
    "change",
    [
        update(tables.calendar_notices).values(body=b"{}"),
        update(tables.calendar_notices).values(proposed_by="gus"),
        update(tables.calendar_notices).values(published_by="fay", published_at=FIRST, revision=1),
        update(tables.calendar_notices).values(published_by="gus"),
        delete(tables.calendar_notices),
    ],
)
def test_the_tables_themselves_refuse_what_must_not_be(office, change):
    """Whoever has the database in hand cannot publish a notice of his own, nor change or remove one."""
    propose(office.banjie, "cn", paper("一", ("2020-01-15", True)), by="fay")
    with (
        pytest.raises(RefusedByTables),
        faults_told(office.store.engine),
        office.store.engine.begin() as connection,
    ):
        connection.execute(change)


def test_a_published_notice_is_never_changed(office):
    office.publish(paper("一", ("2020-01-15", True)))
    with (
        pytest.raises(RefusedByTables, match="never changed"),
        faults_told(office.store.engine),
        office.store.engine.begin() as connection,
    ):
        connection.execute(update(tables.calendar_notices).values(published_by="anna"))


# --- every process --------------------------------------------------------------------------------------------------


def test_another_process_uses_the_new_calendar_from_its_next_command_on(office, database_url):
    elsewhere = open_store(database_url)
    other = Keepers(engine(elsewhere))
    filed, moved = other.accept("there"), other.accept("here")
    office.publish(paper("一", ("2020-01-15", True)), settle=False)

    other.act(filed, "anna", "review", inspectors=["anna", "bo"])

    assert [move.reason for move in other.moves(filed)] == ["一"], "looked at before its act"
    assert other.accept("new").no
    other.settle()
    assert [move.reason for move in office.moves(moved)] == ["一"]
    assert office.moves(filed) == other.moves(filed)
    elsewhere.close()
