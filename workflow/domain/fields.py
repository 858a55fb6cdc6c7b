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
    # what the acts themselves ask for
    "at_least_one": "name at least one thing to be supplemented",
    "not_asked_for": "not asked for by this matter: {wanted}",
    "file_needed": "a material that comes online has a file",
    "no_file": "there is no file",
    "from_to": "from {wanted}",
    "not_on_list": "not on the list: {wanted}",
    "instant": "give an instant with its zone, not before receipt nor after now",
    "only_at_window": "only what comes in at the {wanted} is received by somebody",
    "one_not_told": "name at least one who has not been told yet",
    "who_spoke": "name who stated views; told: {wanted}",
    "nobody_named": "nobody has been named yet",
    "somebody_else": "name somebody else",
    "names_no": "the case names no {wanted}",
    "no_place": "the case takes no place at all",
    "places_reserved": "from 1 to the {wanted} places reserved",
    "only_in_modes": "only in the modes {wanted}",
    "either_or": "or numerator and denominator, not both",
    "share": "or percent: a share above nothing and up to the whole",
    "more_than_whole": "nothing is more than the whole",
    "panel_size": "whole numbers, quorum up to size",
    "each_once": "each once, at most {wanted}",
    "up_to_signers": "from 0 to {wanted}, the number of signers",
    "not_a_signer": "not a signer, or less than 1: {wanted}",
    "weight": "a whole number from 1 on; 1 but in a weighted ballot",
    "at_most_signers": "a round has at most {wanted}",
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
        fault = (field.type, "") if _sealed(value) else _problem(field, value) if field.personal else None
        if fault is not None:
            problems.append((key, *fault))
    _refuse(name, problems)


def wrong(name: str, *problems: Problem) -> BadFields:
    """The error that tells these problems with the fields of `name`, in the reader's language."""
    told = "; ".join(f"{key}: {WORDS[problem].format(wanted=wanted)}" for key, problem, wanted in problems)
    return BadFields(what=name, problems=told, wrong=[list(problem) for problem in problems])


def _refuse(name: str, problems: list[Problem]) -> None:
    if problems:
        raise wrong(name, *problems)


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
