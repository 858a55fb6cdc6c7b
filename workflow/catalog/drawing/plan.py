"""Places for a BPMN diagram: columns by the order of steps, rows by lane; lines run in the room kept between them.

Verticals run only between columns, horizontals only above the tasks of a row, so no line passes over an element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from workflow.catalog.drawing.elements import (
    CHOICE,
    EVENT,
    LINKS,
    TASK,
    Point,
    element_box,
    event_label,
    line,
    line_label,
)
from workflow.catalog.drawing.flow import Kind, ranks
from workflow.catalog.drawing.nodes import Arrow, Net, Node, What, task
from workflow.catalog.drawing.shapes import Box

_POOL: Final = 30
_HEAD: Final = 60
_TOP: Final = 26
_CHANNEL: Final = 22
_LANE_END: Final = 18
_CORRIDOR: Final = 130
_FIRST_CORRIDOR: Final = 60
_TRACK: Final = 12
_BEFORE: Final = 22
_COLUMN: Final = TASK[0] + 30 + CHOICE
_NAMED_BESIDE: Final = (What.TIMER, What.THROW, What.CATCH, What.WAIT, What.END, What.START)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Boxes of pool, lanes and elements; points of lines; boxes of names where a viewer's own place would not do."""

    pool: Box
    lanes: Mapping[str, Box]
    boxes: Mapping[str, Box]
    lines: Mapping[str, tuple[Point, ...]]
    labels: Mapping[str, Box]


@dataclass(slots=True)
class _Row:
    """A row of a lane: which columns its channels are taken in, how many links hang below, where it begins."""

    channels: list[list[tuple[int, int]]] = field(default_factory=list)
    links: int = 0
    top: int = 0

    def channel(self, start: int, end: int) -> int:
        """A channel that is free from one column to another."""
        low, high = min(start, end), max(start, end)
        for number, runs in enumerate(self.channels):
            if all(high < a or b < low for a, b in runs):
                runs.append((low, high))
                return number
        self.channels.append([(low, high)])
        return len(self.channels) - 1

    @property
    def middle(self) -> int:
        return self.top + _TOP + len(self.channels) * _CHANNEL + TASK[1] // 2

    @property
    def bottom(self) -> int:
        return self.middle + TASK[1] // 2 + self.links * LINKS + _LANE_END


