"""`banjie directory`: organs, posts and persons out and in, proposed and confirmed; absences stand in a module of their
own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workflow.cli import directory_absences
from workflow.cli.deadline import to_date
from workflow.cli.rendering import emit, note, say
from workflow.texts import language, t

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie
    from workflow.exchange.directory.checking import Checked

app = typer.Typer(no_args_is_help=True, help=t("cli.commands.directory"))
app.add_typer(directory_absences.app, name="absence")

Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]
As = Annotated[str | None, typer.Option("--as", metavar="PERSON", help=t("directory.help.as"))]
File = Annotated[Path, typer.Argument(metavar="FILE", help=t("directory.help.file"))]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help=t("directory.help.on"))]


@app.command(help=t("directory.help.export"))
def export(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=t("directory.help.out"))],
    as_json: Json = False,
) -> None:
    from workflow.cli.opening import open_banjie
    from workflow.exchange.directory.writing import write

    with open_banjie(create=True) as banjie:
        directory = banjie.directory()
    write(directory, out, language())
    counts = {"organs": len(directory.organs), "persons": len(directory.persons)}
    counts |= {"posts": len(directory.holdings), "absences": len(directory.absences)}
    if as_json:
        emit({"out": str(out), "version": directory.version, **counts})
    else:
        say(t("directory.exported", out=out, **counts))


@app.command(help=t("directory.help.check"))
def check(file: File, as_json: Json = False) -> None:
    from workflow.cli.directory_page import change_lines, fault_line, plain_changes
    from workflow.cli.opening import open_banjie
    from workflow.domain.directory_changes import differences

    with open_banjie(create=True) as banjie:
        found = _checked(banjie, file)
        changes = differences(banjie.directory(), found.directory) if found.sound else ()
    if as_json:
        faults = [fault.plain() for fault in found.faults]
        emit({"sound": found.sound, "faults": faults, "changes": plain_changes(changes)})
    else:
        for fault in found.faults:
            say(fault_line(fault))
        for line in change_lines(changes):
            say(line)
        wrong = sum(fault.severity == "fault" for fault in found.faults)
        say(t("directory.faulty", count=wrong) if wrong else t("directory.sound"))
    if not found.sound:
        raise typer.Exit(1)


@app.command("import", help=t("directory.help.import"))
def import_(
    file: File,
    by: As = None,
    remark: Annotated[str, typer.Option("--note", metavar="TEXT", help=t("directory.help.note"))] = "",
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.directory_page import change_lines, fault_line, plain_changes, plain_kept
    from workflow.cli.opening import open_banjie
    from workflow.domain.directory_changes import differences
    from workflow.engine.directory_changes import propose
    from workflow.errors import BadDirectory

    with open_banjie(create=True) as banjie:
        found = _checked(banjie, file)
        if not found.sound:
            faults = [fault for fault in found.faults if fault.severity == "fault"]
            if not as_json:
                for fault in faults:
                    note(fault_line(fault))
            raise BadDirectory(count=len(faults), first=fault_line(faults[0]))
        before = banjie.directory()
        kept = propose(banjie, found.directory, by=actor(by), note=remark)
    changes = differences(before, found.directory)
    if as_json:
        emit({**plain_kept(kept), "changes": plain_changes(changes)})
        return
    for line in change_lines(changes):
        say(line)
    say(t("directory.proposed", number=kept.number, person=kept.proposed_by))


@app.command(help=t("directory.help.confirm"))
def confirm(
    number: Annotated[int | None, typer.Argument(metavar="[NUMBER]", help=t("directory.help.number"))] = None,
    by: As = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.directory_page import change_lines, plain_changes, plain_kept
    from workflow.cli.opening import open_banjie
    from workflow.engine.directory_changes import changes_of
    from workflow.engine.directory_changes import confirm as put_in_force

    with open_banjie() as banjie:
        kept = put_in_force(banjie, number, by=actor(by))
        changes = changes_of(banjie, kept.number)
    if as_json:
        emit({**plain_kept(kept), "changes": plain_changes(changes)})
        return
    for line in change_lines(changes):
        say(line)
    say(t("directory.confirmed", number=kept.number, person=kept.confirmed_by, revision=kept.revision))


@app.command(help=t("directory.help.show"))
def show(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help=t("directory.help.code"))] = None,
    on: On = None,
    revision: Annotated[
        int | None, typer.Option("--revision", metavar="N", min=0, help=t("directory.help.revision"))
    ] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.directory_page import (
        organ_page,
        person_page,
        plain_organ,
        plain_person,
        summary,
        summary_page,
    )
    from workflow.cli.opening import open_banjie
    from workflow.engine.administration import today
    from workflow.errors import NotFound

    with open_banjie(create=True) as banjie:
        present = banjie.store.directory.revision()
        # One that is still to come is nothing else than the present one.
        revision = present if revision is None else min(revision, present)
        directory = banjie.directory(revision)
        day = to_date(on) if on is not None else today(banjie)
        number = banjie.store.directory.number_at(revision)
    if code is None:
        told = summary(directory, day)
        if as_json:
            emit({"revision": revision, "number": number, **told})
            return
        lines = summary_page(directory, day, number)
    elif code in directory.organs:
        if as_json:
            emit(plain_organ(directory, code, day))
            return
        lines = organ_page(directory, code, day)
    elif code in directory.persons:
        if as_json:
            emit(plain_person(directory, code, day))
            return
        lines = person_page(directory, code, day)
    else:
        raise NotFound(what=t("directory.what"), name=code)
    for line in lines:
        say(line)


@app.command(help=t("directory.help.history"))
def history(
    number: Annotated[int | None, typer.Argument(metavar="[NUMBER]", help=t("directory.help.number"))] = None,
    as_json: Json = False,
) -> None:
    from workflow.cli.directory_page import change_lines, kept_lines, plain_changes, plain_kept
    from workflow.cli.opening import open_banjie
    from workflow.engine.directory_changes import changes_of, named

    with open_banjie(create=True) as banjie:
        if number is None:
            kept = banjie.store.directory.kept()
            if as_json:
                emit([plain_kept(one) for one in kept])
                return
            lines = kept_lines(kept)
        else:
            one, changes = named(banjie, number), changes_of(banjie, number)
            if as_json:
                emit({**plain_kept(one), "changes": plain_changes(changes)})
                return
            lines = [*kept_lines([one]), *change_lines(changes)]
    for line in lines:
        say(line)


@app.command(help=t("directory.help.log"))
def log(
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=10_000, help=t("directory.help.limit"))
    ] = 50,
    as_json: Json = False,
) -> None:
    from workflow.cli.directory_page import deed_lines
    from workflow.cli.opening import open_banjie

    with open_banjie(create=True) as banjie:
        deeds = banjie.store.directory.deeds(limit)
        people = banjie.directory().persons
    if as_json:
        emit(deeds)
        return
    for line in deed_lines(deeds, people):
        say(line)


def _checked(banjie: Banjie, file: Path) -> Checked:
    from workflow.exchange.directory.checking import Known, check

    matters = banjie.catalog.matters
    kinds = {post.kind for matter in matters.values() for post in matter.definition.posts.values()}
    return check(file, Known(matters=matters, posts=kinds))
