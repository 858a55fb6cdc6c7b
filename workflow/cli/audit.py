"""`banjie audit`: whether the record is whole and unaltered, samples of it, and what came of a finding."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.audit_accountability import file as file_
from workflow.cli.audit_sampling import app as sampling
from workflow.cli.rendering import emit, note, say
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.evidence.verify import Broken
    from workflow.evidence.walk import Report

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.audit"))
app.add_typer(sampling)
app.command("file", help=t("audit.help.file"))(file_)

_CHUNK = 100
Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]


@app.command(help=t("audit.help.verify"))
def verify(
    bundle: Annotated[
        Path | None, typer.Argument(metavar="[BUNDLE]", dir_okay=False, help=t("audit.help.bundle"))
    ] = None,
    case: Annotated[str | None, typer.Option("--case", metavar="NO", help=t("audit.help.case"))] = None,
    resume: Annotated[bool, typer.Option("--resume", help=t("audit.help.resume"))] = False,
    since: Annotated[str | None, typer.Option("--from", metavar="NO", help=t("audit.help.from"))] = None,
    chunk: Annotated[
        int, typer.Option("--chunk", metavar="N", min=1, max=10_000, help=t("audit.help.chunk"))
    ] = _CHUNK,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="F", dir_okay=False, help=t("audit.help.against"))
    ] = None,
    as_json: Json = False,
) -> None:
    if bundle is not None:
        from workflow.cli.bundle_page import verify_bundle

        if case is not None or resume or since is not None:
            raise typer.BadParameter(t("audit.usage.bundle"))
        verify_bundle(bundle, against, as_json=as_json)
        return
    if sum((case is not None, resume, since is not None)) > 1:
        raise typer.BadParameter(t("audit.usage.one"))
    _verify(case, since, against, resume=resume, chunk=chunk, as_json=as_json)


def _verify(
    case: str | None, since: str | None, against: Path | None, *, resume: bool, chunk: int, as_json: bool
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.config import Settings, without_password
    from workflow.engine.figures import from_history
    from workflow.errors import UnknownCase
    from workflow.evidence import progress
    from workflow.evidence.heads import rewritten
    from workflow.evidence.walk import walk

    settings = Settings.from_environment()
    database = without_password(settings.database_url)
    begun = time.monotonic()
    with open_banjie(settings) as banjie:
        store = banjie.store
        first = ""
        if since is not None and not (first := store.case_id(since) or ""):
            raise UnknownCase(what="case", name=since)
        kept = progress.kept(settings.home, database) if resume else None
        with _bar() as told:

            def on_chunk(report: Report) -> None:
                if case is None:
                    progress.keep(settings.home, database, report)
                told(report)

            report = walk(
                store,
                no=case,
                since=first,
                begun=kept,
                chunk=chunk,
                on_chunk=on_chunk,
                figures=lambda history: from_history(banjie, history[0][0].case_id, history),
            )
        heads = None
        if against is not None:
            heads, wrong = rewritten(store, against)
            report.broken += wrong
        if case is None:
            progress.forget(settings.home)
    seconds = f"{time.monotonic() - begun:.1f}"
    if as_json:
        emit(_plain(report, seconds, heads))
    else:
        _tell(report, seconds, heads)
    if report.broken:
        raise typer.Exit(1)


@app.command(help=t("audit.help.heads"))
def heads(
    out: Annotated[Path, typer.Option("--out", metavar="F", dir_okay=False, help=t("audit.help.heads_out"))],
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_database
    from workflow.evidence.heads import write_heads
    from workflow.exchange.output import written

    with open_database() as store, written(out) as file:
        told = write_heads(store, file)
    if as_json:
        emit({"out": str(out), "cases": told.cases, "root": told.root})
        return
    say(t("audit.heads", out=out, cases=told.cases))
    say(t("audit.root", root=told.root))
    note(t("audit.heads_note"))


@contextmanager
def _bar() -> Iterator[Callable[[Report], None]]:
    """Tell on a terminal how far it is."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(t("audit.walking", events=0, broken=0), total=None)

        def told(report: Report) -> None:
            words = t("audit.walking", events=report.events, broken=len(report.broken))
            bar.update(task, completed=report.cases, total=report.total, description=words)

        yield told


def _tell(report: Report, seconds: str, heads: int | None) -> None:
    for broken in report.broken:
        say(t("audit.line", no=_name(broken), seq=broken.seq, flaw=flaw(broken)))
    wrong = len({broken.case_id for broken in report.broken})
    counts = {"cases": report.cases, "events": report.events, "rows": report.rows, "count": wrong}
    say(t("audit.broken" if report.broken else "audit.sound", seconds=seconds, **counts))
    if report.opened or report.erased:
        say(t("audit.values", opened=report.opened, erased=report.erased))
    if heads is not None:
        say(t("audit.compared", heads=heads))
    elif not report.broken:
        say(t("audit.note"))


def _name(broken: Broken) -> str:
    return broken.no if broken.no != "-" else broken.case_id


def _plain(report: Report, seconds: str, heads: int | None) -> dict[str, Any]:
    return {
        "ok": not report.broken,
        "cases": report.cases,
        "events": report.events,
        "rows": report.rows,
        "values": {"opened": report.opened, "erased": report.erased},
        "heads": heads,
        "broken": [
            {
                **{name: getattr(broken, name) for name in broken.__dataclass_fields__},
                "text": flaw(broken),
            }
            for broken in report.broken
        ],
        "seconds": seconds,
    }


def flaw(broken: Broken) -> str:
    """What is wrong, in words, with what was expected and what was found."""
    said = t(f"audit.flaw.{broken.flaw}")
    if broken.table and not broken.field:
        said = t("audit.flaw.row_removed" if broken.expected else "audit.flaw.row_added")
    said = t("audit.with_detail", flaw=said, detail=broken.detail) if broken.detail else said
    if not broken.field:
        return said
    told = {"expected": broken.expected or "-", "found": broken.found or "-"}
    return t("audit.differs", flaw=said, field=broken.field, **told)
