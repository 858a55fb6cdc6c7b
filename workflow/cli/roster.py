"""`banjie roster`: an empty roster of a matter, a filled-in one checked, and its rows filed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import LANGUAGES, language, t

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.roster"))


def _language(given: str | None) -> str | None:
    if given is not None and given not in LANGUAGES:
        raise typer.BadParameter(t("cli.usage.language", known=", ".join(LANGUAGES)))
    return given


File = Annotated[Path, typer.Argument(metavar="FILE", help=t("roster.help.file"))]
OfMatter = Annotated[str | None, typer.Argument(metavar="[MATTER]", help=t("roster.help.matter_of"))]
By = Annotated[str | None, typer.Option("--as", metavar="USER", help=t("roster.help.by"))]
Letter = Annotated[str | None, typer.Option("--letter", metavar="NO", help=t("roster.help.letter"))]
Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]


@app.command(help=t("roster.help.template"))
def template(
    matter: Annotated[str, typer.Argument(metavar="MATTER", help=t("roster.help.matter"))],
    out: Annotated[Path, typer.Option("--out", metavar="F.xlsx", help=t("roster.help.out_template"))],
    lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="zh-CN|en", help=t("roster.help.lang"), callback=_language),
    ] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.roster_office import office
    from workflow.exchange.roster.marking import free_to_write
    from workflow.exchange.roster.template import write_template

    free_to_write(out)
    with office() as here:
        found = here.matter(matter)
        write_template(found.readable, found.columns, lang or language(), out)
    if as_json:
        definition = found.readable.definition
        keys = [column.key for column in found.columns]
        emit({"matter": definition.code, "definition": definition.hash, "out": str(out), "columns": keys})
    else:
        say(t("roster.page.templated", matter=found.readable.title(), out=out, columns=len(found.columns)))


@app.command(help=t("roster.help.check"))
def check(
    file: File,
    matter: OfMatter = None,
    by: By = None,
    letter: Letter = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="F.xlsx", help=t("roster.help.out_check"))
    ] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.roster_office import bar, office
    from workflow.cli.roster_page import check_page, check_plain
    from workflow.exchange.roster.marking import free_to_write, write_marked

    if out is not None:
        free_to_write(out)
    with office() as here, bar("checking", quiet=as_json) as progress:
        told = here.checked(file, matter, by=by, letter=letter, progress=progress)
        told = here.with_filed_before(told, by)
    if out is not None:
        write_marked(told.book, told.checked, out, language())
    _answer(check_plain(told, out) if as_json else check_page(told, out))
    if not told.checked.sound:
        raise typer.Exit(1)


@app.command("import", help=t("roster.help.import"))
def import_(
    file: File,
    matter: OfMatter = None,
    by: By = None,
    per_row: Annotated[bool, typer.Option("--per-row", help=t("roster.help.per_row"))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=t("roster.help.dry_run"))] = False,
    letter: Letter = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="F.xlsx", help=t("roster.help.out_result"))
    ] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.roster_office import bar, office
    from workflow.cli.roster_page import import_page, import_plain, written_beside
    from workflow.exchange.roster.importing import import_rows
    from workflow.exchange.roster.marking import free_to_write, write_results

    if out is not None:
        free_to_write(out)
    who = actor(by)
    with office(create=True) as here:
        with bar("checking", quiet=as_json) as progress:
            told = here.checked(file, matter, by=who, letter=letter, progress=progress)
        commands = here.commands(told, who)
        with bar("importing", quiet=as_json, total=len(commands)) as progress:
            results = import_rows(
                here.banjie, told.checked, commands, per_row=per_row, dry_run=dry_run, progress=progress
            )
    if out is not None:
        write_results(told.book, told.checked, written_beside(results), out, language())
    whole = import_plain if as_json else import_page
    _answer(whole(told, results, dry_run=dry_run, per_row=per_row, out=out))
    if told.checked.blocked or any(one.status in ("refused", "held_back") for one in results):
        raise typer.Exit(1)


def _answer(answer: object) -> None:
    """Lines for a person, anything else for a program."""
    if isinstance(answer, list):
        say("\n".join(answer))
    else:
        emit(answer)
