"""Columns stand straight whatever the script; instants are shown as the wall clock shows them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from workflow.cli.rendering import cells, day, json_text, local, pairs, table


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("办结", 4), ("a办", 3), ("（示例）", 8), ("é", 1), ("e\u0301", 1)],
)
def test_wide_characters_take_two_cells(text, width):
    assert cells(text) == width


def test_the_columns_of_a_table_begin_in_the_same_cell():
    lines = table(["名称", "n", "更多"], [("a", "1", "x"), ("行政审批", "10", "")])

    assert lines == ["名称      n   更多", "a         1   x", "行政审批  10"]


def test_a_table_without_rows_is_its_heads():
    assert table(["a", "b"], []) == ["a  b"]


def test_pairs_without_a_value_are_left_out():
    assert pairs([("环节", "审查"), ("结果", ""), ("no", "1")]) == ["环节  审查", "no    1"]
    assert pairs([]) == []


def test_an_instant_is_shown_in_the_zone_it_is_asked_for():
    moment = datetime(2026, 9, 7, 16, 30, tzinfo=UTC)

    assert local(moment, "Asia/Shanghai") == "2026-09-08 00:30"
    assert local(moment, "Europe/Amsterdam") == "2026-09-07 18:30"
    assert local(None, "UTC") == ""
    assert (day(date(2026, 9, 7)), day(None)) == ("2026-09-07", "")


def test_answers_for_programs_are_json_with_instants_in_utc():
    value = {"at": datetime(2026, 9, 7, 1, 0, tzinfo=UTC), "on": date(2026, 9, 7), "名": ("办结",)}

    assert json.loads(json_text(value)) == {"at": "2026-09-07T01:00:00Z", "on": "2026-09-07", "名": ["办结"]}
    assert "办结" in json_text(value)
    assert "\n" not in json_text(value, indent=0)
