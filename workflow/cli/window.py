"""`banjie window`: filings taken in by a clerk, papers handed out, and what waits to be handed out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from workflow.cli import case as cases
from workflow.cli.case import Json, No
from workflow.cli.rendering import emit, local, say, table
from workflow.texts import t

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.window"))

Clerk = Annotated[str | None, typer.Option("--as", metavar="CLERK", help=t("window.help.clerk"))]


class How(StrEnum):
    """Ways of delivery, as they are written on the command line."""

    IN_PERSON = "in_person"
    PROXY = "proxy"
    POST = "post"
    LEFT = "left"
    ELECTRONIC = "electronic"
    ANNOUNCEMENT = "announcement"


@app.command(help=t("window.help.receive"))
def receive(
    code: Annotated[str, typer.Argument(metavar="CODE", help=t("case.help.code"))],
    file: Annotated[str, typer.Option("--file", metavar="F", help=t("case.help.filing"))],
    clerk: Clerk = None,
    filer: Annotated[str | None, typer.Option("--filer", metavar="USER", help=t("case.help.filer"))] = None,
    received_at: Annotated[
        datetime | None,
        typer.Option(
            "--received-at", metavar="INSTANT", parser=cases.instant, help=t("window.help.received_at")
        ),
    ] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="K", help=t("case.help.filing_key"))] = None,
    material: Annotated[
        list[str] | None, typer.Option("--material", metavar="KEY=FILE", help=t("materials.help.filed"))
    ] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor

    cases.submit(
        code=code,
        file=file,
        by=filer,
        key=key,
        material=material,
        channel=cases.Channel.WINDOW,
        received_by=actor(clerk),
        received_at=received_at,
        as_json=as_json,
    )


@app.command(help=t("window.help.handout"))
def handout(
    no: No,
    recipient: Annotated[str, typer.Option("--recipient", metavar="NAME", help=t("window.help.recipient"))],
    how: Annotated[How, typer.Option("--how", help=t("window.help.how"))] = How.IN_PERSON,
    document: Annotated[
        list[str] | None, typer.Option("--document", metavar="KEY", help=t("window.help.document"))
    ] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help=t("window.help.on"))] = None,
    tracking: Annotated[
        str | None, typer.Option("--tracking", metavar="NO", help=t("window.help.tracking"))
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option("--witness", metavar="NAME", help=t("window.help.witness"))
    ] = None,
    consent: Annotated[bool, typer.Option("--consent", help=t("window.help.consent"))] = False,
    published_on: Annotated[
        str | None, typer.Option("--published-on", metavar="DATE", help=t("window.help.published_on"))
    ] = None,
    remark: Annotated[str | None, typer.Option("--note", metavar="TEXT", help=t("window.help.note"))] = None,
    clerk: Clerk = None,
    key: Annotated[str | None, typer.Option("--key", metavar="K", help=t("cli.help.key"))] = None,
    as_json: Json = False,
) -> None:
    fields: dict[str, Any] = {
        "recipient": recipient,
        "how": how.value,
        "documents": document,
        "on": on,
        "tracking": tracking,
        "witnesses": witness,
        "consent": consent or None,
        "published_on": published_on,
        "note": remark,
    }
    given = {name: value for name, value in fields.items() if value}
    cases.take(no, "record_delivery", given, by=clerk, key=key, as_json=as_json)


@app.command(help=t("window.help.correct"))
def correct(
    no: No,
    file: Annotated[str, typer.Option("--file", metavar="F", help=t("window.help.form"))],
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=t("window.help.reason"))
    ] = None,
    clerk: Clerk = None,
    key: Annotated[str | None, typer.Option("--key", metavar="K", help=t("cli.help.key"))] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.input_file import read_mapping

    fields: dict[str, Any] = {"form": read_mapping(file)} | ({"reason": reason} if reason else {})
    cases.take(no, "correct_on_the_spot", fields, by=clerk, key=key, as_json=as_json)


@app.command(help=t("window.help.today"))
def today(clerk: Clerk = None, as_json: Json = False) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.errors import UnknownPerson
    from workflow.queries.window import to_hand_out

    with open_banjie() as banjie:
        catalog = banjie.present_catalog()
        now = banjie.store.clock().now
        if clerk is not None and clerk not in catalog.directory.persons:
            raise UnknownPerson(what="person", name=clerk)
        found, matters = to_hand_out(banjie.store, catalog.directory, clerk=clerk, now=now)
        if as_json:
            emit({"items": found})
            return
        if not found:
            say(t("window.nothing"))
            return
        heads = [t(f"window.label.{name}") for name in ("case", "filer", "papers", "since", "due", "ready")]
        rows = []
        for one in found:
            matter = matters[one.matter]
            papers = t("case.comma").join(
                matter.text(f"documents.{name}", default=name) for name in one.papers
            )
            since = local(one.since, matter.definition.zone)
            ready = t("window.ready" if one.ready else "window.under_way")
            filer = catalog.organ_name(one.filer) if one.filer else ""
            rows.append((one.no, filer, papers, since, one.due_on or "", ready))
        say("\n".join(table(heads, rows)))
