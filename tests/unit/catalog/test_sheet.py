"""A sheet reads typed values and notes every fault with its place, going on after each."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from pathlib import Path

import pytest

from workflow.catalog.faults import Fault
from workflow.catalog.sheet import NO_DAY, Sheet, finish, open_sheet
from workflow.domain.period import Days, WorkingDays
from workflow.errors import BadDefinition
from workflow.texts import LANGUAGES


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@pytest.fixture
def reading(tmp_path: Path):
    """A function from the text of a file to its sheet and the faults noted."""

    def of(text: str) -> tuple[Sheet, list[Fault]]:
        path = tmp_path / "sheet.yaml"
        path.write_text(text, encoding="utf-8")
        faults: list[Fault] = []
        return open_sheet(path, faults, name="sheet.yaml"), faults

    return of


def rules(faults: list[Fault]) -> list[tuple[int, str]]:
    return [(fault.mark.line, fault.rule) for fault in faults]


def test_values_of_every_kind_are_read(reading):
    sheet, faults = reading(
        """
name: 国庆节
count: 3
settled: true
days: [a, b]
on_day: "2026-10-01"
closes: "17:30"
period: 20wd
colour: blue
title: {zh-CN: 标题, en: Title}
below: {x: "1"}
rows: [{x: "1"}, {x: "2"}]
grounds: [hearing, {testing: {x: "1"}}]
"""
    )
    assert sheet.text("name") == "国庆节"
    assert sheet.whole("count") == 3
    assert sheet.flag("settled") is True
    assert sheet.texts("days") == ["a", "b"]
    assert sheet.day("on_day") == date(2026, 10, 1)
    assert sheet.clock_time("closes") == time(17, 30)
    assert sheet.period("period") == WorkingDays(20)
    assert sheet.choice("colour", Colour) is Colour.BLUE
    assert sheet.words("title") == {"zh-CN": "标题", "en": "Title"}
    assert sheet.sheet("below").text("x") == "1"
    assert [row.text("x") for row in sheet.sheets("rows")] == ["1", "2"]
    assert [(name, terms is not None) for name, terms in sheet.mixed("grounds")] == [
        ("hearing", False),
        ("testing", True),
    ]
    sheet.close()
    assert faults == []
    finish(faults)


def test_what_is_not_given_takes_its_default(reading):
    sheet, faults = reading("name: x\n")
    assert sheet.text("other", "y") == "y"
    assert sheet.whole("count", 7) == 7
    assert sheet.flag("settled", default=False) is False
    assert sheet.texts("days") == []
    assert sheet.day("on_day", date(2026, 1, 1)) == date(2026, 1, 1)
    assert sheet.clock_time("closes") is None
    assert not sheet.has("period")
    assert list(sheet.sheets("rows", optional=True)) == []
    assert list(sheet.mixed("grounds")) == []
    assert faults == []


def test_every_fault_is_noted_and_reading_goes_on(reading):
    sheet, faults = reading(
        """
name: 3
count: three
days: [1]
on_day: "2026-02-30"
closes: "25:00"
period: 20 days
colour: green
rows: none
grounds: [{a: {}, b: {}}]
"""
    )
    assert sheet.text("name") == ""
    assert sheet.whole("count") == 0
    assert sheet.texts("days") == []
    assert sheet.day("on_day") == NO_DAY
    assert sheet.clock_time("closes") is None
    assert sheet.period("period") == Days(0)
    assert sheet.choice("colour", Colour) is Colour.RED
    assert list(sheet.sheets("rows")) == []
    assert list(sheet.mixed("grounds")) == []
    assert sheet.sheet("missing").text("x") == ""
    assert rules(faults) == [
        (2, "shape.type"),
        (3, "shape.type"),
        (4, "shape.type"),
        (5, "shape.date"),
        (6, "shape.type"),
        (7, "shape.period"),
        (8, "shape.choice"),
        (9, "shape.type"),
        (10, "shape.type"),
        (2, "shape.missing_key"),
        (2, "shape.missing_key"),
    ]
    with pytest.raises(BadDefinition) as refused:
        finish(faults)
    assert refused.value.fields["count"] == 11


def test_a_key_never_asked_for_is_a_fault(reading):
    sheet, faults = reading("name: x\nnaem: z\n")
    sheet.text("name")
    sheet.close()
    assert [(fault.mark.line, fault.rule, fault.fields["key"]) for fault in faults] == [
        (2, "shape.unknown_key", "naem")
    ]


def test_a_file_that_is_no_map_says_so(reading):
    sheet, faults = reading("- a\n- b\n")
    assert sheet.text("name") == ""
    assert sheet.keys() == []
    assert not sheet.has("name")
    sheet.close()
    assert rules(faults) == [(1, "shape.type")]


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    faults: list[Fault] = []
    open_sheet(tmp_path / "nowhere.yaml", faults)
    assert [fault.rule for fault in faults] == ["yaml.unreadable"]


def test_every_fault_can_be_told_in_both_languages(reading):
    sheet, faults = reading("name: 3\nperiod: x\n")
    sheet.text("name")
    sheet.period("period")
    sheet.day("on_day")
    sheet.choice("colour", Colour)
    sheet.fault("name", "calendar.day_twice", day="2026-10-01")
    sheet.fault("name", "calendar.span", span="a..b")
    sheet.fault("name", "calendar.almanac_row", columns=4)
    sheet.fault("name", "calendar.known_before_signed")
    sheet.fault("name", "calendar.half_day")
    for fault in faults:
        for lang in LANGUAGES:
            assert fault.says(lang)
            assert fault.mend(lang)
