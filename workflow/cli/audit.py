"""`banjie audit`: whether the record is whole and unaltered."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.evidence.verify import Broken
    from workflow.evidence.walk import Report

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.audit"))


@app.callback()
def audit() -> None:
    """A group, so that `audit verify` stays its name when others join it."""


@app.command(help=t("audit.help.verify"))
def verify(
    case: Annotated[str | None, typer.Option("--case", metavar="NO", help=t("audit.help.case"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.opening import open_database
    from workflow.evidence.walk import walk

    begun = time.monotonic()
    watched = sys.stderr.isatty()
    with open_database() as store:
        report = walk(store, no=case, on_chunk=_progress if watched else None)
    if watched:
        sys.stderr.write("\r\x1b[K")
    seconds = f"{time.monotonic() - begun:.1f}"
    if as_json:
        emit(_plain(report, seconds))
    else:
        _tell(report, seconds)
    if report.broken:
        raise typer.Exit(1)


def _progress(report: Report) -> None:
    told = t("audit.progress", cases=report.cases, total=report.total, events=report.events)
    sys.stderr.write(f"\r\x1b[K{told}")
    sys.stderr.flush()


def _tell(report: Report, seconds: str) -> None:
    for broken in report.broken:
        say(
            t(
                "audit.line",
                no=broken.no if broken.no != "-" else broken.case_id,
                seq=broken.seq,
                flaw=_flaw(broken),
            )
        )
    key = "broken" if report.broken else "sound"
    counts = {"cases": report.cases, "events": report.events, "count": len(report.broken)}
    say(t(f"audit.{key}", seconds=seconds, **counts))
    if not report.broken:
        say(t("audit.note"))


def _plain(report: Report, seconds: str) -> dict[str, Any]:
    return {
        "ok": not report.broken,
        "cases": report.cases,
        "events": report.events,
        "broken": [
            {
                "no": broken.no,
                "case_id": broken.case_id,
                "seq": broken.seq,
                "flaw": broken.flaw,
                "detail": broken.detail,
                "text": _flaw(broken),
            }
            for broken in report.broken
        ],
        "seconds": seconds,
    }


def _flaw(broken: Broken) -> str:
    flaw = t(f"audit.flaw.{broken.flaw}")
    return t("audit.with_detail", flaw=flaw, detail=broken.detail) if broken.detail else flaw
