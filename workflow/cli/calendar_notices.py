"""`banjie calendar import|impact|publish|notices`: a new notice on holidays, from the file to every open period."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workflow.cli.deadline import CalendarCode, Json, known_calendar, to_date
from workflow.cli.rendering import emit, note, say
from workflow.errors import BadInput
from workflow.texts import t

if TYPE_CHECKING:
    from workflow.config import Settings
    from workflow.domain.notices import Notice

File = Annotated[str, typer.Argument(metavar="FILE", help=t("calendar.help.file"))]
As = Annotated[str | None, typer.Option("--as", metavar="PERSON", help=t("calendar.help.as"))]
Number = Annotated[str, typer.Option("--number", metavar="NUMBER", help=t("calendar.help.number"))]
Title = Annotated[str, typer.Option("--title", metavar="TITLE", help=t("calendar.help.title"))]
IssuedOn = Annotated[
    str | None, typer.Option("--issued-on", metavar="DATE", help=t("calendar.help.issued_on"))
]
Id = Annotated[str, typer.Option("--id", metavar="ID", help=t("calendar.help.id"))]


def import_(
    file: File,
    propose_it: Annotated[bool, typer.Option("--propose", help=t("calendar.help.propose"))] = False,
    by: As = None,
    number: Number = "",
    title: Title = "",
    issued_on: IssuedOn = None,
    notice_id: Id = "",
    calendar: CalendarCode = "cn",
    as_json: Json = False,
) -> None:
    from workflow.cli.calendar_page import change_lines, plain_change, plain_notice
    from workflow.domain.calendar_changes import changes

    notice = read_notice(file, number=number, title=title, issued_on=issued_on, notice_id=notice_id)
    before = known_calendar(calendar, None)
    after = before.with_notice(notice)
    found = list(changes(before, after))
    proposed = _proposed(calendar, notice, by) if propose_it else None
    if as_json:
        told = {"notice": plain_notice(notice), "calendar": calendar, "proposed_by": proposed}
        emit({**told, "changes": [plain_change(change, before, after) for change in found]})
        return
    say(t("calendar.notice", number=notice.number, title=notice.title, issued_on=notice.issued_on))
    for line in change_lines(found, before, after):
        say(line)
    if proposed is not None:
        say(t("calendar.proposed", id=notice.id, person=proposed))


def impact(
    file: File,
    number: Number = "",
    title: Title = "",
    issued_on: IssuedOn = None,
    notice_id: Id = "",
    calendar: CalendarCode = "cn",
    as_json: Json = False,
) -> None:
    from workflow.cli.calendar_page import impact_lines, plain_impact
    from workflow.cli.opening import open_banjie
    from workflow.engine.calendar_notices import impact as reckon

    notice = read_notice(file, number=number, title=title, issued_on=issued_on, notice_id=notice_id)
    with open_banjie() as banjie:
        found = reckon(banjie, calendar, notice)
        if as_json:
            emit(plain_impact(notice, found))
            return
        say(t("calendar.notice", number=notice.number, title=notice.title, issued_on=notice.issued_on))
        for line in impact_lines(banjie, found):
            say(line)


def publish(
    notice_id: Annotated[str, typer.Argument(metavar="ID", help=t("calendar.help.published_id"))],
    by: As = None,
    calendar: CalendarCode = "cn",
    as_json: Json = False,
) -> None:
    from workflow.cli.acting import actor
    from workflow.cli.calendar_page import plain_kept
    from workflow.cli.opening import open_banjie
    from workflow.config import Settings
    from workflow.engine.calendar_notices import publish as make_public

    settings = Settings.from_environment()
    with open_banjie(settings) as banjie:
        kept = make_public(banjie, calendar, notice_id, by=actor(by))
        behind = banjie.store.behind()
        if as_json:
            emit({**plain_kept(kept, None), "behind": behind})
            return
    say(t("calendar.published", id=notice_id, revision=kept.revision))
    if behind:
        say(t("calendar.to_be_swept", behind=behind))
        _tell_who_sweeps(settings)


def notices(as_json: Json = False) -> None:
    from workflow.cli.calendar_page import kept_lines, plain_kept, shipped_sweeps
    from workflow.cli.opening import open_banjie

    with open_banjie() as banjie:
        kept, sweeps, behind = banjie.store.kept_notices(), banjie.store.sweeps(), banjie.store.behind()
        of = {sweep.revision: sweep for sweep in sweeps}
        if as_json:
            told = [plain_kept(one, of.get(one.revision) if one.revision else None) for one in kept]
            counts = {"revision": banjie.store.calendar_revision(), "behind": behind}
            emit({**counts, "notices": told, "shipped": shipped_sweeps(kept, of)})
            return
        for line in kept_lines(banjie, kept, of, behind):
            say(line)


def read_notice(file: str, *, number: str, title: str, issued_on: str | None, notice_id: str) -> Notice:
    """The notice in a file: our own form, or one of holiday-cn, which needs the day it was published and should be given
    its number. Raises BadInput, BadDefinition.
    """
    from workflow.catalog.calendars import notice_from
    from workflow.catalog.holiday_cn import is_holiday_cn, notice_of_year
    from workflow.cli.input_file import read_mapping

    if not file.endswith(".json"):
        if number or title or issued_on or notice_id:
            raise BadInput(reason=t("calendar.usage.said_in_file", file=file))
        if not Path(file).is_file():
            raise BadInput(reason=t("calendar.usage.no_file", file=file))
        return notice_from(Path(file))
    data = read_mapping(file)
    if not is_holiday_cn(data):
        raise BadInput(reason=t("calendar.usage.not_holiday_cn", file=file))
    if issued_on is None:
        raise BadInput(reason=t("calendar.usage.issued_on", file=file))
    return notice_of_year(data, issued_on=to_date(issued_on), notice_id=notice_id, number=number, title=title)


def _proposed(calendar: str, notice: Notice, by: str | None) -> str:
    """Put it down in the database; gives who did, who may be another who did it before."""
    from workflow.cli.acting import actor
    from workflow.cli.opening import open_banjie
    from workflow.engine.calendar_notices import propose

    with open_banjie() as banjie:
        return propose(banjie, calendar, notice, by=actor(by)).proposed_by


def _tell_who_sweeps(settings: Settings) -> None:
    from workflow.cli.broker import stack_is_up

    if not stack_is_up(settings):
        note(t("calendar.nobody_sweeps"))
