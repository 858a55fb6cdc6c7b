"""Papers that compare: the league table (排名) and the scoring (考评) of organs, units, posts; persons only when asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from workflow.domain.figures.numbers import percent, tenths
from workflow.domain.figures.scoring import Score, score
from workflow.domain.figures.timeliness import Line, lines
from workflow.exchange.figures.paper import Cell, Chart, Column, Grid, Kind, Paper
from workflow.queries.merits import Level, Subject, merits
from workflow.queries.timeliness import Wanted, groups, shares
from workflow.texts import t

if TYPE_CHECKING:
    from datetime import date, datetime

    from workflow.catalog.loader import Catalog
    from workflow.domain.figures.scoring import Entry, Merits, Rules
    from workflow.exchange.figures.names import Names
    from workflow.storage.store import Store

_KINDS: dict[str, Kind] = {"name": "text", "rate": "percent", "points": "points"}

BY: dict[Level, tuple[str, ...]] = {
    "unit": ("organ",),
    "post": ("organ", "post"),
    "person": ("organ", "post", "person"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one subject did: of `cases`, `within` were kept; `overrun` working days are its part of what was late."""

    cases: int
    within: int
    median: int | None
    ninetieth: int | None
    overrun: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The scores of one level in one time, with the merits they rest on."""

    level: Level
    rules: Rules
    scores: Mapping[Subject, Score]
    merits: Mapping[Subject, Merits]


def scored(
    store: Store,
    catalog: Catalog,
    rules: Rules,
    first: date,
    last: date,
    level: Level,
    *,
    organ: str | None = None,
) -> Scored:
    """Score every subject of a level."""
    found = merits(store, catalog, first, last, level, organ=organ)
    return Scored(
        level=level,
        rules=rules,
        scores={whose: score(rules, one) for whose, one in found.items()},
        merits=found,
    )


def standings(store: Store, catalog: Catalog, wanted: Wanted, level: Level) -> dict[Subject, Standing]:
    """How the subjects of a level did: organs with the cases they concluded, the others with those they held."""
    if level != "organ":
        return {
            whose: Standing(
                cases=line.cases,
                within=line.within,
                median=line.median,
                ninetieth=line.ninetieth,
                overrun=line.overrun,
            )
            for whose, line in shares(store, wanted, BY[level]).items()
            if level != "person" or whose[2]
        }

    def top(organ: str) -> str:
        return (catalog.directory.superiors(organ) or (organ,))[-1]

    overrun: dict[str, int] = {}
    for (organ, _, _), line in shares(store, wanted, ("organ",)).items():
        overrun[top(organ)] = overrun.get(top(organ), 0) + line.overrun
    concluded = lines(groups(store, wanted), lambda group: top(group.organ))
    return {
        (organ, "", ""): _of_line(concluded.get(organ, Line()), overrun.get(organ, 0))
        for organ in sorted(concluded.keys() | overrun.keys())
        if organ
    }


def _of_line(line: Line, overrun: int) -> Standing:
    return Standing(
        cases=line.timed, within=line.on_time, median=line.median, ninetieth=line.ninetieth, overrun=overrun
    )


def league_paper(
    found: Mapping[Subject, Standing], marks: Scored, wanted: Wanted, names: Names, now: datetime
) -> Paper:
    """The league table: by the share of cases kept, then by the days of overrun; equals share a place."""
    lang, level = names.lang, marks.level
    order = sorted(found.items(), key=lambda item: (_place(item[1]), item[0]))
    rows: list[tuple[Cell, ...]] = []
    places: dict[tuple[Fraction, int], int] = {}
    for number, (whose, one) in enumerate(order, 1):
        place = places.setdefault(_place(one), number)
        merit, mark = marks.merits.get(whose), marks.scores.get(whose)
        colours = [card.colour for card in merit.cards if not card.cancelled] if merit else []
        rows.append(
            (
                place,
                subject_name(whose, names),
                one.cases,
                one.within,
                percent(one.within, one.cases),
                one.median,
                one.ninetieth,
                one.overrun,
                colours.count("yellow"),
                colours.count("red"),
                tenths(mark.points) if mark else None,
            )
        )
    heads = (
        "place",
        "name",
        "cases",
        "within",
        "rate",
        "median",
        "ninetieth",
        "overrun",
        "yellow",
        "red",
        "points",
    )
    columns = tuple(
        Column(
            key=head,
            title=t(f"report.by.{level}", lang) if head == "name" else t(f"report.league.{head}", lang),
            kind=_KINDS.get(head, "count"),
            wide=3 if head == "name" else 1,
        )
        for head in heads
    )
    grid = Grid(
        key="league",
        title=t(f"report.league.grid.{level}", lang),
        columns=columns,
        rows=tuple(rows),
        keys=tuple(_key(whose) for whose, _ in order),
        chart=Chart(values=("rate",), title=t("report.chart.league", lang)),
    )
    return Paper(
        title=t("report.league.title", lang),
        subtitle=t("report.period", lang, first=wanted.first, last=wanted.last),
        made=names.made(now),
        on=now,
        lead=(),
        grids=(grid,),
        notes=(
            t(f"report.league.note.{'organ' if level == 'organ' else 'held'}", lang),
            t("report.league.note.order", lang),
            t("report.score.note.suspected", lang),
        ),
    )


def score_paper(
    told: Scored, first: date, last: date, names: Names, now: datetime, *, trace: bool = False
) -> Paper:
    """The scores of a quarter; with `trace`, every point with the findings and cases it rests on."""
    lang, rules = names.lang, told.rules
    order = sorted(told.scores.items(), key=lambda item: (-item[1].points, item[0]))
    columns = (
        Column(key="name", title=t(f"report.by.{told.level}", lang), kind="text", wide=3),
        Column(key="points", title=t("report.score.points", lang), kind="points"),
        Column(key="grade", title=t("report.score.grade", lang), kind="text"),
        *(
            Column(key=head.code, title=head.titles[lang], kind="points")
            for head in rules.heads
            if head.measured
        ),
        Column(key="bonus", title=t("report.score.bonus", lang), kind="points"),
        Column(key="pending", title=t("report.score.pending", lang)),
    )
    grades = {grade.code: grade.titles[lang] for grade in rules.grades}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            subject_name(whose, names),
            tenths(one.points),
            grades[one.grade],
            *(tenths(one.heads[head.code]) for head in rules.heads if head.measured),
            tenths(one.bonus),
            sum(entry.pending for entry in one.entries),
        )
        for whose, one in order
    )
    unmeasured = [head.titles[lang] for head in rules.heads if not head.measured]
    grids = [
        Grid(
            key="score",
            title=t(f"report.score.grid.{told.level}", lang),
            columns=columns,
            rows=rows,
            keys=tuple(_key(whose) for whose, _ in order),
            chart=Chart(values=("points",), title=t("report.chart.score", lang)),
        )
    ]
    if trace:
        grids.append(_trace(told, names))
    return Paper(
        title=rules.titles[lang],
        subtitle=t("report.period", lang, first=first, last=last),
        made=names.made(now),
        on=now,
        lead=(),
        grids=tuple(grids),
        notes=(
            *(
                (t("report.score.note.unmeasured", lang, heads=t("report.join", lang).join(unmeasured)),)
                if unmeasured
                else ()
            ),
            t("report.score.note.cancelled", lang),
            t(f"report.score.note.{rules.counts}", lang),
            t("report.score.note.reminders", lang),
            t("report.score.note.suspected", lang),
        ),
    )


def _trace(told: Scored, names: Names) -> Grid:
    lang = names.lang
    columns = tuple(
        Column(key=key, title=t(f"report.trace.{key}", lang), kind="text", wide=wide)
        for key, wide in (("name", 3), ("head", 2), ("rule", 2), ("points", 1), ("rests_on", 4))
    )
    heads = {head.code: head.titles[lang] for head in told.rules.heads}
    rules = {one.id: one.titles[lang] for one in told.rules.deductions}
    rows, keys = [], []
    for whose, one in told.scores.items():
        for entry in one.entries:
            rows.append(
                (
                    subject_name(whose, names),
                    heads[entry.head] if entry.head else t("report.score.bonus", lang),
                    rules.get(entry.rule) or t(f"report.trace.named.{entry.rule}", lang),
                    t("report.trace.pending", lang) if entry.pending else _signed(entry.points),
                    _rests_on(entry, told.merits[whose], lang),
                )
            )
            keys.append(_key(whose))
    return Grid(
        key="trace", title=t("report.grid.trace", lang), columns=columns, rows=tuple(rows), keys=tuple(keys)
    )


def _rests_on(entry: Entry, of: Merits, lang: str) -> str:
    if entry.findings:
        told = [t("report.trace.finding", lang, no=no, number=number) for no, number in entry.findings]
        return t("report.join", lang).join(told)
    share = tenths(entry.share * 100) if entry.share is not None else "-"
    given = {"share": share, "timed": of.timed, "early": of.early, "ratings": sum(of.ratings.values())}
    return t(f"report.trace.by.{entry.rule}", lang, promised=of.promised, statutory=of.statutory, **given)


def _signed(points: Fraction) -> str:
    return f"+{tenths(points)}" if points > 0 else tenths(points)


def _place(one: Standing) -> tuple[Fraction, int]:
    return -Fraction(one.within, one.cases) if one.cases else Fraction(1), one.overrun


def subject_name(whose: Subject, names: Names) -> str:
    """A subject as people read it."""
    organ, post, person = whose
    name = names.post(organ, post) if post else names.organ(organ)
    return t("report.person_of", names.lang, person=names.person(person), post=name) if person else name


def _key(whose: Subject) -> str:
    return "/".join(part for part in whose if part)


__all__ = ["BY", "Scored", "Standing", "league_paper", "score_paper", "scored", "standings", "subject_name"]
