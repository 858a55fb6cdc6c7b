"""`banjie case export`: a case as a dossier (案卷) that proves itself without the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.cli.rendering import emit, note, say
from workflow.texts import t


def export(
    no: Annotated[str, typer.Argument(metavar="NO", help=t("case.help.no"))],
    out: Annotated[Path, typer.Option("--out", metavar="ZIP", dir_okay=False, help=t("dossier.help.out"))],
    personal: Annotated[bool, typer.Option("--personal", help=t("dossier.help.personal"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.exchange.dossier.writing import write_dossier
    from workflow.exchange.output import written

    with open_banjie() as banjie, written(out) as file:
        told = write_dossier(banjie, no, file, personal=personal)
    if as_json:
        counts = {"parts": told.parts, "events": told.events}
        emit({"no": no, "out": str(out), **counts, "manifest": told.digest, "personal": personal})
        return
    say(t("dossier.written", no=no, out=out, parts=told.parts, events=told.events))
    say(t("dossier.digest", digest=told.digest))
    if personal:
        note(t("dossier.with_personal"))
