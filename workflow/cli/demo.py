"""`banjie demo`: the main job. It assembles the stage, the embedded stack and a progress bar, and prints what came of it."""

from __future__ import annotations

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

CASES, SEED, START, WORKERS = 300, "7", "2026-09-14", 2
"""The demonstration that everybody sees: three hundred filings that meet a Golden Week (国庆节)."""


@app.command(help=t("demo.help"))
def demo(
    cases: Annotated[int, typer.Option("--cases", metavar="N", min=1, help=t("demo.cases"))] = CASES,
    seed: Annotated[str, typer.Option("--seed", metavar="S", help=t("demo.seed"))] = SEED,
    start: Annotated[str, typer.Option("--start", metavar="DATE", help=t("demo.start"))] = START,
    workers: Annotated[int, typer.Option("--workers", metavar="N", min=1, help=t("demo.workers"))] = WORKERS,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.catalog.loader import load
    from workflow.cli.demo_report import report
    from workflow.cli.embedded import embedded_stack
    from workflow.demo.driver import drive
    from workflow.demo.stage import demo_settings, fresh_database, set_stage
    from workflow.demo.summary import summary
    from workflow.engine.banjie import Banjie

    begun = time.monotonic()
    settings = demo_settings()
    catalog = load(settings.definition_folders())
    stage = set_stage(catalog, cases=cases, seed=seed, start=_day(start))
    with fresh_database(settings, stage.hours.at(0)) as store:
        if not as_json:
            note(t("demo.begins", cases=cases, first=stage.hours.first, seed=seed, home=settings.home))
        banjie = Banjie(store=store, catalog=catalog)
        with _bar(stage) as told, embedded_stack(settings, workers) as stack:
            drive(
                banjie,
                stage.office,
                stage.answers,
                stage.hours,
                total=stage.cases,
                told=told,
                alive=stack.check,
            )
        figures = summary(banjie, first=stage.hours.first, seconds=time.monotonic() - begun)
        if as_json:
            emit(figures.plain())
            return
        for line in report(banjie, figures, settings):
            say(line)


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
