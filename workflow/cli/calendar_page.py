"""How notices on holidays look: what they change, whom they move, and how far a published one has been carried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from workflow.cli.rendering import day, local, pairs, table
from workflow.domain.explanation_words import REASONS, WEEKDAYS
from workflow.texts import language, t

if TYPE_CHECKING:
    from workflow.domain.calendar import Calendar, CalendarDay, Notice
    from workflow.domain.calendar_changes import Change
    from workflow.domain.events import DueDate
    from workflow.engine.banjie import Banjie
    from workflow.engine.calendar_notices import Impact, Move
    from workflow.storage.calendar_register import KeptNotice, Sweep

MOST_SHOWN: Final = 20
"""Moves shown to a person one by one; a program is given all."""

KINDS: Final = ("later", "earlier", "confirmed", "stopped", "ladder")


# --- what changes ---------------------------------------------------------------------------------------------------


def change_lines(found: Sequence[Change], before: Calendar, after: Calendar) -> Iterator[str]:
    """Each day that is worked or off otherwise than before; of those that only become certain, how many."""
    moved = [change for change in found if change.moves_dates]
    certain = sum(change.before.provisional and not change.after.provisional for change in found)
    if not found:
        yield t("calendar.changes.none")
    if moved:
        yield t("calendar.changes.some", count=len(moved))
        heads = [t(f"calendar.label.{name}") for name in ("date", "weekday", "before", "after")]
        weekdays = WEEKDAYS[language()]
        yield from table(
            heads,
            [
                (
                    change.after.date.isoformat(),
                    weekdays[change.after.date.weekday()],
                    _said(change.before, before),
                    _said(change.after, after),
                )
                for change in moved
            ],
        )
    if certain:
        yield t("calendar.changes.certain", count=certain)


def _said(of: CalendarDay, calendar: Calendar) -> str:
    lang = language()
    fields = {"name": calendar.called(of.name)[lang], "notice": calendar.cited(of.notice)}
    return REASONS[of.reason][lang].format(**fields)


def plain_change(change: Change, before: Calendar, after: Calendar) -> dict[str, Any]:
    return {
        "date": change.after.date,
        "moves_dates": change.moves_dates,
        "before": _plain_day(change.before, before),
        "after": _plain_day(change.after, after),
    }


def _plain_day(of: CalendarDay, calendar: Calendar) -> dict[str, Any]:
    return {
        "working": of.working,
        "reason": of.reason,
        "name": calendar.called(of.name)[language()],
        "notice": calendar.cited(of.notice),
        "provisional": of.provisional,
    }


def plain_notice(paper: Notice) -> dict[str, Any]:
    return {
        "id": paper.id,
        "number": paper.number,
        "title": paper.title,
        "issued_on": paper.issued_on,
        "source": paper.source,
        "confirms": paper.confirms,
    }


# --- whom it moves --------------------------------------------------------------------------------------------------


def impact_lines(banjie: Banjie, found: Impact) -> Iterator[str]:
    """What a notice would do: the days, the groups of periods, the findings, and the first of the periods by number."""
    yield t("calendar.impact.days", count=sum(change.moves_dates for change in found.changes))
    yield t("calendar.impact.looked", looked=found.looked, moved=len(found.moves))
    if found.moves:
        yield ""
        heads = [t(f"calendar.label.{name}") for name in ("matter", "clock", *KINDS)]
        yield from table(heads, _groups(banjie, found))
        yield ""
        heads = [t(f"calendar.label.{name}") for name in ("case", "clock", "old", "new", "change")]
        rows = [_move(banjie, move) for move in found.moves[:MOST_SHOWN]]
        yield from table(heads, rows)
        if len(found.moves) > MOST_SHOWN:
            yield t("calendar.impact.more", count=len(found.moves) - MOST_SHOWN)
    yield ""
    yield from pairs(
        [
            (t("calendar.label.cured"), str(found.cured)),
            (t("calendar.label.warned"), str(found.warned)),
            (t("calendar.label.failed"), str(len(found.failed)) if found.failed else ""),
        ]
    )
    for no, why in sorted(found.failed.items())[:MOST_SHOWN]:
        yield f"  {no}  {why}"


def _groups(banjie: Banjie, found: Impact) -> Iterator[tuple[str, ...]]:
    groups = found.groups()
    for matter, clock in sorted({(matter, clock) for matter, clock, _ in groups}):
        counts = (str(groups.get((matter, clock, kind), 0) or "") for kind in KINDS)
        yield (_matter(banjie, matter), _clock(banjie, matter, clock), *counts)


def _matter(banjie: Banjie, code: str) -> str:
    known = banjie.catalog.matters.get(code)
    return known.title() if known is not None else code


def _clock(banjie: Banjie, matter: str, clock: str) -> str:
    known = banjie.catalog.matters.get(matter)
    return known.text(f"clocks.{clock}", default=clock) if known is not None else clock


def _move(banjie: Banjie, move: Move) -> tuple[str, ...]:
    return (
        move.no,
        _clock(banjie, move.matter, move.clock),
        _date(move.old),
        _date(move.new),
        t(f"calendar.label.{move.kind}"),
    )


def _date(due: DueDate | None) -> str:
    if due is None:
        return t("calendar.no_date")
    return t("calendar.provisional_date", on=due.on) if due.provisional else day(due.on)


def plain_impact(notice: Notice, found: Impact) -> dict[str, Any]:
    return {
        "notice": plain_notice(notice),
        "days": sum(change.moves_dates for change in found.changes),
        "looked": found.looked,
        "moved": len(found.moves),
        "cured": found.cured,
        "warned": found.warned,
        "failed": dict(found.failed),
        "groups": [
            {"matter": matter, "clock": clock, "kind": kind, "count": count}
            for (matter, clock, kind), count in sorted(found.groups().items())
        ],
        "moves": [
            {
                "no": move.no,
                "matter": move.matter,
                "clock": move.clock,
                "generation": move.generation,
                "kind": move.kind,
                "old": _plain_due(move.old),
                "new": _plain_due(move.new),
            }
            for move in found.moves
        ],
    }


def _plain_due(due: DueDate | None) -> dict[str, Any] | None:
    return {"on": due.on, "at": due.at, "provisional": due.provisional} if due is not None else None


# --- how far it has been carried ------------------------------------------------------------------------------------


def kept_lines(
    banjie: Banjie, kept: Sequence[KeptNotice], sweeps: Mapping[int, Sweep], behind: int
) -> Iterator[str]:
    """Every notice that was proposed here, with where it stands."""
    if kept:
        heads = [t(f"calendar.label.{name}") for name in ("id", "notice", "proposed", "published", "carried")]
        yield from table(heads, [_kept(banjie, one, sweeps) for one in kept])
    else:
        yield t("calendar.kept.none")
    for sweep in shipped_sweeps(kept, sweeps):
        yield t("calendar.kept.shipped", version=sweep.notice, carried=sweep_line(sweep))
    if behind:
        yield t("calendar.to_be_swept", behind=behind)
    for sweep in sweeps.values():
        if sweep.failed:
            yield t("calendar.kept.failed", id=sweep.notice, count=sweep.failed, error=sweep.error)


def _kept(banjie: Banjie, one: KeptNotice, sweeps: Mapping[int, Sweep]) -> tuple[str, ...]:
    zone = banjie.catalog.calendars[one.calendar].zone
    people = banjie.directory().persons

    def done(by: str, at: str) -> str:
        return t("calendar.kept.by", person=people[by].name if by in people else by, at=at)

    published = t("calendar.kept.waits")
    if one.published_by is not None:
        published = done(one.published_by, local(one.published_at, zone))
    return (
        one.notice.id,
        one.notice.number or one.notice.title,
        done(one.proposed_by, local(one.proposed_at, zone)),
        published,
        sweep_line(sweeps.get(one.revision)) if one.revision is not None else "",
    )


def sweep_line(sweep: Sweep | None) -> str:
    """How far a notice has been carried, on one line."""
    if sweep is None:
        return ""
    return t(
        "calendar.kept.under_way" if sweep.done_at is None else "calendar.kept.done",
        looked=sweep.looked,
        moved=sweep.moved,
        cured=sweep.cured,
        warned=sweep.warned,
    )


def shipped_sweeps(kept: Sequence[KeptNotice], sweeps: Mapping[int, Sweep]) -> list[Sweep]:
    """The sweeps for calendars that came with a release."""
    published = {one.revision for one in kept}
    return [sweep for sweep in sweeps.values() if sweep.revision not in published]


def plain_kept(one: KeptNotice, sweep: Sweep | None) -> dict[str, Any]:
    return {
        **plain_notice(one.notice),
        "calendar": one.calendar,
        "proposed_by": one.proposed_by,
        "proposed_at": one.proposed_at,
        "published_by": one.published_by,
        "published_at": one.published_at,
        "revision": one.revision,
        "sweep": sweep,
    }
