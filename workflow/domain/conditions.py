"""Conditions on an action (`when:`): an expression that the catalogue has compiled into plain data, evaluated here.

A compiled expression is a list whose first word says what it is; nothing of Python is left in it, so a definition means
for ever what it meant when it was checked (docs/decisions/0005). A value that is not known yet is `none`: it equals
nothing but `none`, is neither smaller nor greater than anything, and as a condition by itself does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from workflow.domain.case import Case
from workflow.domain.definition import Action, Definition, Expression
from workflow.domain.desk import opinions

Value: TypeAlias = str | int | bool | tuple[str, ...] | None

FORM, RECORD, CASE = "form", "record", "case"
"""Where a name is looked up: the form as filed, the fields of acts as recorded, the facts of the case."""

FACTS: Final[Mapping[str, tuple[str, Callable[[Case], Value]]]] = {
    "supplements": ("integer", lambda c: c.supplements),
    "objections": ("integer", lambda c: len(c.objections)),
    "objections_open": ("integer", lambda c: len(c.open_objections())),
    "objections_upheld": ("integer", lambda c: sum(found.upheld is True for found in c.objections)),
    "extensions": ("integer", lambda c: sum(clock.extensions for clock in c.clocks)),
    "deemed": ("boolean", lambda c: c.deemed),
    "accepted": ("boolean", lambda c: c.accepted_at is not None),
    "decided": ("boolean", lambda c: c.decided_at is not None),
    "concluded": ("boolean", lambda c: c.concluded_at is not None),
    "quota_held": ("boolean", lambda c: c.quota is not None and c.quota.held > 0),
    "quota_exempt": ("boolean", lambda c: c.quota is not None and c.quota.exempt),
    "countersign": ("string", opinions.countersigned),
    "panel": ("string", opinions.panel_result),
    "panel_for": ("integer", opinions.panel_for),
    "panel_not_for": ("integer", opinions.panel_not_for),
    "channel": ("string", lambda c: c.channel),
    "outcome": ("outcome", lambda c: c.outcome),
    "missing": ("materials", lambda c: c.missing),
    "materials": ("materials", lambda c: c.materials),
    "issued": ("documents", lambda c: tuple(paper.document for paper in c.documents)),
    "published": ("notices", lambda c: c.notices),
}
"""What a condition may ask of a case besides fields: the type (a word of `workflow.catalog.expressions`), and the answer."""

_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def holds(expression: Expression, case: Case, fields: Mapping[str, Any] | None = None) -> bool:
    """Whether a compiled expression holds on `case`; `fields` are those of the act itself, which go before recorded ones.

    Raises ValueError for a list that is no compiled expression.
    """
    return _holds(expression, case, fields or {})


def open_(action: Action, case: Case, fields: Mapping[str, Any] | None = None) -> bool:
    """Whether the condition of an action holds; one without a condition is open."""
    return action.when is None or holds(action.when, case, fields)


def may_be_open(action: Action, case: Case) -> bool:
    """Whether an act may be offered: its condition holds, or rests on what the act itself will say."""
    if action.when is None:
        return True
    said = any(where == RECORD and name in action.fields for where, name in names_in(action.when))
    return said or holds(action.when, case)


def first_automatic(definition: Definition, case: Case) -> str | None:
    """The automatic action of the state the case is in: of several, the first whose condition holds; None if none does."""
    named = definition.states[case.state].automatic_actions
    return next((name for name in named if open_(definition.actions[name], case)), None)


def told(expression: Sequence[Any]) -> str:
    """The expression as it is written in a matter's file."""
    match list(expression):
        case ["and" | "or" as word, *parts]:
            return f" {word} ".join(_enclosed(part) for part in parts)
        case ["not", part]:
            return f"not {_enclosed(part)}"
        case ["in", name, [*values]]:
            return f"{_written(name)} in [{', '.join(map(_written, values))}]"
        case ["has", name, value]:
            return f"{_written(value)} in {_written(name)}"
        case [word, left, right]:
            return f"{_written(left)} {word} {_written(right)}"
        case _:
            return _written(expression)


def names_in(expression: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Every name of an expression with where it is looked up."""
    if len(expression) == 2 and expression[0] in (FORM, RECORD, CASE) and isinstance(expression[1], str):
        yield expression[0], expression[1]
        return
    for part in expression[1:]:
        if isinstance(part, (list, tuple)):
            yield from names_in(part)


def _holds(expression: Sequence[Any], case: Case, fields: Mapping[str, Any]) -> bool:
    match list(expression):
        case ["and", *parts]:
            return all(_holds(part, case, fields) for part in parts)
        case ["or", *parts]:
            return any(_holds(part, case, fields) for part in parts)
        case ["not", part]:
            return not _holds(part, case, fields)
        case ["==", left, right]:
            return bool(_value(left, case, fields) == _value(right, case, fields))
        case ["!=", left, right]:
            return bool(_value(left, case, fields) != _value(right, case, fields))
        case ["in", name, [*values]]:
            return _value(name, case, fields) in values
        case ["has", name, value]:
            return value in (_value(name, case, fields) or ())
        case [word, left, right] if word in _ORDER:
            one, other = _value(left, case, fields), _value(right, case, fields)
            return one is not None and other is not None and _ORDER[word](one, other)
        case [str(), str()]:
            return _value(expression, case, fields) is True
    raise ValueError(f"{expression!r} is no condition")


def _value(operand: Any, case: Case, fields: Mapping[str, Any]) -> Any:
    match operand:
        case ["form", str(name)] | ("form", str(name)):
            found = case.form.get(name)
        case ["record", str(name)] | ("record", str(name)):
            found = fields.get(name, case.record.get(name))
        case ["case", str(name)] | ("case", str(name)):
            found = FACTS[name][1](case)
        case list() | tuple():
            raise ValueError(f"{operand!r} is no value")
        case _:
            return operand
    return None if found == "" else found


def _enclosed(part: Sequence[Any]) -> str:
    written = told(part)
    return f"({written})" if part[0] in ("and", "or") else written


def _written(operand: Any) -> str:
    match operand:
        case None:
            return "none"
        case bool():
            return "true" if operand else "false"
        case str():
            return f'"{operand}"'
        case int():
            return str(operand)
    return str(operand[1])
