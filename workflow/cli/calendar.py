"""`banjie calendar`: the working days of a year; what a new notice on holidays goes through is in `calendar_notices`."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.cli import calendar_notices
from workflow.cli.deadline import AsOf, CalendarCode, Json, known_calendar
from workflow.cli.rendering import emit, say, table
from workflow.errors import DatabaseUnavailable, OutOfCalendar
from workflow.texts import language, t

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workflow.domain.calendar import Calendar, CalendarDay, Notice

app = typer.Typer(no_args_is_help=True, help=t("calendar.help.calendar"))

DAYS_OFF = frozenset({"holiday", "assumed_holiday", "closed", "emergency"})
"""Reasons for which a day is off beyond the weekly rest."""


@app.command(help=t("calendar.help.show"))
def show(
    year: Annotated[int, typer.Argument(metavar="YEAR", help=t("calendar.help.year"))],
    calendar: CalendarCode = "cn",
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    from workflow.domain.calendar import FIRST_YEAR, LAST_YEAR

    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutOfCalendar(what=str(year), first=FIRST_YEAR, last=LAST_YEAR)
    known = known_calendar(calendar, as_of)
    behind = _behind()
    days = list(known.days(date(year, 1, 1), date(year, 12, 31)))
    papers = papers_of(known, days)
    months = {month: sum(day.working for day in those) for month, those in _by_month(days)}
    provisional = any(day.provisional for day in days)
    if as_json:
        emit(
            {
                "year": year,
                "calendar": known.code,
                "calendar_version": known.version,
                "provisional": provisional,
                "working_days": sum(months.values()),
                "months": [months[month] for month in range(1, 13)],
                "notices": [_plain_notice(paper) for paper in papers],
                "days": [_plain_day(day, known) for day in days if day.notice is not None],
                "behind": behind,
            }
        )
        return
    say(t("calendar.title", year=year, calendar=known.code, days=sum(months.values())))
    if provisional:
        say(t("calendar.provisional"))
    say()
    _tell_holidays(known, days)
    say()
    heads = [t("calendar.label.month"), *(str(month) for month in range(1, 13))]
    for line in table(
        heads, [(t("calendar.label.working_days"), *(str(months[month]) for month in range(1, 13)))]
    ):
        say(line)
    say()
    for paper in papers:
        say(t("calendar.notice", number=paper.number, title=paper.title, issued_on=paper.issued_on))
        say(f"  {paper.source}")
    say(t("calendar.version", version=known.version))
    if behind:
        say(t("calendar.to_be_swept", behind=behind))


app.command("import", help=t("calendar.help.import"))(calendar_notices.import_)
app.command(help=t("calendar.help.impact"))(calendar_notices.impact)
app.command(help=t("calendar.help.publish"))(calendar_notices.publish)
app.command(help=t("calendar.help.notices"))(calendar_notices.notices)


def _behind() -> int | None:
    """How many open periods here a published notice has not come to yet; none where that cannot be asked."""
    from workflow.config import Settings
    from workflow.storage.published import clocks_behind

    try:
        return clocks_behind(Settings.from_environment().database_url)
    except DatabaseUnavailable:
        return None  # `known_calendar` has said so


def papers_of(calendar: Calendar, days: Sequence[CalendarDay]) -> list[Notice]:
    """The notices that decide any of the days, or arrange their year, in the order in which they were issued."""
    ids = {day.notice for day in days}
    years = {day.date.year for day in days}
    return [paper for paper in calendar.notices if paper.id in ids or paper.confirms in years]


def _tell_holidays(calendar: Calendar, days: Sequence[CalendarDay]) -> None:
    heads = [t(f"calendar.label.{name}") for name in ("holiday", "off", "worked", "notice")]
    rows = []
    for name, those in _by_name(days):
        off = [day.date for day in those if day.reason in DAYS_OFF]
        worked = [day.date for day in those if day.reason == "make_up"]
        papers = dict.fromkeys(calendar.cited(day.notice) for day in those)
        rows.append(
            (calendar.called(name)[language()], _spans(off), _spans(worked), t("calendar.and").join(papers))
        )
    for line in table(heads, rows) if rows else [t("calendar.none")]:
        say(line)


def _by_name(days: Sequence[CalendarDay]) -> Iterator[tuple[str, list[CalendarDay]]]:
    """The days of each holiday together, though the weekend day worked for it may lie weeks before."""
    found: dict[str, list[CalendarDay]] = {}
    for day in days:
        if day.name:
            found.setdefault(day.name, []).append(day)
    yield from found.items()


def _by_month(days: Sequence[CalendarDay]) -> Iterator[tuple[int, list[CalendarDay]]]:
    for month, those in groupby(days, key=lambda day: day.date.month):
        yield month, list(those)


def _spans(days: Sequence[date]) -> str:
    """`05-01..05-03, 05-07`: days in a row as one span."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"{run[0]:%m-%d}" if len(run) == 1 else f"{run[0]:%m-%d}..{run[-1]:%m-%d}" for run in runs
    )


def _plain_notice(paper: Notice) -> dict[str, Any]:
    return {
        "id": paper.id,
        "number": paper.number,
        "title": paper.title,
        "issued_on": paper.issued_on,
        "source": paper.source,
    }


def _plain_day(day: CalendarDay, calendar: Calendar) -> dict[str, Any]:
    return {
        "date": day.date,
        "working": day.working,
        "reason": day.reason,
        "name": calendar.called(day.name)[language()],
        "notice": calendar.cited(day.notice),
        "provisional": day.provisional,
    }
