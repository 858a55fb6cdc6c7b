"""Files that people hand to a command: YAML or JSON, `-` for stdin, read strictly, with every fault told at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from workflow.errors import BadFields, BadInput
from workflow.texts import fault_text, t

STDIN: Final = "-"

MOST: Final = 16 * 1024 * 1024
"""Bytes of one file; the largest list of cases is a hundredth of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What a file of `case submit` says; `by` is who files, if it says so."""

    form: Mapping[str, Any]
    materials: tuple[str, ...] = ()
    parties: Mapping[str, str] = field(default_factory=dict)
    letter: str | None = None
    by: str | None = None

    def content(self) -> dict[str, Any]:
        """What is filed, whoever files it."""
        return {
            "form": dict(self.form),
            "materials": list(self.materials),
            "parties": dict(self.parties),
            "letter": self.letter,
        }


def read_filing(name: str) -> Filing:
    """The filing in a file: `form`, and if wanted `materials`, `parties`, `letter`, `as`. Raises BadInput, BadFields."""
    data = read_mapping(name)
    problems = [f"{key}: {problem}" for key, problem in _problems(data)]
    if problems:
        raise BadFields(what=_shown(name), problems="; ".join(problems))
    return Filing(
        form=data["form"],
        materials=tuple(data.get("materials") or ()),
        parties=data.get("parties") or {},
        letter=data.get("letter"),
        by=data.get("as"),
    )


def read_text(name: str) -> str:
    """The text of a file, or of stdin. Raises BadInput."""
    return _text(name)


def read_mapping(name: str) -> dict[str, Any]:
    """The mapping in a file. Raises BadInput, naming every fault of a YAML file with its line and column."""
    text, shown = _text(name), _shown(name)
    data = parsed_json(text, name) if _is_json(name, text) else _yaml(text, shown)
    if not isinstance(data, dict):
        raise BadInput(reason=t("case.file.not_a_mapping", file=shown))
    return data


def _is_json(name: str, text: str) -> bool:
    """By its name; what comes without one is JSON if it reads as such (YAML too may begin with a brace)."""
    if name != STDIN:
        return name.endswith(".json")
    try:
        json.loads(text)
    except ValueError:
        return False
    return text.lstrip().startswith("{")


def _problems(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in data:
        if key not in _KEYS:
            yield key, t("case.file.unknown_key", known=", ".join(_KEYS))
    if "form" not in data:
        yield "form", t("case.file.missing")
    for key, (right, kind) in _KEYS.items():
        value = data.get(key)
        if (key == "form" or value is not None) and key in data and not right(value):
            yield key, t(f"case.file.{kind}")


def _is_mapping(value: Any) -> bool:
    return isinstance(value, dict)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_parties(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


_KEYS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "form": (_is_mapping, "mapping"),
    "materials": (_is_names, "names"),
    "parties": (_is_parties, "parties"),
    "letter": (_is_text, "text"),
    "as": (_is_text, "text"),
}


def _text(name: str) -> str:
    try:
        if name == STDIN:
            content = sys.stdin.buffer.read(MOST + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MOST + 1)
        if len(content) > MOST:
            raise BadInput(reason=t("cli.input.large", file=_shown(name), most=MOST >> 20))
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(reason=t("case.file.not_utf8", file=_shown(name), at=error.start)) from error
    except OSError as error:
        raise BadInput(reason=f"{_shown(name)}: {fault_text(error)}") from error
    except ValueError as error:
        # A NUL in the name.
        raise BadInput(reason=f"{_shown(name)!r}: {t('system.ENOENT')}") from error


def _shown(name: str) -> str:
    return t("case.file.stdin") if name == STDIN else name


def _yaml(text: str, shown: str) -> Any:
    from workflow.catalog.faults import in_order
    from workflow.catalog.strict_yaml import parse

    document, faults = parse(text, shown)
    if faults:
        raise BadInput(reason="; ".join(fault.line() for fault in in_order(faults)))
    return document.data


def parsed_json(text: str, name: str) -> Any:
    """The JSON of a file, in which no key is named twice and no number has a fraction. Raises BadInput."""
    shown = _shown(name)

    def once(entries: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(entries)
        if len(found) < len(entries):
            keys = [key for key, _ in entries]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise BadInput(reason=t("case.file.key_twice", file=shown, key=twice))
        return found

    def no_fraction(number: str) -> NoReturn:
        raise BadInput(reason=t("case.file.fraction", file=shown, number=number))

    try:
        return json.loads(text, object_pairs_hook=once, parse_float=no_fraction, parse_constant=no_fraction)
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise BadInput(reason=t("cli.input.json", file=shown, **place)) from error
    except (RecursionError, ValueError) as error:
        # The other ValueError is a whole number of more digits than Python takes.
        raise BadInput(reason=t("cli.input.deep", file=shown)) from error
