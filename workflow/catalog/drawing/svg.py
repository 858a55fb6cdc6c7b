"""A flow chart as SVG: readable in both widths, scaled by its view box, with a title and a description for those who listen.

Only presentation attributes: no style sheet, no script, no font from elsewhere, nothing that a strict page would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from workflow.catalog.drawing.card import BOLD, SIZE
from workflow.catalog.drawing.measure import width
from workflow.catalog.drawing.shapes import Band, Card, Chart, Face, Line, Mark, Route
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


def svg(chart: Chart) -> str:
    """The chart as an SVG document; the same chart gives the same bytes."""
    return "\n".join(_document(chart)) + "\n"


def _document(chart: Chart) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {chart.width} {chart.height}" width="{chart.width}"'
        f' height="{chart.height}" xml:lang="{chart.lang}" lang="{chart.lang}" role="img"'
        f' aria-labelledby="title desc" font-family="{_FONTS}" font-size="{SIZE[Face.PLAIN]}">'
    )
    yield f'<title id="title">{escape(chart.title)}</title>'
    yield f'<desc id="desc">{escape(chart.description)}</desc>'
    yield f'<rect width="{chart.width}" height="{chart.height}" fill="#fbfcfe"/>'
    for band in chart.bands:
        yield from _band(band, chart.lang)
    for route in sorted(chart.routes, key=lambda each: each.main):
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


def _route(route: Route) -> Iterator[str]:
    ink = _BACK if route.back else _LINE
    broken = ' stroke-dasharray="5 3"' if route.back else ""
    thick = "2" if route.main else "1.4"
    yield f'<path d="{_path(route.points)}" fill="none" stroke="{ink}" stroke-width="{thick}"{broken}/>'
    (x0, _), (x, y) = route.points[-2:]
    if x0 == x:
        yield f'<path d="M{x} {y}l-{_HALF} -{_ARROW}h{2 * _HALF}z" fill="{ink}"/>'
    else:
        back = -_ARROW if x > x0 else _ARROW
        yield f'<path d="M{x} {y}l{back} -{_HALF}v{2 * _HALF}z" fill="{ink}"/>'


def _path(points: tuple[tuple[int, int], ...]) -> str:
    """A line with rounded corners; it ends a little before its last point, where the arrow is."""
    steps = [f"M{points[0][0]} {points[0][1]}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _towards(here, before), _towards(here, after)
        steps.append(f"L{into[0]} {into[1]}Q{here[0]} {here[1]} {out[0]} {out[1]}")
    end = _towards(points[-1], points[-2])
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
