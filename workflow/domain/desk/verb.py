"""What a verb is: its fields, who has a right to it, and the events it brings.

A verb is a command that every matter has without declaring it (转办, 回避, 催办 …); what a matter declares itself is an
action. Both are refused in the same way, by the rule that refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from workflow.domain.authority import Allowed, Refused
from workflow.domain.definition import Field
from workflow.domain.events import Event
from workflow.domain.scene import Intent, Scene

Right: TypeAlias = Callable[[Scene, str], Allowed | Refused]
"""Whether the scene's actor may take the verb of that name."""

Told: TypeAlias = Callable[[Scene, Intent, Allowed], Iterable[Event]]
"""The events of a verb; each is folded into the case before the next is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A verb of the desk. `after_the_end`: it may be taken on a case that has come to its final state."""

    right: Right
    events: Told
    fields: Mapping[str, Field] = field(default_factory=dict)
    after_the_end: bool = False


def text(*, required: bool = True, personal: bool = False) -> Field:
    """A field for words in a person's own hand; `personal` ones tell of somebody's life and are sealed."""
    return Field(type="text", required=required, personal=personal)


def person() -> Field:
    """A field for the code of a person of the directory."""
    return Field(type="string")
