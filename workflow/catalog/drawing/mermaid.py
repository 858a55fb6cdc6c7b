"""The machine of a matter as a Mermaid state diagram, for documents that are read where Mermaid is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from workflow.catalog.drawing.flow import Kind, flow

if TYPE_CHECKING:
    from workflow.catalog.loader import Matter

_ENTITIES: Final = str.maketrans(
    {"#": "#35;", ";": "#59;", ":": "#58;", '"': "#34;", "<": "#lt;", ">": "#gt;"}
)


def mermaid(matter: Matter, lang: str, *, state: str | None = None) -> str:
    """A `stateDiagram-v2`: the main path first; `state` is drawn as the current one. The same matter gives the same text."""
    return "\n".join(_lines(matter, lang, state)) + "\n"


def _lines(matter: Matter, lang: str, state: str | None) -> Iterator[str]:
    of, definition = flow(matter), matter.definition
    yield "---"
    yield f'title: "{matter.title(lang).replace(chr(34), chr(39))}"'
    yield "---"
    yield "stateDiagram-v2"
    for name in of.states:
        yield f"    {name} : {_plain(matter.text(f'states.{name}', lang))}"
    yield f"    [*] --> {definition.initial}"
    place = list(Kind)
    for way in sorted(of.ways, key=lambda each: place.index(each.kind)):
        action = _plain(matter.text(f"actions.{way.action}", lang))
        yield f"    {way.source} --> {way.target} : {action}"
    for name in of.states:
        if definition.states[name].final:
            yield f"    {name} --> [*]"
    if state is not None:
        yield "    classDef current fill:#fff6e0,stroke:#b3201b,stroke-width:3px"
        yield f"    class {state} current"


def _plain(text: str) -> str:
    return text.translate(_ENTITIES)
