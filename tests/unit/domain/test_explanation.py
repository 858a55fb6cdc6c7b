"""Explanations: every day has its reason, the counted days are the period, and both languages say the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.catalog.calendars import load_calendar
from workflow.catalog.law import load_law
from workflow.domain.calendar import Layer, LayerDay
from workflow.domain.clock import DateRange, Entry, EntryKind, add, project
from workflow.domain.explanation import Explanation, explain, explain_add
from workflow.domain.explanation_words import PARTS, REASONS
from workflow.domain.law import EndOfDayRule, RollRule, StartKind, StartRule
from workflow.domain.period import Days, Hours, Months, Period, Weeks, WorkingDays, Years, parse_period

CN = load_calendar("cn")
LAW = load_law()
DECISION = LAW.rule("cn.licensing.decision", date(2007, 3, 1))
SHANGHAI = "Asia/Shanghai"
ONLINE = EndOfDayRule.MIDNIGHT


def told(
    start: str | date | datetime, period: str | Period, *, roll: RollRule = RollRule.NEXT, **more
) -> Explanation:
    begin = date.fromisoformat(start) if isinstance(start, str) else start
    length = parse_period(period) if isinstance(period, str) else period
    return explain_add(begin, length, CN, zone=SHANGHAI, roll=roll, end_of_day=ONLINE, **more)


def reasons(explanation: Explanation) -> dict[str, str]:
    return {day.date.isoformat(): day.reason for day in explanation.days}


def entry(kind: EntryKind, day: str, **more) -> Entry:
    return Entry(kind=kind, on=date.fromisoformat(day), **more)


REVIEWED = [
    entry(EntryKind.START, "2007-03-01"),
    entry(EntryKind.STOP, "2007-03-08", ground="expert_review", ref="专函〔2007〕3号"),
    entry(EntryKind.RESUME, "2007-03-23", ground="expert_review", ref="专函〔2007〕3号"),
]


def test_each_day_over_the_national_day_of_2007_has_its_reason_and_its_paper():
    explanation = told("2007-09-26", "5wd")
    assert reasons(explanation) == {
        "2007-09-26": "start",
        "2007-09-27": "workday",
        "2007-09-28": "workday",
        "2007-09-29": "make_up",
        "2007-09-30": "make_up",
        **{f"2007-10-0{day}": "holiday" for day in range(1, 8)},
        "2007-10-08": "workday",
    }
    made_up, holiday = explanation.days[3], explanation.days[5]
    assert made_up.text("zh-CN") == "国庆节调休上班（国办发明电〔2006〕49号）"
    assert holiday.text("zh-CN") == "国庆节放假（国办发明电〔2006〕49号）"
    assert holiday.text("en") == "National Day, day off (国办发明电〔2006〕49号)"


def test_the_short_form_is_one_line_in_either_language():
    explanation = told("2007-09-26", "5wd")
    assert explanation.short("zh-CN") == (
        "自 2007-09-26 起算，当日不计入，期限 5 个工作日，其间休息日 7 日不计，至 2007-10-08 24:00 届满。"
    )
    assert explanation.short("en") == (
        "5 working days from 2007-09-26, that day not counted, 7 rest day(s) between, ends on 2007-10-08 at 24:00."
    )


def test_a_clock_is_explained_with_its_rule_its_grounds_and_its_notice():
    explanation = explain(REVIEWED, DECISION, CN)
    assert explanation.rule == "cn.licensing.decision"
    assert explanation.rule_version == DECISION.version
    assert explanation.citation["zh-CN"] == "《行政许可法》第四十二条第一款、第八十二条"
    excluded = [day for day in explanation.days if day.reason == "excluded"]
    assert [excluded[0].date, excluded[-1].date] == [date(2007, 3, 8), date(2007, 3, 22)]
    assert excluded[0].text("zh-CN") == "不计入期限：专家评审（专函〔2007〕3号）"
    assert excluded[0].text("en") == "not counted: expert review (专函〔2007〕3号)"
    assert explanation.short("zh-CN").startswith(
        "依据《行政许可法》第四十二条第一款、第八十二条，自 2007-03-01 起算，"
    )
    assert "扣除不计入期限 15 日" in explanation.short("zh-CN")
    assert explanation.short("zh-CN").endswith("至 2007-04-13 24:00 届满。")


def test_several_grounds_on_one_day_are_all_named():
    more = [
        entry(EntryKind.STOP, "2007-03-14", ground="hearing"),
        entry(EntryKind.RESUME, "2007-03-16", ground="hearing"),
    ]
    days = {day.date: day for day in explain([*REVIEWED, *more], DECISION, CN).days}
    assert days[date(2007, 3, 14)].text("zh-CN") == "不计入期限：专家评审（专函〔2007〕3号）、听证"


def test_the_roll_is_shown_with_what_it_rolled_over():
    explanation = told("2007-08-03", "60d")
    days = {day.date: day for day in explanation.days}
    assert explanation.last == date(2007, 10, 2)
    assert days[date(2007, 10, 2)].counted
    assert days[date(2007, 10, 2)].text("zh-CN") == "期限最后一日适逢国庆节（国办发明电〔2006〕49号），顺延"
    assert not days[date(2007, 10, 5)].counted
    assert days[date(2007, 10, 8)].reason == "rolled_to"
    assert "2007-10-02 为休息日，移至 2007-10-08" in explanation.short("zh-CN")


def test_a_roll_back_and_a_roll_over_a_weekend_are_told_apart():
    back = told("2007-07-05", "30d", roll=RollRule.PREVIOUS)
    assert back.due is not None
    assert back.due.on == date(2007, 8, 3)
    assert reasons(back)["2007-08-04"] == "rest_rolled_back"
    over = told("2007-07-05", "30d")
    assert [day.text("en") for day in over.days][-3:] == [
        "the last day is a day of weekly rest, so the period runs on",
        "weekly rest",
        "the period ends here, moved off a rest day",
    ]
    before = told("2007-10-08", "7d", backward=True, roll=RollRule.PREVIOUS)
    assert before.days[-1].date == date(2007, 9, 30)
    assert before.days[-1].reason == "rolled_back"


def test_counting_backward_lists_the_days_in_the_order_counted():
    explanation = told("2007-10-12", "7wd", backward=True)
    assert explanation.days[0].date == date(2007, 10, 12)
    assert explanation.days[-1].date == date(2007, 9, 28)
    assert explanation.days[-1].number == 7
    assert explanation.short("zh-CN") == (
        "自 2007-10-12 向前推算 7 个工作日，当日不计入，其间休息日 7 日不计，最迟为 2007-09-28（24:00 前）。"
    )


def test_a_provisional_day_says_so_and_so_does_the_result():
    explanation = told("2026-12-10", "20wd")
    assert explanation.due is not None
    assert explanation.due.provisional
    days = {day.date: day for day in explanation.days}
    assert not days[date(2026, 12, 31)].provisional
    assert days[date(2027, 1, 1)].reason == "assumed_holiday"
    assert days[date(2027, 1, 1)].text("zh-CN") == (
        "元旦，法定节日（国务院令第795号），当年放假通知尚未公布（暂定）"
    )
    assert explanation.short("zh-CN").endswith("届满日为暂定：所涉日期的放假通知尚未公布，公布后重新计算。")
    # A calendar-day period that does not roll rests on no notice.
    assert not any(day.provisional for day in told("2026-12-10", "60d", roll=RollRule.NONE).days)


def test_while_time_is_out_the_explanation_says_since_when_and_why():
    explanation = explain(REVIEWED[:2], DECISION, CN)
    assert explanation.due is None
    assert explanation.stopped_on == date(2007, 3, 8)
    assert explanation.days[-1].date == date(2007, 3, 8)
    assert explanation.days[-1].reason == "excluded"
    assert (
        "自 2007-03-08 起停止计时（专家评审（专函〔2007〕3号）），届满日待恢复计时后确定"
        in explanation.short("zh-CN")
    )


def test_a_ground_that_ended_by_itself_is_listed_to_its_last_day():
    rule = LAW.rule("cn.disclosure.reply", date(2020, 3, 2))
    asked = entry(EntryKind.STOP, "2020-03-04", ground="third_party")
    explanation = explain([entry(EntryKind.START, "2020-03-02"), asked], rule, CN)
    assert explanation.due is not None
    assert max(day.date for day in explanation.days if day.reason == "excluded") == date(2020, 3, 25)


def test_nothing_to_explain_before_the_start():
    explanation = explain([], DECISION, CN)
    assert explanation.days == ()
    assert explanation.short("zh-CN") == "尚未起算。"
    assert explanation.plain("en")["due_on"] is None


def test_a_moved_start_is_told():
    rule = replace(DECISION, start=StartRule(kind=StartKind.NEXT_WORKING_DAY))
    explanation = explain([entry(EntryKind.START, "2007-10-03")], rule, CN)
    assert explanation.event_on == date(2007, 10, 3)
    assert explanation.zero == date(2007, 10, 8)
    assert "2007-10-03 收到，依起算规则自 2007-10-08 起算" in explanation.short("zh-CN")
    inclusive = replace(DECISION, start=StartRule(kind=StartKind.SAME_DAY))
    days = explain([entry(EntryKind.START, "2007-03-01")], inclusive, CN).days
    assert (days[0].date, days[0].counted, days[0].number) == (date(2007, 3, 1), True, 1)


def test_the_end_of_the_day_is_told_as_people_say_it():
    assert told("2007-09-26", "5wd").ends_at() == "24:00"
    window = replace(DECISION, end_of_day=EndOfDayRule.CLOSING_TIME)
    start = [entry(EntryKind.START, "2007-03-01")]
    assert explain(start, window, CN, closing_time=time(17, 30)).ends_at() == "17:30"


def test_closed_and_half_days_of_an_organ_are_told_with_their_source():
    source = "机关通知第7号"
    entries = (
        LayerDay(
            date=date(2007, 3, 5), kind="closed", name="搬迁", decided_on=date(2007, 3, 1), source=source
        ),
        LayerDay(
            date=date(2007, 3, 6),
            kind="half_day",
            name="搬迁",
            decided_on=date(2007, 3, 1),
            source=source,
            closes_at=time(12),
        ),
    )
    calendar = CN.with_layer(Layer(code="organ-7", title="示例机关", days=entries))
    explanation = explain([entry(EntryKind.START, "2007-03-01")], DECISION, calendar)
    days = {day.date: day for day in explanation.days}
    assert days[date(2007, 3, 5)].text("zh-CN") == "搬迁，不办公（机关通知第7号）"
    assert days[date(2007, 3, 6)].text("zh-CN") == "搬迁，半日，计一个工作日（机关通知第7号）"
    assert explanation.due is not None
    assert explanation.due.on == date(2007, 3, 30)


def test_hours_are_told_by_the_minutes_of_each_day():
    begin = datetime(2026, 11, 6, 2, 30, tzinfo=UTC)
    out = [DateRange(first=date(2026, 11, 7), last=date(2026, 11, 8))]
    explanation = told(begin, "48h", excluded=out)
    assert [(day.date.day, day.minutes, day.reason) for day in explanation.days] == [
        (6, 13 * 60 + 30, "elapsed"),
        (7, 0, "excluded"),
        (8, 0, "excluded"),
        (9, 24 * 60, "elapsed"),
        (10, 10 * 60 + 30, "elapsed"),
    ]
    assert explanation.days[0].text("zh-CN") == "计 13 小时 30 分"
    assert (
        explanation.short("zh-CN")
        == "自 2026-11-06 10:30 起计 48 小时，扣除不计入期限 2 日，至 2026-11-10 10:30 届满。"
    )


def test_hours_stopped_within_a_day_lose_only_those_minutes():
    rule = LAW.rule("cn.promise.hours", date(2026, 1, 1))

    def at(kind: EntryKind, hour: int, **more) -> Entry:
        return Entry(kind=kind, on=date(2026, 11, 6), at=datetime(2026, 11, 6, hour, tzinfo=UTC), **more)

    stop = [at(EntryKind.STOP, 3, ground="supplement"), at(EntryKind.RESUME, 6, ground="supplement")]
    explanation = explain([at(EntryKind.START, 1), *stop], rule, CN)
    assert [day.minutes for day in explanation.days] == [12 * 60, 12 * 60]
    assert explanation.due is not None
    assert explanation.due.at == datetime(2026, 11, 7, 4, tzinfo=UTC)
    still = explain([at(EntryKind.START, 1), stop[0]], rule, CN)
    assert still.due is None
    assert [day.minutes for day in still.days] == [120]


def test_both_languages_have_every_text_with_the_same_fields():
    for texts in (REASONS, PARTS):
        for name, words in texts.items():
            assert set(words) == {"zh-CN", "en"}, name
            chinese, english = (set(re.findall(r"{(\w+)}", words[lang])) for lang in ("zh-CN", "en"))
            assert chinese == english, name


def test_the_plain_form_holds_the_result_and_every_day():
    plain = told("2007-09-26", "5wd").plain("zh-CN")
    assert plain["start"] == "2007-09-26"
    assert plain["period"] == "5wd"
    assert plain["due_on"] == "2007-10-08"
    assert plain["due_at"] == "2007-10-08T16:00:00Z"
    assert plain["provisional"] is False
    assert plain["calendar_version"] == CN.version
    assert plain["days"][5] == {
        "date": "2007-10-01",
        "counted": False,
        "reason": "holiday",
        "number": None,
        "notice": "国办发明电〔2006〕49号",
        "provisional": False,
        "text": "国庆节放假（国办发明电〔2006〕49号）",
    }


# --- properties ----------------------------------------------------------------------------------------------------

days = st.dates(date(2006, 6, 1), date(2027, 6, 30))
spans = st.builds(
    lambda first, length: DateRange(first=first, last=first + timedelta(days=length)),
    days,
    st.integers(0, 40),
)
near = st.tuples(days, st.lists(st.tuples(st.integers(-5, 90), st.integers(0, 30)), max_size=4))
units = st.one_of(
    st.builds(WorkingDays, st.integers(0, 60)),
    st.builds(Days, st.integers(0, 90)),
    st.builds(Weeks, st.integers(0, 12)),
    st.builds(Months, st.integers(0, 6)),
    st.builds(Years, st.integers(0, 1)),
)


def length_of(explanation: Explanation, sign: int) -> int:
    """How many days the period asks for."""
    (period,) = explanation.period
    match period:
        case WorkingDays() | Days():
            return period.amount
        case Weeks():
            return 7 * period.amount
    from workflow.domain.reckoning import corresponding_day  # noqa: PLC0415 - only here

    assert explanation.zero is not None
    assert isinstance(period, Months | Years)
    return abs((corresponding_day(explanation.zero, period, sign) - explanation.zero).days)


@settings(max_examples=300)
@given(near, units, st.sampled_from(RollRule), st.booleans())
def test_the_counted_days_are_the_period_and_the_result_is_the_clocks(start_and_out, period, roll, backward):
    start, out = start_and_out
    excluded = [
        DateRange(first=start + timedelta(days=after), last=start + timedelta(days=after + length))
        for after, length in out
    ]
    explanation = told(start, period, roll=roll, excluded=excluded, backward=backward)
    due = add(
        start, period, CN, zone=SHANGHAI, roll=roll, end_of_day=ONLINE, excluded=excluded, backward=backward
    )
    assert explanation.due == due
    assert sum(day.counted for day in explanation.days) == length_of(explanation, -1 if backward else 1)
    assert [day.number for day in explanation.days if day.counted] == list(
        range(1, 1 + sum(day.counted for day in explanation.days))
    )
    if (due.on >= start) is not backward:  # a roll against the direction may leave even the start behind
        assert any(day.date == due.on for day in explanation.days)
    listed = [day.date for day in explanation.days]
    step = timedelta(days=-1 if backward else 1)
    assert listed == [start + step * nth for nth in range(len(listed))]
    # Every day left out is left out for a reason that holds on that day.
    for day in explanation.days:
        inside = any(day.date in span for span in excluded)
        assert not (day.counted and inside)
        assert (day.reason == "excluded") <= inside
        assert explanation.days[0].reason == "start"
        assert day.text("zh-CN")
        assert day.text("en")


@settings(max_examples=200)
@given(near, st.sampled_from([WorkingDays(20), Days(30), Months(2)]), st.booleans())
def test_a_ledgers_explanation_counts_what_the_ledgers_clock_counts(start_and_out, period, extended):
    start, out = start_and_out
    rule = replace(DECISION, period=period, roll=RollRule.NEXT)
    entries = [Entry(kind=EntryKind.START, on=start)]
    for number, (after, length) in enumerate(out):
        first = start + timedelta(days=after)
        ref = f"N{number}"
        entries.append(Entry(kind=EntryKind.STOP, on=first, ground="hearing", ref=ref))
        entries.append(
            Entry(kind=EntryKind.RESUME, on=first + timedelta(days=length), ground="hearing", ref=ref)
        )
    if extended:
        entries.append(Entry(kind=EntryKind.EXTEND, on=start, period=WorkingDays(10)))
    explanation = explain(entries, rule, CN)
    state = project(entries, rule, CN)
    assert explanation.due == state.due
    assert state.last is not None
    counted = [day for day in explanation.days if day.counted]
    if len(state.total) == 1 and isinstance(period, WorkingDays | Days):
        assert len(counted) == state.total[0].amount
    if counted:
        assert counted[-1].date == state.last


@given(near, st.integers(0, 200))
def test_the_minutes_told_are_the_hours_of_the_period(start_and_out, amount):
    start, out = start_and_out
    begin = datetime(start.year, start.month, start.day, 1, 17, tzinfo=UTC)
    excluded = [
        DateRange(first=start + timedelta(days=after), last=start + timedelta(days=after + length))
        for after, length in out
        if after > 0
    ]
    explanation = told(begin, Hours(amount), excluded=excluded)
    assert sum(day.minutes for day in explanation.days) == amount * 60
