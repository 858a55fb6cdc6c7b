"""A flow chart as SVG: readable in both widths, scaled by its view box, with a title and a description for those who listen.

Only presentation attributes: no style sheet, no script, no font from elsewhere, nothing that a strict page would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from workflow.catalog.drawing.card import BOLD, SIZE
from workflow.catalog.drawing.measure import width
from workflow.catalog.drawing.shapes import Band, Box, Card, Chart, Face, Line, Mark, Route
from workflow.texts import CHINESE

_FONTS: Final = (
    "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',"
    "'Segoe UI',Roboto,Arial,sans-serif"
)
_INK, _SOFT, _LINE, _BACK, _PAPER = "#1a232e", "#4a5563", "#34506f", "#8a4b12", "#ffffff"
_CURRENT, _CURRENT_GROUND = "#b3201b", "#fff6e0"
_STAGES: Final = {
    "submit": "#5d6b7a",
    "accept": "#2a648f",
    "review": "#1f5d5a",
    "approve": "#123f73",
    "publicize": "#a11d19",
    "deliver": "#6b3d12",
    "archive": "#4a4f56",
}
_INKS: Final = {
    Face.HEADING: "#0b2c53",
    Face.TITLE: _INK,
    Face.PLAIN: _INK,
    Face.SOFT: _SOFT,
    Face.LIMIT: "#7a4300",
    Face.BADGE: _CURRENT,
}
_ROUND: Final = 4
_ARROW: Final = 7
_HALF: Final = 4
_STRIP_SIZE: Final = 12
_BELOW: Final = 5
"""Units below a step at which paper may be cut."""


def svg(chart: Chart) -> str:
    """The chart as an SVG document; the same chart gives the same bytes."""
    return _whole(chart, 0, chart.height)


def pieces(chart: Chart, height: int) -> tuple[str, ...]:
    """The chart cut for paper into documents at most `height` high, never through a step or a word. A single block of
    steps that is higher is not cut.
    """
    cuts = [0]
    while chart.height - cuts[-1] > height:
        places = [y for y in _gaps(chart) if cuts[-1] < y]
        within = [y for y in places if y <= cuts[-1] + height]
        if not places:
            break
        cuts.append(within[-1] if within else places[0])
    return tuple(_whole(chart, top, bottom) for top, bottom in pairwise([*cuts, chart.height]))


def _gaps(chart: Chart) -> list[int]:
    """The heights at which nothing but lines is cut: just below a step of the main path and what stands beside it."""
    boxes = [card.box for card in chart.cards]
    words = [Box(x=0, y=line.y - 12, width=1, height=16) for line in chart.lines]
    ends = (box.bottom + _BELOW for box in boxes)
    return sorted(y for y in ends if not any(each.y < y < each.bottom for each in (*boxes, *words)))


def _whole(chart: Chart, top: int, bottom: int) -> str:
    return "\n".join(_document(chart, top, bottom)) + "\n"


def _document(chart: Chart, top: int, bottom: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {top} {chart.width} {bottom - top}"'
        f' width="{chart.width}" height="{bottom - top}" xml:lang="{chart.lang}" lang="{chart.lang}" role="img"'
        f' aria-labelledby="title desc" font-family="{_FONTS}" font-size="{SIZE[Face.PLAIN]}">'
    )
    yield f'<title id="title">{escape(chart.title)}</title>'
    yield f'<desc id="desc">{escape(chart.description)}</desc>'
    yield f'<rect width="{chart.width}" height="{chart.height}" fill="#fbfcfe"/>'
    for band in chart.bands:
        yield from _band(band, chart.lang)
    for route in _merged(chart.routes):
        yield from _route(route)
    box = chart.start
    yield (
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="{box.height // 2}"'
        f' fill="#e6ecf4" stroke="{_LINE}"/>'
    )
    for card in chart.cards:
        yield from _card(card)
    yield from map(_line, chart.lines)
    for mark in chart.key:
        yield from _mark(mark)
    yield "</svg>"


def _band(band: Band, lang: str) -> Iterator[str]:
    box = band.box
    yield (
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="3"'
        f' fill="{_STAGES.get(band.stage, _LINE)}"/>'
    )
    middle = box.x + box.width // 2
    look = f'fill="#fff" font-size="{_STRIP_SIZE}" font-weight="600" text-anchor="middle"'
    if lang == CHINESE:
        top = box.y + (box.height - len(band.title) * (_STRIP_SIZE + 3)) // 2
        for number, char in enumerate(band.title, 1):
            yield f'<text x="{middle}" y="{top + number * (_STRIP_SIZE + 3) - 3}" {look}>{escape(char)}</text>'
        return
    x, y = middle + _STRIP_SIZE // 3, box.y + box.height // 2
    yield f'<text transform="translate({x} {y}) rotate(-90)" {look}>{escape(band.title)}</text>'


def _merged(routes: Sequence[Route]) -> list[Route]:
    """The routes as they are drawn, the main path last. Lines that lead to one step in one track share it: the longest is
    drawn whole, of the others only how they join it, or broken lines on each other would look whole.
    """
    longest: dict[tuple[int, tuple[int, int], bool], int] = {}
    for route in routes:
        if (key := _shared(route)) is not None:
            longest[key] = max(longest.get(key, 0), _run(route))
    drawn: list[Route] = []
    for route in sorted(routes, key=lambda each: each.main):
        key = _shared(route)
        if key is None or longest.get(key) == _run(route):
            drawn.append(route)
            if key is not None:
                longest[key] = -1
        else:
            drawn.append(replace(route, points=route.points[:2], joins=True))
    return drawn


def _shared(route: Route) -> tuple[int, tuple[int, int], bool] | None:
    """The track, the end, and whether the line comes to it from above; None for a line that runs in no track."""
    points = route.points
    return (points[1][0], points[-1], points[0][1] < points[-1][1]) if len(points) > 2 else None


def _run(route: Route) -> int:
    return abs(route.points[0][1] - route.points[-1][1])


def _route(route: Route) -> Iterator[str]:
    ink = _BACK if route.back else _LINE
    broken = ' stroke-dasharray="5 3"' if route.back else ""
    thick = "2" if route.main else "1.4"
    line = _path(route.points, arrow=not route.joins)
    yield f'<path d="{line}" fill="none" stroke="{ink}" stroke-width="{thick}"{broken}/>'
    if route.joins:
        return
    (x0, _), (x, y) = route.points[-2:]
    if x0 == x:
        yield f'<path d="M{x} {y}l-{_HALF} -{_ARROW}h{2 * _HALF}z" fill="{ink}"/>'
    else:
        back = -_ARROW if x > x0 else _ARROW
        yield f'<path d="M{x} {y}l{back} -{_HALF}v{2 * _HALF}z" fill="{ink}"/>'


def _path(points: tuple[tuple[int, int], ...], *, arrow: bool) -> str:
    """A line with rounded corners; where an arrow is to be, it ends a little before its last point."""
    steps = [f"M{points[0][0]} {points[0][1]}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _towards(here, before), _towards(here, after)
        steps.append(f"L{into[0]} {into[1]}Q{here[0]} {here[1]} {out[0]} {out[1]}")
    end = _towards(points[-1], points[-2]) if arrow else points[-1]
    return "".join([*steps, f"L{end[0]} {end[1]}"])


def _towards(here: tuple[int, int], there: tuple[int, int]) -> tuple[int, int]:
    """A few units from one point towards another on the same horizontal or vertical."""
    return tuple(
        a + max(-_ROUND, min(_ROUND, (b - a) // 2 if abs(b - a) < 2 * _ROUND else b - a))
        for a, b in zip(here, there, strict=True)
    )  # type: ignore[return-value]


def _card(card: Card) -> Iterator[str]:
    box = card.box
    stroke, thick = (_CURRENT, "3") if card.current else (_STAGES.get(card.stage, _LINE), "1.3")
    ground = _CURRENT_GROUND if card.current else "#f1f4f8" if card.side else _PAPER
    radius = 18 if card.final else 5
    current = ' aria-current="step"' if card.current else ""
    yield (
        f'<g id={quoteattr(f"state-{card.state}")}{current}><rect x="{box.x}" y="{box.y}" width="{box.width}"'
        f' height="{box.height}" rx="{radius}" fill="{ground}" stroke="{stroke}" stroke-width="{thick}"/>'
    )
    yield from map(_line, card.lines)
    for mark in card.marks:
        yield from _mark(mark)
    yield "</g>"


def _line(line: Line) -> str:
    bold = ' font-weight="700"' if line.face in BOLD else ""
    anchor = ' text-anchor="middle"' if line.middle else ""
    size = f' font-size="{SIZE[line.face]}"' if SIZE[line.face] != SIZE[Face.PLAIN] else ""
    return f'<text x="{line.x}" y="{line.y}" fill="{_INKS[line.face]}"{size}{bold}{anchor}>{escape(line.text)}</text>'


def _mark(mark: Mark) -> Iterator[str]:
    ground, ink = (_LINE, _PAPER) if mark.full else (_PAPER, _LINE)
    yield f'<circle cx="{mark.x}" cy="{mark.y}" r="7" fill="{ground}" stroke="{_LINE}" stroke-width="1.3"/>'
    yield f'<text x="{mark.x}" y="{mark.y + 4}" fill="{ink}" font-size="11" text-anchor="middle">{mark.number}</text>'


def text_width(line: Line) -> int:
    """The room that a line of text takes at most."""
    return width(line.text, SIZE[line.face], bold=line.face in BOLD)
