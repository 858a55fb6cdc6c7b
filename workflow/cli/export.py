"""`banjie export`: event logs for process mining and for other systems, without anything personal in them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from workflow.cli.rendering import emit, note, say
from workflow.texts import t

_SECRET = "pseudonym.secret"  # noqa: S105 - the name of a file


class Format(StrEnum):
    """The formats of an event log."""

    XES = "xes"
    OCEL = "ocel"
    CSV = "csv"
    CLOUDEVENTS = "cloudevents"


app = typer.Typer(help=t("cli.commands.export"))


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise typer.BadParameter(t("export.usage.day")) from error


@app.command(help=t("cli.commands.export"))
def export(
    format_: Annotated[
        Format, typer.Argument(metavar="xes|ocel|csv|cloudevents", help=t("export.help.format"))
    ],
    out: Annotated[Path, typer.Option("--out", metavar="F", dir_okay=False, help=t("export.help.out"))],
    matter: Annotated[
        str | None, typer.Option("--matter", metavar="CODE", help=t("export.help.matter"))
    ] = None,
    first: Annotated[
        date | None, typer.Option("--from", metavar="DAY", parser=_day, help=t("export.help.from"))
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", metavar="DAY", parser=_day, help=t("export.help.to"))
    ] = None,
    gz: Annotated[bool, typer.Option("--gz", help=t("export.help.gz"))] = False,
    pseudonymise: Annotated[
        bool, typer.Option("--pseudonymise/--no-pseudonymise", help=t("export.help.pseudonymise"))
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.acting import secret_of
    from workflow.cli.opening import open_banjie
    from workflow.config import Settings
    from workflow.exchange.export.lines import write_cloudevents, write_csv
    from workflow.exchange.export.ocel import write_ocel
    from workflow.exchange.export.pseudonyms import Pseudonyms
    from workflow.exchange.export.source import Wanted, cases
    from workflow.exchange.export.xes import write_xes
    from workflow.exchange.output import written

    writers = {
        Format.XES: write_xes,
        Format.OCEL: write_ocel,
        Format.CSV: write_csv,
        Format.CLOUDEVENTS: write_cloudevents,
    }
    settings = Settings.from_environment()
    with open_banjie(settings) as banjie, written(out, gz=gz) as file:
        names = Pseudonyms(key=secret_of(settings.home, _SECRET) if pseudonymise else None)
        told = cases(banjie, Wanted(matter=matter, first=first, last=last))
        count, events = writers[format_](file, told, names)
    if as_json:
        emit({"out": str(out), "format": format_.value, "cases": count, "events": events})
        return
    say(t("export.written", out=out, cases=count, events=events))
    note(t("export.pseudonyms" if pseudonymise else "export.codes"))
