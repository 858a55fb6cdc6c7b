"""Widths and line breaks of Chinese and Latin text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.catalog.drawing.measure import broadest, width, wrapped


def test_a_full_width_character_is_one_em():
    assert width("受理审查", 12) == 48
    assert width("《》，。", 10) == 40


def test_latin_letters_are_narrower_and_bold_ones_broader():
    assert width("acceptance", 12) < 120
    assert width("acceptance", 12, bold=True) > width("acceptance", 12)


def test_lines_break_between_chinese_characters_and_at_spaces():
    assert wrapped("一次性告知补正", 48, 12) == ("一次性告", "知补正")
    assert wrapped("Refuse acceptance now", 70, 12) == ("Refuse", "acceptance", "now")


@pytest.mark.parametrize("text", ["不予受理，不予许可。", "出具《受理通知书》", "办理（机关负责人）"])
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text):
    for room in range(24, 130, 6):
        lines = wrapped(text, room, 12)
        assert not any(line[0] in "，。》）" for line in lines if len(line) > 1)
        assert not any(line[-1] in "《（" for line in lines if len(line) > 1)


@given(
    text=st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Mn"]), max_size=60),
    room=st.integers(20, 200),
)
def test_nothing_is_lost_and_nothing_is_broader_than_its_room(text, room):
    lines = wrapped(text, room, 12)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert broadest([line for line in lines if len(line) > 1], 12) <= room
