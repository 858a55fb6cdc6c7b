"""A run: an installation under load, faults by plan, then peace, then the judge."""

from __future__ import annotations

import heapq
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.chaos import faults
from tests.chaos.faults import ON_POSTGRESQL, ON_SQLITE, Planned, Undo, plan
from tests.chaos.judging import Verdict, judge
from tests.chaos.town import Town, below, send, town
from workflow.errors import Unavailable
from workflow.testing.waiting import wait_until

#: Seconds in which clients must learn what became of their commands, and in which all must be quiet, once there is peace.
CLIENTS_DONE, QUIET = 120.0, 180.0

#: Seconds from one fault to the next.
EVERY = (0.7, 2.5)

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What happened and what the judge says."""

    seed: int
    seconds: float
    faults: Counter[str]
    restarts: dict[str, int]
    commits_cut: int
    quiet_after: float
    verdict: Verdict

    def lines(self) -> list[str]:
        """For people."""
        v = self.verdict
        wrong = [f"WRONG: {one}" for one in v.wrong]
        hit = ", ".join(f"{name} {times}" for name, times in sorted(self.faults.items()))
        again = ", ".join(f"{name} {n}" for name, n in sorted(self.restarts.items()))
        total, kinds = sum(self.faults.values()), len(self.faults)
        return [
            f"seed {self.seed}, {self.seconds:.0f} s of faults: {total} of {kinds} kinds: {hit}",
            f"  started again: {again or 'nothing'}; commits cut: {self.commits_cut}",
            *(f"  {name}: {n:,}" for name, n in sorted(v.counts.items())),
            f"the try that was acknowledged took p50 {v.share(0.5):.3f} s, p99 {v.share(0.99):.3f} s",
            f"quiet {self.quiet_after:.1f} s after the last fault was over",
            *wrong,
            f"{len(wrong)} things are wrong; seed {self.seed}" if wrong else "all well",
        ]


def run(
    folder: Path,
    seed: int,
    seconds: float,
    *,
    clients: int = 3,
    sqlite: bool = False,
    only: tuple[str, ...] = (),
    told: Told = lambda _: None,
) -> Report:
    """Load and faults for so long, then peace and judgement; the same seed gives the same plan of faults.

    Raises TimeoutError when the installation does not come to rest.
    """
    kinds = ON_SQLITE if sqlite else ON_POSTGRESQL
    planned = plan(seed, seconds, only or sorted(kinds), every=EVERY)
    with town(folder, seed, clients=clients, sqlite=sqlite) as here:
        here.start()
        told(f"ready; {len(planned)} faults to come")
        done = _suffer(here, planned, kinds, seconds, told)
        cut = here.database_proxy.commits_cut if here.database_proxy else 0
        _peace(here)
        over = time.monotonic()
        here.stop_clients(CLIENTS_DONE)
        told(f"the clients know what became of everything, {time.monotonic() - over:.1f} s later")
        _settle(here)
        quiet_after = time.monotonic() - over
        told("quiet; now the judge")
        return Report(
            seed=seed,
            seconds=seconds,
            faults=done,
            restarts={name: n for name, n in here.restarts.items() if n},
            commits_cut=cut,
            quiet_after=quiet_after,
            verdict=judge(here),
        )


def _suffer(
    here: Town, planned: list[Planned], kinds: dict[str, faults.Fault], seconds: float, told: Told
) -> Counter[str]:
    """Do the faults when their time has come, undo them when it is over, and start again what has died."""
    done: Counter[str] = Counter()
    undo: list[tuple[float, int, Undo]] = []
    serial, bell, began = count(), threading.Event(), time.monotonic()
    todo = list(reversed(planned))
    while todo or undo or time.monotonic() - began < seconds:
        now = time.monotonic() - began
        while undo and undo[0][0] <= now:
            heapq.heappop(undo)[2]()
        while todo and todo[-1].at <= now:
            fault = todo.pop()
            told(f"{now:6.1f} {fault.name} ({fault.seconds} s)")
            try:
                back = kinds[fault.name](here, fault.draw)
            except Unavailable as error:
                # Our own hand on the clock needs the database, which another fault holds at this moment.
                told(f"       {fault.name} left out: {error.message}")
                continue
            done[fault.name] += 1
            if back is not None:
                heapq.heappush(undo, (now + fault.seconds, next(serial), back))
        here.tend()
        bell.wait(0.05)
    return done


def _peace(here: Town) -> None:
    """Whatever is still wrong is put right."""
    here.held.clear()
    for proxy in (here.database_proxy, here.broker_proxy):
        if proxy is not None:
            proxy.heal()
    if here.disk is not None:
        (here.disk / "filler").unlink(missing_ok=True)
    here.tend()
    server = here.server.pid if here.server else 0
    for pid in (*(here.pid(name) for name in here.processes), *below(server), server):
        send(pid, signal.SIGCONT)
    for pid in below(here.pid("supervisor")):
        send(pid, signal.SIGCONT)


def _settle(here: Town) -> None:
    """Wait until nothing is due, undone or unpublished, and the portal says that all is in order."""

    def quiet() -> bool:
        here.tend()
        try:
            return here.store.quiet()
        except Unavailable:
            return False

    wait_until(quiet, QUIET, every=0.2, what="everything that is due to be done")
    wait_until(here.ready, 60, every=0.2, what="the portal to say that all is in order")
