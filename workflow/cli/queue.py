"""`banjie queue`: what waits for a person or a post, claimed, given back and given out."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli.rendering import day, emit, note, say, table
from workflow.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.engine.banjie import Banjie
    from workflow.engine.distribution import Given
    from workflow.queries.desk import Filter, Line

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.queue"))


class LampName(StrEnum):
    """The lamps, as they are written on the command line."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    NONE = "none"


As = Annotated[str | None, typer.Option("--as", metavar="USER", help=t("cli.help.as"))]
Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]
All = Annotated[bool, typer.Option("--all", help=t("queue.help.all"))]
OrganOption = Annotated[str | None, typer.Option("--organ", metavar="CODE", help=t("queue.help.organ"))]
Kind = Annotated[str | None, typer.Option("--post", metavar="KIND", help=t("queue.help.post"))]
MatterOption = Annotated[str | None, typer.Option("--matter", metavar="CODE", help=t("queue.help.matter"))]
LampOption = Annotated[LampName | None, typer.Option("--lamp", help=t("queue.help.lamp"))]
Claimed = Annotated[bool | None, typer.Option("--claimed/--unclaimed", help=t("queue.help.claimed"))]
Saved = Annotated[str | None, typer.Option("--saved", metavar="NAME", help=t("queue.help.saved"))]
No = Annotated[str, typer.Argument(metavar="NO", help=t("case.help.no"))]


@app.command("list", help=t("queue.help.list"))
def list_(
    by: As = None,
    everybody: All = False,
    organ: OrganOption = None,
    kind: Kind = None,
    matter: MatterOption = None,
    lamp: LampOption = None,
    claimed: Claimed = None,
    saved: Saved = None,
    after: Annotated[str | None, typer.Option("--after", metavar="MARK", help=t("queue.help.after"))] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=500, help=t("queue.help.limit"))
    ] = 50,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.queries.desk import page

    with open_banjie() as banjie:
        given = _given(organ=organ, kind=kind, matter=matter, lamp=lamp, claimed=claimed)
        wanted = _filter(banjie, None if everybody else by or "", given, saved)
        found = page(banjie.store, banjie.present_catalog(), wanted, after=after, limit=limit)
        if as_json:
            emit({"items": found.lines, "next": found.mark})
            return
        say("\n".join(_page(banjie, found.lines)) if found.lines else t("queue.empty"))
    if found.mark is not None:
        note(t("queue.more", mark=found.mark))


@app.command("counts", help=t("queue.help.counts"))
def counts_(
    by: As = None,
    everybody: All = False,
    organ: OrganOption = None,
    kind: Kind = None,
    matter: MatterOption = None,
    claimed: Claimed = None,
    saved: Saved = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.queries.desk import counts

    with open_banjie() as banjie:
        given = _given(organ=organ, kind=kind, matter=matter, lamp=None, claimed=claimed)
        wanted = _filter(banjie, None if everybody else by or "", given, saved)
        found = counts(banjie.store, banjie.present_catalog(), wanted)
    if as_json:
        emit(found)
        return
    say(t("queue.comma").join(f"{t(f'queue.lamp.{lamp}')} {number}" for lamp, number in found.items()))


@app.command(help=t("queue.help.claim"))
def claim(no: No, by: As = None, as_json: Json = False) -> None:
    _verb(no, "claim", by, {}, as_json=as_json)


@app.command(help=t("queue.help.release"))
def release(
    no: No,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help=t("queue.help.reason"))
    ] = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    _verb(no, "release", by, {"reason": reason} if reason else {}, as_json=as_json)


@app.command(help=t("queue.help.distribute"))
def distribute(
    organ: Annotated[str, typer.Argument(metavar="ORGAN", help=t("queue.help.organ"))],
    kind: Annotated[str, typer.Argument(metavar="POST", help=t("queue.help.post"))],
    matter: MatterOption = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=500, help=t("queue.help.limit"))
    ] = 200,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=t("queue.help.dry_run"))] = False,
    by: As = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor, fresh_key
    from workflow.cli.opening import open_banjie
    from workflow.domain.reckoning import civil_date
    from workflow.engine import distribution
    from workflow.errors import NotFound
    from workflow.queries.desk import ZONE, Filter, loads, page

    with open_banjie() as banjie:
        catalog = banjie.present_catalog()
        if organ not in catalog.directory.organs:
            raise NotFound(what="organ", name=organ)
        wanted = Filter(organ=organ, kind=kind, matter=matter, claimed=False)
        lines = page(banjie.store, catalog, wanted, limit=limit).lines
        today = civil_date(banjie.store.clock().now, ZONE)
        persons = catalog.directory.present(organ, kind, today)
        plan = distribution.planned(
            banjie, [line.case_id for line in lines], persons, loads(banjie.store, persons)
        )
        given = plan
        if not dry_run:
            given = tuple(distribution.distribute(banjie, plan, actor=actor(by), key=fresh_key()))
        if as_json:
            emit({"dry_run": dry_run, "items": [_given_plain(one) for one in given]})
        else:
            say("\n".join(_given_page(banjie, given)) if given else t("queue.empty"))
    if any(one.error is not None for one in given):
        raise typer.Exit(1)


