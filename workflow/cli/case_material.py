"""`banjie case material`: the materials of a case, one by one. Parses, stages files, calls `handle`, prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.domain.case import Case
    from workflow.domain.definition import Definition
    from workflow.engine.banjie import Banjie

app = typer.Typer(no_args_is_help=True, help=t("materials.help.material"))

No = Annotated[str, typer.Argument(metavar="NO", help=t("case.help.no"))]
Material = Annotated[str, typer.Argument(metavar="MATERIAL", help=t("materials.help.name"))]
As = Annotated[str | None, typer.Option("--as", metavar="USER", help=t("cli.help.as"))]
Key = Annotated[str | None, typer.Option("--key", metavar="K", help=t("cli.help.key"))]
Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help=t("materials.help.reason"))]
Existing = typer.Option("--file", metavar="F", exists=True, dir_okay=False, help=t("materials.help.file"))


@app.command(help=t("materials.help.add"))
def add(
    no: No,
    material: Material,
    file: Annotated[Path | None, Existing] = None,
    paper: Annotated[bool, typer.Option("--paper", help=t("materials.help.paper"))] = False,
    copies: Annotated[
        int | None, typer.Option("--copies", metavar="N", min=1, help=t("materials.help.copies"))
    ] = None,
    pages: Annotated[
        int | None, typer.Option("--pages", metavar="N", min=1, help=t("materials.help.pages"))
    ] = None,
    original: Annotated[bool, typer.Option("--original", help=t("materials.help.original"))] = False,
    on_the_spot: Annotated[bool, typer.Option("--on-the-spot", help=t("materials.help.on_the_spot"))] = False,
    by: As = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.domain.materials.standing import latest, standing
    from workflow.domain.materials.state import Standing

    if file is None and not paper:
        raise typer.BadParameter(t("materials.usage.file_or_paper"), param_hint="--file / --paper")
    with open_banjie() as banjie:
        case, definition = _case(banjie, no)
        now = standing(definition, case, material)
        new = now in (Standing.REQUIRED, Standing.OPTIONAL, Standing.WITHDRAWN)
        new = new or (now is Standing.RECEIVED and latest(case, material) is None)
        fields: dict[str, Any] = {"material": material, "channel": "paper" if paper else "online"}
        fields |= {name: value for name, value in (("copies", copies), ("pages", pages)) if value is not None}
        if original:
            fields["original"] = True
        if on_the_spot and not new:
            fields["on_the_spot"] = True
        if file is not None:
            fields |= _staged(banjie, case.id, definition, material, file)
        action = "receive_material" if new else "replace_material"
        _act(banjie, case, action, fields, by=by, key=key, as_json=as_json)


@app.command("list", help=t("materials.help.list"))
def list_(
    no: No,
    personal: Annotated[bool, typer.Option("--personal", help=t("case.help.personal"))] = False,
    as_json: Json = False,
) -> None:
    from workflow.cli.material_page import page, plain
    from workflow.cli.opening import open_banjie
    from workflow.queries.materials import materials_of

    with open_banjie() as banjie:
        told = materials_of(banjie.store, no, personal=personal)
        if as_json:
            emit(plain(told))
        else:
            say("\n".join(page(told)))


@app.command(help=t("materials.help.get"))
def get(
    no: No,
    material: Material,
    out: Annotated[Path, typer.Option("--out", metavar="F", help=t("materials.help.out"))],
    version: Annotated[
        int | None, typer.Option("--version", metavar="N", min=1, help=t("materials.help.version"))
    ] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.material_files import written
    from workflow.cli.opening import open_banjie
    from workflow.engine.materials import content

    with open_banjie() as banjie:
        case, _ = _case(banjie, no)
        found = content(banjie, case.id, material, version)
        path = written(found, out)
        if as_json:
            emit({"file": str(path), "media_type": found.media_type, "size": found.size})
        else:
            say(t("materials.written", file=path, size=found.size))


@app.command(help=t("materials.help.defective"))
def defective(
    no: No, material: Material, reason: Reason, by: As = None, key: Key = None, as_json: Json = False
) -> None:
    _verb(no, "mark_defective", {"material": material, "reason": reason}, by=by, key=key, as_json=as_json)


@app.command(help=t("materials.help.waive"))
def waive(
    no: No, material: Material, reason: Reason, by: As = None, key: Key = None, as_json: Json = False
) -> None:
    _verb(no, "waive_material", {"material": material, "reason": reason}, by=by, key=key, as_json=as_json)


@app.command(help=t("materials.help.withdraw"))
def withdraw(
    no: No,
    material: Material,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=t("materials.help.reason"))
    ] = None,
    by: As = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    fields = {"material": material, **({"reason": reason} if reason else {})}
    _verb(no, "withdraw_material", fields, by=by, key=key, as_json=as_json)


@app.command("return-original", help=t("materials.help.return_original"))
def return_original(
    no: No, material: Material, by: As = None, key: Key = None, as_json: Json = False
) -> None:
    _verb(no, "return_original", {"material": material}, by=by, key=key, as_json=as_json)


@app.command(help=t("materials.help.offers"))
def offers(no: No, as_json: Json = False) -> None:
    from workflow.cli.material_page import offer_page
    from workflow.cli.opening import open_banjie
    from workflow.engine.materials import offers as offered
    from workflow.queries.cases import case_by_no

    with open_banjie() as banjie:
        case, matter = case_by_no(banjie.store, no)
        found = offered(banjie, case, matter.definition)
        if as_json:
            emit({"no": no, "offers": found})
        else:
            say("\n".join(offer_page(found, matter)))


@app.command(help=t("materials.help.accept"))
def accept(
    no: No,
    material: Material,
    source: Annotated[str, typer.Option("--from", metavar="NO", help=t("materials.help.from_case"))],
    by: As = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.engine.materials import accepted_offer

    with open_banjie() as banjie:
        case, definition = _case(banjie, no)
        fields = accepted_offer(banjie, case, definition, material, source)
        _act(banjie, case, "reuse_material", fields, by=by, key=key, as_json=as_json)


@app.command(help=t("materials.help.receipt"))
def receipt(
    no: No,
    out: Annotated[
        Path, typer.Option("--out", metavar="F", dir_okay=False, help=t("materials.help.paper_out"))
    ],
    again: Annotated[bool, typer.Option("--again", help=t("materials.help.again"))] = False,
    by: As = None,
    key: Key = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.material_files import receipt_body
    from workflow.cli.opening import open_banjie
    from workflow.exchange.output import written

    if out.suffix not in (".html", ".pdf"):
        raise typer.BadParameter(t("materials.usage.paper"), param_hint="--out")
    with open_banjie() as banjie:
        case, _ = _case(banjie, no)
        with written(out) as file:
            if not again:
                _act(banjie, case, "issue_receipt", {}, by=by, key=key, as_json=False, quiet=True)
            size = file.write(receipt_body(banjie, no, out.suffix))
    if as_json:
        emit({"file": str(out), "size": size})
    else:
        say(t("materials.written", file=out, size=size))


def _case(banjie: Banjie, no: str) -> tuple[Case, Definition]:
    from workflow.queries.cases import case_by_no

    case, matter = case_by_no(banjie.store, no)
    return case, matter.definition


def _staged(
    banjie: Banjie, case_id: str, definition: Definition, material: str, file: Path
) -> dict[str, Any]:
    from workflow.cli.material_files import staged

    return staged(banjie, case_id, definition, material, file)


def _verb(
    no: str, action: str, fields: dict[str, Any], *, by: str | None, key: str | None, as_json: bool
) -> None:
    from workflow.cli.opening import open_banjie

    with open_banjie() as banjie:
        case, _ = _case(banjie, no)
        _act(banjie, case, action, fields, by=by, key=key, as_json=as_json)


def _act(
    banjie: Banjie,
    case: Case,
    action: str,
    fields: dict[str, Any],
    *,
    by: str | None,
    key: str | None,
    as_json: bool,
    quiet: bool = False,
) -> None:
    from workflow.cli.acting import actor, fresh_key
    from workflow.domain.commands import TakeAction
    from workflow.domain.materials.standing import standing
    from workflow.engine.handle import handle
    from workflow.queries.cases import case_by_no

    used = key or fresh_key()
    command = TakeAction(case_id=case.id, key=used, actor=actor(by), action=action, fields=fields)
    receipt = handle(banjie, command)
    if quiet:
        return
    after, matter = case_by_no(banjie.store, case.no)
    material = str(fields["material"])
    state = standing(matter.definition, after, material)
    if as_json:
        emit(
            {
                "no": receipt.no,
                "material": material,
                "state": state,
                "seq": receipt.seq,
                "version": receipt.version,
                "repeated": receipt.repeated,
                "key": used,
            }
        )
        return
    title = matter.text(f"materials.{material}", default=material)
    say(t("materials.stands", no=receipt.no, material=title, state=t(f"materials.state.{state}")))
