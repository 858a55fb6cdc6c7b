"""The shipped calendars: the same as two independent packages day by day, and what a faulty file is told."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from holidays.calendars.chinese import _ChineseLunisolar

from workflow.catalog.calendars import calendar_codes, load_calendar, notice_from
from workflow.errors import BadDefinition, UnknownCalendar
from workflow.texts import shipped_definitions

CN, NL = load_calendar("cn"), load_calendar("nl")
NOTICES = shipped_definitions() / "calendars" / "cn" / "notices"


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=nth) for nth in range((last - first).days + 1)]


@pytest.mark.parametrize("year", range(2007, 2027))
def test_agrees_day_by_day_with_the_packages_chinesecalendar_and_holidays(year):
    """Neither package has an erratum in these years: all 7,305 days agree with both."""
    other = holidays.country_holidays("CN", years=[year - 1, year, year + 1])
    for day in every_day(date(year, 1, 1), date(year, 12, 31)):
        ours = CN.is_working(day)
        assert ours == chinese_calendar.is_workday(day), day
        assert ours == other.is_working_day(day), day
        assert not CN.day(day).provisional


def test_the_days_of_december_2006_that_the_notice_for_2007_moved_are_known():
    for day in (date(2006, 12, 30), date(2006, 12, 31)):
        assert CN.is_working(day)
        assert chinese_calendar.is_workday(day)
        assert CN.day(day).notice == "cn-2007"


def test_2027_has_no_notice_and_is_provisional():
    assert CN.confirmed_until == date(2026, 12, 31)
    days = [CN.day(day) for day in every_day(date(2027, 1, 1), date(2027, 12, 31))]
    assert all(day.provisional for day in days)
    assumed = [day.date for day in days if day.reason == "assumed_holiday"]
    fixed = holidays.country_holidays("CN", years=2027)
    named = {day for day, name in fixed.items() if "observed" not in name}
    assert set(assumed) == named
    assert len(assumed) == 13


def test_the_dutch_calendar_agrees_with_the_package_holidays():
    other = holidays.country_holidays("NL", years=range(1990, 2050), categories=("public", "optional"))
    for day in every_day(date(1990, 1, 1), date(2049, 12, 31)):
        assert NL.is_working(day) == other.is_working_day(day), day
    assert not NL.any_provisional(date(1990, 1, 1), date(2100, 1, 1))


def test_the_almanac_agrees_with_the_package_holidays():
    other = _ChineseLunisolar()
    dates = {
        "spring_festival": other.lunar_new_year_date,
        "qingming": other.qingming_date,
        "dragon_boat": other.dragon_boat_date,
        "mid_autumn": other.mid_autumn_date,
    }
    assert set(CN.almanac) == set(dates)
    for name, table in CN.almanac.items():
        assert list(table) == list(range(1999, 2051))
        for year, day in table.items():
            assert (day, name) == (dates[name](year)[0], name)


@pytest.mark.parametrize(
    ("text", "days"),
    [("cn-holidays-1999", 10), ("cn-holidays-2007", 11), ("cn-holidays-2013", 11), ("cn-holidays-2024", 13)],
)
def test_each_text_of_the_regulation_gives_its_number_of_days(text, days):
    (regulation,) = [found for found in CN.regulations if found.id == text]
    year = regulation.in_force_from.year + 1
    assert len([day for feast in regulation.feasts for day in feast.dates(year, CN.almanac)]) == days


def test_every_notice_has_its_number_its_dates_and_its_source():
    assert len(CN.notices) == 23
    for paper in CN.notices:
        assert re.fullmatch(r"国(办)?发明电〔20\d\d〕\d+号", paper.number)
        assert paper.source.startswith("https://www.gov.cn/")
        assert paper.issued_on < max(day.date for day in paper.days)
    assert sorted(paper.confirms for paper in CN.notices if paper.confirms) == list(range(2007, 2027))
    assert len({paper.id for paper in CN.notices}) == 23


@pytest.mark.parametrize(
    ("before", "day", "then", "now"),
    [
        (date(2015, 5, 12), date(2015, 9, 3), True, False),
        (date(2015, 5, 12), date(2015, 9, 6), False, True),
        (date(2019, 3, 21), date(2019, 5, 2), True, False),
        (date(2019, 3, 21), date(2019, 4, 28), False, True),
        (date(2020, 1, 26), date(2020, 1, 31), True, False),
        (date(2020, 1, 26), date(2020, 2, 1), True, False),
    ],
)
def test_the_three_amendments_stand_apart_from_the_notice_they_amend(before, day, then, now):
    assert CN.as_of(before).is_working(day) is then
    assert CN.is_working(day) is now


def test_in_2007_the_golden_weeks_of_that_years_law_were_in_force():
    known = CN.as_of(date(2007, 11, 30))
    # Assumed for 2008 under the text of 1999, because neither the text of 2007 nor the notice for 2008 was known yet.
    assert not known.is_working(date(2008, 5, 2))
    assert known.day(date(2008, 5, 2)).provisional
    assert known.is_working(date(2008, 4, 4))


def test_codes_and_unknown_codes():
    assert {"cn", "nl"} <= set(calendar_codes())
    with pytest.raises(UnknownCalendar):
        load_calendar("atlantis")


# --- an installation's own files, and faults -----------------------------------------------------------------------


@pytest.fixture
def extra(tmp_path: Path) -> Path:
    (tmp_path / "calendars" / "cn" / "notices").mkdir(parents=True)
    (tmp_path / "calendars" / "cn" / "layers").mkdir()
    return tmp_path


def write(extra: Path, name: str, text: str) -> None:
    (extra / "calendars" / "cn" / name).write_text(text, encoding="utf-8")


PAPER = """
id: cn-2027
number: 国办发明电〔2026〕9号
title: 关于2027年部分节假日安排的通知（示例）
signed_on: "2026-11-01"
issued_on: "2026-11-02"
source: https://example.org/
confirms: 2027
holidays:
  - name: 元旦
    rest: ["2026-12-31..2027-01-02"]
    worked: ["2027-01-03"]
