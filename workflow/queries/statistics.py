"""Public statistics: by matter filed, concluded, and concluded in time with its denominator; small counts held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from workflow.catalog.guide import PUBLIC
from workflow.domain.publication import SMALL, suppressed
from workflow.queries import figures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow.catalog.loader import Catalog
    from workflow.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The figures of one matter or of all. None: held back, because a count from 1 to 4 would point at persons.

    `timely` is told of `timed`, the concluded cases whose handling periods ran: the denominator of the rate, which is in
    percent with one decimal, rounded half up.
    """

    filed: int | None
    concluded: int | None
    timed: int | None
    timely: int | None
    rate: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """The figures of one matter."""

    matter: str
    title: str
    figures: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """All public figures at one time. `simulated`: they come from a demonstration, not from life."""

    as_of: datetime
    simulated: bool
    smallest: int
    matters: tuple[MatterLine, ...]
    total: Line


def statistics(store: Store, catalog: Catalog, lang: str) -> Statistics:
    """The figures of every public matter, those without cases too, and of all together."""
    clock = store.clock()
    counted = figures.by_matter(store)
    lines = []
    for code, matter in catalog.matters.items():
        if matter.audience != PUBLIC:
            continue
        of = counted.get(code, figures.MatterFigures())
        kept = figures.timeliness(store, code, figures.handling_clocks(matter.definition))
        lines.append(MatterLine(matter=code, title=matter.title(lang), figures=_line(of, kept)))
    return Statistics(
        as_of=clock.now,
        simulated=clock.mode != "real",
        smallest=SMALL,
        matters=tuple(lines),
        total=_total([line.figures for line in lines]),
    )


def _line(of: figures.MatterFigures, kept: figures.Timeliness) -> Line:
    timely = suppressed(kept.in_time)
    told = timely is not None and suppressed(kept.all) is not None
    return Line(
        filed=suppressed(of.cases),
        concluded=suppressed(of.concluded),
        timed=suppressed(kept.all),
        timely=timely,
        rate=_percent(kept.in_time, kept.all) if told and kept.all else None,
    )


def _total(lines: Iterable[Line]) -> Line:
    """The sums; a column in which a count is held back has none, or the count could be reckoned from it."""
    given = list(lines)

    def total(column: str) -> int | None:
        counts = [getattr(line, column) for line in given]
        return None if None in counts else sum(counts)

    timed, timely = total("timed"), total("timely")
    told = bool(timed) and timely is not None
    return Line(
        filed=total("filed"),
        concluded=total("concluded"),
        timed=timed,
        timely=timely,
        rate=_percent(timely or 0, timed or 0) if told else None,
    )


def _percent(part: int, whole: int) -> str:
    tenths = (Fraction(1000 * part, whole) + Fraction(1, 2)).__floor__()
    return f"{tenths // 10}.{tenths % 10}"
