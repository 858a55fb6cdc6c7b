"""`banjie audit file`: one finding from the day it was raised to its result, as a file that can be handed on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import language, t


def file(
    no: Annotated[str, typer.Argument(metavar="NO", help=t("case.help.no"))],
    finding: Annotated[int, typer.Argument(metavar="FINDING", min=1, help=t("audit.help.finding"))],
    out: Annotated[
        Path, typer.Option("--out", metavar="ZIP|PDF", dir_okay=False, help=t("audit.help.file_out"))
    ],
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    if out.suffix.lower() not in {".zip", ".pdf"}:
        raise typer.BadParameter(t("audit.usage.file_out"), param_hint="--out")
    from workflow.cli.opening import open_banjie
    from workflow.exchange.dossier.accountability import accountability_pdf, write_accountability
    from workflow.exchange.output import written

    with open_banjie() as banjie, written(out) as opened:
        if out.suffix.lower() == ".pdf":
            opened.write(accountability_pdf(banjie, no, finding, language()))
            digest = None
        else:
            digest = write_accountability(banjie, no, finding, opened)
    if as_json:
        emit({"no": no, "finding": finding, "out": str(out), "manifest": digest})
        return
    say(t("audit.filed", no=no, finding=finding, out=out))
    if digest is not None:
        say(t("dossier.digest", digest=digest))
