"""From the text of a condition (`when:`) to plain data: read by Python's own parser, nothing but comparisons let through.

`opinion == "agree" and supplements < 2`, `reason in ["a", "b"]`, `not deemed`, `"licence" in issued`. Names are fields of
the form and of acts that are not personal, and the facts of a case; each has a type, and what does not fit is a fault here,
not a surprise on a running case. Nothing is ever called and nothing is evaluated by Python (docs/decisions/0005).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, TypeAlias

from workflow.domain.conditions import CASE, FACTS, FORM, RECORD
from workflow.domain.definition import Expression

LONGEST: Final = 200
"""Characters of a condition; what needs more is two actions."""

DEEPEST: Final = 4
"""How deep `and`, `or` and `not` may be nested in one another."""

_LITERALS: Final[Mapping[str, bool | None]] = {"true": True, "false": False, "none": None}
_COMPARISONS: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_KINDS: Final[Mapping[str, str]] = {"text": "string", "phone": "string"}
_PERSONAL: Final = frozenset({"id_number", "credit_code", "phone"})
_LISTS: Final = frozenset({"list", "materials", "documents", "notices"})


class Unsafe(Exception):
    """A condition that is no condition: `rule` names the fault, `fields` fill in its words."""

    def __init__(self, rule: str, **fields: Any) -> None:
        self.rule, self.fields = rule, fields
        super().__init__(rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Something that a condition may speak of: where it is looked up, its type, and the words it can be, if they are few."""

    where: str
    type: str
    choices: tuple[str, ...] = ()
    refused: str = ""


def vocabulary(tree: Mapping[str, Any]) -> dict[str, Name]:
    """Every name that a condition of this matter may use, or is refused for a reason (`refused` is the rule broken)."""
    lists = {kind: tuple(tree[kind]) for kind in ("materials", "documents")}
    closed = {**lists, "notices": tuple(tree.get("notices", {})), "outcome": tuple(tree["outcomes"])}
    names = {
        name: Name(where=CASE, type="choice" if kind == "outcome" else kind, choices=closed.get(kind, ()))
        for name, (kind, _) in FACTS.items()
    }
    for name, field in tree["form"].items():
        _add(names, name, _named(FORM, field))
    for action in tree["actions"].values():
        # `materials` of a supplement is what is added to the materials of the case, and so no second meaning.
        for name, field in action.get("fields", {}).items():
            if name != "materials":
                _add(names, name, _named(RECORD, field))
    return names


def compiled(text: str, names: Mapping[str, Name]) -> Expression:
    """The condition as plain data. Raises Unsafe with the rule it breaks."""
    if len(text) > LONGEST:
        raise Unsafe("guard.too_long", limit=LONGEST, length=len(text))
    if "\\" in text:
        raise Unsafe("guard.syntax", reason="\\")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise Unsafe("guard.syntax", reason=reason) from error
    return tuple(_Compiler(names).condition(tree.body, 1))


