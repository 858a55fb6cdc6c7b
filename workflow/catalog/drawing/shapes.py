"""The finished geometry of a flow chart, in whole units from the top left corner: what a writer only has to put down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Face(StrEnum):
    """How a text looks."""

    HEADING = "heading"
    TITLE = "title"
    PLAIN = "plain"
    SOFT = "soft"
    LIMIT = "limit"
    BADGE = "badge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text; `y` is its base line. `middle`: `x` is the middle of the text and not its beginning."""

    text: str
    x: int
    y: int
    face: Face
    middle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def overlaps(self, other: Box) -> bool:
        """Whether the two share any area."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A numbered circle: hollow where an exit that most steps share begins, `full` where it ends."""

    number: int
    x: int
    y: int
    full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A step. `state` is its name in the definition; `side` says that it stands beside the main path."""

    state: str
    stage: str
    box: Box
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    side: bool
    final: bool
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A line with an arrow at its end; `ways` are the (source, action, target) that it stands for. One that `joins` ends
    without an arrow, at another line to the same step.
    """

    ways: tuple[tuple[str, str, str], ...]
    points: tuple[tuple[int, int], ...]
    back: bool
    main: bool
    joins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The strip beside consecutive steps of one stage, with the stage's name."""

    stage: str
    title: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A whole flow chart. `shared` are the ways drawn by marks instead of lines; `lines` stand outside of the cards."""

    title: str
    description: str
    lang: str
    width: int
    height: int
    cards: tuple[Card, ...]
    routes: tuple[Route, ...]
    bands: tuple[Band, ...]
    lines: tuple[Line, ...]
    start: Box
    key: tuple[Mark, ...]
    shared: tuple[tuple[str, str, str], ...]
