"""Absences followed by the work items (AB岗): what somebody had who is away, or has left, goes to the next in line; what a
deputy has not touched comes back when the absence is over.

It is due when an absence, or a holding of a post, begins or ends, and when the directory changes: `desk_days` says when.
Each item is a command of its own, by the system, and every worker may do it: a key that follows from the item as it
stands makes the second of two sweeps repeat the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from workflow.domain.commands import SYSTEM, TakeAction
from workflow.domain.desk.leaving import AWAY
from workflow.domain.desk.ownership import HEADS
from workflow.domain.directory import Directory
from workflow.domain.instants import DAY, civil_date, start_of_day
from workflow.engine.administration import ZONE
from workflow.engine.handle import handle
from workflow.errors import BanjieError, Unavailable

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.engine.banjie import Banjie
    from workflow.storage.desk_register import OpenItem, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What a sweep did: work items that were `moved` to another; `failed` says why by case."""

    moved: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)


def follow_absences(banjie: Banjie) -> Followed:
    """Look at the work items by the directory in force now, if they wait for it. Raises Unavailable.

    An item that fails stops no other; it is looked at again when the next day begins on which anything changes.
    """
    if not banjie.store.desks.wait():
        return Followed()
    revision = banjie.store.directory.revision()
    directory = banjie.directory(revision)
    on = civil_date(banjie.store.clock().now, ZONE)
    moved, failed = 0, {}
    for action, item in list(_to_move(banjie, directory, on)):
        try:
            moved += _moved(banjie, action, item)
        except Unavailable:
            raise
        except BanjieError as error:
            failed[item.case_id] = f"{error.code}: {error}"
    banjie.store.desks.swept(revision, next_change(directory, on))
    return Followed(moved=moved, failed=failed)


def note_days(banjie: Banjie) -> None:
    """Have the desks looked at once, for a process that begins to keep them where nobody has."""
    on = civil_date(banjie.store.clock().now, ZONE)
    banjie.store.desks.begin(start_of_day(on, ZONE))


def next_change(directory: Directory, on: date) -> datetime | None:
    """When the first civil day after `on` begins on which somebody leaves, comes back, or takes or loses a post (UTC)."""
    days = {day for absence in directory.absences for day in (absence.since, absence.until + DAY)}
    days |= {held.since for held in directory.holdings}
    days |= {held.until + DAY for held in directory.holdings if held.until is not None}
    first = min((day for day in days if day > on), default=None)
    return start_of_day(first, ZONE) if first is not None else None


def _to_move(banjie: Banjie, directory: Directory, on: date) -> Iterator[tuple[str, OpenItem]]:
    """The items that may have to go elsewhere, each with the verb that decides it."""
    for standing in banjie.store.desks.standings():
        action = _verb(directory, standing, on)
        if action is not None:
            for item in banjie.store.desks.like(standing):
                yield action, item


def _verb(directory: Directory, standing: Standing, on: date) -> str | None:
    who = standing.claimed_by
    if who is None:
        return None if directory.present(standing.organ, standing.kind, on, standing.matter) else "hand_over"
    holds = who in directory.holders(standing.organ, standing.kind, on, standing.matter)
    as_head = standing.claimed_how in HEADS and directory.head_of(standing.organ, on) == who
    if directory.absent(who, on) or not (holds or as_head):
        return "hand_over"
    return "give_back" if standing.claimed_how in AWAY else None


def _moved(banjie: Banjie, action: str, item: OpenItem) -> bool:
    if action == "give_back" and not _back(banjie, item):
        return False
    receipt = handle(
        banjie,
        TakeAction(
            case_id=item.case_id,
            key=f"{action}:{item.case_id}:{item.visit}:{item.seq}",
            actor=SYSTEM,
            caused_by=f"directory:{item.visit}",
            action=action,
        ),
    )
    return receipt.version > item.version and not receipt.repeated


def _back(banjie: Banjie, item: OpenItem) -> bool:
    """Whether whoever had the item before is there again and may have it."""
    case = banjie.store.case(item.case_id)
    held = case.desk.assignment if case is not None else None
    if case is None or held is None or held.previous is None:
        return False
    definition = banjie.definition(banjie.store, case.definition)
    on = civil_date(banjie.store.clock().now, definition.zone)
    directory = banjie.directory()
    if directory.absent(held.previous, on):
        return False
    return held.previous in directory.holders(item.organ, item.kind, on, item.matter)
