"""The shape of the files: what is unknown, missing or of the wrong kind is told with its line, all of it at once."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from workflow.catalog.loader import examine
from workflow.catalog.schema import check_shape
from workflow.catalog.strict_yaml import parse
from workflow.domain.clock_acts import ACTS
from workflow.domain.effects import EFFECTS
from workflow.domain.events import EVENT_TYPES
from workflow.domain.guards import GUARDS
from workflow.texts import shipped_definitions

TRANSFER = "processes/personnel-transfer.yaml"
BEIJING = "matters/transfer-into-beijing.yaml"

PLANTED = [
    (TRANSFER, "    stage: publicize", "    stag: publicize", ["shape.unknown_key"]),
    (TRANSFER, "    stage: publicize\n", "", ["shape.missing_key"]),
    (TRANSFER, "    stage: publicize", "    stage: publish", ["shape.choice"]),
    (TRANSFER, "promise: 8wd", "promise: 8 days", ["shape.period"]),
    (TRANSFER, "promise: 8wd", "promise: 8", ["shape.type"]),
    (TRANSFER, "{do: archive}", "{do: shred}", ["vocabulary.effect"]),
    (TRANSFER, "guards: [no_open_objection]", "guards: [no_objection]", ["vocabulary.guard"]),
    (TRANSFER, "{events: [FilingAccepted]}", "{events: [Accepted]}", ["vocabulary.event"]),
    (TRANSFER, "process: personnel-transfer", "process: personnel-transfers", ["file.name"]),
    (TRANSFER, "initial: internal_review", "initial: Internal-Review", ["shape.pattern"]),
    (TRANSFER, "    from: [publicity]\n    by: [public]", "    from: []\n    by: [public]", ["shape.empty"]),
    (TRANSFER, "    by: [public]", "    by: [public, public]", ["shape.value"]),
    (TRANSFER, "title: {zh-CN: 送达, en: Delivery}", "title: {zh-CN: 送达}", ["text.language"]),
    (TRANSFER, "title: {zh-CN: 送达, en: Delivery}", "title: Delivery", ["shape.type"]),
    (BEIJING, "provenance: attested\nseries", "provenance: certain\nseries", ["shape.choice"]),
    (BEIJING, "series: JWDG\n", "", ["shape.missing_key"]),
    (BEIJING, "  fees: {zh-CN: 不收费, en: No fee}\n", "", ["shape.missing_key"]),
    (BEIJING, "type: id_number", "type: passport", ["shape.choice"]),
    (BEIJING, "copies: 3", "copies: 0", ["shape.value"]),
    (BEIJING, "posts:\n", "posts:\n  messenger: null\n", ["file.removed_nothing"]),
    ("organs/sample.yaml", "    kind: bureau", "    kind: office", ["shape.choice"]),
]


@pytest.mark.parametrize(("file", "old", "new", "rules"), PLANTED)
def test_a_planted_fault_of_shape_is_found_alone(plant, file, old, new, rules):
    assert [rule for rule, _ in plant(file, old, new)] == rules


def test_a_file_with_two_faults_reports_both_with_their_lines(plant):
    found = plant(BEIJING, "series: JWDG\naudience: public", "series: jwdg\naudience: nobody")

    assert found == [("shape.pattern", "series: jwdg"), ("shape.choice", "audience: nobody")]


def test_a_fault_of_yaml_does_not_hide_one_of_shape(plant):
    found = plant(BEIJING, "series: JWDG\naudience: public", "series: yes\naudiences: public")

    assert ("yaml.boolean", "series: yes") in found
    assert ("shape.unknown_key", "audiences: public") in found


def test_a_fault_found_after_merging_names_the_file_it_was_written_in(plant):
    found = plant(BEIJING, "  reply: {series: 国人函}", "  answer: {series: 国人函}")

    assert found == [("shape.missing_key", "answer: {series: 国人函}")]


def test_null_takes_out_of_the_process(plant, tmp_path):
    assert plant(BEIJING, "\nposts:\n", "\nactions: {report_no_arrival: null}\n\nposts:\n") == []

    catalog, _ = examine([tmp_path / "good"])
    assert "report_no_arrival" not in catalog.matters["transfer-into-beijing"].definition.actions


def test_an_unknown_key_is_told_where_it_stands_and_what_is_known():
    document, _ = parse("process: a\ntitle: {zh-CN: 甲, en: A}\nposts:\n  one:\n    kin: x\n", "a.yaml")

    (fault,) = check_shape(document.data, "process", document.where)

    assert (fault.rule, fault.mark.line, fault.fields["key"]) == ("shape.unknown_key", 5, "kin")
    assert "kind" in fault.mend("en")
    assert fault.says("zh-CN") == "不认识的键“kin”"


@pytest.mark.parametrize("name", ["common", "process", "matter", "resolved", "organs"])
def test_the_schemas_are_schemas(name):
    schema = json.loads((shipped_definitions() / "schema" / f"{name}.schema.json").read_text("utf-8"))

    Draft202012Validator.check_schema(schema)


def test_the_schema_knows_exactly_the_words_of_the_engine():
    parts = json.loads((shipped_definitions() / "schema" / "common.schema.json").read_text("utf-8"))["$defs"]

    assert set(parts["effect"]["properties"]["do"]["enum"]) == {*EFFECTS, *ACTS}
    assert set(parts["action"]["properties"]["guards"]["items"]["enum"]) == set(GUARDS)
    assert set(parts["trigger"]["properties"]["events"]["items"]["enum"]) <= set(EVENT_TYPES)


def test_everything_an_editor_offers_is_described():
    undescribed = []
    for path in (shipped_definitions() / "schema").glob("[!r]*.json"):
        undescribed += [
            f"{path.name}: {where}" for where in _undescribed(json.loads(path.read_text("utf-8")))
        ]

    assert undescribed == []


def _undescribed(schema: object, where: str = "") -> list[str]:
    if not isinstance(schema, dict):
        return []
    found = []
    for name, part in {**schema.get("properties", {}), **schema.get("$defs", {})}.items():
        if "description" not in part and "$ref" not in part:
            found.append(f"{where}/{name}")
        found += _undescribed(part, f"{where}/{name}")
    return found
