"""The rules of scoring: the shipped ones are sound, and every fault that can be planted is found at its line."""

from __future__ import annotations

import pytest

from workflow.catalog.scoring import FILE, examine_scoring, load_scoring
from workflow.errors import BadDefinition
from workflow.texts import shipped_definitions

SHIPPED = (shipped_definitions() / FILE).read_text("utf-8")

PLANTED = [
    ("base: 100", "base: 99", "scoring.weights", "base: 99"),
    ("Yellow card}, head: time", "Yellow card}, head: tiem", "scoring.head", "tiem"),
    ("{head: satisfaction, at_least", "{head: gone, at_least", "scoring.head", "gone"),
    ("{id: red_card,", "{id: yellow_card,", "scoring.twice", "{id: yellow_card, title: {zh-CN: 红牌"),
    ("card: reminder, run_of: 3,", "card: reminder,", "scoring.run", "card: reminder"),
    ("card: yellow, points: 5}", "card: yellow, run_of: 2, points: 5}", "scoring.run", "run_of: 2"),
    ("card: yellow, procedural: true, points: 5", "card: yellow, points: 5", "scoring.hidden", "yellow_card"),
    ("worth: [0, 30,", "worth: [40, 30,", "scoring.worth", "worth: [40"),
    ("at_least: 80}", "at_least: 95}", "scoring.grades", "grades:"),
    ("en: Failed}, at_least: 0}", "en: Failed}, at_least: 1}", "scoring.grades", "grades:"),
    ("en: Failed}, at_least: 0}", "en: Failed}, at_least: 0, without: [red]}", "scoring.grades", "grades:"),
    ("counts: raised\n", "counts: sometimes\n", "shape.choice", "counts: sometimes"),
    ("title: {zh-CN: 优秀, en: Excellent}, ", "", "shape.missing_key", "code: excellent"),
    ("worth: [0, 30, 60, 85, 100]", "worth: [0, 30, 60, 100]", "shape.empty", "worth: [0, 30, 60, 100]"),
]


def test_the_shipped_rules_are_sound():
    rules = load_scoring()

    assert sum(head.weight for head in rules.heads) == rules.base == 100
    assert [grade.code for grade in rules.grades] == ["excellent", "good", "passed", "failed"]


@pytest.mark.parametrize(("old", "new", "rule", "beside"), PLANTED)
def test_a_planted_fault_is_found_where_it_stands(tmp_path, old, new, rule, beside):
    assert SHIPPED.count(old) >= 1
    text = SHIPPED.replace(old, new, 1)
    path = tmp_path / "scoring.yaml"
    path.write_text(text, "utf-8")

    _, faults = examine_scoring(path)

    line = next(number for number, told in enumerate(text.splitlines(), 1) if beside in told)
    assert [(fault.rule, fault.mark.line) for fault in faults] == [(rule, line)]


def test_an_installation_may_bring_its_own(tmp_path):
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text(SHIPPED.replace("counts: raised", "counts: confirmed"), "utf-8")

    assert load_scoring([tmp_path]).counts == "confirmed"
    assert load_scoring([tmp_path / "nothing"]).counts == "raised"


def test_rules_that_are_not_sound_are_refused_whole(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(SHIPPED.replace("base: 100", "base: 99"), "utf-8")

    with pytest.raises(BadDefinition):
        load_scoring(path=path)
