"""Notices on holidays (放假通知) as the database keeps them: proposed by one person, published by another, never changed.

Each publication raises the revision of the calendars, which every command reads with its case, and opens a sweep over
the open clocks that it may move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Text, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.domain.notices import Notice
from workflow.storage import tables as t
from workflow.storage.columns import Instant, PresentTime, RealNow
from workflow.storage.directory_register import Origin, note
from workflow.storage.faults import TryAgain

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Notice)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNotice:
    """A notice of a calendar in the database; until somebody published it, it counts for nothing. `revision` is the one
    of the calendars that its publication made.
    """

    calendar: str
    notice: Notice
    proposed_by: str
    proposed_at: datetime
    published_by: str | None = None
    published_at: datetime | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """How far a published notice, or a calendar that a program brought (`notice` is its version then), has been carried to
    the open clocks. `looked` and `moved` count clocks, `cured` findings
    cancelled, `warned` dates that came earlier, `failed` cases that could not be re-projected and `error` the last reason;
    what a command on the case itself had moved before is not among them. `begun_at` and `done_at` are real time, on a
    simulated clock too; a clock found late is still counted after `done_at`.
    """

    revision: int
    calendar: str
    notice: str
    reach_from: datetime | None
    begun_at: datetime
    done_at: datetime | None
    looked: int
    moved: int
    cured: int
    warned: int
    failed: int
    error: str | None


# --- the register ---------------------------------------------------------------------------------------------------

_REVISION = select(t.installation.c.calendar_revision)
_NOTICES = select(t.calendar_notices).order_by(
    t.calendar_notices.c.calendar, t.calendar_notices.c.proposed_at, t.calendar_notices.c.id
)
_ONE = _NOTICES.where(
    t.calendar_notices.c.calendar == bindparam("of"), t.calendar_notices.c.id == bindparam("called")
)
_PROPOSE = {
    name: dialect.insert(t.calendar_notices)
    .values(
        calendar=bindparam("of"),
        id=bindparam("called"),
        body=bindparam("content"),
        proposed_by=bindparam("by"),
        proposed_at=PresentTime(),
    )
    .on_conflict_do_nothing()
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_RAISE = (
    update(t.installation)
    .values(calendar_revision=t.installation.c.calendar_revision + 1)
    .where(t.installation.c.calendar_revision == bindparam("seen"))
    .returning(t.installation.c.calendar_revision)
)
_PUBLISH = (
    update(t.calendar_notices)
    .values(published_by=bindparam("by"), published_at=PresentTime(), revision=bindparam("made"))
    .where(t.calendar_notices.c.calendar == bindparam("of"), t.calendar_notices.c.id == bindparam("called"))
)


def calendar_revision(connection: Connection) -> int:
    """How many notices have been published; 0 where the installation is still to be made."""
    return int(connection.execute(_REVISION).scalar() or 0)


def kept_notices(connection: Connection) -> list[KeptNotice]:
    """Every notice there is, calendar by calendar, in the order in which they were proposed."""
    return [_kept(row) for row in connection.execute(_NOTICES)]


def kept_notice(connection: Connection, calendar: str, notice_id: str) -> KeptNotice | None:
    """The notice of that id."""
    row = connection.execute(_ONE, {"of": calendar, "called": notice_id}).first()
    return _kept(row) if row is not None else None


def propose(connection: Connection, calendar: str, notice: Notice, origin: Origin) -> KeptNotice:
    """Put a notice down; one that is there already under its id is left as it is, whatever it says, and given back."""
    given = {"of": calendar, "called": notice.id, "content": _encoder.encode(notice), "by": origin.by}
    if connection.execute(_PROPOSE[connection.dialect.name], given).rowcount:
        note(connection, "calendar.proposed", notice.id, origin, calendar=calendar)
    kept = kept_notice(connection, calendar, notice.id)
    if kept is None:
        raise TryAgain(reason=f"the notice {notice.id} is being proposed at this moment")
    return kept


def publish(
    connection: Connection, kept: KeptNotice, origin: Origin, *, seen: int, reach_from: datetime | None
) -> KeptNotice:
    """Publish a notice and open its sweep; one that is published already is given back as it is.

    `reach_from` was reckoned from the calendars of the revision `seen`: raises TryAgain when there is a later one.
    """
    named = {"of": kept.calendar, "called": kept.notice.id}
    now = connection.execute(_ONE.with_for_update(), named).one()
    if now.published_by is not None:
        return _kept(now)
    # The installation's row makes publications come one after another.
    made = connection.execute(_RAISE, {"seen": seen}).scalar()
    if made is None:
        raise TryAgain(reason="another notice has been published meanwhile")
    connection.execute(_PUBLISH, {**named, "by": origin.by, "made": made})
    note(connection, "calendar.published", kept.notice.id, origin, calendar=kept.calendar, revision=made)
    _open_sweep(connection, made, kept.calendar, kept.notice.id, reach_from)
    return _kept(connection.execute(_ONE, named).one())


def _open_sweep(
    connection: Connection, revision: int, calendar: str, cause: str, reach_from: datetime | None
) -> None:
    row = {"revision": revision, "calendar": calendar, "notice": cause, "reach_from": reach_from}
    connection.execute(t.calendar_sweeps.insert().values(**row, begun_at=RealNow()))


def _kept(row: Any) -> KeptNotice:
    return KeptNotice(
        calendar=row.calendar,
        notice=_decoder.decode(row.body),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        published_by=row.published_by,
        published_at=row.published_at,
        revision=row.revision,
    )


# --- calendars that come with the program --------------------------------------------------------------------------

_SHIPPED = (
    select(t.shipped_calendars.c.version)
    .where(t.shipped_calendars.c.calendar == bindparam("of"))
    .order_by(t.shipped_calendars.c.revision, t.shipped_calendars.c.version)
)
_NOTE_SHIPPED = {
    name: dialect.insert(t.shipped_calendars)
    .values(calendar=bindparam("of"), version=bindparam("version"), revision=_REVISION.scalar_subquery())
    .on_conflict_do_nothing()
    .returning(t.shipped_calendars.c.version)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_RECKONED_OTHERWISE = select(
    exists().where(
        t.clocks.c.ended_on.is_(None),
        t.clocks.c.calendar.like(bindparam("of", type_=Text()) + "@%"),
        t.clocks.c.calendar != bindparam("version"),
    )
)


def shipped_calendars(connection: Connection, calendar: str) -> list[str]:
    """The versions of a calendar that programs have brought here, the first one first."""
    return list(connection.execute(_SHIPPED, {"of": calendar}).scalars())


def reckoned_otherwise(connection: Connection, calendar: str, version: str) -> bool:
    """Whether the date of an open clock rests on another version of this calendar."""
    return bool(connection.execute(_RECKONED_OTHERWISE, {"of": calendar, "version": version}).scalar_one())


def note_shipped(connection: Connection, calendar: str, version: str, reach_from: datetime | None) -> bool:
    """Note that a program brings this version, and open a sweep from `reach_from` on, if that is given; False when
    somebody else has noted it.
    """
    given = {"of": calendar, "version": version}
    # The installation's row makes those who start together come one after another.
    seen = connection.execute(_REVISION.with_for_update()).scalar_one()
    if connection.execute(_NOTE_SHIPPED[connection.dialect.name], given).first() is None:
        return False
    if reach_from is not None:
        made = connection.execute(_RAISE, {"seen": seen}).scalar_one()
        _open_sweep(connection, made, calendar, version, reach_from)
    return True


# --- its sweeps -----------------------------------------------------------------------------------------------------

_SWEEPS = select(t.calendar_sweeps).order_by(t.calendar_sweeps.c.revision)
# The least of an index, not "is there any behind": for that a planner might read the whole table.
_furthest_behind = (
    select(func.min(t.clocks.c.calendar_revision)).where(t.clocks.c.ended_on.is_(None)).scalar_subquery()
)
SWEEP_WAITS = or_(
    func.coalesce(_furthest_behind < _REVISION.scalar_subquery(), False),
    exists().where(t.calendar_sweeps.c.done_at.is_(None)),
)
"""Whether any open clock has not been looked at under the present calendars, or a sweep has not been found done."""

_ANYTHING = select(SWEEP_WAITS)
_BEHIND = select(func.count()).where(
    t.clocks.c.ended_on.is_(None), t.clocks.c.calendar_revision < _REVISION.scalar_subquery()
)
_END = (
    update(t.calendar_sweeps)
    .values(done_at=RealNow())
    .where(
        t.calendar_sweeps.c.done_at.is_(None),
        func.coalesce(_furthest_behind >= t.calendar_sweeps.c.revision, True),
    )
)


def sweeps(connection: Connection) -> list[Sweep]:
    """Every sweep, the first one first."""
    return [Sweep(**row._mapping) for row in connection.execute(_SWEEPS)]  # noqa: SLF001 - its public name


def behind(connection: Connection) -> int:
    """How many open clocks have not been looked at under the present calendars."""
    return int(connection.execute(_BEHIND).scalar_one())


def end_sweeps(connection: Connection) -> None:
    """Note the sweeps that have left no open clock behind as done."""
    connection.execute(_END)


def sweep_waits(connection: Connection) -> bool:
    """Whether a sweep has anything to do; reads only, and of an index."""
    return bool(connection.execute(_ANYTHING).scalar_one())


# --- whom a notice would reach --------------------------------------------------------------------------------------


def reached(calendar: ColumnElement[str], reach_from: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether the window of an open clock reaches a changed day, or its date or ladder may move in another way: it is
    provisional, or time is out. Of which calendar a stopped clock is, only its case knows.
    """
    rungs = t.rungs.c
    of_it = or_(
        t.clocks.c.calendar.is_(None),
        t.clocks.c.calendar.like(calendar + "@%"),
        t.clocks.c.calendar.like(calendar + "+%"),
    )
    ladder = exists().where(
        rungs.case_id == t.clocks.c.case_id,
        rungs.clock == t.clocks.c.clock,
        rungs.generation == t.clocks.c.generation,
        rungs.cancelled_at.is_(None),
        rungs.fires_at > reach_from,
    )
    window = or_(t.clocks.c.provisional, t.clocks.c.due_at.is_(None), t.clocks.c.due_at > reach_from, ladder)
    return and_(of_it, window)


_REACHED = (
    select(t.clocks.c.case_id)
    .where(
        t.clocks.c.ended_on.is_(None),
        or_(
            reached(bindparam("of", type_=Text()), bindparam("from", type_=Instant())),
            t.clocks.c.rule.in_(bindparam("backward", expanding=True)),
        ),
    )
    .distinct()
    .order_by(t.clocks.c.case_id)
)


def cases_reached(
    connection: Connection, calendar: str, reach_from: datetime, backward: Sequence[str]
) -> list[str]:
    """Ids of the cases with an open clock that a notice from `reach_from` on may move, in their order. `backward` are the
    rules that count back from a day, whose window lies before it.
    """
    given = {"of": calendar, "from": reach_from, "backward": list(backward)}
    return list(connection.execute(_REACHED, given).scalars())
