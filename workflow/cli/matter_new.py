"""`banjie matters new`: a file to begin a matter with, which checks clean from the first moment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import t


def new(
    code: Annotated[str, typer.Argument(metavar="CODE", help=t("scaffold.help.code"))],
    process: Annotated[str, typer.Option("--process", metavar="P", help=t("scaffold.help.process"))],
    like: Annotated[
        str | None, typer.Option("--like", metavar="MATTER", help=t("scaffold.help.like"))
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="FOLDER", help=t("scaffold.help.into"), exists=True, file_okay=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.catalog.loader import load, shown
    from workflow.catalog.scaffold import scaffold
    from workflow.config import Settings
    from workflow.errors import BadInput

    settings = Settings.from_environment()
    folder = into or settings.definitions
    if folder is None:
        raise BadInput(reason=t("scaffold.nowhere"))
    path = folder.absolute() / "matters" / f"{code}.yaml"
    text = scaffold(load(settings.definition_folders()), code, process, like)
    if path.exists():
        raise BadInput(reason=t("scaffold.there", path=shown(path)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    if as_json:
        emit({"code": code, "process": process, "path": str(path)})
    else:
        say(t("scaffold.written", path=shown(path)))
