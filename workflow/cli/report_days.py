"""The days of a report as they are written on the command line: a month, a span, a quarter; and which subjects."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from enum import StrEnum

import typer

from workflow.texts import t

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-?[Qq]([1-4])")


class By(StrEnum):
    """Which subjects are compared."""

    ORGAN = "organ"
    UNIT = "unit"
    POST = "post"
    PERSON = "person"


def allow(by: By, *, persons: bool) -> None:
    """Persons are compared only by who says so. Raises BadParameter."""
    if by is By.PERSON and not persons:
        raise typer.BadParameter(t("report.usage.persons"))


def span(month: str | None, first: str | None, last: str | None) -> tuple[date, date]:
    """The first and the last day, both included. Raises BadParameter."""
    if month is not None and first is None and last is None:
        found = _MONTH.fullmatch(month)
        if found is None or int(found[1]) == 0:
            raise typer.BadParameter(t("report.usage.month", value=month))
        return _months(int(found[1]), int(found[2]), 1)
    if month is not None or first is None or last is None:
        raise typer.BadParameter(t("report.usage.days"))
    since, until = day(first), day(last)
    if until < since:
        raise typer.BadParameter(t("report.usage.order"))
    return since, until


def quarter(text: str) -> tuple[date, date]:
    """The days of a quarter, as in 2026Q4. Raises BadParameter."""
    found = _QUARTER.fullmatch(text)
    if found is None or int(found[1]) == 0:
        raise typer.BadParameter(t("report.usage.quarter", value=text))
    return _months(int(found[1]), 3 * int(found[2]) - 2, 3)


def day(text: str) -> date:
    """One day. Raises BadParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(t("report.usage.day", value=text)) from error


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    last = first + count - 1
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