"""


def test_a_notice_added_by_an_installation_settles_the_next_year(extra):
    write(extra, "notices/2027.yaml", PAPER)
    calendar = load_calendar("cn", extra)
    assert calendar.confirmed_until == date(2027, 12, 31)
    assert not calendar.is_working(date(2026, 12, 31))
    assert calendar.is_working(date(2027, 1, 3))
    assert calendar.version != CN.version
    assert calendar.as_of(date(2026, 11, 1)) == CN


def test_layers_of_a_region_or_an_organ_are_read(extra):
    layer = """
code: organ-7
title: 示例机关
days:
  - {dates: "2026-11-30", kind: half_day, name: 搬迁, decided_on: "2026-11-20", source: 机关通知, closes_at: "12:00"}
  - {dates: "2026-12-01..2026-12-02", kind: closed, name: 搬迁, decided_on: "2026-11-20", source: 机关通知}
"""
    write(extra, "layers/organ-7.yaml", layer)
    calendar = load_calendar("cn+organ-7", extra)
    assert calendar.is_working(date(2026, 11, 30))
    assert not calendar.is_working(date(2026, 12, 2))
    assert calendar.as_of(date(2026, 11, 19)).is_working(date(2026, 12, 2))
    assert calendar.version.startswith("cn+organ-7@")
    # The nation's calendar has nothing of it, and an unknown layer is not passed over.
    assert load_calendar("cn", extra) == CN
    with pytest.raises(UnknownCalendar):
        load_calendar("cn+organ-8", extra)


def faults_of(path: Path) -> set[tuple[int, str]]:
    with pytest.raises(BadDefinition) as refused:
        notice_from(path)
    return {(fault["line"], fault["rule"]) for fault in refused.value.fields["faults"]}


def test_every_fault_of_a_notice_is_told_with_its_line(tmp_path):
    text = PAPER.replace('"2026-11-02"', '"2026-10-30"').replace('"2027-01-03"', '"2027-13-03", "2027-01-01"')
    path = tmp_path / "paper.yaml"
    path.write_text(
        text + "  - name: 春节\n    off: ['2027-02-05..2027-01-31']\n    rest: ['2027-02-09..2027-02-05']\n"
    )
    assert faults_of(path) == {
        (6, "calendar.known_before_signed"),
        (12, "shape.date"),
        (12, "calendar.day_twice"),
        (14, "yaml.boolean"),
        (14, "shape.unknown_key"),
        (15, "calendar.span"),
    }


def test_a_notice_without_its_keys_says_which_are_missing(tmp_path):
    path = tmp_path / "paper.yaml"
    path.write_text("id: x\nconfirms: soon\n")
    found = faults_of(path)
    assert (2, "shape.type") in found
    assert sum(rule == "shape.missing_key" for _, rule in found) >= 1


def test_a_notice_can_be_read_by_itself():
    paper = notice_from(NOTICES / "2020-spring-festival.yaml")
    assert paper.id == "cn-2020-spring-festival"
    assert paper.confirms is None
    assert [day.date.day for day in paper.days if day.off] == [31, 1, 2]
