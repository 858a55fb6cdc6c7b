"""The summary of a demonstration: what came of the cases, how many in time, which cards, and whose hand did the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from workflow.demo.story import Story, chosen, tell
from workflow.domain.case import Case
from workflow.domain.reckoning import civil_date
from workflow.engine.banjie import Banjie
from workflow.queries import figures
from workflow.queries.figures import Cards, MatterFigures, Timeliness

CALENDAR: Final = "cn"
COLOURS: Final = ("reminder", "yellow", "red")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All figures. `on_time` is by matter, over all its handling periods, `periods` by matter and period; `work` is how many
    automatic steps each hand did (task or pulse), `first` and `last` the simulated days, `seconds` how long it took.
    """

    by_matter: Mapping[str, MatterFigures]
    on_time: Mapping[str, Timeliness]
    periods: Mapping[tuple[str, str], Timeliness]
    cards: Sequence[Cards]
    events: int
    work: Mapping[str, int]
    first: date
    last: date
    seconds: float
    story: Story | None

    @property
    def cases(self) -> int:
        return sum(of.cases for of in self.by_matter.values())

    @property
    def ended(self) -> int:
        """How many cases are archived."""
        return sum(of.ended for of in self.by_matter.values())

    @property
    def findings(self) -> dict[str, int]:
        """Findings that stand, by colour."""
        found = figures.by_colour(self.cards)
        return {colour: found.get(colour, 0) for colour in (*COLOURS, *sorted(set(found) - set(COLOURS)))}

    @property
    def kept(self) -> Timeliness:
        """All matters together."""
        return sum(self.on_time.values(), Timeliness(all=0, late=0))

    def plain(self) -> dict[str, Any]:
        """The summary for programs: names that scripts may rely on (design §8)."""
        return {
            "cases": self.cases,
            "ended": self.ended,
            "by_matter": {
                code: {"cases": of.cases, "ended": of.ended, "outcomes": of.outcomes}
                for code, of in self.by_matter.items()
            },
            "findings": self.findings,
            "on_time": {
                "of": self.kept.all,
                "in_time": self.kept.in_time,
                "late": self.kept.late,
                "percent": percent(self.kept.in_time, self.kept.all),
                "by_period": [
                    {"matter": matter, "clock": clock, "of": of.all, "late": of.late}
                    for (matter, clock), of in self.periods.items()
                ],
            },
            "cards": [asdict(one) for one in self.cards],
            "work": dict(self.work),
            "events": self.events,
            "first": self.first,
            "last": self.last,
            "seconds": self.seconds,
        }


def summary(banjie: Banjie, *, first: date, seconds: float) -> Summary:
    """Read the figures of everything that is in the database."""
    store, calendar = banjie.store, banjie.catalog.calendars[CALENDAR]
    told = chosen(store, calendar)
    by_matter = figures.by_matter(store)
    clocks = {code: figures.handling_clocks(banjie.catalog.matter(code).definition) for code in by_matter}
    return Summary(
        by_matter=by_matter,
        on_time={code: figures.timeliness(store, code, names) for code, names in clocks.items()},
        periods={
            (code, name): figures.timeliness(store, code, [name])
            for code, names in clocks.items()
            for name in names
        },
        cards=figures.cards(store),
        events=figures.events(store),
        work=store.done_counts(),
        first=first,
        last=civil_date(store.clock().now, calendar.zone),
        seconds=round(seconds, 1),
        story=_story(banjie, told) if told is not None else None,
    )


def _story(banjie: Banjie, case: Case) -> Story:
    definition = banjie.catalog.matter(case.matter).definition
    return tell(case, banjie.store.history(case.id), definition, banjie.facts(definition))


def percent(part: int, whole: int) -> str:
    """A share in percent with one decimal, rounded half up, as text: figures of accountability are not floats."""
    if whole == 0:
        return "-"
    tenths = (Fraction(1000 * part, whole) + Fraction(1, 2)).__floor__()
    return f"{tenths // 10}.{tenths % 10}"
