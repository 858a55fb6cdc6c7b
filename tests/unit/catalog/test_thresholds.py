"""Thresholds and colours of a deployment, changed in one place for every matter, checked and kept with the definition."""

from __future__ import annotations

import pytest

from workflow.catalog.loader import examine, load
from workflow.catalog.thresholds import FILE
from workflow.texts import shipped_definitions

EARLY_YELLOW = """
ladders:
  promise:
    one_day_left: {colour: yellow, title: {zh-CN: 临近承诺时限, en: The promise is about to run out}}
    three_days_left: null
    uncured: {offset: 1}
"""
"""A city where a yellow card comes the day before the promise is broken, and a red one the day after."""


@pytest.fixture
def city(tmp_path):
    """The shipped definitions with the thresholds of an installation."""

    def folders(text):
        (tmp_path / FILE).parent.mkdir()
        (tmp_path / FILE).write_text(text, "utf-8")
        return [shipped_definitions(), tmp_path]

    return folders


def ladder(catalog, code, clock):
    spec = catalog.matter(code).definition.clocks[clock]
    return {rung.name: (rung.offset, str(rung.colour)) for rung in spec.rungs}


def test_every_promise_of_every_matter_changes_in_one_place(city):
    changed = load(city(EARLY_YELLOW))

    handling = ladder(changed, "transfer-into-beijing", "handling")
    assert handling == {"one_day_left": (-1, "yellow"), "overdue": (0, "yellow"), "uncured": (1, "red")}
    assert ladder(changed, "graduate-personal-file", "handling") == handling, "another process"


def test_other_ladders_stay(city):
    shipped, changed = load(), load(city(EARLY_YELLOW))

    for code, clock in (
        ("talent-agency-licence", "decision"),
        ("transfer-into-beijing", "step_under_review"),
    ):
        assert ladder(changed, code, clock) == ladder(shipped, code, clock)


def test_it_belongs_to_the_version_and_its_words_to_the_guide(city):
    shipped, changed = load(), load(city(EARLY_YELLOW))

    code = "transfer-into-beijing"
    assert changed.matter(code).definition.hash != shipped.matter(code).definition.hash
    assert changed.matter(code).text("clocks.handling.ladder.one_day_left", "zh-CN") == "临近承诺时限"
    untouched = "environmental-permit-nl"
    assert changed.matter(untouched).definition.hash == shipped.matter(untouched).definition.hash


def test_a_whole_rung_is_put_into_every_ladder_of_the_name(city):
    red = "{offset: 10, colour: red, title: {zh-CN: 严重超时, en: Long overdue}}"
    changed = load(city(f"ladders:\n  step:\n    long_overdue: {red}\n"))

    assert ladder(changed, "talent-agency-licence", "step_under_review")["long_overdue"] == (10, "red")


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("ladders:\n  promis:\n    overdue: {colour: red}\n", "reference.ladder", 2),
        ("ladders:\n  promise:\n    overdu: {colour: red}\n", "reference.rung", 3),
        ("ladders:\n  promise:\n    overdu: null\n", "reference.rung", 3),
        ("ladders:\n  promise:\n    overdue: {colour: purple}\n", "shape.choice", 3),
        ("ladders:\n  promise:\n    overdue: {color: red}\n", "shape.unknown_key", 3),
        ("thresholds: {}\n", "shape.unknown_key", 1),
    ],
)
def test_a_slip_is_told_with_its_line(city, text, rule, line):
    _, faults = examine(city(text))

    assert (rule, line) in [(fault.rule, fault.mark.line) for fault in faults]
    assert {fault.mark.file.rpartition("/")[2] for fault in faults} == {"ladders.yaml"}


def test_none_are_shipped():
    assert (shipped_definitions() / FILE).read_text("utf-8").rstrip().endswith("ladders: {}")
