"""A notice on holidays (放假通知) in a running installation: looked at, proposed by one person, published by another.

Publication makes it count at once, for every process from its next command on, and opens a sweep (`workflow.engine.sweep`)
that carries it to the open clocks. What a notice would move is reckoned beforehand by the very function that moves it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from workflow.domain.administration import UNAPPOINTED
from workflow.domain.calendar_changes import Change, changes, first_touched
from workflow.domain.commands import SYSTEM, Reproject
from workflow.domain.decide import decide
from workflow.domain.directory_rules import KEEPER
from workflow.domain.events import DueDate, DueDateReprojected
from workflow.domain.instants import civil_date, start_of_day
from workflow.domain.scene import Facts
from workflow.engine.administration import require, today
from workflow.engine.banjie import with_notices
from workflow.engine.handle import ATTEMPTS
from workflow.engine.sweep import backward_rules, tally
from workflow.errors import (
    BadInput,
    NotCalendarKeeper,
    NoticeDiffers,
    NoticeKnown,
    SameKeeper,
    UnknownCalendar,
    UnknownNotice,
)
from workflow.storage.directory_register import Origin
from workflow.storage.faults import TryAgain

if TYPE_CHECKING:
    from workflow.domain.calendar import Calendar
    from workflow.domain.case import Case
    from workflow.domain.directory import Duty
    from workflow.domain.notices import Notice
    from workflow.engine.banjie import Banjie
    from workflow.storage.calendar_register import KeptNotice

PAGE = 500
"""Cases read at once."""

Kind = Literal["earlier", "later", "confirmed", "stopped", "ladder"]
"""What becomes of a clock: another date, the same date for sure, none because time is out, or only its alarms move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One open clock that a notice moves, with its old and new date (none while counting is stopped)."""

    case_id: str
    no: str
    matter: str
    clock: str
    generation: int
    old: DueDate | None
    new: DueDate | None

    @property
    def kind(self) -> Kind:
        if self.old is None or self.new is None:
            return "ladder" if self.old is self.new else "stopped"
        if self.new.at != self.old.at:
            return "earlier" if self.new.at < self.old.at else "later"
        return "ladder" if self.new.provisional == self.old.provisional else "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What publishing a notice now would do: the days that change, the clocks that move, the findings that would be `cured`
    and the holders `warned` of an earlier date, of `looked` open clocks in its reach. `failed` says why by case number.
    """

    changes: tuple[Change, ...]
    looked: int
    moves: tuple[Move, ...]
    cured: int
    warned: int
    failed: Mapping[str, str]

    def groups(self) -> Counter[tuple[str, str, Kind]]:
        """How many clocks move how, by matter and clock."""
        return Counter((move.matter, move.clock, move.kind) for move in self.moves)


def propose(banjie: Banjie, calendar: str, notice: Notice, *, by: str) -> KeptNotice:
    """Put a notice down to be published. Proposing the same again changes nothing.

    It is for the system administrator, or a calendar keeper where there is none. Raises UnknownCalendar, UnknownPerson,
    NotAuthorised, NotCalendarKeeper, NoticeKnown, NoticeDiffers; BadInput when it arranges no day or would have become
    known only later.
    """
    shipped = _calendar(banjie.catalog.calendars, calendar)
    now = banjie.store.clock().now
    origin = _require_keeper(banjie, by, "system")
    if shipped.notice(notice.id) is not None:
        raise NoticeKnown(name=notice.id)
    if not notice.days and notice.confirms is None:
        raise BadInput(reason=f"the notice {notice.id} arranges no day")
    if notice.issued_on > civil_date(now, shipped.zone):
        raise BadInput(reason=f"the notice {notice.id} is issued on {notice.issued_on}, which lies ahead")
    kept = banjie.store.propose_notice(calendar, notice, origin)
    if kept.notice != notice:
        raise NoticeDiffers(name=notice.id)
    return kept