@dataclass(frozen=True, slots=True)
class _Compiler:
    names: Mapping[str, Name]

    def condition(self, node: ast.expr, depth: int) -> list[Any]:
        if depth > DEEPEST:
            raise Unsafe("guard.too_deep", limit=DEEPEST)
        match node:
            case ast.BoolOp(op=word, values=parts):
                kind = "and" if isinstance(word, ast.And) else "or"
                return [kind, *(self.condition(part, depth + 1) for part in parts)]
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return ["not", self.condition(part, depth + 1)]
            case ast.Compare(left=left, ops=[word], comparators=[right]):
                return self._comparison(left, _COMPARISONS.get(type(word)), right, node)
            case ast.Name():
                name = self._name(node)
                if name.type != "boolean":
                    raise Unsafe("guard.type", expression=_unparsed(node))
                return [name.where, node.id]
        raise _construct(node)

    def _comparison(self, left: ast.expr, word: str | None, right: ast.expr, node: ast.expr) -> list[Any]:
        if word is None:
            raise _construct(node)
        if word in ("in", "not in"):
            found = self._membership(left, right, node)
            return ["not", found] if word == "not in" else found
        one, other = self._operand(left), self._operand(right)
        if not isinstance(one, _Typed) and not isinstance(other, _Typed):
            raise Unsafe("guard.type", expression=_unparsed(node))
        for here, there in ((one, other), (other, one)):
            if isinstance(here, _Typed) and not _fits(here, word, there):
                raise Unsafe("guard.type", expression=_unparsed(node))
        return [word, _plain(one), _plain(other)]

    def _membership(self, left: ast.expr, right: ast.expr, node: ast.expr) -> list[Any]:
        if isinstance(right, (ast.List, ast.Tuple)):
            subject = self._operand(left)
            values = [self._operand(item) for item in right.elts]
            plain = [value for value in values if not isinstance(value, _Typed)]
            sound = isinstance(subject, _Typed) and len(plain) == len(values) > 0 and None not in plain
            if not sound or not all(_fits(subject, "==", value) for value in plain):  # type: ignore[arg-type]
                raise Unsafe("guard.type", expression=_unparsed(node))
            return ["in", _plain(subject), plain]
        value, subject = self._operand(left), self._operand(right)
        if not isinstance(subject, _Typed) or subject.name.type not in _LISTS or not isinstance(value, str):
            raise Unsafe("guard.type", expression=_unparsed(node))
        _among(subject, value)
        return ["has", _plain(subject), value]

    def _operand(self, node: ast.expr) -> Operand:
        match node:
            case ast.Constant(value=str() as text):
                if '"' in text or not text.isprintable():
                    raise Unsafe("guard.syntax", reason=_unparsed(node))
                return text
            case ast.Constant(value=bool() | int() | None as value):
                return value
            case ast.Name(id=word) if word in _LITERALS:
                return _LITERALS[word]
            case ast.Name(id=word):
                return _Typed(word, self._name(node))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)) if type(value) is int:
                return -value
        raise _construct(node)

    def _name(self, node: ast.Name) -> Name:
        found = self.names.get(node.id)
        if found is None:
            known = ", ".join(sorted(name for name, kind in self.names.items() if not kind.refused))
            raise Unsafe("guard.unknown_name", name=node.id, known=known)
        if found.refused:
            raise Unsafe(found.refused, name=node.id)
        return found


@dataclass(frozen=True, slots=True)
class _Typed:
    word: str
    name: Name


Operand: TypeAlias = _Typed | str | int | bool | None
"""One side of a comparison: a name with its type, or a literal."""


def _fits(subject: _Typed, word: str, other: Operand) -> bool:
    """Whether a name may be compared so. Raises Unsafe for a word that the name can never be."""
    kind = subject.name.type
    if kind in _LISTS or (word not in ("==", "!=") and kind not in ("integer", "date")):
        return False
    if isinstance(other, _Typed):
        return other.name.type == kind
    if other is None:
        return word in ("==", "!=")
    if kind == "choice" and isinstance(other, str):
        _among(subject, other)
    return {"integer": type(other) is int, "boolean": isinstance(other, bool), "date": _is_day(other)}.get(
        kind, isinstance(other, str)
    )


def _among(subject: _Typed, value: str) -> None:
    choices = subject.name.choices
    if choices and value not in choices:
        raise Unsafe("guard.choice", name=subject.word, value=value, known=", ".join(choices))


def _is_day(value: Operand) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _named(where: str, field: Mapping[str, Any]) -> Name:
    kind = _KINDS.get(field["type"], field["type"])
    personal = field.get("personal", False) or field["type"] in _PERSONAL
    choices = tuple(field.get("choices", ()))
    return Name(where=where, type=kind, choices=choices, refused="guard.personal" if personal else "")


def _add(names: dict[str, Name], word: str, name: Name) -> None:
    """Add a name; one word for two things is refused, the same field of several acts is one thing."""
    known = names.get(word)
    if known is None:
        names[word] = name
    elif (known.where, known.type) != (name.where, name.type):
        names[word] = replace(known, refused="guard.ambiguous")
    else:
        choices = tuple(dict.fromkeys((*known.choices, *name.choices)))
        names[word] = replace(known, choices=choices, refused=known.refused or name.refused)


def _plain(operand: Operand) -> Any:
    return [operand.name.where, operand.word] if isinstance(operand, _Typed) else operand


def _construct(node: ast.expr) -> Unsafe:
    for found in ast.walk(node):
        if isinstance(found, ast.Call):
            return Unsafe("guard.call", expression=_unparsed(found))
        if isinstance(found, (ast.Attribute, ast.Subscript)):
            return Unsafe("guard.attribute", expression=_unparsed(found))
    return Unsafe("guard.construct", expression=_unparsed(node))


def _unparsed(node: ast.AST) -> str:
    written = ast.unparse(node)
    return written if len(written) <= 60 else f"{written[:59]}…"
