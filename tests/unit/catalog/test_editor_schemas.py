"""The schemas that editors use for law and calendars: what is shipped fits them, every key is described, a slip is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from workflow.catalog.schema import check_shape
from workflow.catalog.strict_yaml import inspect
from workflow.texts import shipped_definitions

ROOT = shipped_definitions()
SCHEMAS = {
    "law": sorted((ROOT / "law").glob("*.yaml")),
    "calendar": sorted((ROOT / "calendars").glob("*/calendar.yaml")),
    "regulations": sorted((ROOT / "calendars").glob("*/regulations.yaml")),
    "almanac": sorted((ROOT / "calendars").glob("*/almanac.yaml")),
    "notice": sorted((ROOT / "calendars").glob("*/notices/*.yaml")),
    "ladders": sorted((ROOT / "accountability").glob("ladders.yaml")),
    "layer": sorted((ROOT / "calendars").glob("*/layers/*.yaml")),
}
FILES = [(schema, path) for schema, paths in SCHEMAS.items() for path in paths]


@pytest.mark.parametrize(("schema", "path"), FILES, ids=lambda value: getattr(value, "name", value))
def test_what_is_shipped_fits_its_schema(schema: str, path: Path):
    document, faults = inspect(path)

    assert faults == []
    assert [fault.line("en") for fault in check_shape(document.data, schema, document.where)] == []


@pytest.mark.parametrize("schema", sorted(SCHEMAS))
def test_a_key_that_is_mistyped_is_seen(schema: str):
    paths = SCHEMAS[schema]
    document = inspect(paths[0])[0] if paths else None
    data = {**(document.data if document else {}), "tilte": "x"}

    rules = {
        fault.rule for fault in check_shape(data, schema, lambda place: document and document.where(place))
    }
    assert "shape.unknown_key" in rules


@pytest.mark.parametrize("schema", [*sorted(SCHEMAS), "plan"])
def test_every_key_is_described(schema: str):
    content = json.loads((ROOT / "schema" / f"{schema}.schema.json").read_text("utf-8"))

    Draft202012Validator.check_schema(content)
    assert list(_bare(content)) == []


def _bare(schema: object, where: str = ""):
    if isinstance(schema, dict):
        for name, part in schema.get("properties", {}).items():
            if "description" not in part:
                yield f"{where}/{name}"
        for key, below in schema.items():
            yield from _bare(below, f"{where}/{key}")
    elif isinstance(schema, list):
        for below in schema:
            yield from _bare(below, where)