def publish(banjie: Banjie, calendar: str, notice_id: str, *, by: str) -> KeptNotice:
    """Publish a notice that another person has proposed, as the security administrator, or as a calendar keeper where there
    is none. Publishing it again changes nothing.

    Raises UnknownCalendar, UnknownNotice, UnknownPerson, NotAuthorised, NotCalendarKeeper, SameKeeper.
    """
    _calendar(banjie.catalog.calendars, calendar)
    found = [kept for kept in banjie.store.kept_notices() if kept.calendar == calendar]
    kept = next((kept for kept in found if kept.notice.id == notice_id), None)
    if kept is None:
        raise UnknownNotice(what="notice", name=notice_id)
    if kept.proposed_by == by:
        raise SameKeeper(actor=by, name=notice_id)
    origin = _require_keeper(banjie, by, "security")
    for attempt in range(ATTEMPTS):
        seen = banjie.store.calendar_revision()
        before = _calendar(banjie.calendars(seen), calendar)
        reach_from = reach(before, before.with_notice(kept.notice))
        try:
            return banjie.store.publish_notice(kept, origin, seen=seen, reach_from=reach_from)
        except TryAgain:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def impact(banjie: Banjie, calendar: str, notice: Notice) -> Impact:
    """What publishing the notice at this moment would do. Nothing is written. Raises UnknownCalendar."""
    calendars = banjie.calendars()
    before = _calendar(calendars, calendar)
    later = with_notices(calendars, [(calendar, notice)])
    after = later[calendar]
    changed = tuple(changes(before, after))
    reach_from = reach(before, after)
    catalog, directory = banjie.catalog, banjie.directory()
    facts = {code: Facts(calendar=of, law=catalog.law, directory=directory) for code, of in later.items()}
    looked = cured = warned = 0
    moves: list[Move] = []
    failed: dict[str, str] = {}
    now = banjie.store.clock().now
    for case in _reached(banjie, calendar, reach_from):
        looked += len(case.open_clocks())
        try:
            definition = banjie.definition(banjie.store, case.definition)
            command = Reproject(case_id=case.id, key="impact", actor=SYSTEM)
            decided = decide(definition, case, command, facts[definition.calendar], now)
        except Exception as error:  # noqa: BLE001 - one case that is not in order must not hide all others
            failed[case.no] = f"{type(error).__name__}: {error}"
            continue
        events = [item.event for item in decided]
        came_to = tally(events)
        cured, warned = cured + came_to.cured, warned + came_to.warned
        moves += [_move(case, event) for event in events if isinstance(event, DueDateReprojected)]
    moves.sort(key=lambda move: (move.no, move.clock, move.generation))
    return Impact(
        changes=changed, looked=looked, moves=tuple(moves), cured=cured, warned=warned, failed=failed
    )


def _calendar(calendars: Mapping[str, Calendar], code: str) -> Calendar:
    known = calendars.get(code)
    if known is None or known.code != code:
        raise UnknownCalendar(name=code)
    return known


def _require_keeper(banjie: Banjie, person: str, duty: Duty) -> Origin:
    """The right to propose, or publish, a notice: the administrator's of that duty, and where the directory names no
    administrators a calendar keeper's.
    """
    origin = require(banjie, person, duty)
    if origin.rule != UNAPPOINTED:
        return origin
    held = banjie.directory().posts_of(person, today(banjie))
    if not any(holding.kind == KEEPER for holding in held):
        raise NotCalendarKeeper(actor=person)
    return Origin(by=person, rule="calendar.keeper")


def reach(before: Calendar, after: Calendar) -> datetime | None:
    """When the first changed day begins."""
    first = first_touched(before, after)
    return start_of_day(first, after.zone) if first is not None else None


def _reached(banjie: Banjie, calendar: str, reach_from: datetime | None) -> Iterator[Case]:
    if reach_from is None:
        return
    store = banjie.store
    case_ids = store.cases_reached(calendar, reach_from, backward_rules(banjie.catalog.law))
    for first in range(0, len(case_ids), PAGE):
        yield from store.cases(case_ids[first : first + PAGE])


def _move(case: Case, event: DueDateReprojected) -> Move:
    return Move(
        case_id=case.id,
        no=case.no,
        matter=case.matter,
        clock=event.clock,
        generation=event.generation,
        old=event.old,
        new=event.due,
    )
