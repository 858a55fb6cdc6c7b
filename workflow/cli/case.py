"""`banjie case`: file a case, act on it, look at it. Reads the command line, calls `handle` or a query, prints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.bulk import bulk
from workflow.cli.case_export import export
from workflow.cli.case_material import app as material
from workflow.cli.rendering import emit, note, say
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.cli.looked import Looked
    from workflow.config import Settings
    from workflow.engine.banjie import Banjie
    from workflow.engine.handle import Receipt

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.case"))
app.command(help=t("runs.help.bulk"))(bulk)
app.command("export", help=t("dossier.help.export"))(export)
app.add_typer(material, name="material")

No = Annotated[str, typer.Argument(metavar="NO", help=t("case.help.no"))]
Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]


def instant(text: str) -> datetime:
    """An instant as it is written on the command line, in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(t("case.usage.instant")) from None
    if moment.tzinfo is None:
        raise typer.BadParameter(t("case.usage.instant"))
    return moment.astimezone(UTC)


class Channel(StrEnum):
    """How a filing comes in."""

    ONLINE = "online"
    WINDOW = "window"


@app.command(help=t("case.help.submit"))
def submit(
    code: Annotated[str, typer.Argument(metavar="CODE", help=t("case.help.code"))],
    file: Annotated[str, typer.Option("--file", metavar="F", help=t("case.help.filing"))],
    by: Annotated[str | None, typer.Option("--as", metavar="USER", help=t("case.help.filer"))] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="K", help=t("case.help.filing_key"))] = None,
    material: Annotated[
        list[str] | None, typer.Option("--material", metavar="KEY=FILE", help=t("materials.help.filed"))
    ] = None,
    channel: Annotated[Channel, typer.Option("--channel", help=t("case.help.channel"))] = Channel.ONLINE,
    received_by: Annotated[
        str | None, typer.Option("--received-by", metavar="CLERK", help=t("case.help.received_by"))
    ] = None,
    received_at: Annotated[
        datetime | None,
        typer.Option("--received-at", metavar="INSTANT", parser=instant, help=t("case.help.received_at")),
    ] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor, key_of_filing
    from workflow.cli.input_file import read_filing
    from workflow.cli.material_files import digests, staged_for
    from workflow.cli.opening import open_banjie
    from workflow.config import Settings
    from workflow.domain.commands import SubmitFiling
    from workflow.domain.publication import SLIP_CODE
    from workflow.engine.handle import case_id_for, handle

    if (received_by is not None) != (channel is Channel.WINDOW):
        raise typer.BadParameter(t("case.usage.window"))
    filing, files = read_filing(file), _pairs(material or [])
    who = actor(by, filing.by)
    settings = Settings.from_environment()
    with open_banjie(settings, create=True) as banjie:
        banjie.catalog.matter(code)
        used = key or key_of_filing(settings.home, code, filing.content() | digests(files))
        command = SubmitFiling(
            case_id=case_id_for(who, used),
            key=used,
            actor=who,
            matter=code,
            form=filing.form,
            materials=filing.materials,
            files=staged_for(banjie, case_id_for(who, used), code, files),
            parties=filing.parties,
            letter=filing.letter,
            channel=channel.value,
            received_by=received_by,
            effective_at=received_at,
        )
        receipt = handle(banjie, command)
        query_code = banjie.store.personal_values(receipt.case_id).get(SLIP_CODE, "")
        if as_json:
            emit({**_plain(receipt, used), "query_code": query_code})
            return
        say(t("case.filed_before" if receipt.repeated else "case.filed", **_said(banjie, receipt)))
        say(t("case.query_code", code=query_code))
    _tell_who_works(settings, t("case.waits"))


@app.command(help=t("case.help.act"))
def act(
    no: No,
    action: Annotated[str, typer.Argument(metavar="ACTION", help=t("case.help.action"))],
    file: Annotated[str | None, typer.Option("--file", metavar="F", help=t("case.help.fields"))] = None,
    by: Annotated[str | None, typer.Option("--as", metavar="USER", help=t("cli.help.as"))] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="K", help=t("cli.help.key"))] = None,
    version: Annotated[
        int | None, typer.Option("--version", metavar="N", help=t("case.help.version"))
    ] = None,
    effective_at: Annotated[
        datetime | None,
        typer.Option("--effective-at", metavar="INSTANT", parser=instant, help=t("case.help.effective_at")),
    ] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.input_file import read_mapping

    fields = read_mapping(file) if file is not None else {}
    take(no, action, fields, by=by, key=key, version=version, effective_at=effective_at, as_json=as_json)


