"""The calendar: notices and their order, provisional years, layers, and counting against a day-by-day oracle."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.calendar import Calendar, Layer, LayerDay, Notice, NoticeDay, WeeklyRest
from workflow.domain.regulation import Feast, Regulation
from workflow.errors import OutOfCalendar

DAY = timedelta(days=1)
REGULATION = Regulation(
    id="text-1",
    title="放假办法",
    number="令第1号",
    promulgated_on=date(1999, 1, 1),
    in_force_from=date(1999, 1, 1),
    feasts=(Feast(name="元旦", anchor="01-01"), Feast(name="国庆节", anchor="10-01", days=3)),
)


def paper(name: str, issued: date, *days: tuple[date, bool], confirms: int | None = None) -> Notice:
    return Notice(
        id=name,
        number=f"{name}号",
        issued_on=issued,
        source="https://example.org/",
        title=name,
        days=tuple(NoticeDay(date=day, off=off, name="春节") for day, off in days),
        confirms=confirms,
    )


FIRST = paper(
    "first", date(2019, 11, 21), (date(2020, 1, 31), False), (date(2020, 2, 1), False), confirms=2020
)
SECOND = paper("second", date(2020, 1, 27), (date(2020, 1, 31), True), (date(2020, 2, 1), True))
SMALL = Calendar(code="x", zone="Asia/Shanghai", regulations=(REGULATION,), notices=(SECOND, FIRST))


def test_a_later_paper_overrides_an_earlier_one_for_the_same_day_only():
    assert SMALL.day(date(2020, 2, 1)).notice == "second"
    assert not SMALL.is_working(date(2020, 2, 1))
    then = SMALL.as_of(date(2020, 1, 26))
    assert then.is_working(date(2020, 2, 1))
    assert then.day(date(2020, 2, 1)).reason == "make_up"
    assert then.version != SMALL.version
    assert SMALL.as_of(date(2020, 1, 27)) == SMALL


def test_a_year_without_a_notice_is_provisional_and_assumes_the_regulation():
    day = SMALL.day(date(2021, 10, 1))
    assert (day.working, day.reason, day.provisional, day.notice) == (
        False,
        "assumed_holiday",
        True,
        "text-1",
    )
    assert SMALL.day(date(2021, 10, 8)).provisional
    assert SMALL.confirmed_until == date(2020, 12, 31)
    # In a year that has its notice the notice alone speaks.
    assert SMALL.is_working(date(2020, 10, 1))
    assert not SMALL.day(date(2020, 10, 1)).provisional


def test_a_day_that_a_notice_names_in_the_year_before_is_sure():
    calendar = SMALL.with_notice(paper("2019", date(2018, 12, 6), (date(2018, 12, 29), False), confirms=2019))
    assert calendar.is_working(date(2018, 12, 29))
    assert not calendar.day(date(2018, 12, 29)).provisional
    assert calendar.day(date(2018, 12, 28)).provisional
    assert calendar.any_provisional(date(2018, 12, 27), date(2018, 12, 29))
    assert not calendar.any_provisional(date(2018, 12, 28), date(2018, 12, 29))


def test_nothing_is_known_before_the_first_paper_was_issued():
    before = SMALL.as_of(date(2019, 11, 20))
    assert before.notices == ()
    assert before.day(date(2020, 2, 3)).provisional
    assert before.confirmed_until == date.min


def test_a_weekday_that_a_notice_confirms_is_an_ordinary_working_day():
    assert SMALL.as_of(date(2020, 1, 1)).day(date(2020, 1, 31)).reason == "workday"


def test_a_statute_alone_settles_a_calendar_that_awaits_no_notice():
    settled = Calendar(code="nl", zone="Europe/Amsterdam", regulations=(REGULATION,), settled=True)
    day = settled.day(date(2090, 10, 2))
    assert (day.working, day.reason, day.provisional) == (False, "holiday", False)
    assert not settled.any_provisional(date(1990, 1, 1), date(2300, 1, 1))
    assert settled.confirmed_until == date.max


def test_weekly_rest_changes_with_the_law():
    calendar = Calendar(
        code="x",
        zone="Asia/Shanghai",
        weekly_rest=(
            WeeklyRest(valid_from=date(1949, 10, 1), weekdays=frozenset({6})),
            WeeklyRest(valid_from=date(1995, 5, 1), weekdays=frozenset({5, 6})),
        ),
    )
    assert calendar.is_working(date(1995, 4, 29))  # a Saturday under the six-day week
    assert not calendar.is_working(date(1995, 5, 6))
    assert calendar.working_days_between(date(1995, 4, 23), date(1995, 4, 30)) == 6
    assert calendar.working_days_between(date(1995, 4, 30), date(1995, 5, 7)) == 5


def layer(code: str, day: date, kind, decided: date = date(2020, 1, 1), closes: time | None = None) -> Layer:
    entry = LayerDay(
        date=day, kind=kind, name="壮族三月三", decided_on=decided, source="桂政办发", closes_at=closes
    )
    return Layer(code=code, title=code, days=(entry,))


def test_a_region_and_an_organ_lie_above_the_nation_and_the_last_prevails():
    monday = date(2020, 3, 30)
    region = SMALL.with_layer(layer("gx", monday, "closed"))
    assert SMALL.is_working(monday)
    assert not region.is_working(monday)
    assert region.day(monday).reason == "closed"
    assert region.cited(region.day(monday).notice) == "桂政办发"
    organ = region.with_layer(layer("organ-7", monday, "open"))
    assert organ.is_working(monday)
    assert organ.version.startswith("x+gx+organ-7@")
    assert len({SMALL.version, region.version, organ.version}) == 3


def test_a_half_day_counts_as_a_working_day_and_closes_early():
    friday = date(2020, 3, 6)
    half = SMALL.with_layer(layer("organ", friday, "half_day", closes=time(12)))
    assert half.is_working(friday)
    assert half.day(friday).closes_at == time(12)
    assert half.working_days_between(friday - DAY, friday) == 1


def test_a_half_day_opens_nothing():
    saturday, friday = date(2020, 3, 7), date(2020, 3, 6)
    half = SMALL.with_layer(layer("organ", saturday, "half_day", closes=time(12)))
    assert not half.is_working(saturday)
    assert half.day(saturday).reason == "weekend"
    closed = SMALL.with_layer(layer("gx", friday, "closed")).with_layer(
        layer("organ", friday, "half_day", closes=time(12))
    )
    assert not closed.is_working(friday)
    assert closed.day(friday).reason == "closed"


def test_an_emergency_closes_a_day_from_when_it_was_decided():
    monday = date(2020, 2, 3)
    calendar = SMALL.with_layer(layer("hb", monday, "emergency", decided=date(2020, 2, 2)))
    assert not calendar.is_working(monday)
    assert calendar.day(monday).reason == "emergency"
    assert calendar.as_of(date(2020, 2, 1)).is_working(monday)


def test_the_version_names_everything_that_counts_and_nothing_else():
    same = Calendar(code="x", zone="Asia/Shanghai", regulations=(REGULATION,), notices=(FIRST, SECOND))
    assert same == SMALL
    assert same.version == SMALL.version
    assert hash(same) == hash(SMALL)
    renamed = paper("second", date(2020, 1, 27), (date(2020, 1, 31), True), (date(2020, 2, 1), False))
    assert SMALL.with_notice(renamed).version != SMALL.version
    assert SMALL != "x"


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2401, 1, 1), date.min, date.max])
def test_days_outside_the_calendar_are_refused(day):
    with pytest.raises(OutOfCalendar):
        SMALL.day(day)
    with pytest.raises(OutOfCalendar):
        SMALL.add_working_days(day, 1)
    with pytest.raises(OutOfCalendar):
        SMALL.working_days_between(day, date(2020, 1, 1))


def test_counting_past_the_calendar_is_refused_and_does_not_hang():
    with pytest.raises(OutOfCalendar):
        SMALL.add_working_days(date(2026, 1, 1), 99_999)
    with pytest.raises(OutOfCalendar):
        SMALL.add_working_days(date(2026, 1, 1), -99_999)


days = st.dates(date(1995, 1, 1), date(2060, 12, 31))


@given(days, st.integers(-80, 80))
def test_adding_agrees_with_walking_day_by_day(start, n):
    step = DAY if n > 0 else -DAY
    day, left = start, abs(n)
    while left:
        day += step
        left -= SMALL.day(day).working
    assert SMALL.add_working_days(start, n) == day


@given(days, st.integers(0, 400), st.integers(0, 400))
def test_adding_a_then_b_is_adding_their_sum(start, a, b):
    assert SMALL.add_working_days(SMALL.add_working_days(start, a), b) == SMALL.add_working_days(start, a + b)


@given(days, st.integers(-400, 400))
def test_between_inverts_add(start, n):
    assert SMALL.working_days_between(start, SMALL.add_working_days(start, n)) == n


@given(days, days)
def test_between_agrees_with_counting_day_by_day(a, b):
    if a <= b:
        count = sum(SMALL.is_working(a + DAY * nth) for nth in range(1, (b - a).days + 1))
    else:
        count = -sum(SMALL.is_working(b + DAY * nth) for nth in range((a - b).days))
    assert SMALL.working_days_between(a, b) == count


@given(days, days, st.integers(-300, 300))
def test_adding_is_monotone_in_start_and_length(a, b, n):
    first, second = sorted((a, b))
    assert SMALL.add_working_days(first, n) <= SMALL.add_working_days(second, n)
    assert SMALL.add_working_days(a, n) < SMALL.add_working_days(a, n + 1)


@given(st.dates(date(1900, 1, 1), date(2400, 12, 31)), st.integers(1, 30))
def test_the_table_grows_to_any_year_and_answers_the_same(start, n):
    fresh = Calendar(code="x", zone="Asia/Shanghai", regulations=(REGULATION,), notices=(FIRST, SECOND))
    if start.year < 2400:
        assert fresh.add_working_days(start, n) == SMALL.add_working_days(start, n)
    assert fresh.day(start) == SMALL.day(start)


def test_a_calendar_can_be_had_as_it_was_under_an_earlier_version():
    before = SMALL.as_of(date(2020, 1, 20))
    assert before.version != SMALL.version
    assert SMALL.known_as(before.version) == before
    assert SMALL.known_as(SMALL.version) is SMALL
    assert SMALL.known_as("x@2020-01-01.unheard") is SMALL


def test_the_latest_notice_of_a_span_is_the_one_issued_last():
    assert SMALL.latest_notice(date(2020, 1, 20), date(2020, 2, 3)) == SECOND
    assert SMALL.latest_notice(date(2020, 3, 1), date(2020, 3, 5)) is None
    assert SMALL.as_of(date(2020, 1, 20)).latest_notice(date(2020, 2, 1), date(2020, 2, 1)) == FIRST


def test_several_notices_are_added_at_once_and_replace_those_of_their_id():
    third = paper("third", date(2020, 2, 1), (date(2020, 2, 3), True))
    other = paper("second", date(2020, 1, 27), (date(2020, 1, 31), True))
    found = SMALL.with_notices([third, other])
    assert [one.id for one in found.notices] == ["first", "second", "third"]
    assert found == SMALL.with_notice(other).with_notice(third)
