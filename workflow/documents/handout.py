"""What a matter hands out: guide and card as page or PDF, with the flow chart drawn from the same definition."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from workflow.catalog.drawing.chart import chart
from workflow.catalog.drawing.svg import pieces, svg
from workflow.catalog.guide import guide
from workflow.documents.guide import card_sheet, guide_sheet
from workflow.documents.sheet import page, pdf
from workflow.domain.reckoning import civil_date

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog

_COLUMN: Final = (84, 232)
"""A column of the chart on A4, in millimetres: width, height."""


def guide_page(catalog: Catalog, code: str, lang: str, now: datetime) -> str:
    """The service guide (办事指南) as HTML that stands by itself, with the law in force `now`. Raises UnknownMatter."""
    matter, of = catalog.matter(code), guide(catalog, code, lang, now)
    on = civil_date(now, matter.definition.zone)
    wide, narrow = (svg(chart(catalog, matter, lang, on, narrow=narrow)) for narrow in (False, True))
    return page(guide_sheet(of, lang, on), lang, wide=wide, narrow=narrow)


def guide_pdf(catalog: Catalog, code: str, lang: str, now: datetime) -> bytes:
    """The service guide as PDF/A-2b; one day gives the same bytes. Raises UnknownMatter."""
    matter, of = catalog.matter(code), guide(catalog, code, lang, now)
    on = civil_date(now, matter.definition.zone)
    drawn = chart(catalog, matter, lang, on, narrow=True)
    wide, high = _COLUMN
    return pdf(guide_sheet(of, lang, on), lang, charts=pieces(drawn, drawn.width * high // wide))


def card_page(catalog: Catalog, code: str, lang: str, now: datetime) -> str:
    """The plain-language card (明白卡) as HTML that stands by itself. Raises UnknownMatter."""
    on = civil_date(now, catalog.matter(code).definition.zone)
    return page(card_sheet(guide(catalog, code, lang, now), lang, on), lang)


def card_pdf(catalog: Catalog, code: str, lang: str, now: datetime) -> bytes:
    """The card as PDF/A-2b on one page of A4. Raises UnknownMatter."""
    on = civil_date(now, catalog.matter(code).definition.zone)
    return pdf(card_sheet(guide(catalog, code, lang, now), lang, on), lang)
