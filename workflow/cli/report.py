"""`banjie report`: the figures of accountability, each with the cases behind it, as a table, CSV, Excel or PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workflow.cli import report_days as days
from workflow.cli.rendering import emit, say
from workflow.cli.report_page import Format, out_of, tell
from workflow.texts import t

if TYPE_CHECKING:
    from datetime import date

    from workflow.domain.figures.scoring import Rules
    from workflow.engine.banjie import Banjie
    from workflow.exchange.figures.names import Names

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.report"))

Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]
Month = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help=t("report.help.month"))]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help=t("report.help.from"))]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help=t("report.help.to"))]
As = Annotated[Format, typer.Option("--format", help=t("report.help.format"))]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=t("report.help.out"))]
Matter = Annotated[str | None, typer.Option("--matter", metavar="CODE", help=t("report.help.matter"))]
AllCases = Annotated[bool, typer.Option("--cases", help=t("report.help.all_cases"))]

FIGURES = (
    "concluded, completed, not_accepted, withdrawn, timed, on_time, late, early, over_promise, over_statute, extended,"
    " excluded, provisional, deemed"
)


@app.command(help=t("report.help.timeliness"))
def timeliness(
    month: Month = None,
    first: From = None,
    last: To = None,
    matter: Matter = None,
    organ: Annotated[str | None, typer.Option("--organ", metavar="CODE", help=t("report.help.organ"))] = None,
    post: Annotated[str | None, typer.Option("--post", metavar="POST", help=t("report.help.post"))] = None,
    cases: Annotated[
        str | None, typer.Option("--cases", metavar="FIGURE", help=t("report.help.cases", known=FIGURES))
    ] = None,
    as_: As = Format.TABLE,
    out: Out = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.exchange.figures.timeliness_paper import timeliness_paper
    from workflow.queries.figure_cases import FIGURES as KNOWN
    from workflow.queries.figure_cases import cases_behind
    from workflow.queries.timeliness import Wanted
    from workflow.queries.timeliness import timeliness as reckoned

    since, until = days.span(month, first, last)
    if cases is not None and cases not in KNOWN:
        raise typer.BadParameter(t("report.usage.figure", value=cases, known=", ".join(KNOWN)))
    printing = out_of(as_, out, as_json=as_json)
    wanted = Wanted(first=since, last=until, matter=matter, organ=organ, post=post)
    with open_banjie() as banjie:
        names = _names(banjie, since, until)
        figure = cases or ("concluded" if as_ is Format.XLSX else None)
        behind = cases_behind(banjie.store, wanted, figure) if figure is not None else None
        paper = timeliness_paper(reckoned(banjie.store, wanted), names, banjie.store.clock().now, behind)
        tell(paper, printing, names.lang)


@app.command(help=t("report.help.overdue"))
def overdue(
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help=t("report.help.as_of"))],
    matter: Matter = None,
    organ: Annotated[
        str | None, typer.Option("--organ", metavar="CODE", help=t("report.help.organ_at"))
    ] = None,
    post: Annotated[str | None, typer.Option("--post", metavar="POST", help=t("report.help.post_at"))] = None,
    as_: As = Format.TABLE,
    out: Out = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.exchange.figures.papers import overdue_paper
    from workflow.queries.overdue import overdue as found_on

    on, printing = days.day(as_of), out_of(as_, out, as_json=as_json)
    with open_banjie() as banjie:
        names = _names(banjie)
        found = found_on(banjie.store, names.catalog, on, matter=matter, organ=organ, post=post)
        tell(overdue_paper(found, on, names, banjie.store.clock().now), printing, names.lang)


@app.command(help=t("report.help.board"))
def board(
    near: Annotated[
        int, typer.Option("--near", metavar="DAYS", min=0, max=60, help=t("report.help.near"))
    ] = 3,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1000, help=t("report.help.limit"))
    ] = 20,
    as_: As = Format.TABLE,
    out: Out = None,
    as_json: Json = False,
) -> None:
    from datetime import timedelta

    from workflow.cli.opening import open_banjie
    from workflow.exchange.figures.papers import board_paper
    from workflow.queries.board import board as read

    printing = out_of(as_, out, as_json=as_json)
    with open_banjie() as banjie:
        names, now = _names(banjie), banjie.store.clock().now
        tell(
            board_paper(read(banjie.store, now, now + timedelta(days=near), limit=limit), names),
            printing,
            names.lang,
        )


@app.command(help=t("report.help.attribution"))
def attribution(
    no: Annotated[str, typer.Argument(metavar="NO", help=t("report.help.case"))],
    as_: As = Format.TABLE,
    out: Out = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.domain.figures.facts import overdue_since
    from workflow.exchange.figures.papers import attribution_paper
    from workflow.queries.cases import case_by_no
    from workflow.queries.findings import attribution_of

    printing = out_of(as_, out, as_json=as_json)
    with open_banjie() as banjie:
        names, now = _names(banjie), banjie.store.clock().now
        case, matter = case_by_no(banjie.store, no)
        due_on = overdue_since(matter.definition, case, now)
        told = attribution_of(banjie.store, names.catalog, no, due_on=due_on)
        tell(attribution_paper(no, told, due_on, names, now), printing, names.lang)


@app.command(help=t("report.help.disclosure"))
def disclosure(
    year: Annotated[int, typer.Argument(metavar="YEAR", min=2008, max=2400, help=t("report.help.year"))],
    cases: AllCases = False,
    as_: As = Format.TABLE,
    out: Out = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.exchange.figures.papers import disclosure_paper
    from workflow.queries.disclosure import disclosure as reckoned

    printing = out_of(as_, out, as_json=as_json)
    with open_banjie() as banjie:
        names = _names(banjie)
        told = reckoned(banjie.store, year)
        shown = cases or as_ is Format.XLSX
        tell(disclosure_paper(told, names, banjie.store.clock().now, cases=shown), printing, names.lang)


@app.command(help=t("report.help.league"))
def league(
    month: Month = None,
    first: From = None,
    last: To = None,
    by: Annotated[days.By, typer.Option("--by", help=t("report.help.by"))] = days.By.UNIT,
    persons: Annotated[bool, typer.Option("--persons", help=t("report.help.persons"))] = False,
    as_: As = Format.TABLE,
    out: Out = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.exchange.figures.ranking import league_paper, scored, standings
    from workflow.queries.timeliness import Wanted

    since, until = days.span(month, first, last)
    days.allow(by, persons=persons)
    printing = out_of(as_, out, as_json=as_json)
    with open_banjie() as banjie:
        names, wanted = _names(banjie, since, until), Wanted(first=since, last=until)
        marks = scored(banjie.store, names.catalog, _rules(None), since, until, by.value)
        found = standings(banjie.store, names.catalog, wanted, by.value)
        tell(league_paper(found, marks, wanted, names, banjie.store.clock().now), printing, names.lang)


@app.command(help=t("report.help.score"))
def score(
    quarter: Annotated[str, typer.Option("--quarter", metavar="YYYYQn", help=t("report.help.quarter"))],
    by: Annotated[days.By, typer.Option("--by", help=t("report.help.by"))] = days.By.UNIT,
    organ: Annotated[
        str | None, typer.Option("--organ", metavar="CODE", help=t("report.help.organ_held"))
    ] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="FILE", help=t("report.help.rules"))
    ] = None,
    trace: Annotated[bool, typer.Option("--trace", help=t("report.help.trace"))] = False,
    persons: Annotated[bool, typer.Option("--persons", help=t("report.help.persons"))] = False,
    as_: As = Format.TABLE,
    out: Out = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.exchange.figures.ranking import score_paper, scored

    since, until = days.quarter(quarter)
    days.allow(by, persons=persons)
    printing = out_of(as_, out, as_json=as_json)
    chosen = _rules(rules)
    with open_banjie() as banjie:
        names = _names(banjie, since, until)
        told = scored(banjie.store, names.catalog, chosen, since, until, by.value, organ=organ)
        traced = trace or as_ is Format.XLSX
        tell(
            score_paper(told, since, until, names, banjie.store.clock().now, trace=traced),
            printing,
            names.lang,
        )


@app.command("open-data", help=t("report.help.open_data"))
def open_data(
    year: Annotated[
        int, typer.Option("--year", metavar="YEAR", min=2000, max=2400, help=t("report.help.year"))
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=t("report.help.folder"))],
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.exchange.figures.open_data import open_data as reckoned
    from workflow.exchange.figures.open_data import write_open_data

    with open_banjie() as banjie:
        files = write_open_data(reckoned(banjie.store, banjie.present_catalog(), year), out)
    if as_json:
        emit({"files": [str(file) for file in files]})
        return
    for file in files:
        say(t("report.written", file=file))


@app.command(help=t("report.help.verify"))
def verify(month: Month = None, first: From = None, last: To = None, as_json: Json = False) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.engine import figures

    since, until = days.span(month, first, last)
    with open_banjie() as banjie:
        cases, wrong = figures.verify(banjie, since, until)
    if as_json:
        emit({"first": since, "last": until, "cases": cases, "differ": wrong})
    elif wrong:
        say(t("report.differs", cases=cases, count=len(wrong), nos=t("report.join").join(wrong[:20])))
    else:
        say(t("report.verified", cases=cases))
    if wrong:
        raise typer.Exit(1)


@app.command(help=t("report.help.rebuild"))
def rebuild(as_json: Json = False) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.engine import figures

    with open_banjie() as banjie:
        cases = figures.rebuild(banjie)
    if as_json:
        emit({"cases": cases})
    else:
        say(t("report.rebuilt", cases=cases))


def _names(banjie: Banjie, first: date | None = None, last: date | None = None) -> Names:
    from workflow.exchange.figures.names import Names
    from workflow.queries.timeliness import Wanted, matters_in

    matters: tuple[str, ...] = ()
    if first is not None and last is not None:
        matters = matters_in(banjie.store, Wanted(first=first, last=last))
    simulated = banjie.store.clock().mode != "real"
    return Names(catalog=banjie.present_catalog(), simulated=simulated, first=matters)


def _rules(path: Path | None) -> Rules:
    from workflow.catalog.scoring import load_scoring
    from workflow.config import Settings

    return load_scoring(Settings.from_environment().definition_folders(), path=path)
