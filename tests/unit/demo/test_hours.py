"""Office hours: four slots in a working day, none on a rest day, none lost between."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.demo.hours import PER_DAY, OfficeHours, opening_day
from workflow.domain.calendar import Calendar, Notice, NoticeDay

WEEK_OFF = [date(2026, 10, day) for day in range(1, 8)]
CHINA = Calendar(
    code="cn",
    zone="Asia/Shanghai",
    notices=(
        Notice(
            id="2026",
            issued_on=date(2025, 11, 4),
            source="",
            title="",
            confirms=2026,
            days=(
                *(NoticeDay(date=day, off=True, name="国庆节") for day in WEEK_OFF),
                NoticeDay(date=date(2026, 10, 10), off=False, name="国庆节"),
            ),
        ),
    ),
)
HOURS = OfficeHours(calendar=CHINA, first=date(2026, 9, 14))


@pytest.mark.parametrize(
    ("slot", "moment"),
    [
        (0, datetime(2026, 9, 14, 1, 30, tzinfo=UTC)),  # 09:30 in Beijing
        (3, datetime(2026, 9, 14, 8, 30, tzinfo=UTC)),
        (4, datetime(2026, 9, 15, 1, 30, tzinfo=UTC)),
        (13 * PER_DAY, datetime(2026, 10, 8, 1, 30, tzinfo=UTC)),  # the day after Golden Week
        (15 * PER_DAY, datetime(2026, 10, 10, 1, 30, tzinfo=UTC)),  # a Saturday that is worked
    ],
)
def test_a_slot_has_its_instant(slot, moment):
    assert HOURS.at(slot) == moment


@given(st.integers(0, 1000))
def test_after_a_slot_comes_the_next_one(slot):
    assert HOURS.after(HOURS.at(slot)) == slot + 1


@given(st.integers(0, 400 * 24 * 60))
def test_the_slot_after_an_instant_is_the_first_later_one(minutes):
    moment = datetime(2026, 9, 10, tzinfo=UTC) + timedelta(minutes=minutes)

    slot = HOURS.after(moment)

    assert HOURS.at(slot) > moment
    assert slot == 0 or HOURS.at(slot - 1) <= moment


def test_work_begins_on_a_working_day():
    assert opening_day(CHINA, date(2026, 10, 3)) == date(2026, 10, 8)
    assert opening_day(CHINA, date(2026, 10, 10)) == date(2026, 10, 10)
