"""The fields that an action asks for: right names, right types, nothing more, all problems told at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflow.domain.definition import Action, Field
from workflow.errors import BadFields


def checked(name: str, action: Action, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an action as the events will keep them (plain values). Raises BadFields naming every problem."""
    return checked_against(name, action.fields, given)


def checked_against(name: str, asked: Mapping[str, Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields as far as they are asked for, by right names and types. Raises BadFields naming every problem."""
    problems = [f"{key}: not a field of {name}" for key in given if key not in asked]
    kept: dict[str, Any] = {}
    for key, field in asked.items():
        value = given.get(key)
        if value is None or value == "":
            if field.required:
                problems.append(f"{key}: required")
            continue
        problem = _problem(field, value)
        if problem is None:
            kept[key] = list(value) if isinstance(value, tuple) else value
        else:
            problems.append(f"{key}: {problem}")
    if problems:
        raise BadFields(what=name, problems="; ".join(problems))
    return kept


def _problem(field: Field, value: Any) -> str | None:
    match field.type:
        case "string" | "text":
            return None if isinstance(value, str) or _sealed(value) else "must be a text"
        case "choice":
            return None if value in field.choices else f"must be one of {', '.join(field.choices)}"
        case "boolean":
            return None if isinstance(value, bool) else "must be true or false"
        case "integer":
            return None if type(value) is int else "must be a whole number"
        case "date":
            return None if _is_date(value) else "must be a date YYYY-MM-DD"
        case "list":
            if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
                return "must be a list of texts"
            return None if len(value) >= field.min_items else f"needs at least {field.min_items}"
        case "form" | "mapping":
            return _mapping_problem(field, value)
    return f"has the unknown type {field.type}"


def _mapping_problem(field: Field, value: Any) -> str | None:
    if field.type == "form":
        return None if isinstance(value, Mapping) and value else "must map fields of the form to values"
    if isinstance(value, Mapping) and all(
        isinstance(key, str) and type(one) is int for key, one in value.items()
    ):
        return None
    return "must map texts to whole numbers"


def _sealed(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"subject", "field", "commitment"}


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False
