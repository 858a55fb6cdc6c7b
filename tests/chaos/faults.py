"""The faults: what is done, for how long, and how it is undone; and the plan of a run, drawn from a seed.

Every fault is a function of the town and a number between 0 and 1 that chooses among victims and strengths; it gives what
is to be done when its time is over, or None. Of a victim that is not there nothing is done.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from redis import Redis
from redis.exceptions import RedisError

from tests.chaos.town import Town, command_line, is_disk, send

Undo = Callable[[], None]
Fault = Callable[[Town, float], Undo | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One fault of a plan: when (seconds from the beginning), which, for how many seconds, and with which number."""

    at: float
    name: str
    seconds: float
    draw: float


def plan(seed: int, seconds: float, kinds: Sequence[str], *, every: tuple[float, float]) -> list[Planned]:
    """The faults of a run: all kinds in turn, each round in another order, with pauses between them."""
    rng = Random(f"{seed}/plan")
    planned: list[Planned] = []
    deck: list[str] = []
    at = rng.uniform(*every)
    while at < seconds:
        if not deck:
            deck = list(kinds)
            rng.shuffle(deck)
        name = deck.pop()
        planned.append(Planned(at=round(at, 2), name=name, seconds=_long(name, rng), draw=rng.random()))
        at += rng.uniform(*every)
    return planned


def _long(name: str, rng: Random) -> float:
    return round(rng.uniform(5.0, 10.0) if name.endswith(("absent", "full")) else rng.uniform(0.5, 4.0), 2)


def _killed(said: str) -> Fault:
    """Kill -9 of a child of the supervisor."""

    def fault(town: Town, draw: float) -> None:
        if there := town.children(said):
            send(there[int(draw * len(there))], signal.SIGKILL)

    return fault


def _frozen(said: str) -> Fault:
    """SIGSTOP of a child of the supervisor."""

    def fault(town: Town, draw: float) -> Undo | None:
        there = town.children(said)
        if not there:
            return None
        pid = there[int(draw * len(there))]
        send(pid, signal.SIGSTOP)
        # Only if it is still the same process: the watchdog may have killed it.
        return lambda: None if said not in command_line(pid) else _continue(pid)

    return fault


def _continue(pid: int) -> None:
    send(pid, signal.SIGCONT)


def _own_killed(name: str) -> Fault:
    """Kill -9 of a process of ours; `client` is any of them."""

    def fault(town: Town, draw: float) -> None:
        send(town.pid(_which(town, name, draw)), signal.SIGKILL)

    return fault


def _own_frozen(name: str) -> Fault:
    """SIGSTOP of a process of ours."""

    def fault(town: Town, draw: float) -> Undo | None:
        pid = town.pid(_which(town, name, draw))
        return (lambda: _continue(pid)) if send(pid, signal.SIGSTOP) else None

    return fault


def _which(town: Town, name: str, draw: float) -> str:
    there = sorted(one for one in town.processes if one.startswith(name))
    return there[int(draw * len(there))] if there else name


# --- the broker -------------------------------------------------------------------------------------------------------


def _broker_absent(town: Town, _: float) -> Undo:
    town.held.add("broker")
    send(town.pid("broker"), signal.SIGKILL)
    return lambda: town.held.discard("broker")


def _broker_flushed(town: Town, _: float) -> None:
    client = Redis(unix_socket_path=str(town.folder / "b"), socket_timeout=1.0)
    try:
        client.flushall()
    except RedisError:
        return  # it is gone or frozen at this moment, so there is nothing to flush
    finally:
        client.close()


# --- the database -----------------------------------------------------------------------------------------------------


def _database_stopped(number: signal.Signals) -> Fault:
    """Stopped by this signal and started again by whoever tends the town."""

    def fault(town: Town, _: float) -> None:
        if town.server is not None and town.server.pid:
            town.server.stop(number)

    return fault


def _backend_killed(town: Town, draw: float) -> None:
    if there := town.backends():
        send(there[int(draw * len(there))], signal.SIGKILL)


def _backend_frozen(town: Town, draw: float) -> Undo | None:
    there = town.backends()
    if not there:
        return None
    pid = there[int(draw * len(there))]
    send(pid, signal.SIGSTOP)
    return lambda: _continue(pid) if pid in town.backends() else None


