"""When a message may go out: quiet hours (免打扰时段), the daily digest (每日汇总), rate limits, the next try.

All instants here are real time, also in an installation whose clock is simulated: a person sleeps by the real night, and
a mail server is down for a real hour.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflow.domain.notification.values import ALWAYS, URGENT, Kind

FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=1)
LONGEST_WISH: Final = timedelta(days=1)
"""How long a receiver can put us off by its Retry-After."""

HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """How a person wants to be told: `channels` in the order of preference (none named: those of the installation), the
    `addresses` by channel, a daily `digest` at a time of day, `quiet` hours from one time of day to another, over midnight
    where the second is earlier; `declined` kinds.
    """

    language: str | None = None
    channels: tuple[str, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    digest: time | None = None
    quiet: tuple[time, time] | None = None
    declined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done with a notification now: send it; wait until `later`, in a digest or alone; or never, and why."""

    later: datetime | None = None
    digest: bool = False
    never: str | None = None


def plan(
    kind: Kind,
    wish: Preference,
    now: datetime,
    *,
    zone: str,
    in_digest: bool = False,
    recent: int = 0,
    per_hour: int,
) -> Plan:
    """What a person's wishes, and the limit of `per_hour` messages of which `recent` went out within the hour, make of a
    notification. One that is part of a digest by now waits for no other.
    """
    if kind in wish.declined and kind not in ALWAYS:
        return Plan(never="declined")
    if wish.digest is not None and not in_digest and kind not in URGENT:
        return Plan(later=_awake(next_at(now, wish.digest, zone), wish, zone), digest=True)
    awake = _awake(now, wish, zone)
    if awake > now:
        return Plan(later=awake, digest=in_digest)
    if recent >= per_hour and not in_digest:
        return Plan(later=_awake(_next_hour(now), wish, zone), digest=True)
    return Plan()


def quiet_until(now: datetime, quiet: tuple[time, time] | None, zone: str) -> datetime | None:
    """When the quiet hours end in which `now` (UTC) falls; None outside them. Their end itself is not quiet."""
    if quiet is None or quiet[0] == quiet[1]:
        return None
    begin, end = quiet
    here = now.astimezone(ZoneInfo(zone)).time().replace(tzinfo=None)
    inside = begin <= here < end if begin < end else here >= begin or here < end
    return next_at(now, end, zone) if inside else None


def next_at(now: datetime, when: time, zone: str) -> datetime:
    """The next instant (UTC) after `now` at which clocks in `zone` show that time of day."""
    there = ZoneInfo(zone)
    day = now.astimezone(there).date()
    for ahead in range(3):
        moment = datetime.combine(day + timedelta(days=ahead), when, there).astimezone(UTC)
        if moment > now:
            return moment
    raise AssertionError("unreachable")


def next_try(delivery: str, attempt: int, now: datetime, *, asked: timedelta | None = None) -> datetime:
    """When to try again after the failed `attempt` (from 1 on): half a minute, then twice as long each time up to an hour,
    give or take a quarter by the delivery's own hash, so that a thousand that failed together do not come back together.
    A receiver that asked for a pause (`Retry-After`) gets it, up to a day.
    """
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(attempt - 1, 20), LONGEST_PAUSE)
    digest = hashlib.sha256(f"{delivery}:{attempt}".encode()).digest()
    share: int = int.from_bytes(digest[:4], "big")
    spread: timedelta = pause * 3 // 4 + pause * share // 2**33
    return now + max(spread, min(asked or timedelta(0), LONGEST_WISH))


def _awake(moment: datetime, wish: Preference, zone: str) -> datetime:
    return quiet_until(moment, wish.quiet, zone) or moment


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + HOUR
