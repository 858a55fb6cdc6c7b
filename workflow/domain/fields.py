"""The fields that an action asks for: right names, right types, nothing more, all problems told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from workflow.domain.definition import Action, Field
from workflow.errors import BadFields

Problem = tuple[str, str, str]
"""A field, what is wrong with it (a key of WORDS), and what was wanted."""

WORDS: Final[Mapping[str, str]] = {
    "unknown": "not a field of {wanted}",
    "required": "required",
    "string": "must be a text",
    "text": "must be a text",
    "one_of": "must be one of {wanted}",
    "boolean": "must be true or false",
    "integer": "must be a whole number",
    "date": "must be a date YYYY-MM-DD",
    "list": "must be a list of texts",
    "at_least": "needs at least {wanted}",
    "form": "must map fields of the form to values",
    "mapping": "must map texts to whole numbers",
    "not_open": "is not open; open: {wanted}",
    "unknown_type": "has the unknown type {wanted}",
}
"""What may be wrong with a field, in English; the texts `fields.…` of the catalogues say it to people."""


def checked(name: str, action: Action, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an action as the events will keep them (plain values). Raises BadFields naming every problem."""
    return checked_against(name, action.fields, given)


def checked_against(name: str, asked: Mapping[str, Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields as far as they are asked for, by right names and types. Raises BadFields naming every problem."""
    problems: list[Problem] = [(key, "unknown", name) for key in given if key not in asked]
    kept: dict[str, Any] = {}
    for key, field in asked.items():
        value = given.get(key)
        if value is None or value == "":
            if field.required:
                problems.append((key, "required", ""))
            continue
        problem = _problem(field, value)
        if problem is None:
            kept[key] = list(value) if isinstance(value, tuple) else value
        else:
            problems.append((key, *problem))
    _refuse(name, problems)
    return kept


def check_unsealed(name: str, asked: Mapping[str, Field], given: Mapping[str, Any]) -> None:
    """Raises BadFields for what comes sealed from outside, and for a personal value of a wrong type: nobody can tell once
    it is sealed.
    """
    problems: list[Problem] = []
    for key, field in asked.items():
        value = given.get(key)
        if value is None or value == "":
            continue
        wrong = (field.type, "") if _sealed(value) else _problem(field, value) if field.personal else None
        if wrong is not None:
            problems.append((key, *wrong))
    _refuse(name, problems)


def _refuse(name: str, problems: list[Problem]) -> None:
    if problems:
        told = "; ".join(
            f"{key}: {WORDS[problem].format(wanted=wanted)}" for key, problem, wanted in problems
        )
        raise BadFields(what=name, problems=told, wrong=[list(problem) for problem in problems])


def _problem(field: Field, value: Any) -> tuple[str, str] | None:
    if field.type not in _RIGHT:
        return "unknown_type", field.type
    if not _RIGHT[field.type](value):
        return field.type, ""
    if field.type == "choice" and value not in field.choices:
        return "one_of", ", ".join(field.choices)
    if field.type == "list" and not _sealed(value) and len(value) < field.min_items:
        return "at_least", str(field.min_items)
    return None


def _is_numbers(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(key, str) and type(one) is int for key, one in value.items()
    )


def _is_list(value: Any) -> bool:
    return _sealed(value) or (
        isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
    )


def _sealed(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"subject", "field", "commitment"}


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or _sealed(value)


_RIGHT: Final[Mapping[str, Callable[[Any], bool]]] = {
    "string": _is_text,
    "text": _is_text,
    "choice": lambda _: True,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: type(value) is int,
    "date": _is_date,
    "list": _is_list,
    "form": lambda value: isinstance(value, Mapping) and bool(value),
    "mapping": _is_numbers,
}
"""What a value of each type must be."""
