"""The lines of a flow chart that are not its main path: straight between neighbours, else by way of the tracks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from workflow.catalog.drawing.card import ARRIVAL, Draft, Port, Row, Style
from workflow.catalog.drawing.flow import Kind
from workflow.catalog.drawing.shapes import Route
from workflow.catalog.drawing.tracks import Net, slots

_TRACK: Final = 9
_NEAR: Final = 10
_ASIDE: Final = 56
_MARGIN: Final = 8
_MIDDLE: Final = 12
"""From the top of a row to the height at which its line leaves."""

LEFT: Final = (Port.LEFT,)
RIGHT: Final = (Port.FAR,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A card at its height; `ys` are the tops of its rows below its own."""

    draft: Draft
    y: int
    ys: tuple[int, ...]
    height: int

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def arrival(self) -> int:
        """Where lines from the sides arrive."""
        return self.y + ARRIVAL

    def leaves(self, row: Row) -> int:
        """Where the line of a row leaves."""
        return self.y + self.ys[self.draft.rows.index(row)] + _MIDDLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where things stand from left to right: the main cards, the side cards, and the tracks on both sides."""

    main: int
    side: int
    main_right: int
    side_right: int
    left_tracks: Mapping[str, int]
    right_tracks: Mapping[str, int]
    width: int

    def x_of(self, card: Placed) -> int:
        """The left edge of a card."""
        return self.side if card.draft.side else self.main


def columns(placed: Mapping[str, Placed], style: Style, *, left: int) -> Columns:
    """The columns, once the heights are known: tracks take as much room as they need."""
    to_left, to_right = slots(_nets(placed, LEFT)), slots(_nets(placed, RIGHT))
    main = left + _NEAR + _TRACK * (1 + max(to_left.values(), default=-1)) + 4
    main_right = main + style.main
    sides = any(card.draft.side for card in placed.values())
    side = main_right + _ASIDE if style.beside else main_right - style.side
    edge = side + style.side if style.beside and sides else main_right
    tracks = 1 + max(to_right.values(), default=-1)
    return Columns(
        main=main,
        side=side,
        main_right=main_right,
        side_right=edge,
        left_tracks={target: main - _NEAR - _TRACK * slot for target, slot in to_left.items()},
        right_tracks={target: edge + _NEAR + 2 + _TRACK * slot for target, slot in to_right.items()},
        width=edge + (_NEAR + 2 + _TRACK * tracks if tracks else 0) + _MARGIN,
    )


def routes(placed: Mapping[str, Placed], where: Columns) -> Iterator[Route]:
    """Every line of a row."""
    for card in placed.values():
        for row in card.draft.rows:
            if row.target is not None:
                points = tuple(_points(card, row, placed[row.target], where))
                ways = tuple((way.source, way.action, way.target) for way in row.ways)
                back = any(way.kind is Kind.BACK for way in row.ways)
                yield Route(ways=ways, points=points, back=back, main=False)


def _points(card: Placed, row: Row, target: Placed, where: Columns) -> Iterator[tuple[int, int]]:
    y, x = card.leaves(row), where.x_of(card)
    match row.port:
        case Port.NEAR:
            yield from ((where.main_right, y), (where.side, y))
        case Port.HOME:
            yield from ((where.side, y), (where.main_right, y))
        case Port.LEFT:
            track = where.left_tracks[target.draft.state]
            yield from ((x, y), (track, y), (track, target.arrival), (where.x_of(target), target.arrival))
        case _:
            track = where.right_tracks[target.draft.state]
            edge = where.x_of(target) + target.draft.width
            yield from (
                (x + card.draft.width, y),
                (track, y),
                (track, target.arrival),
                (edge, target.arrival),
            )


def _nets(placed: Mapping[str, Placed], ports: tuple[Port, ...]) -> Iterator[Net]:
    leaving: dict[str, list[int]] = {}
    for card in placed.values():
        for row in card.draft.rows:
            if row.port in ports and row.target is not None:
                leaving.setdefault(row.target, []).append(card.leaves(row))
    for target, ys in leaving.items():
        yield Net(target=target, ys=tuple(ys), arrives=placed[target].arrival)
