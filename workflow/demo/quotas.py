"""The sample quota of a demonstration: every ministry of the directory gets as many places as there are cases, so that the
day shows reservations and releases and nobody waits for a place. Without an allotment nothing could be reported up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workflow.domain.commands import SYSTEM
from workflow.domain.quota.book import QuotaKey

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from workflow.engine.banjie import Banjie

DOCUMENT: Final = "示例〔{year}〕1号"
"""The number of a document that nobody issued, marked as a sample like the organs it names."""


def allot(banjie: Banjie, matters: Iterable[str], places: int, first: date) -> None:
    """Allot the quotas of these matters to every ministry, for the year of the first day and the next. Doing it again
    changes nothing.
    """
    directory = banjie.catalog.directory
    ministries = sorted(code for code, organ in directory.organs.items() if organ.kind == "ministry")
    for code in matters:
        definition = banjie.catalog.matter(code).definition
        if definition.quota is None:
            continue
        for organ in ministries:
            for year in (first.year, first.year + 1):
                key = QuotaKey(kind=definition.quota.kind, organ=organ, year=year)
                document = DOCUMENT.format(year=year)
                banjie.store.quotas.grant(key, places, document=document, by=SYSTEM)
