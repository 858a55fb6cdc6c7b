"""`banjie materials`: files of applicants in the store. Sweeping removes those that no case ever named."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import t

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.materials"))


@app.callback()
def _several() -> None:
    """Keep `sweep` a command of its own."""


@app.command(help=t("materials.help.sweep"))
def sweep(as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.engine.materials import sweep_files

    with open_banjie() as banjie:
        swept = sweep_files(banjie)
        if as_json:
            emit(swept)
        else:
            say(t("materials.swept", removed=swept.removed, waiting=swept.waiting))
