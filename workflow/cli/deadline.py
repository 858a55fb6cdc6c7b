"""`banjie deadline`: reckon a period, or the time between two days, and give the reason for every day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from workflow.cli.rendering import emit, note, pairs, say, table
from workflow.errors import BadDate, BadInput, DatabaseUnavailable
from workflow.texts import language, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.domain.calendar import Calendar
    from workflow.domain.explanation import ExplainedDay, Explanation
    from workflow.domain.reckoning import DateRange

app = typer.Typer(no_args_is_help=True, help=t("deadline.help.deadline"))

CalendarCode = Annotated[str, typer.Option("--calendar", metavar="CODE", help=t("deadline.help.calendar"))]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=t("deadline.help.as_of"))]
Explain = Annotated[bool, typer.Option("--explain", help=t("deadline.help.explain"))]
Json = Annotated[bool, typer.Option("--json", help=t("cli.help.json"))]


@app.command("add", help=t("deadline.help.add"))
def add_(
    start: Annotated[str, typer.Argument(metavar="START", help=t("deadline.help.start"))],
    period: Annotated[str, typer.Argument(metavar="PERIOD", help=t("deadline.help.period"))],
    backward: Annotated[bool, typer.Option("--backward", help=t("deadline.help.backward"))] = False,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="A..B", help=t("deadline.help.exclude"))
    ] = None,
    as_of: AsOf = None,
    calendar: CalendarCode = "cn",
    no_roll: Annotated[bool, typer.Option("--no-roll", help=t("deadline.help.no_roll"))] = False,
    explain: Explain = False,
    as_json: Json = False,
) -> None:
    from workflow.domain.explanation import explain_add
    from workflow.domain.law import EndOfDayRule, RollRule
    from workflow.domain.period import parse_period

    length = parse_period(period)
    known = known_calendar(calendar, as_of)
    # A last day that is a rest day moves away from the start: back, where the period is counted back.
    roll = RollRule.NONE if no_roll else RollRule.PREVIOUS if backward else RollRule.NEXT
    explanation = explain_add(
        _start(start, known.zone),
        length,
        known,
        zone=known.zone,
        roll=roll,
        end_of_day=EndOfDayRule.MIDNIGHT,
        excluded=[_span(text) for text in exclude or []],
        backward=backward,
    )
    if as_json:
        emit(
            {**explanation.plain(language()), "start": start, "backward": backward, "excluded": exclude or []}
        )
    else:
        _tell(explanation, explain=explain)


@app.command(help=t("deadline.help.between"))
def between(
    first: Annotated[str, typer.Argument(metavar="A", help=t("deadline.help.first"))],
    last: Annotated[str, typer.Argument(metavar="B", help=t("deadline.help.last"))],
    as_of: AsOf = None,
    calendar: CalendarCode = "cn",
    explain: Explain = False,
    as_json: Json = False,
) -> None:
    from workflow.domain.explanation import explain_between
    from workflow.domain.reckoning import between as reckon

    known = known_calendar(calendar, as_of)
    a, b = to_date(first), to_date(last)
    found, days = reckon(a, b, known), explain_between(a, b, known)
    if as_json:
        emit(
            {
                "start": a,
                "end": b,
                "working_days": found.working_days,
                "calendar_days": found.calendar_days,
                "provisional": found.provisional,
                "calendar_version": found.calendar,
                "days": [day.plain(language()) for day in days],
            }
        )
        return
    say(t("deadline.between", first=a, last=b, working=found.working_days, days=found.calendar_days))
    _warn(provisional=found.provisional, calendar=found.calendar)
    if explain:
        _list(days)


def known_calendar(code: str, as_of: str | None) -> Calendar:
    """The calendar of a code, with the notices of the installation's folder and those published in its database, as it was
    known on a day. Raises UnknownCalendar.
    """
    from workflow.catalog.calendars import load_calendar
    from workflow.config import Settings
    from workflow.storage.published import published_notices

    settings = Settings.from_environment()
    found = load_calendar(code, settings.definitions)
    try:
        papers = [paper for of, paper in published_notices(settings.database_url) if of == found.code]
    except DatabaseUnavailable as error:
        note(t("deadline.definitions_alone", reason=error.fields["reason"]))
        papers = []
    if papers:
        found = found.with_notices(papers)
    return found.as_of(to_date(as_of)) if as_of is not None else found


def to_date(text: str) -> date:
    """A day written YYYY-MM-DD and in no other way. Raises BadDate."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadDate(value=text) from None
    # 20070425 and 2007-W17-3 are ISO 8601 as well, but nobody means them here.
    if found.isoformat() != text:
        raise BadDate(value=text)
    return found


def _start(text: str, zone: str) -> date | datetime:
    """A day, or an instant; one without an offset is on the wall clock of the calendar's zone."""
    if "T" not in text and " " not in text:
        return to_date(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadDate(value=text) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone))


def _span(text: str) -> DateRange:
    from workflow.domain.reckoning import DateRange

    first, dots, last = text.partition("..")
    span = DateRange(first=to_date(first), last=to_date(last if dots else first))
    if span.last < span.first:
        raise BadInput(reason=t("deadline.usage.span", span=text))
    return span


def _tell(explanation: Explanation, *, explain: bool) -> None:
    lang = language()
    due = explanation.due
    if due is None:  # pragma: no cover - a sum always has a result; only a stopped clock has none
        return
    say(
        t(
            "deadline.due_backward" if explanation.backward else "deadline.due",
            on=due.on,
            weekday=_weekday(due.on),
            time=explanation.ends_at(),
        )
    )
    say(explanation.short(lang))
    _warn(provisional=due.provisional, calendar=explanation.calendar)
    if explain:
        _list(explanation.days)


def _warn(*, provisional: bool, calendar: str) -> None:
    certain = t("deadline.provisional") if provisional else ""
    for line in pairs([(t("deadline.label.calendar"), calendar), (t("deadline.label.certainty"), certain)]):
        say(line)


def _list(days: Sequence[ExplainedDay]) -> None:
    lang = language()
    heads = [t(f"deadline.label.{name}") for name in ("date", "weekday", "number", "reason")]
    rows = [
        (day.date.isoformat(), _weekday(day.date), str(day.number) if day.counted else "", day.text(lang))
        for day in days
    ]
    say()
    for line in table(heads, rows):
        say(line)


def _weekday(day: date) -> str:
    from workflow.domain.explanation_words import WEEKDAYS

    return WEEKDAYS[language()][day.weekday()]
