"""Papers about single cases and days: what was overdue, the board, whose the days of a case were, the disclosure report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workflow.domain.figures.numbers import percent
from workflow.domain.reckoning import civil_date
from workflow.exchange.figures.names import ZONE, Names
from workflow.exchange.figures.paper import Cell, Chart, Column, Grid, Kind, Paper
from workflow.queries.disclosure import KINDS, RESULTS
from workflow.texts import t

if TYPE_CHECKING:
    from datetime import date, datetime

    from workflow.domain.accountability.attribution import Attribution
    from workflow.queries.board import Board
    from workflow.queries.disclosure import Disclosure
    from workflow.queries.overdue import Overdue


def overdue_paper(found: Sequence[Overdue], on: date, names: Names, now: datetime) -> Paper:
    """What was overdue on a day."""
    lang = names.lang
    columns = _columns(
        "overdue",
        lang,
        ("no", "text", 2), ("matter", "text", 3), ("clock", "text", 3), ("due_on", "day", 1), ("days_over", "count", 1),
        ("holder", "text", 1), ("organ", "text", 3), ("post", "text", 2), ("person", "text", 1), ("provisional", "text", 1),
    )  # fmt: skip
    rows = tuple(
        (
            one.no,
            names.matter(one.matter),
            names.clock(one.matter, one.clock),
            one.due_on,
            one.days_over,
            names.holder(one.holder, None),
            names.organ(one.organ),
            names.bare_post(one.post) if one.post else None,
            names.person(one.person) if one.person else None,
            t(f"report.yes.{str(one.provisional).lower()}", lang),
        )
        for one in found
    )
    cases = len({one.no for one in found})
    grid = Grid(key="overdue", title=t("report.grid.overdue", lang), columns=columns, rows=rows)
    return Paper(
        title=t("report.overdue.title", lang),
        subtitle=t("report.on_day", lang, on=on),
        made=names.made(now),
        on=now,
        lead=(t("report.overdue.lead", lang, periods=len(found), cases=cases),),
        grids=(grid,),
        notes=(t("report.overdue.note", lang),),
    )


def board_paper(board: Board, names: Names) -> Paper:
    """The board."""
    lang = names.lang
    loads = Grid(
        key="load",
        title=t("report.grid.load", lang),
        columns=_columns(
            "load",
            lang,
            ("name", "text", 3),
            ("kind", "text", 2),
            ("overdue", "count", 1),
            ("near", "count", 1),
        ),
        rows=tuple((names.organ(one.organ), one.kind, one.overdue, one.near) for one in board.loads),
        keys=tuple(f"{one.organ}/{one.kind}" for one in board.loads),
        chart=Chart(values=("overdue", "near"), title=t("report.grid.load", lang)),
    )
    first = Grid(
        key="first",
        title=t("report.grid.first", lang),
        columns=_columns(
            "overdue", lang, ("no", "text", 2), ("matter", "text", 3), ("clock", "text", 3), ("due_on", "day", 1),
            ("organ", "text", 3), ("post", "text", 2), ("person", "text", 1),
        ),
        rows=tuple(
            (
                one.no,
                names.matter(one.matter),
                names.clock(one.matter, one.clock) if one.clock else None,
                one.due_on,
                names.organ(one.organ),
                names.bare_post(one.post),
                names.person(one.person) if one.person else None,
            )
            for one in board.first
        ),
    )  # fmt: skip
    return Paper(
        title=t("report.board.title", lang),
        subtitle=t("report.on_day", lang, on=civil_date(board.now, ZONE)),
        made=names.made(board.now),
        on=board.now,
        lead=(
            t(
                "report.board.lead",
                lang,
                overdue=board.overdue,
                near=board.nearly,
                until=civil_date(board.near, ZONE),
            ),
        ),
        grids=(loads, first),
    )


def attribution_paper(no: str, told: Attribution, due_on: date | None, names: Names, now: datetime) -> Paper:
    """Whose the working days of one case were."""
    lang = names.lang
    columns = _columns(
        "attribution",
        lang,
        ("holder", "text", 2), ("organ", "text", 3), ("post", "text", 2), ("person", "text", 1),
        ("days", "count", 1), ("share", "percent", 1), ("excess", "count", 1), ("overrun", "count", 1),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            names.holder(one.whose.holder, one.whose.ground),
            names.organ(one.whose.organ) if one.whose.organ else None,
            names.bare_post(one.whose.post) if one.whose.post else None,
            names.person(one.whose.person) if one.whose.person else None,
            one.days,
            percent(one.days, told.days),
            one.excess,
            one.overrun,
        )
        for one in told.shares
    ]
    excess = sum(one.excess for one in told.shares)
    rows.append(
        (
            t("report.total", lang),
            None,
            None,
            None,
            told.days,
            percent(told.days, told.days),
            excess,
            told.overrun,
        )
    )
    return Paper(
        title=t("report.attribution.title", lang),
        subtitle=t("report.of_case", lang, no=no),
        made=names.made(now),
        on=now,
        lead=(
            t("report.attribution.late", lang, days=told.days, due=due_on, overrun=told.overrun)
            if told.overrun
            else t("report.attribution.lead", lang, days=told.days),
        ),
        grids=(
            Grid(
                key="attribution",
                title=t("report.grid.attribution", lang),
                columns=columns,
                rows=tuple(rows),
                keys=(*(str(n) for n in range(1, len(rows))), "total"),
                total=True,
            ),
        ),
        notes=(t("report.attribution.note", lang),),
    )


def disclosure_paper(told: Disclosure, names: Names, now: datetime, *, cases: bool = False) -> Paper:
    """The figures of the annual report on disclosure, in the rows of the prescribed form."""
    lang = names.lang
    columns = (
        Column(key="name", title=t("report.disclosure.row", lang), kind="text", wide=4),
        *(Column(key=kind, title=t(f"report.disclosure.kind.{kind}", lang)) for kind in KINDS),
        Column(key="total", title=t("report.total", lang)),
    )
    form = ("received", "carried_over", *RESULTS, "concluded", "carried_on")
    grids = tuple(
        Grid(
            key=key,
            title=t(f"report.grid.{key}", lang),
            columns=columns,
            rows=tuple(
                (
                    t(f"report.disclosure.{row}", lang),
                    *(told.count(row, kind) for kind in KINDS),
                    told.count(row),
                )
                for row in rows
            ),
            keys=rows,
        )
        for key, rows in (("disclosure", form), ("disclosure_time", ("on_time", "late", "extended")))
    )
    behind = [
        (t(f"report.disclosure.{row}", lang), t(f"report.disclosure.kind.{kind}", lang), no)
        for row in (*form, "on_time", "late", "extended")
        for kind in KINDS
        for no in told.rows[row][kind]
    ]
    listed = Grid(
        key="cases",
        title=t("report.cases", lang),
        columns=(
            columns[0],
            Column(key="kind", title=t("report.disclosure.applicant", lang), kind="text", wide=2),
            Column(key="no", title=t("report.case.no", lang), kind="text", wide=2),
        ),
        rows=tuple(behind),
    )
    return Paper(
        title=t("report.disclosure.title", lang, year=told.year),
        subtitle=t("report.disclosure.subtitle", lang),
        made=names.made(now),
        on=now,
        lead=(t(f"report.disclosure.balance.{str(told.balanced).lower()}", lang),),
        grids=grids,
        notes=(t("report.disclosure.note", lang),),
        cases=listed if cases else None,
    )


def _columns(of: str, lang: str, *given: tuple[str, Kind, int]) -> tuple[Column, ...]:
    return tuple(
        Column(key=key, title=t(f"report.{of}.{key}", lang), kind=kind, wide=wide)
        for key, kind, wide in given
    )