def take(
    no: str,
    action: str,
    fields: dict[str, Any],
    *,
    by: str | None,
    key: str | None,
    version: int | None = None,
    effective_at: datetime | None = None,
    as_json: bool,
) -> None:
    """Take an action or a verb on the case of that number, and say what came of it."""
    from workflow.cli.acting import actor, fresh_key
    from workflow.cli.opening import open_banjie
    from workflow.config import Settings
    from workflow.domain.commands import TakeAction
    from workflow.engine.handle import handle
    from workflow.queries.cases import case_by_no, id_of

    settings = Settings.from_environment()
    with open_banjie(settings) as banjie:
        case_id = id_of(banjie.store, no)
        used = key or fresh_key()
        command = TakeAction(
            case_id=case_id,
            key=used,
            actor=actor(by),
            effective_at=effective_at,
            action=action,
            fields=fields,
            seen_version=version,
        )
        receipt = handle(banjie, command)
        if as_json:
            emit(_plain(receipt, used))
            return
        say(t("case.done_before" if receipt.repeated else "case.done", **_said(banjie, receipt)))
        case, matter = case_by_no(banjie.store, no)
    if matter.definition.states[case.state].automatic is not None:
        _tell_who_works(settings, t("case.next_waits"))


@app.command(help=t("case.help.show"))
def show(
    no: No,
    personal: Annotated[bool, typer.Option("--personal", help=t("case.help.personal"))] = False,
    as_json: Json = False,
) -> None:
    from workflow.cli.case_page import page, plain

    with _look(no) as looked:
        if as_json:
            emit(plain(looked, personal=personal))
        else:
            say("\n".join(page(looked, personal=personal)))


@app.command("list", help=t("case.help.list"))
def list_(
    matter: Annotated[
        str | None, typer.Option("--matter", metavar="CODE", help=t("case.help.of_matter"))
    ] = None,
    open_only: Annotated[bool, typer.Option("--open", help=t("case.help.open"))] = False,
    after: Annotated[str, typer.Option("--after", metavar="NO", help=t("case.help.after"))] = "",
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1000, help=t("case.help.limit"))
    ] = 50,
    as_json: Json = False,
) -> None:
    from workflow.cli.case_page import list_page
    from workflow.cli.opening import open_banjie
    from workflow.queries.cases import listed

    with open_banjie() as banjie:
        found = listed(banjie.store, matter=matter, open_only=open_only, after=after, limit=limit)
        if as_json:
            emit({"cases": found, "next": found[-1].no if len(found) == limit else None})
        else:
            say("\n".join(list_page(found, banjie.present_catalog())))


@app.command(help=t("case.help.history"))
def history(no: No, as_json: Json = False) -> None:
    from workflow.cli.history_page import history_page, history_plain

    with _look(no) as looked:
        events = looked.banjie.store.history(looked.case.id)
        if as_json:
            emit(history_plain(looked, events))
        else:
            say("\n".join(history_page(looked, events)))


@app.command(help=t("case.help.clocks"))
def clocks(
    no: No,
    explain: Annotated[bool, typer.Option("--explain", help=t("case.help.explain"))] = False,
    as_json: Json = False,
) -> None:
    from workflow.cli.clock_page import clock_page, clocks_plain

    with _look(no) as looked:
        if as_json:
            emit(clocks_plain(looked, explain=explain))
        else:
            say("\n".join(clock_page(looked, explain=explain)))


@contextmanager
def _look(no: str) -> Iterator[Looked]:
    from workflow.cli.looked import Looked
    from workflow.cli.opening import open_banjie
    from workflow.queries.cases import case_by_no
    from workflow.queries.wording import Wording

    with open_banjie() as banjie:
        case, matter = case_by_no(banjie.store, no)
        words = Wording(matter=matter, catalog=banjie.present_catalog())
        yield Looked(banjie=banjie, case=case, matter=matter, words=words)


def _pairs(given: list[str]) -> dict[str, Path]:
    """Materials and their files, as `--material` names them."""
    files: dict[str, Path] = {}
    for pair in given:
        name, equals, path = pair.partition("=")
        if not equals or not name or not path or name in files:
            raise typer.BadParameter(t("materials.usage.pair"), param_hint="--material")
        files[name] = Path(path)
    return files


def _plain(receipt: Receipt, key: str) -> dict[str, Any]:
    return {
        "no": receipt.no,
        "case_id": receipt.case_id,
        "seq": receipt.seq,
        "version": receipt.version,
        "state": receipt.state,
        "repeated": receipt.repeated,
        "key": key,
    }


def _said(banjie: Banjie, receipt: Receipt) -> dict[str, Any]:
    from workflow.queries.cases import case_by_no

    _, matter = case_by_no(banjie.store, receipt.no)
    state = matter.text(f"states.{receipt.state}", default=receipt.state)
    return {"no": receipt.no, "matter": matter.title(), "state": state, "version": receipt.version}


def _tell_who_works(settings: Settings, otherwise: str) -> None:
    """One line when nobody here does the automatic steps and keeps the periods."""
    from workflow.cli.broker import stack_is_up

    if not stack_is_up(settings):
        note(otherwise)
