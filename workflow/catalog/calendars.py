"""Calendars from `definitions/calendars/`: one folder each, its notices one file each.

A folder of an installation (`BANJIE_DEFINITIONS`) may add calendars, or notices to a shipped one: the same file name
replaces, another adds. What is read is checked whole: every fault has its file and line.

The code of a calendar may go on with layers, `cn+gx+organ-7`: the nation, then what the region's layer says, then the
organ's, each a file in the calendar's `layers/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from workflow.catalog.faults import Fault
from workflow.catalog.sheet import NO_DAY, Sheet, finish, open_sheet
from workflow.domain.calendar import Calendar, Layer, LayerDay, LayerKind, Notice, NoticeDay, WeeklyRest
from workflow.domain.regulation import EASTER, Feast, Regulation
from workflow.errors import UnknownCalendar
from workflow.texts import shipped_definitions

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_FOLDER: Final = "calendars"
_KINDS: Final[dict[str, LayerKind]] = {
    "closed": "closed",
    "open": "open",
    "half_day": "half_day",
    "emergency": "emergency",
}


def calendar_codes(extra: Path | None = None) -> list[str]:
    """The codes of all calendars there are."""
    return sorted(
        {path.parent.name for root in _roots(extra) for path in (root / _FOLDER).glob("*/calendar.yaml")}
    )


@cache
def load_calendar(code: str, extra: Path | None = None) -> Calendar:
    """Read one calendar from the shipped definitions and, beside them, an installation's own folder.

    Raises UnknownCalendar (of a layer too), or BadDefinition with every fault in its files.
    """
    base, *above = code.split("+")
    files = _files(base, extra)
    if "calendar.yaml" not in files:
        raise UnknownCalendar(name=code)
    faults: list[Fault] = []
    sheet = open_sheet(files["calendar.yaml"], faults)
    almanac = _almanac(open_sheet(files["almanac.yaml"], faults)) if "almanac.yaml" in files else {}
    texts: tuple[Regulation, ...] = ()
    if "regulations.yaml" in files:
        texts = _regulations(open_sheet(files["regulations.yaml"], faults), set(almanac))
    papers = [
        read_notice(open_sheet(path, faults)) for name, path in files.items() if name.startswith("notices/")
    ]
    layers = [
        read_layer(open_sheet(path, faults)) for name, path in files.items() if name.startswith("layers/")
    ]
    sheet.text("code")
    sheet.words("title")
    rest = tuple(_weekly_rest(sheet))
    names = sheet.sheet("names")
    zone, settled = sheet.text("zone"), sheet.flag("settled")
    translated = {name: names.text(name) for name in names.keys()}  # noqa: SIM118 - asking for them is the point
    sheet.close()
    finish(faults)
    known = {layer.code: layer for layer in layers}
    if not set(above) <= set(known):
        raise UnknownCalendar(name=code)
    return Calendar(
        code=base,
        zone=zone,
        notices=tuple(papers),
        regulations=texts,
        almanac=almanac,
        weekly_rest=rest,
        layers=tuple(known[layer] for layer in above),
        names=translated,
        settled=settled,
    )


def notice_from(path: Path) -> Notice:
    """Read one notice from a file outside the definitions. Raises BadDefinition with every fault in it."""
    faults: list[Fault] = []
    paper = read_notice(open_sheet(path, faults))
    finish(faults)
    return paper


def read_notice(sheet: Sheet) -> Notice:
    """A notice from its sheet, the faults noted there."""
    confirms = sheet.whole("confirms", 0)
    paper = Notice(
        id=sheet.text("id"),
        number=sheet.text("number"),
        title=sheet.text("title"),
        issued_on=sheet.day("issued_on"),
        source=sheet.text("source"),
        days=tuple(_days(sheet)),
        confirms=confirms or None,
    )
    if sheet.day("signed_on") > paper.issued_on:
        sheet.fault("issued_on", "calendar.known_before_signed")
    sheet.close()
    return paper


def read_layer(sheet: Sheet) -> Layer:
    """A region's or an organ's layer from its sheet, the faults noted there."""
    days: list[LayerDay] = []
    code, title = sheet.text("code"), sheet.text("title")
    for entry in sheet.sheets("days"):
        kind = _KINDS.get(entry.text("kind"))
        if kind is None:
            entry.fault("kind", "shape.choice", value=entry.text("kind"), known=", ".join(_KINDS))
            kind = "closed"
        name, decided_on = entry.text("name"), entry.day("decided_on")
        source, closes_at = entry.text("source"), entry.clock_time("closes_at")
        if (kind == "half_day") != (closes_at is not None):
            entry.fault("closes_at", "calendar.half_day")
        days.extend(
            LayerDay(
                date=day, kind=kind, name=name, decided_on=decided_on, source=source, closes_at=closes_at
            )
            for day in _span(entry, "dates", entry.text("dates"))
        )
        entry.close()
    sheet.close()
    return Layer(code=code, title=title, days=tuple(days))


def _days(sheet: Sheet) -> Iterator[NoticeDay]:
    seen: set[date] = set()
    for holiday in sheet.sheets("holidays"):
        name = holiday.text("name")
        for key, off in (("rest", True), ("worked", False)):
            for text in holiday.texts(key):
                for day in _span(holiday, key, text):
                    if day in seen:
                        holiday.fault(key, "calendar.day_twice", day=day.isoformat())
                    seen.add(day)
                    yield NoticeDay(date=day, off=off, name=name)
        holiday.close()


def _span(sheet: Sheet, key: str, text: str) -> Iterator[date]:
    first, dots, last = text.partition("..")
    begins = sheet.as_day(key, first)
    ends = sheet.as_day(key, last) if dots else begins
    if NO_DAY in (begins, ends):
        return
    if not begins <= ends <= begins + timedelta(days=60):
        sheet.fault(key, "calendar.span", span=text)
        return
    for nth in range((ends - begins).days + 1):
        yield begins + timedelta(days=nth)


def _weekly_rest(sheet: Sheet) -> Iterator[WeeklyRest]:
    for entry in sheet.sheets("weekly_rest"):
        days = entry.texts("days")
        if not set(days) <= set(WEEKDAYS) or len(set(days)) == len(WEEKDAYS):
            entry.fault("days", "shape.choice", value=", ".join(days), known=", ".join(WEEKDAYS))
        known = frozenset(WEEKDAYS.index(day) for day in days if day in WEEKDAYS)
        yield WeeklyRest(valid_from=entry.day("from"), weekdays=known)
        entry.close()


def _regulations(sheet: Sheet, tables: set[str]) -> tuple[Regulation, ...]:
    texts = []
    for entry in sheet.sheets("regulations"):
        texts.append(
            Regulation(
                id=entry.text("id"),
                number=entry.text("number"),
                title=entry.text("title"),
                promulgated_on=entry.day("promulgated_on"),
                in_force_from=entry.day("in_force_from"),
                feasts=tuple(_feasts(entry, tables)),
            )
        )
        entry.close()
    sheet.close()
    return tuple(texts)


def _feasts(sheet: Sheet, tables: set[str]) -> Iterator[Feast]:
    for entry in sheet.sheets("feasts"):
        anchor = entry.text("day")
        if anchor not in tables | {EASTER}:
            entry.as_day("day", f"2000-{anchor}")
        yield Feast(
            name=entry.text("name"),
            anchor=anchor,
            offset=entry.whole("offset", 0),
            days=entry.whole("days", 1),
            if_sunday=entry.whole("if_sunday", 0),
        )
        entry.close()


def _almanac(sheet: Sheet) -> dict[str, dict[int, date]]:
    sheet.text("source")
    columns = sheet.texts("columns")
    tables: dict[str, dict[int, date]] = {column: {} for column in columns}
    years = sheet.sheet("years")
    for year in years.keys():  # noqa: SIM118 - asking for them is the point
        row = years.texts(year)
        if not year.isdecimal() or len(row) != len(columns):
            years.fault(year, "calendar.almanac_row", columns=len(columns))
            continue
        for column, text in zip(columns, row, strict=True):
            tables[column][int(year)] = years.as_day(year, f"{year}-{text}")
    sheet.close()
    return tables


def _files(code: str, extra: Path | None) -> dict[str, Path]:
    """The files of a calendar by their path inside its folder; an installation's own replace the shipped ones."""
    found: dict[str, Path] = {}
    for root in _roots(extra):
        folder = root / _FOLDER / code
        found.update({path.relative_to(folder).as_posix(): path for path in sorted(folder.glob("**/*.yaml"))})
    return found


def _roots(extra: Path | None) -> Iterable[Path]:
    return [shipped_definitions(), *([extra] if extra is not None else [])]
