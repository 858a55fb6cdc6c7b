"""The watch over time: whether the clocks can be believed, and what is done while they cannot.

A deadline is a right. When the database's clock jumps, reminders and cards go on, because they can be cancelled; what
nobody can take back (acceptance or renewal deemed, the consent of a silent organ, the end of a notice) is held back until
two persons have said that the clock is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from workflow.engine.administration import require
from workflow.storage.hostclock import BACK, FORWARD, HOST, HostClock
from workflow.storage.watch_register import Seen, Watched

if TYPE_CHECKING:
    from workflow.engine.banjie import Banjie
    from workflow.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """How the clock has jumped: `back` behind what it had told, or `forward` of the time that has really passed."""

    because: str
    shift: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look came to: whether outcomes are frozen, and the jump if this look has just found it."""

    frozen: bool = False
    jump: Jump | None = None


def jump(kept: Watched, seen: Seen) -> Jump | None:
    """How the database's clock has jumped since it was last looked at, or None. What has passed is told by how long the host
    has been running, or, where another host looked last, by the hosts' time of day.
    """
    if seen.database < kept.mark - BACK:
        return Jump(because="back", shift=seen.database - kept.mark)
    same = seen.host == kept.host and seen.elapsed >= kept.elapsed
    passed = seen.elapsed - kept.elapsed if same else seen.host_at - kept.host_at
    ahead = seen.database - kept.mark - passed
    return Jump(because="forward", shift=ahead) if ahead > FORWARD else None


def seen_now(store: Store, host: HostClock = HOST) -> Seen:
    """The times told at this moment."""
    return Seen(
        database=store.watch.real_time(), host=host.host, host_at=host.time_of_day(), elapsed=host.running()
    )


def look(store: Store, host: HostClock = HOST, *, keep: bool) -> Looked:
    """Look at the clocks once: freeze outcomes when they have jumped, park what falls due while they are frozen; with `keep`
    write the time down. A database on stepped time keeps no real time that could jump.
    """
    if store.clock().mode == "stepped":
        return Looked()
    kept, seen = store.watch.watched(), seen_now(store, host)
    if kept is None:
        if keep:
            store.watch.mark(seen)
        return Looked()
    host.released(kept.releases)
    if kept.frozen_at is not None:
        store.watch.hold()
        return Looked(frozen=True)
    found = jump(kept, seen)
    if found is not None:
        began = store.watch.freeze(found.because, found.shift)
        return Looked(frozen=True, jump=found if began else None)
    if keep and seen.database > kept.mark:
        store.watch.mark(seen)
    return Looked()


def propose_release(banjie: Banjie, actor: str, reason: str) -> Watched:
    """The system administrator says that the clock is right, and why. Raises NotFrozen, UnknownPerson, NotAuthorised."""
    return banjie.store.watch.propose_release(require(banjie, actor, "system"), reason)


def confirm_release(banjie: Banjie, actor: str) -> int:
    """The security administrator, another person, confirms it; gives how many outcomes were held back.

    Raises NotFrozen, SamePersonReleases, UnknownPerson, NotAuthorised.
    """
    origin = require(banjie, actor, "security")
    return banjie.store.watch.release(origin, seen_now(banjie.store))
