"""`banjie clock`: whether the clocks can be believed, and the release of what is held back, by two persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workflow.cli.rendering import emit, say
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.storage.watch_register import Watched

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.clock"))

Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]
As = Annotated[str | None, typer.Option("--as", metavar="PERSON", help=t("clock.help.as"))]


@app.command(help=t("clock.help.show"))
def show(as_json: Json = False) -> None:
    from workflow.cli.opening import open_database

    with open_database() as store:
        kept, held = store.watch.watched(), store.watch.count_held()
        now = store.clock()
    if as_json:
        emit({"now": now.now, "mode": now.mode, **_plain(kept), "held": held})
        return
    say(t("clock.now", now=now.now.isoformat(" ", "seconds")))
    for line in _lines(kept, held):
        say(line)


@app.command(help=t("clock.help.release"))
def release(
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=t("clock.help.reason"))],
    by: As = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie
    from workflow.engine.time_watch import propose_release

    with open_banjie() as banjie:
        kept = propose_release(banjie, actor(by), reason)
    if as_json:
        emit(_plain(kept))
    else:
        say(t("clock.proposed", person=kept.proposed_by or ""))


@app.command(help=t("clock.help.confirm"))
def confirm(by: As = None, as_json: Json = False) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie
    from workflow.engine.time_watch import confirm_release

    with open_banjie() as banjie:
        held = confirm_release(banjie, actor(by))
    if as_json:
        emit({"released": held})
    else:
        say(t("clock.released", count=held))


def _plain(kept: Watched | None) -> dict[str, object]:
    if kept is None:
        return {"mark": None, "frozen_at": None}
    return {
        "mark": kept.mark,
        "frozen_at": kept.frozen_at,
        "because": kept.because,
        "shift_seconds": round(kept.shift.total_seconds()) if kept.shift is not None else None,
        "proposed_by": kept.proposed_by,
        "reason": kept.reason,
        "releases": kept.releases,
    }


def _lines(kept: Watched | None, held: int) -> list[str]:
    if kept is None or kept.frozen_at is None or kept.shift is None:
        return [t("clock.sure")]
    since = kept.frozen_at.isoformat(" ", "seconds")
    seconds = abs(round(kept.shift.total_seconds()))
    lines = [t(f"clock.frozen.{kept.because}", since=since, seconds=seconds, count=held)]
    if kept.proposed_by is not None:
        lines.append(t("clock.waits", person=kept.proposed_by, reason=kept.reason or ""))
    return lines
