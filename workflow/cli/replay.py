"""`banjie replay`: the cases of a real event log through the engine, and both verdicts on each compared."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import emit, pairs, say, table
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.config import Settings
    from workflow.domain.commands import AnyCommand
    from workflow.engine.banjie import Banjie
    from workflow.exchange.replay import Outcome, Progress
    from workflow.storage.store import Store

app = typer.Typer(add_completion=False)


@app.command(help=t("replay.help"))
def replay(
    log: Annotated[Path, typer.Argument(metavar="LOG.xes[.gz]", help=t("replay.log"))],
    map_file: Annotated[Path, typer.Option("--map", metavar="MAP.yaml", help=t("replay.map"))],
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help=t("replay.limit"))] = None,
) -> None:
    from workflow.catalog.loader import load
    from workflow.config import Settings
    from workflow.domain.scene import Facts
    from workflow.engine.banjie import Banjie
    from workflow.engine.handle import case_id_for
    from workflow.exchange.mapping import load_map
    from workflow.exchange.replay import outcome, play
    from workflow.exchange.script import script_of
    from workflow.exchange.xes import read

    begun = time.monotonic()
    settings = Settings.from_environment()
    catalog = load(settings.definition_folders())
    log_map = load_map(map_file, catalog)
    script = script_of(islice(read(log), limit), log_map, case_id_for, log)
    definition = log_map.matter.definition
    facts = Facts(
        calendar=catalog.calendars[definition.calendar], law=catalog.law, directory=catalog.directory
    )
    with ExitStack() as stack:
        store = stack.enter_context(_database(settings))
        progress = stack.enter_context(_bar(len(script.lines)))
        automatic = play(script, store, _Engine(Banjie(store=store, catalog=catalog)), progress)
        told = outcome(script, store, facts, log_map.clock, automatic)
    seconds = round(time.monotonic() - begun, 1)
    if as_json:
        emit(_plain(told, seconds))
    else:
        for line in _page(told, seconds, t("replay.title", log=log.name, matter=log_map.matter.title())):
            say(line)


class _Engine:
    """The hands of the replay: the one write path, and `advance` for what falls due."""

    def __init__(self, banjie: Banjie) -> None:
        self.banjie = banjie

    def handle(self, command: AnyCommand) -> object:
        from workflow.engine.handle import handle

        return handle(self.banjie, command)

    def advance(self, case_id: str) -> int:
        from workflow.engine.advance import advance

        return advance(self.banjie, case_id, done_by="replay")


@contextmanager
def _database(settings: Settings) -> Iterator[Store]:
    """The database that BANJIE_DATABASE_URL names, given its tables if it has none; else one that is gone afterwards."""
    from workflow.storage.schema import check_schema, found_revision, upgrade
    from workflow.storage.store import open_store

    with ExitStack() as stack:
        if not os.environ.get("BANJIE_DATABASE_URL"):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="banjie-replay-"))
            settings = replace(settings, database_url=f"sqlite:///{folder}/replay.db")
        store = open_store(settings.database_url)
        stack.callback(store.close)
        with store.read() as connection:
            empty = found_revision(connection) is None
        if empty:
            upgrade(store.engine)
        check_schema(store.engine)
        yield store


@contextmanager
def _bar(lines: int) -> Iterator[Progress]:
    """A progress bar on stderr, where it disturbs no output; none where nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(t("replay.playing"), total=lines)
        yield lambda played: bar.update(task, completed=played)


def _plain(told: Outcome, seconds: float) -> dict[str, Any]:
    from workflow.exchange.disagreement import length_of
    from workflow.exchange.replay import VERDICTS

    return {
        "cases": told.cases,
        "concluded": told.concluded,
        "late_by_log": told.late_by_log,
        "late_by_rule": told.late_by_rule,
        "disagreements": [
            {
                "case": found.case,
                "class": found.kind,
                "length": length_of(found.days),
                "rule": found.rule,
                "nearest": found.nearest,
                "beyond": found.beyond,
                "late_by_log": found.late_by_log,
                "late_by_rule": found.late_by_rule,
                "ended": found.ended,
                "deadline": found.deadline,
                "due": found.due,
            }
            for found in told.disagreements
        ],
        "classes": dict(told.classes.most_common()),
        "due_dates": {
            "compared": told.compared,
            "equal": told.equal_due,
            "classes": dict(told.differing.most_common()),
        },
        "log_events": told.log_events,
        "moved": told.moved,
        "commands": told.commands,
        "automatic": told.automatic,
        "events": told.recorded,
        "findings": {colour: told.findings[colour] for colour in ("reminder", "yellow", "red")},
        "red_cards": {**{verdict: told.red[verdict] for verdict in VERDICTS.values()}, "unlike": told.unlike},
        "folded": told.cases,
        "seconds": seconds,
    }


def _page(told: Outcome, seconds: float, title: str) -> Iterator[str]:
    yield title
    yield ""
    yield from pairs(
        [
            (t("replay.cases"), str(told.cases)),
            (t("replay.concluded"), str(told.concluded)),
            (t("replay.late_by_log"), str(told.late_by_log)),
            (t("replay.late_by_rule"), str(told.late_by_rule)),
            (t("replay.disagreements"), str(len(told.disagreements))),
            (t("replay.equal_due"), t("replay.of", count=told.equal_due, whole=told.compared)),
        ]
    )
    yield ""
    if told.differing or told.disagreements:
        heads = [t("replay.due_dates"), t("replay.verdicts"), t("replay.class")]
        kinds = dict((told.differing + told.classes).most_common())
        yield from table(
            heads,
            [
                (str(told.differing[kind]), str(told.classes[kind]), t(f"replay.classes.{kind}"))
                for kind in kinds
            ],
        )
        yield ""
    if not told.disagreements:
        yield t("replay.none")
    yield t(
        "replay.played",
        commands=told.commands,
        log_events=told.log_events,
        automatic=told.automatic,
        recorded=told.recorded,
    )
    if told.moved:
        yield t("replay.moved", count=told.moved)
    yield t("replay.findings", **{colour: told.findings[colour] for colour in ("reminder", "yellow", "red")})
    yield t("replay.red_cards", **{verdict: told.red[verdict] for verdict in ("late", "in_time", "open")})
    yield t("replay.unlike", count=len(told.unlike)) if told.unlike else t("replay.alike")
    yield t("replay.folded")
    yield t("replay.seconds", seconds=seconds)
