"""`banjie db`: the schema of the database."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.config import Settings
    from workflow.storage.schema import Plan

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.db"))


@app.callback()
def db() -> None:
    """A group, so that `db upgrade` stays its name when others join it."""


@app.command(help=t("doctor.help.upgrade"))
def upgrade(
    check: Annotated[bool, typer.Option("--check", help=t("doctor.help.upgrade_check"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.opening import create_database
    from workflow.config import Settings, without_password
    from workflow.storage.schema import WANTED, found_revision
    from workflow.storage.store import open_store

    settings = Settings.from_environment()
    if check:
        _foretell(settings, as_json=as_json)
        return
    with closing(open_store(settings.database_url)) as store:
        with store.read() as connection:
            before = found_revision(connection)
        create_database(store)
        mode, where = store.clock().mode, without_password(settings.database_url)
    # One that is newer than this program stays as it is.
    schema = max(WANTED, before or "")
    if as_json:
        emit({"database": where, "before": before, "schema": schema, "clock": mode})
        return
    key = "created" if before is None else "current" if before == schema else "upgraded"
    say(
        t(
            f"doctor.db.{key}",
            database=where,
            before=before or "",
            schema=schema,
            clock=t(f"doctor.clock.{mode}"),
        )
    )


def _foretell(settings: Settings, *, as_json: bool) -> None:
    """Say what an upgrade would do, and do nothing; exit code 1 when it would be refused."""
    from workflow.config import without_password
    from workflow.storage.schema import WANTED, planned
    from workflow.storage.store import open_store

    with closing(open_store(settings.database_url)) as store:
        plan = planned(store.engine)
    if as_json:
        emit(
            {
                "database": without_password(settings.database_url),
                "found": plan.found,
                "wanted": WANTED,
                "steps": [
                    {"revision": one.revision, "title": one.title, "expands": one.oldest is None}
                    for one in plan.stages
                ],
                "oldest_program": plan.oldest,
                "found_goes_on": plan.found_goes_on,
                "in_the_way": [one.told() for one in plan.in_the_way],
            }
        )
    else:
        for line in _lines(plan):
            say(line)
    if plan.in_the_way:
        raise typer.Exit(1)


def _lines(plan: Plan) -> list[str]:
    if not plan.stages:
        return [t("doctor.db.nothing", found=plan.found or "")]
    lines = [
        t(
            f"doctor.db.{'contracts' if one.oldest else 'expands'}",
            revision=one.revision,
            title=one.title,
            oldest=one.oldest or "",
        )
        for one in plan.stages
    ]
    if plan.found is not None:
        key = "goes_on" if plan.found_goes_on else "ends"
        lines.append(t(f"doctor.db.{key}", found=plan.found, oldest=plan.oldest))
    lines += [t("doctor.db.in_the_way", program=one.told()) for one in plan.in_the_way]
    return lines
