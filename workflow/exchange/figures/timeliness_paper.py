"""The timeliness report (时效报表) as a paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from workflow.domain.figures.numbers import percent
from workflow.exchange.figures.names import Names
from workflow.exchange.figures.paper import Cell, Chart, Column, Grid, Kind, Paper
from workflow.queries.figure_cases import FigureCase
from workflow.texts import t

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from workflow.domain.figures.timeliness import Line, PostLine
    from workflow.queries.timeliness import Timeliness

LINE = (
    "concluded", "timed", "on_time", "late", "rate", "early_share", "median", "ninetieth", "extensions", "provisional",
    "not_accepted", "withdrawn",
)  # fmt: skip
_HEADS = {"organ": "unit"}
"""A case is concluded by an organ or by a part of one."""

POST = ("cases", "within", "rate", "median", "ninetieth", "days", "share", "excess", "overrun")


def timeliness_paper(
    told: Timeliness, names: Names, now: datetime, cases: Iterable[FigureCase] | None = None
) -> Paper:
    """The paper; `cases` are those behind its figures, for who asked for them."""
    lang, wanted, whole = names.lang, told.wanted, told.total
    return Paper(
        title=t("report.timeliness.title", lang),
        subtitle=t("report.period", lang, first=wanted.first, last=wanted.last),
        made=names.made(now),
        on=now,
        lead=tuple(_lead(whole, lang)),
        grids=tuple(_grids(told, names)),
        notes=tuple(
            t(f"report.timeliness.note.{name}", lang)
            for name in ("denominator", "apart", "used", "percentile", "early", "held", "post", "provisional")
        ),
        cases=cases_grid(cases, names) if cases is not None else None,
    )


def cases_grid(cases: Iterable[FigureCase], names: Names) -> Grid:
    """The cases behind a figure, a row each."""
    lang = names.lang
    columns = tuple(
        Column(key=name, title=t(f"report.case.{name}", lang), kind=kind, wide=wide)
        for name, kind, wide in _CASE_COLUMNS
    )
    rows = []
    for one in cases:
        told: dict[str, Cell] = {name: getattr(one, name) for name, _, _ in _CASE_COLUMNS}
        told["matter"] = names.matter(one.matter)
        told["organ"] = names.organ(one.organ)
        told["outcome"] = names.outcome(one.matter, one.outcome)
        told["ending"] = t(f"report.ending.{one.ending}", lang)
        for flag in ("late", "early", "provisional"):
            told[flag] = t(f"report.yes.{str(getattr(one, flag)).lower()}", lang)
        rows.append(tuple(told.values()))
    return Grid(key="cases", title=t("report.cases", lang), columns=columns, rows=tuple(rows))


_CASE_COLUMNS: tuple[tuple[str, Kind, int], ...] = (
    ("no", "text", 2), ("matter", "text", 3), ("organ", "text", 2), ("ending", "text", 1), ("outcome", "text", 1),
    ("received_on", "day", 1), ("accepted_on", "day", 1), ("concluded_on", "day", 1), ("due_on", "day", 1),
    ("used", "count", 1), ("allowed", "count", 1), ("late", "text", 1), ("early", "text", 1), ("overrun", "count", 1),
    ("extensions", "count", 1), ("provisional", "text", 1),
)  # fmt: skip


def _lead(whole: Line, lang: str) -> Iterator[str]:
    if not whole.concluded:
        yield t("report.timeliness.none", lang)
        return
    yield t(
        "report.timeliness.lead",
        lang,
        concluded=whole.concluded,
        completed=whole.completed,
        not_accepted=whole.not_accepted,
        withdrawn=whole.withdrawn,
    )
    if whole.timed:
        yield t(
            "report.timeliness.rate",
            lang,
            timed=whole.timed,
            on_time=whole.on_time,
            rate=whole.rate,
            late=whole.late,
            over_promise=whole.over_promise,
            over_statute=whole.over_statute,
        )
        yield t("report.timeliness.days", lang, median=whole.median, ninetieth=whole.ninetieth)


def _grids(told: Timeliness, names: Names) -> Iterator[Grid]:
    lang = names.lang
    yield _lines(
        "matter", told.matters, {code: names.matter(code) for code in told.matters}, told.total, lang
    )
    yield _lines("organ", told.organs, {code: names.organ(code) for code in told.organs}, told.total, lang)
    if len(told.months) > 1:
        yield _lines("month", told.months, {month: month for month in told.months}, told.total, lang)
    yield _posts(told, names)
    yield _held(told, names)
    yield _grounds(told, names)


def _lines(by: str, lines: Mapping[str, Line], called: Mapping[str, str], total: Line, lang: str) -> Grid:
    columns = (
        Column(key="name", title=t(f"report.by.{_HEADS.get(by, by)}", lang), kind="text", wide=3),
        *(Column(key=name, title=t(f"report.column.{name}", lang), kind=_kind(name)) for name in LINE),
    )
    rows = [(called[key], *_cells(line)) for key, line in lines.items()]
    rows.append((t("report.total", lang), *_cells(total)))
    return Grid(
        key=by,
        title=t(f"report.grid.{by}", lang),
        columns=columns,
        rows=tuple(rows),
        keys=(*lines, "total"),
        total=True,
        chart=Chart(values=("rate", "early_share"), title=t(f"report.chart.{by}", lang)),
    )


def _kind(name: str) -> Kind:
    return "percent" if name in ("rate", "early_share", "share") else "count"


def _cells(line: Line) -> tuple[Cell, ...]:
    return tuple(getattr(line, name) for name in LINE)


def _posts(told: Timeliness, names: Names) -> Grid:
    lang = names.lang
    columns = (
        Column(key="name", title=t("report.by.post", lang), kind="text", wide=4),
        *(Column(key=name, title=t(f"report.post.{name}", lang), kind=_kind(name)) for name in POST),
    )
    rows = [
        (names.post(organ, post), *_post_cells(line, told.whole))
        for (organ, post), line in told.posts.items()
    ]
    return Grid(
        key="post",
        title=t("report.grid.post", lang),
        columns=columns,
        rows=tuple(rows),
        keys=tuple(f"{organ}/{post}" for organ, post in told.posts),
        note=t("report.timeliness.note.post", lang),
        chart=Chart(values=("days",), title=t("report.chart.post", lang)),
    )


def _post_cells(line: PostLine, whole: int) -> Iterator[Cell]:
    for name in POST:
        yield percent(line.days, whole) if name == "share" else getattr(line, name)


def _held(told: Timeliness, names: Names) -> Grid:
    lang = names.lang
    columns = (
        Column(key="name", title=t("report.by.holder", lang), kind="text", wide=3),
        Column(key="days", title=t("report.post.days", lang)),
        Column(key="share", title=t("report.post.share", lang), kind="percent"),
    )
    rows = [
        (names.holder(one.holder, one.ground), days, percent(days, told.whole))
        for one, days in told.held.items()
    ]
    rows.append((t("report.total", lang), told.whole, percent(told.whole, told.whole)))
    return Grid(
        key="holder",
        title=t("report.grid.holder", lang),
        columns=columns,
        rows=tuple(rows),
        keys=(*(f"{one.holder}/{one.ground or ''}" for one in told.held), "total"),
        total=True,
    )


def _grounds(told: Timeliness, names: Names) -> Grid:
    lang = names.lang
    columns = (
        Column(key="name", title=t("report.by.ground", lang), kind="text", wide=3),
        Column(key="cases", title=t("report.ground.cases", lang)),
        Column(key="days", title=t("report.ground.days", lang)),
    )
    rows = [(names.ground(ground), one.cases, one.days) for ground, one in told.grounds.items()]
    return Grid(
        key="ground",
        title=t("report.grid.ground", lang),
        columns=columns,
        rows=tuple(rows),
        keys=tuple(told.grounds),
        note=t("report.timeliness.note.ground", lang),
    )
