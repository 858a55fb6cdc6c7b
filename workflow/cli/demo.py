"""`banjie demo`: the main job. It assembles the stage, the embedded stack and a progress bar, and prints what came of it."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from workflow.cli.rendering import emit, note, say
from workflow.errors import BadDate
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.demo.driver import Standing
    from workflow.demo.stage import Stage

app = typer.Typer(add_completion=False)

_BY_SIGNAL = 128
"""To which a shell adds a signal's number."""

CASES, SEED, START, WORKERS = 300, "7", "2026-09-14", 2
"""The demonstration that everybody sees: three hundred filings that meet a Golden Week (国庆节)."""


@app.command(help=t("demo.help"))
def demo(
    asked: typer.Context,
    cases: Annotated[int, typer.Option("--cases", metavar="N", min=1, help=t("demo.cases"))] = CASES,
    seed: Annotated[str, typer.Option("--seed", metavar="S", help=t("demo.seed"))] = SEED,
    start: Annotated[str, typer.Option("--start", metavar="DATE", help=t("demo.start"))] = START,
    workers: Annotated[int, typer.Option("--workers", metavar="N", min=1, help=t("demo.workers"))] = WORKERS,
    resume: Annotated[bool, typer.Option("--resume", help=t("demo.resume"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.catalog.loader import load
    from workflow.cli.demo_report import report
    from workflow.cli.embedded import embedded_stack
    from workflow.demo.begun import begin, gone_on_with, unfinished
    from workflow.demo.driver import drive
    from workflow.demo.stage import database_left, demo_settings, fresh_database, set_stage
    from workflow.demo.summary import summary
    from workflow.engine.banjie import Banjie

    at = time.monotonic()
    settings = demo_settings()
    terms = {"cases": cases, "seed": seed, "start": _day(start)}
    if resume:
        said = {name: value for name, value in terms.items() if not _by_default(asked, name)}
        begun = gone_on_with(settings, said)
    else:
        begun = begin(settings, cases=cases, seed=seed, start=_day(start))
    catalog = load(settings.definition_folders())
    stage = set_stage(catalog, cases=begun.cases, seed=begun.seed, start=begun.start)
    told = (lambda _: None) if as_json else note
    if not resume and (left := unfinished(settings)):
        told(t("demo.unfinished", cases=left.cases, seed=left.seed))
    opening = stage.hours.at(0)
    opened = database_left(settings, opening) if resume else fresh_database(settings, opening, begun)
    with _stopped_in_order(told), opened as store:
        words = {"cases": begun.cases, "first": stage.hours.first, "seed": begun.seed, "home": settings.home}
        told(t("demo.resumes" if resume else "demo.begins", **words))
        banjie = Banjie(store=store, catalog=catalog)
        with _bar(stage) as shown, embedded_stack(settings, workers) as stack:
            drive(
                banjie,
                stage.office,
                stage.answers,
                stage.hours,
                total=stage.cases,
                told=shown,
                alive=stack.check,
            )
        figures = summary(banjie, first=stage.hours.first, seconds=time.monotonic() - at)
        if as_json:
            emit(figures.plain())
            return
        for line in report(banjie, figures, settings):
            say(line)


def _by_default(asked: typer.Context, name: str) -> bool:
    source = asked.get_parameter_source(name)
    return source is not None and source.name == "DEFAULT"


@contextmanager
def _stopped_in_order(told: Callable[[str], object]) -> Iterator[None]:
    """SIGTERM ends the block in order, as Ctrl-C does, and the exit code says that the work is not done."""

    def stop(number: int, _frame: object) -> None:
        raise SystemExit(_BY_SIGNAL + number)

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        told(t("demo.stopped"))
        raise


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDate(value=text) from None


@contextmanager
def _bar(stage: Stage) -> Iterator[Callable[[Standing], None]]:
    """A progress bar on stderr with the simulated day, where it disturbs no output; none where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from zoneinfo import ZoneInfo

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    zone = ZoneInfo(stage.hours.calendar.zone)
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        # A case counts when it comes in and when it is archived, so that the bar moves from the first day on.
        task = bar.add_task(t("demo.starting"), total=2 * stage.cases)

        def told(standing: Standing) -> None:
            words = {"on": f"{standing.now.astimezone(zone):%Y-%m-%d}", "filed": standing.filed}
            description = t("demo.playing", ended=standing.ended, cases=stage.cases, **words)
            bar.update(task, completed=standing.filed + standing.ended, description=description)

        yield told
