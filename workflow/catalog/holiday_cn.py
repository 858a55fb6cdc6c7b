"""Notices in the form of the public data set holiday-cn (one JSON file a year): its days, and what the file leaves out.

Such a file names the papers it was made of by their addresses only. Their number, title and day come from whoever brings
it, because a due date cites them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from workflow.domain.notices import Notice, NoticeDay
from workflow.errors import BadInput


def is_holiday_cn(data: Mapping[str, Any]) -> bool:
    """Whether this looks like a file of holiday-cn."""
    return {"year", "papers", "days"} <= set(data)


def notice_of_year(
    data: Mapping[str, Any],
    *,
    issued_on: date,
    notice_id: str = "",
    number: str = "",
    title: str = "",
) -> Notice:
    """The notice that a file of holiday-cn holds; it arranges its year as a whole. Raises BadInput with every fault."""
    faults = list(_faults(data))
    if faults:
        raise BadInput(reason="; ".join(faults))
    year = data["year"]
    return Notice(
        id=notice_id or f"cn-{year}",
        number=number,
        title=title or f"国务院办公厅关于{year}年部分节假日安排的通知",
        issued_on=issued_on,
        source=" ".join(data["papers"]),
        days=tuple(
            NoticeDay(date=date.fromisoformat(day["date"]), off=day["isOffDay"], name=day["name"])
            for day in data["days"]
        ),
        confirms=year,
    )


def _faults(data: Mapping[str, Any]) -> Iterator[str]:
    year, papers, days = data.get("year"), data.get("papers"), data.get("days")
    if isinstance(year, bool) or not isinstance(year, int):
        yield f"year: {year!r}"
    if not isinstance(papers, list) or not all(isinstance(paper, str) for paper in papers):
        yield "papers: a list of addresses is wanted"
    if not isinstance(days, list) or not days:
        yield "days: a list of days is wanted"
        return
    seen: set[str] = set()
    for number, day in enumerate(days, 1):
        fault = _fault_of(day, seen)
        if fault:
            yield f"days[{number}]: {fault}"


def _fault_of(day: Any, seen: set[str]) -> str:
    if not isinstance(day, Mapping):
        return f"{day!r}"
    on, name = day.get("date"), day.get("name")
    try:
        if not isinstance(on, str) or date.fromisoformat(on).isoformat() != on:
            return f"date: {on!r}"
    except ValueError:
        return f"date: {on!r}"
    if on in seen:
        return f"date: {on} twice"
    seen.add(on)
    if not isinstance(name, str) or not name:
        return f"name: {name!r}"
    return "" if isinstance(day.get("isOffDay"), bool) else f"isOffDay: {day.get('isOffDay')!r}"
