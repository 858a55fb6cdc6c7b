"""Frozen values with some fields changed, cheaply: a step makes some twenty of them, and most are whole cases.

`dataclasses.replace` looks at every field of its class each time and then runs the initialiser again. Here a value that
keeps its fields in a dictionary has that dictionary copied; one with slots is read in one go.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    # What a type checker knows of the original, it knows of this one.
    from dataclasses import replace as replace  # noqa: PLC0414 - shown as this module's own
else:
    Value = TypeVar("Value")

    def replace(value: Value, /, **changes: Any) -> Value:
        """A copy of a frozen dataclass with these fields changed. Raises TypeError for a field it does not have."""
        kind = type(value)
        names, read = _NAMES.get(kind) or _learned(kind)
        if not names:
            return dataclasses.replace(value, **changes)
        if read is not None:
            given = dict(zip(names, read(value), strict=True))
            given.update(changes)
            return kind(**given)
        if not names.keys() >= changes.keys():
            raise TypeError(f"{kind.__name__} has no field {', '.join(changes.keys() - names.keys())}")
        copy = object.__new__(kind)
        there = copy.__dict__
        there.update(value.__dict__)
        there.update(changes)
        return copy

    _NAMES: dict[type, tuple[dict[str, None], Callable[[Any], tuple[Any, ...]] | None]] = {}

    def _learned(kind: type) -> tuple[dict[str, None], Callable[[Any], tuple[Any, ...]] | None]:
        """The fields of a class, and how all are read where there is no dictionary. No fields: it is not made by them
        alone, and whoever copies it must run its initialiser.
        """
        own = dataclasses.fields(kind)
        plain = not hasattr(kind, "__post_init__") and all(field.init for field in own)
        names = dict.fromkeys(field.name for field in own) if plain else {}
        if not plain or "__slots__" not in kind.__dict__:
            read = None
        elif len(names) > 1:
            read = attrgetter(*names)
        else:
            read = lambda value, get=attrgetter(*names): (get(value),)  # noqa: E731
        _NAMES[kind] = names, read
        return _NAMES[kind]
