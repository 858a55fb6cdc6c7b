"""The periods (期限) of a running case as people outside read them: each date with its reason on one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from workflow.domain.definition import Expiry
from workflow.domain.explanation_words import say_periods
from workflow.domain.scene import Facts
from workflow.queries.clocks import ClockView, clocks

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.catalog.pinned import Pinned
    from workflow.domain.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodLine:
    """One period of a case. `due_on` is its last day, inclusive; none while counting is stopped. `standing` is running,
    stopped or ended; `late`: it ended, or is still open, after its due instant. `nature` is `statute` or `promise`,
    `expiry` what its end means; of a period that `proceed`s it is meant to run out.
    """

    clock: str
    title: str
    scope: str
    length: str
    nature: str
    citation: str
    standing: str
    started_on: date
    due_on: date | None
    due_at: datetime | None
    provisional: bool
    ended_on: date | None
    late: bool
    expiry: str
    explanation: str


def periods(case: Case, of: Pinned, catalog: Catalog, lang: str, now: datetime) -> tuple[PeriodLine, ...]:
    """The periods of the whole case, of its notices and of the applicant, the latest run of each, and the limit of the
    present step; those of earlier steps are the organ's own affair.
    """
    definition = of.definition
    facts = Facts(
        calendar=catalog.calendars[definition.calendar], law=catalog.law, directory=catalog.directory
    )
    shown = _shown(clocks(definition, case, facts, now))
    return tuple(_line(view, of, lang) for view in shown)


def next_due(lines: Iterable[PeriodLine]) -> PeriodLine | None:
    """The period that falls due first of those that run."""
    running = [line for line in lines if line.standing == "running" and line.due_on]
    return min(running, key=lambda line: line.due_on or date.max, default=None)


def _shown(views: Iterable[ClockView]) -> Iterator[ClockView]:
    latest = {view.clock: view for view in views}
    return (
        view for view in latest.values() if view.standing != "ended" or not view.clock.startswith("step_")
    )


def _line(view: ClockView, of: Pinned, lang: str) -> PeriodLine:
    # A period that ended before a migration may have no place in the version the case is under now.
    spec = of.definition.clocks.get(view.clock)
    return PeriodLine(
        clock=view.clock,
        title=of.text(f"clocks.{view.clock}", lang, default=view.explanation.rule_title[lang]),
        scope=spec.scope if spec is not None else "case",
        length=say_periods(view.explanation.period, lang),
        nature=view.basis,
        citation=view.explanation.citation[lang],
        standing=view.standing,
        started_on=view.started_on,
        due_on=view.due_on,
        due_at=view.due_at,
        provisional=view.provisional,
        ended_on=view.ended_on,
        late=view.late,
        expiry=(spec.expiry if spec is not None else Expiry.ALERT).value,
        explanation=view.explanation.short(lang),
    )