def _commits_cut(town: Town, draw: float) -> None:
    if town.database_proxy is not None:
        town.database_proxy.cut_commits(1 + int(draw * 4))


def _disk_full(town: Town, _: float) -> Undo | None:
    """The disk is filled up; where we may not mount one, no file of PostgreSQL's may grow."""
    if town.disk is None:
        return None
    if not is_disk(town.disk):
        return _files_must_not_grow(town.backends())
    filler = town.disk / "filler"
    with filler.open("ab") as file:
        for piece in (1 << 20, 1 << 14, 1 << 12):
            # Others write too, so it is filled piece by piece until the disk says no.
            with suppress(OSError):
                while True:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), piece)
    return lambda: filler.unlink(missing_ok=True)


def _sqlite_full(town: Town, _: float) -> Undo | None:
    """No file that a worker or a client writes may grow."""
    size = max(1, Path(town.settings.database_url.removeprefix("sqlite:///")).stat().st_size)
    return _files_must_not_grow(town.everybody(), size)


def _files_must_not_grow(pids: Sequence[int], size: int = 8192) -> Undo:
    limited = []
    for pid in pids:
        try:
            limited.append((pid, resource.prlimit(pid, resource.RLIMIT_FSIZE)))
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        except OSError:
            continue

    def undo() -> None:
        for pid, before in limited:
            try:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
            except OSError:
                continue

    return undo


# --- the wires, and time ------------------------------------------------------------------------------------------------


def _wire(which: str, how: str) -> Fault:
    """Something about a proxy: `database` or `broker`; `latency`, `down`, `slicing` or `reset`."""

    def fault(town: Town, draw: float) -> Undo | None:
        proxy = town.database_proxy if which == "database" else town.broker_proxy
        if proxy is None:
            return None
        if how == "reset":
            proxy.reset()
            return None
        if how == "down":
            proxy.down = True
            proxy.reset()
        elif how == "slicing":
            proxy.slicing = True
        else:
            proxy.latency = 0.005 + draw * 0.1

        def undo() -> None:
            proxy.down = proxy.slicing = False
            proxy.latency = 0.0

        return undo

    return fault


def _time_passes(town: Town, draw: float) -> None:
    """A day or up to three go by; what is due in them is due now."""
    town.pass_time(timedelta(days=1 + int(draw * 3)))


def _time_goes_back(town: Town, draw: float) -> None:
    """The clock is set back, by a minute or up to two hours."""
    town.pass_time(-timedelta(minutes=1 + int(draw * 120)))


ANYWHERE: dict[str, Fault] = {
    "worker killed": _killed("workers.worker"),
    "worker frozen": _frozen("workers.worker"),
    "relay killed": _killed("workers.relaying"),
    "relay frozen": _frozen("workers.relaying"),
    "any child killed": _killed(""),
    "supervisor killed": _own_killed("supervisor"),
    "supervisor frozen": _own_frozen("supervisor"),
    "portal killed": _own_killed("portal"),
    "portal frozen": _own_frozen("portal"),
    "client killed": _own_killed("client"),
    "time passes": _time_passes,
    "time goes back": _time_goes_back,
}
ON_POSTGRESQL: dict[str, Fault] = ANYWHERE | {
    "broker killed": _own_killed("broker"),
    "broker frozen": _own_frozen("broker"),
    "broker flushed": _broker_flushed,
    "broker absent": _broker_absent,
    "broker slow": _wire("broker", "latency"),
    "broker sliced": _wire("broker", "slicing"),
    "broker hung up": _wire("broker", "reset"),
    "database crashed": _database_stopped(signal.SIGQUIT),
    "database restarted": _database_stopped(signal.SIGINT),
    "backend killed": _backend_killed,
    "backend frozen": _backend_frozen,
    "database slow": _wire("database", "latency"),
    "database sliced": _wire("database", "slicing"),
    "database hung up": _wire("database", "reset"),
    "database out of reach": _wire("database", "down"),
    "commits cut": _commits_cut,
    "disk full": _disk_full,
}
ON_SQLITE: dict[str, Fault] = ANYWHERE | {
    "broker killed": _killed("unixsocket"),
    "broker frozen": _frozen("unixsocket"),
    "disk full": _sqlite_full,
}
