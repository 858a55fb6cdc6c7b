"""`banjie reconcile`: a pass of the reconciler now, or the full proof of the invariants; and what stands as an alarm."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import t

app = typer.Typer()

_SHOWN = 50
"""Lines of what is broken; `--json` has them all."""


@app.command(help=t("reconcile.help.reconcile"))
def reconcile(
    full: Annotated[bool, typer.Option("--full", help=t("reconcile.help.full"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.opening import open_database
    from workflow.engine.reconciler import look, prove

    with open_database() as store:
        came_of_it = prove(store) if full else look(store)
        standing = store.watch.standing()
    broken = came_of_it.broken or [one for one in standing if one.name == "invariant_broken"]
    if as_json:
        emit(
            {
                "ok": not broken,
                "full": full,
                "cases": came_of_it.cases,
                "broken": came_of_it.broken,
                "rehinted": came_of_it.rehinted,
                "alarms": standing,
            }
        )
    else:
        for one in came_of_it.broken[:_SHOWN]:
            say(f"{one.invariant} {one.rule} {one.case_id or '-'}: {one.detail}")
        for alarm in standing:
            if alarm.name != "invariant_broken":
                say(
                    t(
                        "reconcile.alarm",
                        name=alarm.name,
                        subject=alarm.subject,
                        since=alarm.since.isoformat(" ", "seconds"),
                    )
                )
        if came_of_it.rehinted:
            say(t("reconcile.rehinted", count=came_of_it.rehinted))
        say(_verdict(len(broken), came_of_it.cases, full=full))
    if broken:
        raise typer.Exit(1)


def _verdict(broken: int, cases: int, *, full: bool) -> str:
    if broken:
        return t("reconcile.broken", count=broken)
    return t("reconcile.proved", cases=cases) if full else t("reconcile.passed")
