"""`banjie findings rules`: every rule with its id, its weight, the provision it rests on, and words in both languages."""

from __future__ import annotations

import json

import pytest

from workflow.catalog.loader import load
from workflow.catalog.thresholds import FILE
from workflow.cli.main import run
from workflow.domain.accountability.procedural import DUTIES
from workflow.queries.finding_rules import finding_rules
from workflow.texts import LANGUAGES


def test_each_has_an_id_a_provision_and_words():
    rules = finding_rules(load())

    for rule in rules:
        assert rule.id.count(".") >= 1
        assert rule.colour in ("reminder", "yellow", "red")
        assert rule.basis
        for words in (rule.provision, rule.titles):
            assert words.keys() == set(LANGUAGES)
            assert all(words.values())
    assert {f"procedure.{name}" for name in DUTIES} <= {rule.id for rule in rules}
    told = [(rule.id, rule.colour, rule.offset, rule.titles["zh-CN"]) for rule in rules]
    assert len(told) == len(set(told))


def test_a_broken_promise_is_never_called_law():
    for rule in finding_rules(load()):
        if rule.id.startswith("cn.promise."):
            assert rule.basis == "promise"
            assert "法定" not in rule.titles["zh-CN"]


def test_they_are_those_of_the_deployment(tmp_path, monkeypatch, capsys):
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text("ladders: {statute: {one_day_left: {colour: yellow}}}\n", "utf-8")
    monkeypatch.setenv("BANJIE_DEFINITIONS", str(tmp_path))

    assert run(["findings", "rules", "--json"]) == 0

    rules = {rule["id"]: rule for rule in json.loads(capsys.readouterr().out)["rules"]}
    assert rules["cn.licensing.decision.one_day_left"]["colour"] == "yellow"


@pytest.mark.parametrize(("lang", "word"), [("zh-CN", "承诺超时"), ("en", "Promise broken")])
def test_people_read_them_in_their_language(lang, word, monkeypatch, capsys):
    monkeypatch.setenv("BANJIE_LANG", lang)

    assert run(["findings", "rules"]) == 0
    assert word in capsys.readouterr().out
