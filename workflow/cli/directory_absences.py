"""`banjie directory absence`: who is away when; it counts at once, and deputies stand in."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from workflow.cli.deadline import to_date
from workflow.cli.rendering import emit, note, say
from workflow.texts import t

app = typer.Typer(no_args_is_help=True, help=t("directory.help.absence"))

Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]
As = Annotated[str | None, typer.Option("--as", metavar="PERSON", help=t("directory.help.as"))]


@app.command(help=t("directory.help.add"))
def add(
    person: Annotated[str, typer.Argument(metavar="PERSON", help=t("directory.help.person"))],
    days: Annotated[str, typer.Argument(metavar="A..B", help=t("directory.help.days"))],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=t("directory.help.reason"))] = "",
    by: As = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.directory_page import plain_absence
    from workflow.cli.opening import open_banjie
    from workflow.domain.coverage import left_uncovered
    from workflow.domain.directory import Absence
    from workflow.engine.directory_changes import record

    since, between, until = days.partition("..")
    first = to_date(since)
    absence = Absence(person=person, since=first, until=to_date(until) if between else first, reason=reason)
    with open_banjie() as banjie:
        kept = record(banjie, absence, by=actor(by))
        away = kept.absence
        uncovered = left_uncovered(banjie.directory(), person, away.since, away.until)
    if as_json:
        emit({**plain_absence(kept), "uncovered": [asdict(post) for post in uncovered]})
        return
    told = {"number": kept.number, "since": kept.absence.since, "until": kept.absence.until}
    say(t("directory.absence.recorded", person=person, **told))
    for post in uncovered:
        note(t("directory.absence.uncovered", organ=post.organ, post=post.kind, on=post.on))


@app.command("list", help=t("directory.help.absences"))
def list_(
    person: Annotated[
        str | None, typer.Option("--person", metavar="PERSON", help=t("directory.help.person"))
    ] = None,
    every: Annotated[bool, typer.Option("--all", help=t("directory.help.all"))] = False,
    as_json: Json = False,
) -> None:
    from workflow.cli.directory_page import absence_lines, plain_absence
    from workflow.cli.opening import open_banjie
    from workflow.engine.administration import today

    with open_banjie(create=True) as banjie:
        on, people = today(banjie), banjie.directory().persons
        found = [
            one
            for one in banjie.store.directory.absences()
            if (person is None or one.absence.person == person)
            and (every or (one.cancelled_by is None and one.absence.until >= on))
        ]
    if as_json:
        emit([plain_absence(one) for one in found])
        return
    for line in absence_lines(found, people):
        say(line)


@app.command(help=t("directory.help.cancel"))
def cancel(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=t("directory.help.absence_number"))],
    by: As = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.directory_page import plain_absence
    from workflow.cli.opening import open_banjie
    from workflow.engine.directory_changes import cancel as take_back

    with open_banjie() as banjie:
        kept = take_back(banjie, number, by=actor(by))
    if as_json:
        emit(plain_absence(kept))
    else:
        say(t("directory.absence.cancelled", number=number, person=kept.absence.person))
