"""The clock: start rules, extensions and their refusals, hours, and properties over whole ledgers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.catalog.calendars import load_calendar
from workflow.catalog.law import load_law
from workflow.domain.clock import (
    Entry,
    EntryKind,
    Projection,
    extension_refusal,
    ground_refusal,
    project,
    total_period,
)
from workflow.domain.law import EndOfDayRule, RollRule, Rule, StartKind, StartRule
from workflow.domain.period import Days, Hours, Months, WorkingDays, Years
from workflow.errors import BadInput, InstantNeeded

CN, NL = load_calendar("cn"), load_calendar("nl")
LAW = load_law()
DECISION = LAW.rule("cn.licensing.decision", date(2007, 3, 1))
HOURS = LAW.rule("cn.promise.hours", date(2026, 1, 1))
RECONSIDERATION = LAW.rule("cn.remedy.reconsideration", date(2007, 8, 3))


def started(day: str, at: time | None = None) -> Entry:
    civil = date.fromisoformat(day)
    instant = datetime.combine(civil, at, UTC) if at is not None else None
    return Entry(kind=EntryKind.START, on=civil, at=instant)


def due_on(entries: list[Entry], rule: Rule, calendar=CN) -> date:
    due = project(entries, rule, calendar).due
    assert due is not None
    return due.on


# --- start, roll and end are rules, not habits ---------------------------------------------------------------------


def test_the_start_rule_decides_which_day_is_zero():
    holiday = [started("2007-10-03")]
    assert due_on(holiday, DECISION) == date(2007, 11, 2)
    next_working = replace(DECISION, start=StartRule(kind=StartKind.NEXT_WORKING_DAY))
    assert due_on(holiday, next_working) == date(2007, 11, 5)
    same_day = replace(DECISION, start=StartRule(kind=StartKind.SAME_DAY))
    assert due_on([started("2007-03-01")], same_day) == date(2007, 3, 28)


def test_a_cut_off_moves_what_comes_late_to_the_next_day():
    rule = replace(DECISION, start=StartRule(kind=StartKind.NEXT_DAY, cutoff=time(17)))
    assert due_on([started("2007-03-01", time(8, 59))], rule) == date(2007, 3, 29)
    assert due_on([started("2007-03-01", time(9, 0))], rule) == date(2007, 3, 30)  # 17:00 in Shanghai
    assert due_on([started("2007-03-01")], rule) == date(2007, 3, 29)


def test_the_start_day_counted_ends_a_month_on_the_day_before():
    rule = replace(DECISION, period=Months(1), start=StartRule(kind=StartKind.SAME_DAY))
    assert due_on([started("2007-03-01")], rule) == date(2007, 3, 31)
    assert due_on([started("2007-01-15")], rule) == date(2007, 2, 14)


def test_the_window_closes_before_midnight_and_earlier_on_a_half_day():
    rule = replace(DECISION, end_of_day=EndOfDayRule.CLOSING_TIME)
    due = project([started("2007-03-01")], rule, CN, closing_time=time(17)).due
    assert due is not None
    assert due.at == datetime(2007, 3, 29, 9, tzinfo=UTC)


def test_the_remedies_of_2007_and_of_today():
    litigation = LAW.rule("cn.remedy.litigation", date(2007, 7, 2))
    assert due_on([started("2007-07-02")], litigation) == date(2007, 10, 8)
    assert due_on([started("2007-08-03")], RECONSIDERATION) == date(2007, 10, 8)
    assert due_on([started("2026-04-01")], LAW.rule("cn.remedy.litigation", date(2026, 4, 1))) == date(
        2026, 10, 8
    )


def test_a_notice_before_a_hearing_is_counted_back():
    rule = LAW.rule("cn.licensing.hearing_notice", date(2007, 10, 12))
    assert due_on([started("2007-10-12")], rule) == date(2007, 9, 28)


def test_a_renewal_is_decided_by_the_day_the_licence_expires():
    rule = LAW.rule("cn.licensing.renewal_decision", date(2026, 5, 2))
    due = project([started("2026-05-02")], rule, CN).due
    assert due is not None
    assert due.on == date(2026, 5, 2)  # a holiday: it does not roll
    assert due.at == datetime(2026, 5, 2, 16, tzinfo=UTC)


def test_disclosure_starts_anew_with_the_supplement():
    rule = LAW.rule("cn.disclosure.reply", date(2020, 3, 2))
    entries = [started("2020-03-02"), Entry(kind=EntryKind.RESTART, on=date(2020, 3, 20))]
    assert due_on(entries, rule) == date(2020, 4, 20)


def test_the_dutch_permit_is_eight_weeks_to_the_minute_and_six_more_when_extended():
    rule = LAW.rule("nl.wabo.regular", date(2010, 10, 11))
    begin = started("2010-10-11", time(9, 45))
    due = project([begin], rule, NL).due
    assert due is not None
    assert due.at == datetime(2010, 12, 6, 10, 45, tzinfo=UTC)  # 11:45 summer time, 11:45 winter time
    more = Entry(
        kind=EntryKind.EXTEND, on=date(2010, 11, 30), period=rule.extension.period if rule.extension else None
    )
    longer = project([begin, more], rule, NL).due
    assert longer is not None
    assert longer.at - due.at == timedelta(weeks=6)


# --- extensions and grounds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "amount", "refusal"),
    [
        ("2007-03-20", WorkingDays(10), None),
        ("2007-03-29", WorkingDays(10), None),  # the last day is not yet expiry
        ("2007-03-30", WorkingDays(10), "after_expiry"),
        ("2007-03-20", WorkingDays(11), "too_long"),
        ("2007-03-20", Days(10), "other_unit"),
    ],
)
def test_an_extension_is_granted_once_within_its_cap_before_expiry(on, amount, refusal):
    assert extension_refusal([started("2007-03-01")], DECISION, CN, amount, date.fromisoformat(on)) == refusal


def test_an_extension_is_not_granted_twice_nor_to_a_clock_that_does_not_run():
    once = [started("2007-03-01"), Entry(kind=EntryKind.EXTEND, on=date(2007, 3, 20), period=WorkingDays(5))]
    assert extension_refusal(once, DECISION, CN, WorkingDays(5), date(2007, 3, 21)) == "too_often"
    removed = [*once, Entry(kind=EntryKind.REMOVE_EXTENSION, on=date(2007, 3, 20))]
    assert extension_refusal(removed, DECISION, CN, WorkingDays(5), date(2007, 3, 21)) is None
    assert extension_refusal([], DECISION, CN, WorkingDays(5), date(2007, 3, 21)) == "not_running"
    delivery = LAW.rule("cn.licensing.acceptance", date(2007, 3, 1))
    assert extension_refusal(once, delivery, CN, WorkingDays(5), date(2007, 3, 21)) == "not_provided"


def test_only_listed_grounds_stop_a_licensing_clock():
    assert ground_refusal(DECISION, "hearing") is None
    assert ground_refusal(DECISION, "publicity") == "not_listed"
    assert ground_refusal(LAW.rule("cn.promise.working_days", date(2007, 3, 1)), "publicity") is None


def test_an_extension_in_another_unit_comes_after_the_period():
    assert total_period(WorkingDays(20), [WorkingDays(10), None]) == (WorkingDays(30),)
    assert total_period(Months(1), [Days(10), WorkingDays(5), Months(1)]) == (
        Months(2),
        WorkingDays(5),
        Days(10),
    )
    entries = [started("2007-03-01"), Entry(kind=EntryKind.EXTEND, on=date(2007, 3, 5), period=Years(1))]
    assert due_on(entries, DECISION) == date(2008, 3, 29)
    with pytest.raises(BadInput):
        total_period(Hours(24), [Days(1)])


# --- hours ---------------------------------------------------------------------------------------------------------


def test_hours_stop_and_resume_to_the_minute():
    def at(kind: EntryKind, day: int, hour: int, minute: int = 0, **more) -> Entry:
        instant = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
        return Entry(kind=kind, on=date(2026, 11, day), at=instant, **more)

    start = at(EntryKind.START, 6, 1)
    stop = at(EntryKind.STOP, 6, 2, 10, ground="supplement")
    resume = at(EntryKind.RESUME, 6, 9, 40, ground="supplement")
    overlap = [at(EntryKind.STOP, 6, 5, ground="publicity"), at(EntryKind.RESUME, 6, 7, ground="publicity")]
    for entries in ([start, stop, resume], [resume, *overlap, start, stop]):
        due = project(entries, HOURS, CN).due
        assert due is not None
        assert due.at == datetime(2026, 11, 7, 8, 30, tzinfo=UTC)
    assert project([start, stop], HOURS, CN).due is None
    with pytest.raises(InstantNeeded):
        project([started("2026-11-06")], HOURS, CN)


# --- properties over ledgers ---------------------------------------------------------------------------------------

GROUNDS = [ground.id for ground in DECISION.grounds][:3]
days = st.dates(date(2007, 3, 1), date(2007, 9, 30))


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    """A start, then stops, resumptions, extensions and sometimes an end or a restart, on any days."""
    start = draw(days)
    entries = [Entry(kind=EntryKind.START, on=start)]
    for number in range(draw(st.integers(0, 4))):
        ground, first = draw(st.sampled_from(GROUNDS)), draw(days)
        ref = draw(st.sampled_from([None, f"N{number}"]))
        entries.append(Entry(kind=EntryKind.STOP, on=first, ground=ground, ref=ref))
        if draw(st.booleans()):
            last = first + timedelta(days=draw(st.integers(0, 30)))
            entries.append(Entry(kind=EntryKind.RESUME, on=last, ground=ground, ref=ref))
    if draw(st.booleans()):
        entries.append(Entry(kind=EntryKind.EXTEND, on=draw(days), period=WorkingDays(10), ref="E"))
    if draw(st.booleans()):
        entries.append(Entry(kind=EntryKind.REMOVE_EXTENSION, on=draw(days), ref="E"))
    kind = draw(st.sampled_from([None, None, EntryKind.END, EntryKind.RESTART]))
    if kind is not None:
        entries.append(Entry(kind=kind, on=draw(days)))
    return entries


@settings(max_examples=400)
@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(entries, chance):
    expected = project(entries, DECISION, CN)
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert project(shuffled, DECISION, CN) == expected


@settings(max_examples=400)
@given(ledgers())
def test_the_due_date_leaves_exactly_the_period_of_counted_working_days(entries):
    state: Projection = project(entries, DECISION, CN)
    if state.due is None or state.zero is None:
        return
    counted = [
        day
        for day in CN.days(state.zero + timedelta(days=1), state.due.on)
        if day.working and not any(day.date in span for span in state.excluded)
    ]
    (total,) = state.total
    assert len(counted) == total.amount
    assert counted[-1].date == state.due.on


@given(ledgers(), days, st.sampled_from(GROUNDS))
def test_a_stop_never_makes_the_due_date_earlier(entries, day, ground):
    before = project(entries, DECISION, CN).due
    stop = Entry(kind=EntryKind.STOP, on=day, ground=ground, ref="extra")
    resume = Entry(kind=EntryKind.RESUME, on=day + timedelta(days=7), ground=ground, ref="extra")
    after = project([*entries, stop, resume], DECISION, CN).due
    if before is None:
        return
    assert after is None or after.at >= before.at


@given(ledgers(), days, st.sampled_from(GROUNDS))
def test_a_stop_resumed_on_its_own_day_changes_nothing(entries, day, ground):
    pair = [
        Entry(kind=EntryKind.STOP, on=day, ground=ground, ref="extra"),
        Entry(kind=EntryKind.RESUME, on=day, ground=ground, ref="extra"),
    ]
    before, after = project(entries, DECISION, CN), project([*entries, *pair], DECISION, CN)
    assert replace(after, stops=()) == replace(before, stops=())


@given(ledgers())
def test_ended_while_out_is_not_late_and_ended_in_time_is_not_late(entries):
    state = project(entries, DECISION, CN)
    if state.ended_on is None or state.due is None:
        return
    out = any(stop.is_open and stop.first <= state.ended_on for stop in state.stops)
    if out:
        first_out = min(stop.first for stop in state.stops if stop.is_open)
        assert state.due.on > state.ended_on or state.due.on < first_out


def test_rules_are_values_that_can_be_compared_and_kept():
    assert RollRule("next") is RollRule.NEXT
    promised = DECISION.promised(WorkingDays(15), {"zh-CN": "承诺", "en": "promise"})
    assert promised.basis == "promise"
    assert promised.version != DECISION.version
    assert promised.grounds == DECISION.grounds


def test_hours_ended_while_out_are_never_late_and_empty_stops_take_nothing_out():
    def at(kind: EntryKind, hour: int, **more) -> Entry:
        return Entry(kind=kind, on=date(2026, 11, 6), at=datetime(2026, 11, 6, hour, tzinfo=UTC), **more)

    start, stop = at(EntryKind.START, 1), at(EntryKind.STOP, 3, ground="supplement")
    ended = project([start, stop, at(EntryKind.END, 9)], HOURS, CN)
    assert ended.due is not None
    assert ended.due.at > datetime(2026, 11, 7, 1, tzinfo=UTC)
    empty = project([start, stop, at(EntryKind.RESUME, 3, ground="supplement")], HOURS, CN)
    assert empty.due is not None
    assert empty.due.at == datetime(2026, 11, 7, 1, tzinfo=UTC)
