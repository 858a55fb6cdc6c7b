"""One step as a card: its words broken into lines, and one row for each place that its actions lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from workflow.catalog.drawing.captions import Caption, told
from workflow.catalog.drawing.flow import Flow, Kind, Way
from workflow.catalog.drawing.measure import wrapped
from workflow.catalog.drawing.shapes import Face
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.loader import Matter

PAD: Final = 11
"""Units between the edge of a card and its words."""

LEAD: Final[Mapping[Face, int]] = {
    Face.HEADING: 24,
    Face.TITLE: 20,
    Face.BADGE: 19,
    Face.PLAIN: 17,
    Face.SOFT: 17,
    Face.LIMIT: 17,
}
"""The height of a line."""

SIZE: Final[Mapping[Face, int]] = {
    Face.HEADING: 17,
    Face.TITLE: 15,
    Face.BADGE: 12,
    Face.PLAIN: 12,
    Face.SOFT: 12,
    Face.LIMIT: 12,
}
"""The size of its letters."""

BOLD: Final = (Face.HEADING, Face.TITLE, Face.BADGE)
ARRIVAL: Final = PAD + 9
"""How far below the top of a card the lines from the sides arrive: at the height of its title."""

MARK: Final = 18
"""The room that a numbered mark takes."""

_ROW_GAP: Final = 7


class Port(StrEnum):
    """Where the line of a row leaves its card; STAYS has none. NEAR and HOME are straight lines between neighbours."""

    STAYS = "stays"
    LEFT = "left"
    NEAR = "near"
    HOME = "home"
    FAR = "far"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What makes a chart wide or narrow: the widths of cards, whether side states stand beside, whether organs are named."""

    main: int
    side: int
    beside: bool
    organs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The actions of a step that lead to one place; none: they stay."""

    port: Port
    target: str | None
    ways: tuple[Way, ...]
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        return len(self.lines) * LEAD[Face.PLAIN]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A card before it has a place: its head and its rows. `out` and `into` number the shared exits at this step."""

    state: str
    width: int
    side: bool
    head: tuple[tuple[str, Face], ...]
    rows: tuple[Row, ...]
    out: tuple[int, ...]
    into: tuple[int, ...]

    @property
    def head_height(self) -> int:
        return PAD + sum(LEAD[face] for _, face in self.head)

    def row_ys(self, least: Mapping[int, int] | None = None) -> tuple[int, ...]:
        """How far below the top of the card each row begins; `least` says how far at least, by number of the row."""
        found: list[int] = []
        y = self.head_height + _ROW_GAP
        for number, row in enumerate(self.rows):
            y = max(y, (least or {}).get(number, 0))
            found.append(y)
            y += row.height + (_ROW_GAP if row.port is not Port.STAYS else 2)
        return tuple(found)

    def height(self, ys: tuple[int, ...]) -> int:
        """The height of the card when its rows begin at `ys`."""
        end = ys[-1] + self.rows[-1].height if self.rows else self.head_height
        return end + PAD - 2


def draft(
    matter: Matter,
    of: Flow,
    state: str,
    words: Mapping[str, Caption],
    style: Style,
    lang: str,
    *,
    current: bool,
) -> Draft:
    """The card of a state."""
    side = state not in of.main
    width = style.side if side else style.main
    numbers = {name: number for number, name in enumerate(leaving(matter, of), 1)}
    out = tuple(
        number for name, number in numbers.items() if state in matter.definition.actions[name].sources
    )
    into = tuple(number for name, number in numbers.items() if matter.definition.actions[name].to == state)
    room = width - 2 * PAD
    title_room = room - MARK * (len(out) + len(into))
    head = tuple(_head(matter, state, words[state], style, lang, (room, title_room), current=current))
    rows = tuple(_rows(matter, of, state, words, style, lang, room))
    return Draft(state=state, width=width, side=side, head=head, rows=rows, out=out, into=into)


def leaving(matter: Matter, of: Flow) -> tuple[str, ...]:
    """The shared exits: actions open at most steps that lead somewhere."""
    return tuple(name for name in of.common if matter.definition.actions[name].to is not None)


def face_lines(text: str, face: Face, room: int) -> tuple[str, ...]:
    """A text in lines of a face."""
    return wrapped(text, room, SIZE[face], bold=face in BOLD)


def _head(
    matter: Matter,
    state: str,
    caption: Caption,
    style: Style,
    lang: str,
    rooms: tuple[int, int],
    *,
    current: bool,
) -> Iterator[tuple[str, Face]]:
    room, title_room = rooms
    for line in face_lines(caption.title, Face.TITLE, title_room):
        yield line, Face.TITLE
    if current:
        yield t("drawing.current", lang), Face.BADGE
    for text, face in _facts(matter, state, caption, style, lang):
        for line in face_lines(text, face, room):
            yield line, face


def _facts(
    matter: Matter, state: str, caption: Caption, style: Style, lang: str
) -> Iterator[tuple[str, Face]]:
    spec = matter.definition.states[state]
    if caption.post and style.organs and caption.organ:
        yield t("drawing.post_at", lang, post=caption.post, organ=caption.organ), Face.SOFT
    elif caption.post:
        yield t("drawing.post", lang, post=caption.post), Face.SOFT
    elif not spec.final:
        joins = {join.action for join in matter.definition.joins.values()}
        waits = any(state in matter.definition.actions[name].sources for name in joins)
        yield t("drawing.children" if waits else "drawing.system", lang), Face.SOFT
    for limit in caption.limits:
        yield limit, Face.LIMIT


def _rows(
    matter: Matter, of: Flow, state: str, words: Mapping[str, Caption], style: Style, lang: str, room: int
) -> Iterator[Row]:
    for name in of.within[state]:
        lines = face_lines(f"– {told(matter, state, name, lang)}", Face.PLAIN, room)
        yield Row(port=Port.STAYS, target=None, ways=(), lines=lines)
    grouped: dict[tuple[Port, str], list[Way]] = {}
    for way in of.out_of(state):
        if way.kind not in (Kind.MAIN, Kind.COMMON):
            grouped.setdefault((_port(of, way, style), way.target), []).append(way)
    place = list(Port)
    for (port, target), ways in sorted(grouped.items(), key=lambda each: place.index(each[0][0])):
        texts = (_onward(matter, way, words[target].title, lang) for way in ways)
        lines = tuple(line for text in texts for line in face_lines(text, Face.PLAIN, room))
        yield Row(port=port, target=target, ways=tuple(ways), lines=lines)


def _onward(matter: Matter, way: Way, to: str, lang: str) -> str:
    """What a row says; a step that is called as its action (退回用人单位) is not named twice."""
    action = told(matter, way.source, way.action, lang)
    if matter.text(f"actions.{way.action}", lang) == to:
        return action
    return t("drawing.onward", lang, action=action, to=to)


def _port(of: Flow, way: Way, style: Style) -> Port:
    main = of.main
    if way.kind is Kind.BACK and way.source in main and way.target in main:
        return Port.LEFT
    together = any(way.source in block and way.target in block for block in of.blocks)
    if style.beside and together and way.source in main:
        return Port.NEAR
    if style.beside and together and way.target in main:
        return Port.HOME
    return Port.FAR
