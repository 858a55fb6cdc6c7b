"""Application forms: from the readable list of fields to JSON Schema, and checking what an applicant filled in.

Identity numbers (公民身份号码, GB 11643) and unified social credit codes (统一社会信用代码, GB 32100) are checked by
python-stdnum. For identity numbers its parts are used one by one and the place of birth is left out: the fictional
people of the samples live in the region 990000, which has never been assigned, and real regions are merged and
renumbered faster than any table; the day of birth and the check digit hold for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from workflow.domain.definition import Definition
from workflow.errors import BadFields
from workflow.texts import t

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TYPES: Final[dict[str, dict[str, Any]]] = {
    "string": {"type": "string", "minLength": 1},
    "text": {"type": "string", "minLength": 1},
    "phone": {"type": "string", "format": "phone"},
    "date": {"type": "string", "format": "date"},
    "id_number": {"type": "string", "format": "id_number"},
    "credit_code": {"type": "string", "format": "credit_code"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "integer"},
    "list": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "choice": {"type": "string"},
}
_LIMITS: Final = {
    "max_length": "maxLength",
    "minimum": "minimum",
    "maximum": "maximum",
    "min_items": "minItems",
    "pattern": "pattern",
}


def form_schema(form: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON Schema of a form as a matter lists it; nothing that is not listed may be filled in."""
    schema: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _property(field) for name, field in form.items()},
        # Sorted, because the order of a file is for people and may not change the hash.
        "required": sorted(name for name, field in form.items() if field.get("required", True)),
    }
    conditions = [
        {
            "if": {"properties": {other: {"enum": list(values)}}, "required": [other]},
            "then": {"required": [name]},
        }
        for name, field in form.items()
        for other, values in field.get("required_when", {}).items()
    ]
    return schema | ({"allOf": conditions} if conditions else {})


def personal_fields(form: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Names of the fields that hold personal values."""
    return tuple(sorted(name for name, field in form.items() if field.get("personal", False)))


def check_form(definition: Definition, form: Mapping[str, Any], lang: str | None = None) -> None:
    """Check what was filled in. Raises BadFields that names every problem with its field."""
    problems = list(form_problems(definition, form, lang))
    if problems:
        told = "; ".join(f"{field}: {problem}" for field, problem in problems)
        raise BadFields(what=definition.code, problems=told, located=[list(problem) for problem in problems])


def form_problems(
    definition: Definition, form: Mapping[str, Any], lang: str | None = None
) -> Iterator[tuple[str, str]]:
    """Every problem of a filled-in form: the field and what is wrong with it, in the reader's language."""
    for field, rule, limits in form_faults(definition, form):
        yield field, t(rule, lang, **limits)


def form_faults(definition: Definition, form: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every problem of a filled-in form: the field, the rule (which is the key of its text) and the text's fields."""
    for error in sorted(
        _validator(definition).iter_errors(dict(form)), key=lambda error: list(map(str, error.path))
    ):
        yield from _faults(error)


def id_number_problem(number: str) -> str | None:
    """None if `number` can be an identity number, else the key of the text that says why not."""
    from stdnum.cn import ric  # noqa: PLC0415 - only needed when somebody files
    from stdnum.exceptions import ValidationError  # noqa: PLC0415

    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "forms.id_number.shape"
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return "forms.id_number.birth"
    return None if number[-1] == ric.calc_check_digit(number) else "forms.id_number.check_digit"


def credit_code_problem(code: str) -> str | None:
    """None if `code` is a well-formed unified social credit code, else the key of the text that says why not."""
    from stdnum.cn import uscc  # noqa: PLC0415 - only needed when somebody files
    from stdnum.exceptions import InvalidChecksum, ValidationError  # noqa: PLC0415

    try:
        return None if uscc.validate(code) == code else "forms.credit_code.shape"
    except InvalidChecksum:
        return "forms.credit_code.check_digit"
    except ValidationError:
        return "forms.credit_code.shape"


def _date_problem(value: str) -> str | None:
    if not _DATE.fullmatch(value):
        return "forms.date"
    try:
        date.fromisoformat(value)
    except ValueError:
        return "forms.date"
    return None


def _phone_problem(value: str) -> str | None:
    return None if re.fullmatch(r"\+?[0-9][0-9 -]{5,18}[0-9]", value) else "forms.phone"


_FORMATS: Final[dict[str, Callable[[str], str | None]]] = {
    "id_number": id_number_problem,
    "credit_code": credit_code_problem,
    "date": _date_problem,
    "phone": _phone_problem,
}


def _property(field: Mapping[str, Any]) -> dict[str, Any]:
    schema = dict(_TYPES[field["type"]])
    schema.update({theirs: field[ours] for ours, theirs in _LIMITS.items() if ours in field})
    if "choices" in field:
        schema["enum"] = list(field["choices"])
    if "pattern" in schema:
        schema["pattern"] = f"^(?:{schema['pattern']})$"
    return schema


@lru_cache(maxsize=256)
def _compiled(content: bytes) -> Any:
    import msgspec  # noqa: PLC0415
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415 - takes 75 ms to import

    checker = FormatChecker(formats=())
    for name, problem in _FORMATS.items():
        checker.checks(name)(
            lambda value, problem=problem: not isinstance(value, str) or problem(value) is None
        )
    return Draft202012Validator(msgspec.json.decode(content), format_checker=checker)


def _validator(definition: Definition) -> Any:
    import msgspec  # noqa: PLC0415

    return _compiled(msgspec.json.encode(definition.form, order="sorted"))


def _faults(error: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    field = ".".join(map(str, error.absolute_path)) or "form"
    value, limit = error.instance, error.validator_value
    match error.validator:
        case "additionalProperties":
            unknown = (name for name in value if name not in error.schema["properties"])
            yield from ((name, "forms.unknown", {}) for name in unknown)
        case "required":
            missing = next(name for name in limit if error.message.startswith(f"{name!r} "))
            yield missing, "forms.required", {}
        case "format":
            yield field, _FORMATS[limit](value) or "forms.value", {}
        case "enum":
            yield field, "forms.choice", {"known": ", ".join(limit)}
        case "type":
            yield field, f"forms.type.{limit}", {}
        case "minLength" | "minItems" | "maxLength" | "minimum" | "maximum" | "pattern":
            yield field, f"forms.{error.validator}", {"limit": limit}
        case _:
            yield field, "forms.value", {}
