"""`banjie db`: the schema of the database."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import t

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.db"))


@app.callback()
def db() -> None:
    """A group, so that `db upgrade` stays its name when others join it."""


@app.command(help=t("doctor.help.upgrade"))
def upgrade(
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.opening import create_database
    from workflow.config import Settings, without_password
    from workflow.storage.schema import WANTED, found_revision
    from workflow.storage.store import open_store

    settings = Settings.from_environment()
    with closing(open_store(settings.database_url)) as store:
        with store.read() as connection:
            before = found_revision(connection)
        create_database(store)
        mode, where = store.clock().mode, without_password(settings.database_url)
    if as_json:
        emit({"database": where, "before": before, "schema": WANTED, "clock": mode})
        return
    key = "created" if before is None else "current" if before == WANTED else "upgraded"
    say(
        t(
            f"doctor.db.{key}",
            database=where,
            before=before or "",
            schema=WANTED,
            clock=t(f"doctor.clock.{mode}"),
        )
    )
