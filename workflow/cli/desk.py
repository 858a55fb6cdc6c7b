"""`banjie desk`: a leaver's work handed over and given back; what was done to many cases at once, for auditors."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

import typer

from workflow.cli.bulk import By, DryRun, Id, Json, fresh_id, tell
from workflow.cli.rendering import emit, local, say, table
from workflow.texts import t

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.desk"))

ZONE, UNDO = "Asia/Shanghai", "undo"


class RuleName(StrEnum):
    """To whom work goes, as it is written on the command line."""

    BY_LOAD = "by_load"
    DEPUTY = "deputy"
    PERSON = "person"


@app.command(help=t("runs.help.handover"))
def handover(
    leaver: Annotated[str, typer.Argument(metavar="FROM|undo", help=t("runs.help.leaver"))],
    run: Annotated[str | None, typer.Argument(metavar="ID", help=t("runs.help.undo"))] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="PERSON", help=t("runs.help.to"))] = None,
    rule: Annotated[RuleName | None, typer.Option("--rule", help=t("runs.help.rule"))] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=t("runs.help.reason"))] = "",
    by: By = None,
    id_: Id = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie
    from workflow.engine import bulk
    from workflow.engine.handover import Handover, hand_over, preview, undone

    if (leaver == UNDO) != (run is not None):
        raise typer.BadParameter(t("runs.usage.undo"))
    who = actor(by)
    with open_banjie() as banjie:
        if run is not None:
            given = undone(banjie, run, id_=id_ or fresh_id("undo"), actor=who, reason=reason)
            results = bulk.dry_run(banjie, given) if dry_run else bulk.run(banjie, given)
            named = given.id
        else:
            chosen = rule or (RuleName.PERSON if to is not None else RuleName.BY_LOAD)
            named = id_ or fresh_id("handover")
            of = Handover(id=named, leaver=leaver, actor=who, rule=chosen.value, to=to, reason=reason)
            results = preview(banjie, of) if dry_run else hand_over(banjie, of)
    tell(named, results, dry_run=dry_run, as_json=as_json)


@app.command(help=t("runs.help.runs"))
def runs(
    run: Annotated[str | None, typer.Argument(metavar="ID", help=t("runs.help.run"))] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=1000, help=t("runs.help.limit"))
    ] = 50,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.errors import UnknownRun

    with open_banjie() as banjie:
        if run is None:
            found = banjie.store.runs.all(limit)
            if as_json:
                emit({"runs": [asdict(one) for one in found]})
            else:
                say("\n".join(_runs(found)) if found else t("runs.none"))
            return
        kept = banjie.store.runs.one(run)
        if kept is None:
            raise UnknownRun(what="run", name=run)
        items = banjie.store.runs.items(run)
    if as_json:
        emit({**asdict(kept), "items": [asdict(one) for one in items]})
        return
    say("\n".join(_runs([kept])))
    heads = [t(f"runs.label.{name}") for name in ("case", "result", "person", "detail")]
    rows = [
        (
            one.no,
            t(f"runs.result.{'done' if one.done else 'refused'}"),
            one.person or "",
            one.code or one.state or "",
        )
        for one in items
    ]
    say("\n".join(["", *table(heads, rows)]))


def _runs(found: list[Any]) -> list[str]:
    heads = [t(f"runs.label.{name}") for name in ("run", "kind", "actor", "action", "begun", "counts")]
    rows = [
        (
            one.id,
            t(f"runs.kind.{one.kind}"),
            one.actor,
            f"{one.action} {one.subject}".strip(),
            local(one.begun_at, ZONE),
            t("runs.counts" if one.ended_at else "runs.counts_open", done=one.done, refused=one.refused),
        )
        for one in found
    ]
    return table(heads, rows)


@app.command(help=t("runs.help.verbs"))
def verbs(as_json: Json = False) -> None:
    from workflow.domain.desk.verbs import VERBS

    if as_json:
        emit({"verbs": {name: {"fields": dict(verb.fields)} for name, verb in VERBS.items()}})
        return
    rows = []
    for name, verb in VERBS.items():
        asked = [
            t("runs.field" if field.required else "runs.field_optional", name=key, title=_field_title(key))
            for key, field in verb.fields.items()
        ]
        rows.append((name, t(f"desk.verb.{name}"), t("runs.comma").join(asked)))
    say("\n".join(table([t(f"runs.label.{name}") for name in ("verb", "title", "fields")], rows)))


def _field_title(name: str) -> str:
    return t(f"desk.field.{name}")
