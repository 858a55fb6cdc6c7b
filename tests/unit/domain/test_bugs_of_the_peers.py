"""Bugs that other systems had, or still have, and that this clock must never have; each test names where it was seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from workflow.catalog.calendars import load_calendar
from workflow.catalog.law import load_law
from workflow.domain.clock import DateRange, Entry, EntryKind, add, project, working_days_before
from workflow.domain.law import EndOfDayRule, RollRule
from workflow.domain.period import Days, Hours, Months, Period, WorkingDays

CN = load_calendar("cn")
LAW = load_law()
DECISION = LAW.rule("cn.licensing.decision", date(2007, 3, 1))
SHANGHAI = "Asia/Shanghai"


def entry(kind: str, day: str, hour: int | None = None, **more) -> Entry:
    civil = date.fromisoformat(day)
    at = datetime.combine(civil, time(hour), UTC) if hour is not None else None
    return Entry(kind=EntryKind(kind), on=civil, at=at, **more)


def due_on(*entries: Entry, rule=DECISION, calendar=CN) -> str:
    due = project(entries, rule, calendar).due
    assert due is not None
    return due.on.isoformat()


def after(start: str, period: Period, roll: RollRule = RollRule.NEXT, **more) -> str:
    begin = date.fromisoformat(start)
    how = {"zone": SHANGHAI, "roll": roll, "end_of_day": EndOfDayRule.MIDNIGHT, **more}
    return add(begin, period, CN, **how).on.isoformat()


START = entry("start", "2007-03-01")
PLAIN = "2007-03-29"


def test_digit_a_comment_that_changes_nothing_does_not_shorten_the_term():
    """In eGov DIGIT a comment lowered the limit by the time spent but kept the old start, so that time counted twice."""
    comments = [
        entry(kind, day, ground="hearing", ref=day)
        for day in ("2007-03-05", "2007-03-12", "2007-03-26")
        for kind in ("stop", "resume")
    ]
    assert due_on(START, *comments) == due_on(START) == PLAIN


def test_opencps_a_resumption_gives_back_what_was_left_and_not_a_whole_new_term():
    """OpenCPS: RESET after a pause restarted the full period from now."""
    stop, resume = (
        entry("stop", "2007-03-28", ground="hearing"),
        entry("resume", "2007-04-09", ground="hearing"),
    )
    # 18 of 20 days were used on 27 March; two are left.
    assert due_on(START, stop, resume) == "2007-04-10"


def test_erpnext_a_second_hold_does_not_forget_the_first():
    """ERPNext: on resume only the last hold was added (#16729)."""
    first = [entry("stop", "2007-03-05", ground="hearing"), entry("resume", "2007-03-09", ground="hearing")]
    second = [
        entry("stop", "2007-03-19", ground="appraisal"),
        entry("resume", "2007-03-21", ground="appraisal"),
    ]
    assert due_on(START, *first) == "2007-04-04"
    assert due_on(START, *first, *second) == "2007-04-06"


def test_bops_holidays_inside_the_added_days_are_left_out_too():
    """BOPS: the holidays were added once; one that falls into the added days was not looked at."""
    # 20 weekdays from 25 April 2007 end on 23 May; the week added for the golden week brings more rest days with it.
    assert after("2007-04-25", WorkingDays(20)) == "2007-05-28"
    out = [DateRange(first=date(2007, 9, 20), last=date(2007, 9, 28))]
    assert after("2007-09-17", WorkingDays(5), excluded=out) == "2007-10-08"


def test_cts_a_pause_is_counted_in_the_unit_of_the_term():
    """MoJ CTS: a working-day term moved by the calendar days of the pause, then rolled."""
    # Paused from Friday to Monday: one working day (Friday) is lost, not three calendar days.
    stop, resume = (
        entry("stop", "2007-03-09", ground="hearing"),
        entry("resume", "2007-03-12", ground="hearing"),
    )
    assert due_on(START, stop, resume) == "2007-03-30"


def test_cts_an_extension_can_be_taken_back():
    """MoJ CTS has it and most have not; froide#281 could extend by months only, so 15 "months" stood for 15 days."""
    extended = entry("extend", "2007-03-20", ref="E", period=WorkingDays(10))
    assert due_on(START, extended) == "2007-04-12"
    assert due_on(START, extended, entry("remove_extension", "2007-03-21", ref="E")) == PLAIN


def test_island_is_the_whole_last_day_is_alive():
    """island.is#23287: the final day was dead from its first minute; ef-cms-flexion#2886: today was overdue."""
    due = project([START], DECISION, CN).due
    assert due is not None
    last_minute = datetime(2007, 3, 29, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
    assert last_minute < due.at
    assert due.at == datetime(2007, 3, 29, 16, tzinfo=UTC)  # overdue from 24:00 on, not before


@pytest.mark.parametrize("hour", [0, 8, 15])
def test_opencps_a_step_visited_again_counts_from_its_second_visit(hour):
    """opencps-v2#1112: the same step twice counted from the first time; ruoyi-vue-pro#1018: the reminder was lost."""
    first = [entry("start", "2007-03-01", 1), entry("end", "2007-03-20", 2)]
    again = [*first, entry("restart", "2007-04-02", hour)]
    state = project(again, DECISION, CN)
    assert state.generation == 2  # so the ladder of the first visit, fired or not, is another one
    assert state.due is not None
    assert state.due.on == date(2007, 4, 28)


def test_opencps_waiting_outside_the_step_is_not_added_to_the_step():
    """opencps-v2#1112, second half: the time between the two visits was charged to the step."""
    loop = [entry("start", "2007-03-01"), entry("end", "2007-03-05"), entry("restart", "2007-06-01")]
    assert due_on(*loop) == after("2007-06-01", WorkingDays(20))


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2007, 9, 25, 15, 59, tzinfo=UTC), "2007-09-30"),  # 23:59 on the 25th
        (datetime(2007, 9, 25, 16, 0, tzinfo=UTC), "2007-10-08"),  # 00:00 on the 26th
        (datetime(2007, 9, 26, 0, 30, tzinfo=UTC), "2007-10-08"),  # 08:30 on the 26th
    ],
)
def test_glpi_days_are_local_days_and_not_utc_days(instant, day):
    """glpi#687, eSeaGrant#1073: a start after 16:00 UTC is the next day in China."""
    due = add(
        instant, WorkingDays(5), CN, zone=SHANGHAI, roll=RollRule.NONE, end_of_day=EndOfDayRule.MIDNIGHT
    )
    assert due.on.isoformat() == day


