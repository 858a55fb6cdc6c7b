"""Where single elements of a BPMN diagram stand in their row, how the lines between them run, where their names are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workflow.catalog.drawing.measure import broadest, width, wrapped
from workflow.catalog.drawing.nodes import Node, What
from workflow.catalog.drawing.shapes import Box

TASK: Final = (120, 80)
CHOICE: Final = 50
EVENT: Final = 36
LINKS: Final = 76
"""Sizes of elements, and the room that one link event takes below its row."""

LETTERS: Final = 11
_LABEL: Final = (108, 14)
_TIMER_LABEL: Final = 124

Point = tuple[int, int]


def element_box(node: Node, left: int, middle: int, nth: int) -> Box:
    """The box of an element in the column that begins at `left`, in the row with that middle; `nth` of its kind there."""
    wide, high = TASK
    centre = left + wide // 2
    match node.what:
        case What.USER | What.SERVICE:
            return Box(x=left, y=middle - high // 2, width=wide, height=high)
        case What.CHOICE:
            return Box(x=left + wide + 30, y=middle - CHOICE // 2, width=CHOICE, height=CHOICE)
        case What.TIMER:
            x = left + 14 + nth * (EVENT + 8)
            return Box(x=x, y=middle - high // 2 - EVENT // 2, width=EVENT, height=EVENT)
        case What.THROW:
            x = left + wide + 30 + CHOICE // 2 - EVENT // 2
            return Box(x=x, y=middle + 46 + nth * LINKS, width=EVENT, height=EVENT)
        case What.CATCH:
            below = middle + high // 2 + 20 + nth * LINKS
            return Box(x=centre - EVENT // 2, y=below, width=EVENT, height=EVENT)
        case What.START:
            return Box(x=left, y=middle - EVENT // 2, width=EVENT, height=EVENT)
        case _:
            return Box(x=centre - EVENT // 2, y=middle - EVENT // 2, width=EVENT, height=EVENT)


def line(box: Box, to: Box, source: Node, target: Node, *, turn: int, channel: int | None) -> Iterator[Point]:
    """The points of a line: `turn` is its vertical in the corridor before the target, `channel` its horizontal."""
    middle, end = box.y + box.height // 2, to.y + to.height // 2
    centre = box.x + box.width // 2
    if source.what is What.CATCH:
        yield from ((centre, box.y), (centre, to.bottom))
    elif target.what is What.THROW:
        across = to.x + to.width // 2
        yield from ((centre, box.bottom),) if centre == across else ((box.right, middle), (across, middle))
        yield across, to.y
    elif channel is not None:
        yield from ((centre, box.y), (centre, channel), (turn, channel), (turn, end), (to.x, end))
    elif middle == end:
        yield from ((box.right, middle), (to.x, end))
    else:
        yield from ((box.right, middle), (turn, middle), (turn, end), (to.x, end))


def line_label(points: tuple[Point, ...], text: str, channel: int | None) -> Box:
    """Where the name of a line is: above its channel on one line, or above its beginning on as many as it takes."""
    room, high = _LABEL
    x, y = points[0]
    if channel is not None:
        wide = width(text, LETTERS) + 8
        x = x + 6 if points[2][0] > points[1][0] else x - wide - 6
        return Box(x=x, y=channel - high - 3, width=wide, height=high)
    lines = wrapped(text, room, LETTERS)
    wide = broadest(lines, LETTERS) + 8
    return Box(x=x + 2, y=y - high * len(lines) - 4, width=wide, height=high * len(lines))


def event_label(box: Box, node: Node, text: str) -> Box:
    """Where the name of an event is: below it, or to the right of a timer, which sits on its task."""
    room, high = _LABEL
    if node.what is What.TIMER:
        return Box(x=box.right + 2, y=box.y + 2, width=_TIMER_LABEL, height=high)
    lines = wrapped(text, room, LETTERS)
    wide = broadest(lines, LETTERS) + 8
    return Box(x=box.x + (box.width - wide) // 2, y=box.bottom + 4, width=wide, height=high * len(lines))
