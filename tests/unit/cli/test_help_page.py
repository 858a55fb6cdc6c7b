"""Help pages: broken where a line may break, in either script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.cli.help_page import wrapped
from workflow.cli.main import run
from workflow.cli.rendering import cells


def test_english_breaks_at_spaces_and_chinese_between_characters():
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("行政审批事项", 8) == ["行政审批", "事项"]
    assert wrapped("用 banjie case show 查看", 12) == ["用 banjie", "case show 查", "看"]


def test_nothing_makes_no_lines():
    assert wrapped("", 10) == []
    assert wrapped("   ", 10) == []


@given(st.text(alphabet="ab 办结，。", max_size=60), st.integers(min_value=12, max_value=40))
def test_no_line_is_too_wide_and_nothing_is_lost(text, width):
    words = [word for word in text.split() if word]
    lines = wrapped(text, width)

    assert "".join("".join(lines).split()) == "".join(words)
    longest = max((cells(word) for word in words if word.isascii()), default=0)
    assert all(cells(line) <= max(width, longest) + 2 for line in lines)


@pytest.mark.parametrize(
    ("lang", "heads"),
    [
        ("zh-CN", ["用法：banjie", "选项：", "命令：", "显示本页"]),
        ("en", ["Usage: banjie", "Options:", "Commands:", "Show this page"]),
    ],
)
def test_typers_own_words_are_in_the_readers_language(capsys, monkeypatch, lang, heads):
    monkeypatch.setenv("BANJIE_LANG", "zh-CN")

    assert run(["--lang", lang, "--help"]) == 0

    said = capsys.readouterr().out
    assert all(head in said for head in heads), said
    assert "Show this message" not in said