def test_wabo_a_term_in_weeks_does_not_lose_an_hour_to_summer_time():
    """Seen in the real permit log: 656 of 987 eight-week terms only add up when counted on the wall clock, not in UTC."""
    rule = LAW.rule("nl.wabo.regular", date(2011, 2, 21))
    start = Entry(kind=EntryKind.START, on=date(2011, 2, 21), at=datetime(2011, 2, 21, 8, 7, tzinfo=UTC))
    due = project([start], rule, load_calendar("nl")).due
    assert due is not None
    assert due.at - datetime(2011, 2, 21, 8, 7, tzinfo=UTC) == timedelta(weeks=8) - timedelta(hours=1)


def test_jmix_a_day_is_not_twenty_four_hours_of_business():
    """jmix#790: P1D became 24 business hours; Taskana#2347: working time and working days were one thing."""
    begin = datetime(2007, 9, 28, 2, tzinfo=UTC)
    how = {"zone": SHANGHAI, "roll": RollRule.NONE, "end_of_day": EndOfDayRule.MIDNIGHT}
    assert add(begin, Hours(24), CN, **how).at == begin + timedelta(hours=24)
    assert add(begin, Days(1), CN, **how).on == date(2007, 9, 29)
    with pytest.raises(TypeError):
        Days(1) + Hours(24)


def test_glpi_another_rule_keeps_the_pauses():
    """glpi#15605: changing the SLA lost the pause."""
    pause = [entry("stop", "2007-03-08", ground="hearing"), entry("resume", "2007-03-23", ground="hearing")]
    joint = LAW.rule("cn.licensing.joint_decision", date(2007, 3, 1))
    assert project([START, *pause], DECISION, CN).excluded == project([START, *pause], joint, CN).excluded
    assert due_on(START, *pause, rule=joint) > due_on(START, rule=joint)


def test_chinese_calendar_a_day_is_found_by_its_date_and_not_by_the_year_of_its_file():
    """chinese-calendar#68, #129: a notice sets days in the December before."""
    assert after("2007-12-20", WorkingDays(7)) == "2007-12-29"
    assert after("2018-12-20", WorkingDays(7)) == "2018-12-29"


def test_ruoyi_next_years_notice_that_is_not_out_is_said_and_not_an_error():
    """ruoyi-vue-pro#828: no answer at all until somebody enters next year's holidays; others silently used weekdays."""
    how = {"zone": SHANGHAI, "roll": RollRule.NONE, "end_of_day": EndOfDayRule.MIDNIGHT}
    due = add(date(2026, 12, 10), WorkingDays(20), CN, **how)
    assert due.provisional
    assert due.on == date(2027, 1, 8)  # plain weekdays would say 7 January


def test_openregister_an_unknown_roll_is_refused_and_a_roll_happens_only_when_named():
    """openregister#3939: the roll of the end of a term was whatever the code happened to do."""
    with pytest.raises(ValueError, match="sometimes"):
        RollRule("sometimes")
    assert after("2007-07-05", Days(30), roll=RollRule.NONE) == "2007-08-04"
    assert after("2007-07-02", Months(3), roll=RollRule.NONE) == "2007-10-02"


def test_righttoknow_a_clarification_is_either_a_restart_or_a_pause_and_never_silently_the_other():
    """righttoknow#858, alaveteli#729: users could not tell why the date had moved; the clock had been reset."""
    rule = LAW.rule("cn.disclosure.reply", date(2020, 3, 2))
    begin = entry("start", "2020-03-02")
    restarted = project([begin, entry("restart", "2020-03-16")], rule, CN)
    assert restarted.due is not None
    assert (restarted.generation, restarted.due.on) == (2, date(2020, 4, 14))


def test_opencps_a_ground_with_a_limit_waits_its_working_days_and_not_minutes():
    """opencps#1178: "waiting [n]" fired after n minutes."""
    rule = LAW.rule("cn.disclosure.reply", date(2020, 3, 2))
    state = project(
        [entry("start", "2020-03-02"), entry("stop", "2020-03-04", ground="other_organ")], rule, CN
    )
    assert state.stops[0].limit_on == date(2020, 3, 25)


def test_camunda_resuming_a_suspended_clock_does_not_make_it_due_at_once():
    """camunda#57549: timers that came due during a suspension catch up at once instead of keeping what was left."""
    stop, resume = (
        entry("stop", "2007-03-08", ground="hearing"),
        entry("resume", "2007-09-10", ground="hearing"),
    )
    due = project([START, stop, resume], DECISION, CN).due
    assert due is not None
    assert CN.working_days_between(date(2007, 9, 9), due.on) == 16  # four had been used


def test_flowlong_a_reminder_is_in_working_days_as_the_term_is():
    """FlowLong, warm-flow: plusDays and plusHours; a reminder two days before fell into the holiday week."""
    assert working_days_before(date(2007, 10, 9), 2, CN, SHANGHAI) == datetime(2007, 9, 29, 16, tzinfo=UTC)
