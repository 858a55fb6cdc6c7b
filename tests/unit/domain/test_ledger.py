"""The ledger: which entries belong together, whatever their order, and what they take out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from workflow.catalog.calendars import load_calendar
from workflow.catalog.law import load_law
from workflow.domain.clock import Entry, EntryKind, project
from workflow.domain.ledger import read
from workflow.domain.period import WorkingDays

CN = load_calendar("cn")
DECISION = load_law().rule("cn.licensing.decision", date(2007, 3, 1))
REPLY = load_law().rule("cn.disclosure.reply", date(2020, 3, 2))
START, STOP, RESUME, EXTEND, REMOVE, END, RESTART = (
    EntryKind.START,
    EntryKind.STOP,
    EntryKind.RESUME,
    EntryKind.EXTEND,
    EntryKind.REMOVE_EXTENSION,
    EntryKind.END,
    EntryKind.RESTART,
)


def on(kind: EntryKind, day: str, at: int | None = None, **more) -> Entry:
    """An entry on a day, at an hour of it in UTC if that matters."""
    civil = date.fromisoformat(day)
    instant = None if at is None else datetime(civil.year, civil.month, civil.day, at, tzinfo=UTC)
    return Entry(kind=kind, on=civil, at=instant, **more)


def due(*entries: Entry, rule=DECISION) -> str | None:
    """The due date, the same for every order of entry."""
    answers = {project(order, rule, CN) for order in permutations(entries)} if len(entries) < 6 else set()
    answers.add(project(entries, rule, CN))
    (answer,) = answers
    return answer.due.on.isoformat() if answer.due else None


def test_nothing_has_begun_before_the_start():
    state = project([on(STOP, "2007-03-08", ground="hearing")], DECISION, CN)
    assert (state.due, state.running, state.generation) == (None, False, 0)
    assert project([], DECISION, CN).open_grounds == ()


def test_a_stop_takes_out_its_own_day_and_a_resumption_gives_its_day_back():
    stop, resume = (
        on(STOP, "2007-03-08", ground="expert_review"),
        on(RESUME, "2007-03-23", ground="expert_review"),
    )
    assert due(on(START, "2007-03-01")) == "2007-03-29"
    assert due(on(START, "2007-03-01"), stop, resume) == "2007-04-13"


def test_stopped_and_resumed_on_one_day_takes_nothing_out():
    same = [on(STOP, "2007-03-08", ground="hearing"), on(RESUME, "2007-03-08", ground="hearing")]
    assert due(on(START, "2007-03-01"), *same) == "2007-03-29"


def test_while_time_is_out_there_is_no_due_date():
    state = project([on(START, "2007-03-01"), on(STOP, "2007-03-08", ground="hearing")], DECISION, CN)
    assert state.due is None
    assert not state.running
    assert state.open_grounds == ("hearing",)


def test_a_stop_after_the_last_day_comes_too_late():
    assert due(on(START, "2007-03-01"), on(STOP, "2007-03-30", ground="hearing")) == "2007-03-29"
    assert due(on(START, "2007-03-01"), on(STOP, "2007-03-29", ground="hearing")) is None


def test_several_grounds_at_once_take_out_the_union_of_their_days():
    entries = [
        on(START, "2007-03-01"),
        on(STOP, "2007-03-08", ground="hearing"),
        on(RESUME, "2007-03-16", ground="hearing"),
        on(STOP, "2007-03-14", ground="expert_review"),
        on(RESUME, "2007-03-23", ground="expert_review"),
    ]
    assert due(*entries) == "2007-04-13"
    # The clock runs again only when the last ground is closed.
    state = project(entries[:4], DECISION, CN)
    assert state.open_grounds == ("expert_review",)


def test_the_same_ground_opened_twice_needs_two_resumptions():
    twice = [
        on(START, "2007-03-01"),
        on(STOP, "2007-03-08", ground="appraisal", ref="A"),
        on(STOP, "2007-03-12", ground="appraisal", ref="B"),
    ]
    assert due(*twice, on(RESUME, "2007-03-15", ref="A")) is None
    both = [on(RESUME, "2007-03-15", ref="A"), on(RESUME, "2007-03-23", ref="B")]
    assert due(*twice, *both) == "2007-04-13"
    unnamed = [on(RESUME, "2007-03-15", ground="appraisal"), on(RESUME, "2007-03-23", ground="appraisal")]
    assert due(*twice, *unnamed) == "2007-04-13"


def test_a_resumption_that_names_nothing_resumes_everything():
    stops = [on(STOP, "2007-03-08", ground="hearing"), on(STOP, "2007-03-12", ground="auction", ref="A")]
    assert due(on(START, "2007-03-01"), *stops, on(RESUME, "2007-03-23")) == "2007-04-13"


def test_a_resumption_without_its_stop_does_nothing():
    assert due(on(START, "2007-03-01"), on(RESUME, "2007-03-08", ground="hearing")) == "2007-03-29"
    late = on(STOP, "2007-03-12", ground="hearing")
    assert due(on(START, "2007-03-01"), on(RESUME, "2007-03-08", ground="hearing"), late) is None


def test_a_resumption_by_reference_is_not_spent_on_another_stop():
    entries = [
        on(START, "2007-03-01"),
        on(STOP, "2007-03-05", ground="hearing", ref="A"),
        on(STOP, "2007-03-06", ground="hearing", ref="B"),
        on(RESUME, "2007-03-09", ground="hearing", ref="B"),
    ]
    assert project(entries, DECISION, CN).open_grounds == ("hearing",)


def test_an_entry_made_late_counts_from_its_own_day():
    """A back-dated stop (补录): recorded after the resumption of a later one."""
    entries = [
        on(START, "2007-03-01"),
        on(STOP, "2007-03-19", ground="hearing"),
        on(RESUME, "2007-03-23", ground="hearing"),
    ]
    before = due(*entries)
    back = [on(STOP, "2007-03-08", ground="appraisal"), on(RESUME, "2007-03-19", ground="appraisal")]
    assert before == "2007-04-04"
    assert due(*entries, *back) == "2007-04-13"


def test_a_ground_with_its_own_limit_ends_by_itself_unless_it_was_ended_before():
    """A third party has 15 working days (政府信息公开条例 2019 art. 32); silence does not keep the clock stopped."""
    start, asked = on(START, "2020-03-02"), on(STOP, "2020-03-04", ground="third_party")
    state = project([start, asked], REPLY, CN)
    assert state.running
    assert state.stops[0].automatic
    assert state.stops[0].limit_on == date(2020, 3, 25)
    assert state.stops[0].alarm_on == date(2020, 3, 20)
    assert due(start, asked, rule=REPLY) == "2020-04-22"
    answered = on(RESUME, "2020-03-11", ground="third_party")
    assert due(start, asked, answered, rule=REPLY) == "2020-04-07"
    too_late = on(RESUME, "2020-04-02", ground="third_party")
    assert due(start, asked, too_late, rule=REPLY) == "2020-04-22"


def test_a_resumption_is_not_spent_on_a_ground_that_had_already_ended_by_itself():
    entries = [
        on(START, "2020-03-02"),
        on(STOP, "2020-03-04", ground="third_party"),  # ends by itself on 25 March
        on(STOP, "2020-03-27", ground="third_party"),
        on(RESUME, "2020-03-30", ground="third_party"),
    ]
    state = project(entries, REPLY, CN)
    assert [(stop.first.day, stop.last.day, stop.automatic) for stop in state.stops if stop.last] == [
        (4, 25, True),
        (27, 29, False),
    ]


def test_an_extension_lengthens_the_period_and_can_be_taken_back():
    extended = on(EXTEND, "2007-03-20", ref="E1", period=WorkingDays(10))
    assert due(on(START, "2007-03-01"), extended) == "2007-04-12"
    assert due(on(START, "2007-03-01"), extended, on(REMOVE, "2007-03-22", ref="E1")) == "2007-03-29"
    assert due(on(START, "2007-03-01"), extended, on(REMOVE, "2007-03-22")) == "2007-03-29"
    assert due(on(START, "2007-03-01"), extended, on(REMOVE, "2007-03-22", ref="E2")) == "2007-04-12"
    assert due(on(START, "2007-03-01"), extended, on(REMOVE, "2007-03-19", ref="E1")) == "2007-04-12"


def test_an_end_is_kept_and_nothing_after_it_counts():
    entries = [
        on(START, "2007-03-01"),
        on(END, "2007-03-20"),
        on(STOP, "2007-03-22", ground="hearing"),
    ]
    state = project(entries, DECISION, CN)
    assert (state.ended_on, state.running, state.open_grounds) == (date(2007, 3, 20), False, ())
    assert state.due is not None
    assert state.due.on == date(2007, 3, 29)


def test_ended_while_time_is_out_is_never_late():
    entries = [
        on(START, "2007-03-01"),
        on(STOP, "2007-03-08", ground="hearing"),
        on(END, "2007-06-20"),
    ]
    state = project(entries, DECISION, CN)
    assert state.due is not None
    assert state.ended_on is not None
    assert state.due.on > state.ended_on


def test_a_restart_begins_a_clean_generation():
    first = [
        on(START, "2007-03-01"),
        on(STOP, "2007-03-08", ground="hearing"),
        on(EXTEND, "2007-03-07", period=WorkingDays(10)),
    ]
    state = project([*first, on(RESTART, "2007-04-02")], DECISION, CN)
    assert state.generation == 2
    assert state.open_grounds == ()
    assert state.due is not None
    assert state.due.on == date(2007, 4, 28)


def test_a_restart_after_an_end_opens_the_clock_again():
    entries = [on(START, "2007-03-01"), on(END, "2007-03-20"), on(RESTART, "2007-04-02")]
    state = project(entries, DECISION, CN)
    assert (state.generation, state.ended_on, state.running) == (2, None, True)


@pytest.mark.parametrize(("ends", "restarts", "ended"), [(1, 5, None), (5, 1, date(2007, 3, 20))])
def test_within_one_day_the_instants_decide(ends, restarts, ended):
    entries = [
        on(START, "2007-03-01", 1),
        on(END, "2007-03-20", ends),
        on(RESTART, "2007-03-20", restarts),
    ]
    for order in permutations(entries):
        assert project(order, DECISION, CN).ended_on == ended


def test_a_stop_and_a_resumption_on_one_day_pair_by_their_instants():
    entries = [
        on(START, "2007-03-01", 1),
        on(STOP, "2007-03-05", 1, ground="hearing"),
        on(RESUME, "2007-03-08", 2, ground="hearing"),
        on(STOP, "2007-03-08", 6, ground="hearing"),
    ]
    for order in permutations(entries):
        state = project(order, DECISION, CN)
        assert state.open_grounds == ("hearing",)
        assert [(stop.first, stop.last) for stop in state.stops] == [
            (date(2007, 3, 5), date(2007, 3, 7)),
            (date(2007, 3, 8), None),
        ]


def test_the_reading_says_what_it_understood():
    ledger = read([on(START, "2007-03-01"), on(STOP, "2007-03-08", ground="hearing")], DECISION, CN)
    assert ledger.generation == 1
    assert ledger.start == on(START, "2007-03-01")
    assert ledger.stops[0].is_open
    assert ledger.end is None
