"""The shape of the YAML files: the JSON Schemas that editors use, applied with every fault located.

A `null` in a matter means "take this out of the process" and is allowed anywhere there. Words of a schema beginning with
`x-` are ours: `x-rule` names the rule that is broken where the bare keyword would say too little.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from workflow.catalog.faults import Fault, Mark
from workflow.catalog.strict_yaml import Place
from workflow.texts import shipped_definitions

_KINDS: Final = {
    "object": "map",
    "array": "list",
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
}


def check_shape(
    data: Any, schema: str, where: Callable[[Place], Mark], *, nulls: bool = False
) -> Iterator[Fault]:
    """The faults of plain values under `definitions/schema/<schema>.schema.json`; `where` knows where they stand."""
    for error in _validator(schema).iter_errors(_without_nulls(data) if nulls else data):
        yield from _located(error, where)


@cache
def _validator(schema: str) -> Any:
    # Imported here because it takes 75 ms, which commands that read no YAML need not spend.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    return Draft202012Validator(_inlined(_file(f"{schema}.schema.json")))


@cache
def _file(name: str) -> Any:
    return json.loads((shipped_definitions() / "schema" / name).read_text("utf-8"))


def _inlined(schema: Any) -> Any:
    """The schema with its references put in place: they never recurse, and looking them up each time costs most."""
    if isinstance(schema, list):
        return [_inlined(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        file, _, name = schema["$ref"].partition("#/$defs/")
        return {**_inlined(_file(file)["$defs"][name]), **{k: v for k, v in schema.items() if k != "$ref"}}
    return {key: _inlined(value) for key, value in schema.items()}


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nulls(below) for key, below in value.items() if below is not None}
    return value


def _located(error: Any, where: Callable[[Place], Mark]) -> Iterator[Fault]:
    place = tuple(error.absolute_path)
    mark = where(place)
    match error.validator:
        case "additionalProperties":
            known = sorted(error.schema.get("properties", {}))
            for key in error.instance:
                if key not in known:
                    fields = {"key": key, "known": ", ".join(known)}
                    yield Fault(rule="shape.unknown_key", mark=where((*place, key)), fields=fields)
        case "required":
            # The validator reports each missing key by itself; its name stands in the message only.
            missing = next(key for key in error.validator_value if error.message.startswith(f"{key!r} "))
            yield Fault(
                rule=error.schema.get("x-rule", "shape.missing_key"), mark=mark, fields={"key": missing}
            )
        case "enum":
            fields = {"value": error.instance, "known": ", ".join(map(str, error.validator_value))}
            yield Fault(rule=error.schema.get("x-rule", "shape.choice"), mark=mark, fields=fields)
        case "type":
            wanted = " / ".join(_KINDS.get(kind, kind) for kind in _listed(error.validator_value))
            yield Fault(
                rule="shape.type", mark=mark, fields={"value": _short(error.instance), "wanted": wanted}
            )
        case "pattern":
            key = error.path[-1] if error.path else error.instance
            rule = error.schema.get("x-rule", "shape.pattern")
            yield Fault(rule=rule, mark=mark, fields={"value": error.instance, "key": key})
        case "minItems" | "minLength" | "minProperties":
            rule = error.schema.get("x-rule", "shape.empty")
            name = place[-2] if rule != "shape.empty" and len(place) > 1 else ""
            yield Fault(rule=rule, mark=mark, fields={"key": place[-1] if place else "", "name": name})
        case _:
            yield Fault(rule="shape.value", mark=mark, fields={"reason": error.message})


def _listed(kinds: str | list[str]) -> list[str]:
    return [kinds] if isinstance(kinds, str) else kinds


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
