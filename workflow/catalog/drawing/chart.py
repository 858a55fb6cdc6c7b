"""The layout of a flow chart (权力运行流程图): main path straight down, side states apart, other ways in tracks.

Wide, side states stand to the right of the step they belong to; narrow (a phone), they stand below it, drawn in. Lines leave
a card at the row that names the action, so no label ever lies on a line; exits that most steps share are numbered marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from workflow.catalog.drawing.captions import captions, filers, told
from workflow.catalog.drawing.card import ARRIVAL, LEAD, PAD, Draft, Port, Style, draft, face_lines, leaving
from workflow.catalog.drawing.flow import Flow, Kind, flow
from workflow.catalog.drawing.routes import Columns, Placed, columns, routes
from workflow.catalog.drawing.shapes import Band, Box, Card, Chart, Face, Line, Mark, Route
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog, Matter

NARROW: Final = Style(main=276, side=252, beside=False, organs=False)
WIDE: Final = Style(main=430, side=330, beside=True, organs=True)

_MARGIN: Final = 8
_STRIP: Final = 20
_GAP: Final = 14
_RAIL: Final = 15
_BESIDE: Final = 12
_DIGEST: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rail:
    """The piece of the main path between two steps, with the words of its actions."""

    ways: tuple[tuple[str, str, str], ...]
    labels: tuple[str, ...]
    top: int
    bottom: int


def chart(
    catalog: Catalog, matter: Matter, lang: str, on: date, *, state: str | None = None, narrow: bool = False
) -> Chart:
    """The flow chart of a matter with the law in force `on` a day; `state` is the step to be marked as the current one."""
    of, style = flow(matter), NARROW if narrow else WIDE
    words = captions(catalog, matter, of, lang, on)
    drafts = {name: draft(matter, of, name, words, style, lang, current=name == state) for name in of.states}
    heading = face_lines(t("drawing.title", lang, matter=matter.title(lang)), Face.HEADING, style.main)
    start_top = _MARGIN + len(heading) * LEAD[Face.HEADING] + 6
    start_lines = face_lines(filers(matter, lang), Face.PLAIN, style.main - 2 * PAD)
    start_bottom = start_top + len(start_lines) * LEAD[Face.PLAIN] + 12
    placed, rails = _placed(matter, of, drafts, style, lang, start_bottom)
    where = columns(placed, style, left=_MARGIN + _STRIP)
    bottom = max(each.bottom for each in placed.values())
    lines = list(_lines(heading, Face.HEADING, _MARGIN + 2, _MARGIN))
    start = Box(x=where.main, y=start_top, width=style.main, height=start_bottom - start_top)
    lines += [
        Line(
            text=text,
            x=start.x + start.width // 2,
            y=start_top + 18 + n * LEAD[Face.PLAIN],
            face=Face.PLAIN,
            middle=True,
        )
        for n, text in enumerate(start_lines)
    ]
    rail_x = where.main + _rail(style)
    for rail in rails:
        lines += _lines(
            rail.labels, Face.PLAIN, rail_x + 10, rail.bottom - _BESIDE - len(rail.labels) * LEAD[Face.PLAIN]
        )
    key, legend, height = _legend(matter, of, lang, where.width - 2 * _MARGIN, bottom + 20)
    first = placed[of.main[0]]
    return Chart(
        title=t("drawing.title", lang, matter=matter.title(lang)),
        description=t(
            "drawing.describe",
            lang,
            matter=matter.title(lang),
            steps=t("drawing.and", lang).join(words[name].title for name in of.main),
        ),
        lang=lang,
        width=where.width,
        height=height + _MARGIN,
        cards=tuple(_card(matter, placed[name], where, current=name == state) for name in of.states),
        routes=(
            _straight((), rail_x, start_bottom, first.y),
            *(_straight(rail.ways, rail_x, rail.top, rail.bottom) for rail in rails),
            *routes(placed, where),
        ),
        bands=tuple(_bands(matter, of, placed, lang)),
        lines=(*lines, *legend),
        start=start,
        key=key,
        shared=tuple((w.source, w.action, w.target) for w in of.ways if w.kind is Kind.COMMON),
    )


def _placed(
    matter: Matter, of: Flow, drafts: dict[str, Draft], style: Style, lang: str, y: int
) -> tuple[dict[str, Placed], list[_Rail]]:
    """Every card at its height, block after block, and the pieces of the main path between them."""
    placed: dict[str, Placed] = {}
    rails: list[_Rail] = []
    y += 2 * _GAP
    for number, block in enumerate(of.blocks):
        put = _beside if style.beside else _below
        for card in put(of, [drafts[state] for state in block], y):
            placed[card.draft.state] = card
        bottom = max(placed[state].bottom for state in block)
        if number + 1 == len(of.blocks):
            break
        after = of.blocks[number + 1][0]
        ways = tuple(way for way in of.out_of(block[0]) if way.target == after and way.kind is Kind.MAIN)
        room = style.main - _rail(style) - _BESIDE - 4
        texts = (told(matter, block[0], way.action, lang) for way in ways)
        labels = tuple(line for text in texts for line in face_lines(text, Face.PLAIN, room))
        y = bottom + _GAP + len(labels) * LEAD[Face.PLAIN] + _BESIDE + 4
        rails.append(
            _Rail(
                ways=tuple((way.source, way.action, way.target) for way in ways),
                labels=labels,
                top=placed[block[0]].bottom,
                bottom=y,
            )
        )
    return placed, rails


def _below(_: Flow, drafts: Sequence[Draft], y: int) -> Iterator[Placed]:
    """Narrow: one card under the other."""
    for each in drafts:
        ys = each.row_ys()
        yield Placed(draft=each, y=y, ys=ys, height=each.height(ys))
        y += each.height(ys) + _GAP


def _beside(of: Flow, drafts: Sequence[Draft], y: int) -> Iterator[Placed]:
    """Wide: the side cards to the right, each level with the row that leads to it; rows whose lines run past them below."""
    main, *sides = drafts
    least: dict[int, int] = {}
    arrives = any(way.target == main.state and _from_afar(of, way.source, main.state) for way in of.ways)
    free = 2 * ARRIVAL - PAD + 2 if arrives else 0
    tops: dict[str, int] = {}
    heights = {side.state: side.height(side.row_ys()) for side in sides}
    for number, row in enumerate(main.rows):
        if row.port is Port.NEAR and row.target is not None:
            begins = max(main.row_ys(least)[number], free + ARRIVAL - _BESIDE)
            least[number] = begins
            tops[row.target] = begins + _BESIDE - ARRIVAL
            free = tops[row.target] + heights[row.target] + _BESIDE
    for side in sides:
        if side.state not in tops:
            tops[side.state] = free
            free += heights[side.state] + _BESIDE
    if sides:
        least |= {number: free - 4 for number, row in enumerate(main.rows) if row.port is Port.FAR}
    ys = main.row_ys(least)
    homes = [
        tops[side.state] + top + 2 * _BESIDE
        for side in sides
        for row, top in zip(side.rows, side.row_ys(), strict=True)
        if row.port is Port.HOME
    ]
    yield Placed(draft=main, y=y, ys=ys, height=max([main.height(ys), *homes]))
    for side in sides:
        yield Placed(draft=side, y=y + tops[side.state], ys=side.row_ys(), height=heights[side.state])


def _from_afar(of: Flow, source: str, target: str) -> bool:
    """Whether a way would come in over the column of side cards."""
    kinds = {way.kind for way in of.ways if (way.source, way.target) == (source, target)}
    together = any(source in block and target in block for block in of.blocks)
    back = Kind.BACK in kinds and source in of.main
    return not together and not back and bool(kinds & {Kind.ONWARD, Kind.BACK})


def _card(matter: Matter, card: Placed, where: Columns, *, current: bool) -> Card:
    each, x = card.draft, where.x_of(card)
    lines: list[Line] = []
    y = card.y + PAD
    for text, face in each.head:
        lines.append(Line(text=text, x=x + PAD, y=y + LEAD[face] - 5, face=face))
        y += LEAD[face]
    for row, top in zip(each.rows, card.ys, strict=True):
        lines += _lines(row.lines, Face.PLAIN, x + PAD, card.y + top)
    numbers = [*((number, True) for number in each.into), *((number, False) for number in each.out)]
    marks = tuple(
        Mark(number=number, x=x + each.width - PAD - 7 - 18 * place, y=card.y + ARRIVAL, full=full)
        for place, (number, full) in enumerate(reversed(numbers))
    )
    state = matter.definition.states[each.state]
    box = Box(x=x, y=card.y, width=each.width, height=card.height)
    return Card(
        state=each.state,
        stage=state.stage,
        box=box,
        lines=tuple(lines),
        marks=marks,
        side=each.side,
        final=state.final,
        current=current,
    )


def _lines(texts: Sequence[str], face: Face, x: int, top: int) -> Iterator[Line]:
    for number, text in enumerate(texts):
        yield Line(text=text, x=x, y=top + (number + 1) * LEAD[face] - 5, face=face)


def _rail(style: Style) -> int:
    """How far from the left edge of the main cards the main path runs."""
    return style.main // 2 if style.beside else _RAIL


def _straight(ways: tuple[tuple[str, str, str], ...], x: int, top: int, bottom: int) -> Route:
    return Route(ways=ways, points=((x, top), (x, bottom)), back=False, main=True)


def _bands(matter: Matter, of: Flow, placed: dict[str, Placed], lang: str) -> Iterator[Band]:
    runs: list[tuple[str, list[tuple[str, ...]]]] = []
    for block in of.blocks:
        stage = matter.definition.states[block[0]].stage
        if runs and runs[-1][0] == stage:
            runs[-1][1].append(block)
        else:
            runs.append((stage, [block]))
    tops = [placed[blocks[0][0]].y for _, blocks in runs]
    ends = [top - _GAP // 2 for top in tops[1:]]
    last = max(placed[state].bottom for state in runs[-1][1][-1])
    for (stage, _), top, bottom in zip(runs, tops, [*ends, last], strict=True):
        box = Box(x=_MARGIN, y=top, width=_STRIP, height=bottom - top)
        yield Band(stage=stage, title=t(f"drawing.stage.{stage}", lang), box=box)


def _legend(
    matter: Matter, of: Flow, lang: str, room: int, y: int
) -> tuple[tuple[Mark, ...], list[Line], int]:
    """The words under the chart: what each number means, what broken lines mean, which definition this is."""
    definition = matter.definition
    marks: list[Mark] = []
    lines: list[Line] = []

    def add(text: str, indent: int = 0) -> None:
        nonlocal y
        found = face_lines(text, Face.SOFT, room - indent)
        lines.extend(_lines(found, Face.SOFT, _MARGIN + 2 + indent, y))
        y += len(found) * LEAD[Face.SOFT] + 5

    for number, name in enumerate(leaving(matter, of), 1):
        target = definition.actions[name].to
        sources = definition.actions[name].sources
        marks.append(Mark(number=number, x=_MARGIN + 9, y=y + 8, full=False))
        said = told(matter, sources[0], name, lang)
        to = matter.text(f"states.{target}", lang)
        add(t("drawing.legend.common", lang, number=number, action=said, to=to), 22)
    staying = [name for name in of.common if definition.actions[name].to is None]
    if staying:
        said = t("drawing.and", lang).join(
            told(matter, definition.actions[name].sources[0], name, lang) for name in staying
        )
        add(t("drawing.legend.stays", lang, action=said))
    if any(way.kind is Kind.BACK for way in of.ways):
        add(t("drawing.legend.back", lang))
    add(t("drawing.legend.version", lang, version=definition.hash[:_DIGEST]))
    return tuple(marks), lines, y