class _Grid:
    """Columns, rows and what runs between them."""

    def __init__(self, of: Net) -> None:
        self.of = of
        self.nodes = {node.id: node for node in of.nodes}
        self.column = {state: rank + 1 for state, rank in ranks(of.of).items()}
        self.place: dict[str, int] = {}
        self.rows: dict[tuple[str, int], _Row] = {}
        self._fill_rows()
        self.tracks = self._tracks()
        self.channels = {
            arrow.id: self.row(self.nodes[arrow.source]).channel(*self._columns(arrow))
            for arrow in of.arrows
            if self._roundabout(arrow)
        }
        self.lanes = dict(self._lanes())
        self.lefts = dict(self._lefts())

    def row(self, node: Node) -> _Row:
        """The row of an element; the start stands in the first of its lane."""
        return self.rows[node.lane, 0 if node.what is What.START else self.place[node.state]]

    def left(self, node: Node) -> int:
        """Where the column of an element begins."""
        return self.lefts[0 if node.what is What.START else self.column[node.state]]

    def nth(self, node: Node) -> int:
        """Which of its kind an element is at its state."""
        alike = [other.id for other in self.of.nodes if (other.what, other.state) == (node.what, node.state)]
        return alike.index(node.id)

    def turn(self, arrow: Arrow) -> int:
        """The vertical by which a line comes to its target; lines to one target share it."""
        column = self.column[self.nodes[arrow.target].state]
        found = self.tracks.get(column, [])
        track = found.index(arrow.target) if arrow.target in found else 0
        return self.lefts[column] - _BEFORE - _TRACK * track

    def height_of(self, arrow: Arrow) -> int | None:
        """The height of a line's channel, if it runs in one."""
        if arrow.id not in self.channels:
            return None
        return self.row(self.nodes[arrow.source]).top + _TOP + self.channels[arrow.id] * _CHANNEL + 4

    def _fill_rows(self) -> None:
        """States of one lane and column stand under each other."""
        taken: dict[tuple[str, int], int] = {}
        for state in self.of.of.states:
            lane = self.nodes[task(state)].lane
            at = (lane, self.column[state])
            self.place[state] = taken.get(at, 0)
            taken[at] = self.place[state] + 1
            self.rows.setdefault((lane, self.place[state]), _Row())
        self.rows.setdefault((self.nodes["start"].lane, 0), _Row())
        for node in self.of.nodes:
            if node.what in (What.THROW, What.CATCH):
                row = self.rows.setdefault((node.lane, self.place[node.state]), _Row())
                row.links = max(row.links, self.nth(node) + 1)

    def _columns(self, arrow: Arrow) -> tuple[int, int]:
        return tuple(self.column[self.nodes[end].state] for end in (arrow.source, arrow.target))  # type: ignore[return-value]

    def _turns(self, arrow: Arrow) -> bool:
        """Whether a line comes to its target by way of a corridor."""
        source, target = self.nodes[arrow.source], self.nodes[arrow.target]
        return source.what is not What.CATCH and target.what not in (What.CHOICE, What.THROW)

    def _roundabout(self, arrow: Arrow) -> bool:
        """Whether a line runs above its row: all but one straight on, to the next column, from each element."""
        source = self.nodes[arrow.source]
        if not self._turns(arrow) or source.what is What.START:
            return False
        if source.what is What.TIMER:
            return True
        before, after = self._columns(arrow)
        if after != before + 1:
            return True
        beside = [each for each in self.of.arrows if each.source == arrow.source and self._turns(each)]
        straight = [each for each in beside if self._columns(each)[1] == before + 1]
        main = {way.action for way in self.of.of.out_of(source.state) if way.kind is Kind.MAIN}
        first = next((each for each in straight if each.action in main), straight[0])
        return arrow != first

    def _tracks(self) -> dict[int, list[str]]:
        """The targets of each column, each with a track of its own in the corridor before it."""
        found: dict[int, list[str]] = {}
        for arrow in filter(self._turns, self.of.arrows):
            here = found.setdefault(self.column[self.nodes[arrow.target].state], [])
            if arrow.target not in here:
                here.append(arrow.target)
        return found

    def _lanes(self) -> Iterator[tuple[str, tuple[int, int]]]:
        y = 0
        for lane in self.of.lanes:
            top = y
            for place in sorted(place for name, place in self.rows if name == lane):
                row = self.rows[lane, place]
                row.top = y
                y = row.bottom
            yield lane, (top, y)

    def _lefts(self) -> Iterator[tuple[int, int]]:
        """Where each column begins; the first holds only the start."""
        x = _POOL + _HEAD
        yield 0, x
        x += EVENT
        for column in range(1, max(self.column.values()) + 1):
            room = _FIRST_CORRIDOR if column == 1 else _CORRIDOR
            x += room + _TRACK * len(self.tracks.get(column, []))
            yield column, x
            x += _COLUMN


def plan(of: Net, names: Mapping[str, str]) -> Plan:
    """The places of everything; `names` are what elements and lines are called, by id."""
    grid = _Grid(of)
    boxes = {
        node.id: element_box(node, grid.left(node), grid.row(node).middle, grid.nth(node))
        for node in of.nodes
    }
    lines = {
        arrow.id: tuple(
            line(
                boxes[arrow.source],
                boxes[arrow.target],
                grid.nodes[arrow.source],
                grid.nodes[arrow.target],
                turn=grid.turn(arrow),
                channel=grid.height_of(arrow),
            )
        )
        for arrow in of.arrows
    }
    labels = {
        node.id: event_label(boxes[node.id], node, names[node.id])
        for node in of.nodes
        if node.what in _NAMED_BESIDE
    } | {
        arrow.id: line_label(lines[arrow.id], names[arrow.id], grid.height_of(arrow))
        for arrow in of.arrows
        if arrow.id in names
    }
    width = max(grid.lefts.values()) + _COLUMN
    height = max(bottom for _, bottom in grid.lanes.values())
    return Plan(
        pool=Box(x=0, y=0, width=_POOL + width, height=height),
        lanes={
            name: Box(x=_POOL, y=top, width=width, height=bottom - top)
            for name, (top, bottom) in grid.lanes.items()
        },
        boxes=boxes,
        lines=lines,
        labels=labels,
    )
