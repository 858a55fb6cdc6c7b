"""A sheet for the public: headings, paragraphs, lists, tables; put together once, laid out as a page or as a PDF."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal, TypeAlias

import msgspec

from workflow.documents.dates import in_words
from workflow.documents.rendering import render
from workflow.texts import t


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph; `soft` ones are notes. `link` is an address on the portal that it leads to."""

    text: str
    soft: bool = False
    link: str = ""
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list of short texts."""

    items: tuple[str, ...]
    numbered: bool = False
    kind: Literal["items"] = "items"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Names with values, in two columns."""

    pairs: tuple[tuple[str, str], ...]
    kind: Literal["pairs"] = "pairs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells; the shares say how wide the columns are to each other. A line break in a cell is kept. `links` are the
    addresses on the portal that the rows lead to, one for each row, or none.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    links: tuple[str, ...] = ()
    kind: Literal["table"] = "table"


Block: TypeAlias = Text | Items | Pairs | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole sheet. `on` is the day whose law it tells, in the words of `made` if they are given; a `card` (明白卡) is set
    large and fits one page.
    """

    title: str
    subtitle: str
    tags: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    on: date
    card: bool = False
    chart_heading: str = ""
    chart_text: str = ""
    made: str = ""


def page(of: Sheet, lang: str, *, wide: str = "", narrow: str = "") -> str:
    """The sheet as HTML that stands by itself; `wide` and `narrow` are its chart as SVG for either width of a screen."""
    given = {"sheet": of, "wide": _inline(wide), "narrow": _inline(narrow), "as_of": _as_of(of, lang)}
    return render("sheet.html", given, lang, style="sheet.css")


def pdf(of: Sheet, lang: str, *, charts: Sequence[str] = ()) -> bytes:
    """The sheet as PDF/A-2b on A4; `charts` are the pieces of its chart as SVG, each at most a column high.

    The same sheet gives the same bytes on every machine: the fonts come with the program, the date is the sheet's own.
    """
    # The typesetter is large: only who wants a PDF loads it.
    from workflow.documents.typeset import typeset  # noqa: PLC0415

    facts: dict[str, Any] = msgspec.to_builtins(of) | {
        "lang": lang,
        "charts": [_weighted(chart) for chart in charts],
        "words": {
            "page": t("guide.page", lang, page="{page}", pages="{pages}"),
            "as_of": _as_of(of, lang),
        },
    }
    return typeset("sheet.typ", facts, at=datetime.combine(of.on, time(), UTC))


def _weighted(svg: str) -> str:
    """An SVG that says how heavy its letters are: of a variable font the typesetter else takes the thinnest."""
    for weight in (600, 700):
        told = f'font-weight="{weight}"'
        svg = svg.replace(told, f"""{told} font-variation-settings="'wght' {weight}\"""")
    return svg.replace("<svg ", """<svg font-variation-settings="'wght' 400" """, 1)


def _as_of(of: Sheet, lang: str) -> str:
    return of.made or t("guide.as_of", lang, on=in_words(of.on, lang))


def _inline(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}" if svg else ""
