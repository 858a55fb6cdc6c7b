"""The words of the four tables: one way back from each to its code, whatever the language."""

from __future__ import annotations

import json

import pytest

from workflow.domain.directory_rules import ADMINISTRATORS
from workflow.exchange.directory.columns import PARTS, WORDS, known_headings, known_sheets, ways, words
from workflow.texts import LANGUAGES, shipped_definitions


@pytest.mark.parametrize("kind", WORDS)
def test_every_word_leads_back_to_its_code(kind):
    for lang in LANGUAGES:
        for code, word in words(kind, lang).items():
            assert ways(kind)[word.casefold()] == code
            assert ways(kind)[code] == code


@pytest.mark.parametrize("part", PARTS)
def test_every_heading_leads_back_to_its_column(part):
    keys = [column.key for column in PARTS[part]]

    assert set(known_headings(part).values()) == set(keys)
    assert len(known_headings(part)) >= 2 * len(keys) - 1
    assert part in known_sheets().values()


def test_kinds_of_organs_are_those_of_the_files_of_organs():
    schema = json.loads((shipped_definitions() / "schema" / "organs.schema.json").read_text("utf-8"))
    kinds = schema["properties"]["organs"]["additionalProperties"]["properties"]["kind"]["enum"]

    assert set(words("organ_kind", "en")) == set(kinds)


def test_the_administrators_and_supervisors_have_words():
    assert {*ADMINISTRATORS, "supervisor", "head"} <= words("post", "zh-CN").keys()
