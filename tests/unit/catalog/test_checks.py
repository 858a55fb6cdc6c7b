"""The rules of the checker: each is used, has its words, stands in the documentation, and is planted somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from tests.unit.catalog import (
    test_schema,
    test_scoring,
    test_sound_periods,
    test_sound_practice,
    test_sound_procedure,
    test_sound_quota,
    test_soundness,
)
from workflow.catalog import strict_yaml
from workflow.texts import LANGUAGES, catalogue, shipped_definitions

ROOT = Path(__file__).resolve().parents[3]

ELSEWHERE = {
    # Tried where files are read, where several files meet, or with the words that cannot be planted by one change.
    "file.kind", "file.twice", "file.removed_nothing", "guide.block", "shape.date", "reference.join", "reference.matter",
    "reference.rung",
}  # fmt: skip


def rules() -> set[str]:
    keys = catalogue("en")
    return {key.removeprefix("faults.").rpartition(".")[0] for key in keys if key.startswith("faults.")}


def planted() -> list[str]:
    modules = (
        test_soundness,
        test_sound_periods,
        test_sound_practice,
        test_sound_procedure,
        test_sound_quota,
        test_scoring,
    )
    schema = [rule for *_, found in test_schema.PLANTED for rule in found]
    return [rule for module in modules for *_, rule, _ in module.PLANTED] + schema


def test_every_rule_has_its_words_in_both_languages():
    for lang in LANGUAGES:
        texts = catalogue(lang)
        for rule in rules():
            assert texts[f"faults.{rule}.says"], rule
            assert texts[f"faults.{rule}.mend"], rule


def test_the_documentation_lists_exactly_the_rules_there_are():
    page = (ROOT / "docs" / "checks.md").read_text("utf-8")

    listed = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", page, re.MULTILINE)

    assert len(listed) == len(set(listed))
    assert set(listed) == rules()


def test_every_rule_is_used_and_every_rule_used_is_known():
    sections = {rule.partition(".")[0] for rule in rules()}
    quoted = re.compile(rf'"((?:{"|".join(sections)})\.[a-z_]+)"')
    files = [
        *(ROOT / "workflow" / "catalog").rglob("*.py"),
        *(shipped_definitions() / "schema").glob("*.json"),
    ]
    used = {rule for path in files for rule in quoted.findall(path.read_text("utf-8"))}
    spelled = {f"reference.{kind}" for kind in _kinds()} | {f"yaml.{name}" for name, _ in strict_yaml._TRAPS}

    assert rules() - used - spelled == set()


def test_every_rule_about_matters_is_planted():
    about = {rule for rule in rules() if rule.partition(".")[0] not in {"yaml", "law", "calendar", "joins"}}

    assert about - set(planted()) - ELSEWHERE == set()


def test_more_than_a_hundred_faults_are_planted_one_at_a_time():
    assert len(planted()) > 100


def _kinds() -> set[str]:
    text = (ROOT / "workflow" / "catalog" / "references.py").read_text("utf-8")
    return set(re.findall(r'judged\.known\(\s*"([a-z]+)"', text))
