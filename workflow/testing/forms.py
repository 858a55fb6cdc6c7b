"""Any matter's form filled in at random, right by the matter's own checks: so that every matter can be walked without a line
of code of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from workflow.demo.forms import credit_code
from workflow.demo.people import name, newcomer
from workflow.domain.definition import Definition

_SAMPLES: Final = (
    "京人函〔2026〕7号",
    "2026",
    "100000",
    "GB123456",
    "A1234567",
    "010-00000000",
    "sample@example.org",
)
"""What is tried where a form asks for a pattern."""

LEFT_OUT: Final = 0.4
"""How often a field that may be left out is."""

YES: Final = 0.8
"""How often a question is answered with yes: mostly conditions are asked for that are met."""


def filled_form(definition: Definition, rng: Random, on: date) -> dict[str, Any]:
    """A form of the matter on the civil day `on`. Raises LookupError for a pattern that no sample fits."""
    properties: Mapping[str, Mapping[str, Any]] = definition.form["properties"]
    required = set(definition.form["required"])
    form = {
        field: _value(schema, rng, on)
        for field, schema in properties.items()
        if field in required or rng.random() >= LEFT_OUT
    }
    for condition in definition.form.get("allOf", ()):
        ((other, values),) = condition["if"]["properties"].items()
        if form.get(other) in values["enum"]:
            for field in condition["then"]["required"]:
                form.setdefault(field, _value(properties[field], rng, on))
    return form


def _value(schema: Mapping[str, Any], rng: Random, on: date) -> Any:
    if "enum" in schema:
        return rng.choice(schema["enum"])
    match schema["type"]:
        case "boolean":
            return rng.random() < YES
        case "integer":
            least = schema.get("minimum", 0)
            return rng.randint(least, min(schema.get("maximum", least + 9), least + 9))
        case "array":
            return [name(rng, female=True) for _ in range(max(schema.get("minItems", 1), 1))]
    match schema.get("format"):
        case "date":
            return (on - timedelta(days=rng.randint(0, 3650))).isoformat()
        case "id_number":
            return newcomer(rng, on).id_number
        case "credit_code":
            return credit_code(rng)
        case "phone":
            return "010-00000000"
    if "pattern" in schema:
        return _fitting(schema["pattern"])
    return "示例填写内容"[: schema.get("maxLength", 6)]


def _fitting(pattern: str) -> str:
    for sample in _SAMPLES:
        if re.fullmatch(pattern, sample):
            return sample
    raise LookupError(f"no sample fits {pattern!r}")