@app.command(help=t("queue.help.save"))
def save(
    name: Annotated[str, typer.Argument(metavar="NAME", help=t("queue.help.saved"))],
    organ: OrganOption = None,
    kind: Kind = None,
    matter: MatterOption = None,
    lamp: LampOption = None,
    claimed: Claimed = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie
    from workflow.cli.rendering import json_text

    given = _given(organ=organ, kind=kind, matter=matter, lamp=lamp, claimed=claimed)
    if not name.strip():
        raise typer.BadParameter(t("queue.usage_name"), param_hint="NAME")
    who = actor(by)
    with open_banjie() as banjie:
        _known(banjie, who)
        banjie.store.saved_filters.save(who, name, json_text(given, indent=0))
    if as_json:
        emit({"name": name, "filter": given})
    else:
        say(t("queue.saved", name=name))


@app.command(help=t("queue.help.filters"))
def filters(by: As = None, as_json: Json = False) -> None:
    import json

    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie

    with open_banjie() as banjie:
        found = {name: json.loads(body) for name, body in banjie.store.saved_filters.of(actor(by)).items()}
    if as_json:
        emit({"filters": found})
        return
    lines = [
        f"{name}: " + " ".join(f"{key}={value}" for key, value in f.items()) for name, f in found.items()
    ]
    say("\n".join(lines) if lines else t("queue.no_filters"))


@app.command(help=t("queue.help.forget"))
def forget(
    name: Annotated[str, typer.Argument(metavar="NAME", help=t("queue.help.saved"))],
    by: As = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie
    from workflow.errors import NotFound

    with open_banjie() as banjie:
        if not banjie.store.saved_filters.forget(actor(by), name):
            raise NotFound(what="filter", name=name)
    if as_json:
        emit({"forgotten": name})
    else:
        say(t("queue.forgotten", name=name))


def _given(**conditions: Any) -> dict[str, Any]:
    return {name: value for name, value in conditions.items() if value is not None}


def _filter(banjie: Banjie, person: str | None, given: dict[str, Any], saved: str | None) -> Filter:
    """The filter asked for: what is said on the line goes before what was saved. `person` "" means who is logged in."""
    import json

    from workflow.cli.acting import actor
    from workflow.errors import NotFound
    from workflow.queries.desk import Filter, Lamp

    who = actor(person or None) if person is not None else None
    if who is not None:
        _known(banjie, who)
    if saved is not None:
        kept = banjie.store.saved_filters.of(who or actor(None)).get(saved)
        if kept is None:
            raise NotFound(what="filter", name=saved)
        given = {**json.loads(kept), **given}
    lamp = given.pop("lamp", None)
    return Filter(person=who, lamp=Lamp(str(lamp)) if lamp is not None else None, **given)


def _known(banjie: Banjie, person: str) -> None:
    from workflow.errors import UnknownPerson

    if person not in banjie.directory().persons:
        raise UnknownPerson(what="person", name=person)


def _verb(no: str, verb: str, by: str | None, fields: dict[str, Any], *, as_json: bool) -> None:
    from workflow.cli.acting import actor, fresh_key
    from workflow.cli.opening import open_banjie
    from workflow.domain.commands import TakeAction
    from workflow.engine.handle import handle
    from workflow.queries.cases import id_of

    with open_banjie() as banjie:
        case_id = id_of(banjie.store, no)
        who = actor(by)
        command = TakeAction(case_id=case_id, key=fresh_key(), actor=who, action=verb, fields=fields)
        receipt = handle(banjie, command)
    if as_json:
        emit(asdict(receipt))
    else:
        say(t(f"queue.done.{verb}", no=no, person=who))


def _page(banjie: Banjie, lines: Sequence[Line]) -> list[str]:
    from workflow.queries.cases import matter_of
    from workflow.queries.wording import Wording

    catalog = banjie.present_catalog()
    words = {
        hash_: Wording(matter=matter_of(banjie.store, hash_), catalog=catalog)
        for hash_ in {line.definition for line in lines}
    }
    names = ("lamp", "left", "due", "no", "matter", "state", "organ", "owner", "how")
    rows = []
    for line in lines:
        said = words[line.definition]
        left = "" if line.days_left is None else t("queue.days", days=line.days_left)
        rows.append(
            (
                t(f"queue.lamp.{line.lamp}"),
                left,
                day(line.due_on),
                line.no,
                said.matter.title(),
                said.of("states", line.state),
                said.organ(line.organ),
                said.person(line.owner),
                t(f"queue.why.{line.why}") if line.why else "",
            )
        )
    return table([t(f"queue.label.{name}") for name in names], rows)


def _given_plain(one: Given) -> dict[str, Any]:
    from workflow.texts import error_text

    error, told = one.error, None
    if error is not None:
        told = {"code": error.code, "rule": error.fields.get("rule"), "message": error_text(error)}
    return {"no": one.no, "person": one.person, "error": told}


def _given_page(banjie: Banjie, given: Sequence[Given]) -> list[str]:
    from workflow.texts import error_text

    persons = banjie.directory().persons

    def told(one: Given) -> str:
        if one.error is not None:
            return error_text(one.error)
        return persons[one.person].name if one.person else t("queue.nobody")

    return table([t("queue.label.no"), t("queue.label.owner")], [(one.no, told(one)) for one in given])
