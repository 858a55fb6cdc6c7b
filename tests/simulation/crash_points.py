"""Crash at every point: a story is told once undisturbed, then once for each of its points with a death there, and each time
it must end the same. `make crash-points` tells all of them.

At a statement the process dies before it; at a commit it dies before it, does not learn what became of it, dies before the
reply, or dies after the reply and before anybody has noted it, so that the same is asked again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import text

from tests.simulation.database import Death, busy
from tests.simulation.places import catalog
from tests.simulation.receivers import NEXT_OUT, notifier, watched
from tests.simulation.stories import STORIES, Step
from tests.simulation.world import Process, Weather, World, simulated
from workflow.engine.absences import follow_absences, note_days
from workflow.engine.advance import advance
from workflow.engine.banjie import Banjie
from workflow.engine.notifying import deliver
from workflow.engine.sweep import sweep
from workflow.errors import Unavailable
from workflow.evidence.walk import walk
from workflow.testing.sample import at

START = at("2026-09-07")
BEFORE, UNKNOWN, AFTER, REPLY = "before", "unknown", "after the commit", "after the reply"
PATIENCE = timedelta(seconds=2)
COMMIT_MODES = (BEFORE, UNKNOWN, AFTER, REPLY)

#: What is kept of a run: every record, without salts, hashes, real times, and whose hand it was.
TABLES = {
    "events": ("prev_hash", "hash"),
    "rungs": ("hinted_at", "attempts", "error", "parked_at", "done_by"),
    "jobs": ("hinted_at", "attempts", "error", "parked_at", "done_by"),
    "clocks": ("calendar_revision",),
    "work_items": (),
    "documents": (),
    "notices": (),
    "findings": (),
    "commands": ("request_hash",),
    "personal_values": ("salt",),
    "number_counters": (),
    "quotas": (),
    "letters": (),
    "letter_cases": (),
    "signatures": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where a run is to be disturbed: at which point, and how."""

    number: int
    how: str


class Crashing(World):
    """A world in which exactly one thing goes wrong, or nothing."""

    def __init__(self, wrong: Point | None) -> None:
        super().__init__("crash", catalog(), start=START, weather=Weather())
        self.wrong = wrong
        self.kinds: list[str] = []
        self.reply_lost = False
        self.telling = False

    def point(self, process: Process, kind: str) -> None:
        if not process.alive:
            raise Death
        if process.spared or not self.telling:
            return
        self.points += 1
        self.hub.time += 150
        self.kinds.append(kind)
        if self.wrong == Point(number=self.points, how=BEFORE):
            self.kill(process, kind)
            raise Death

    def commit(self, process: Process, do: Callable[[], None]) -> None:
        self.point(process, "commit")
        do()
        if process.spared or self.wrong is None or self.wrong.number != self.points or not self.telling:
            return
        if self.wrong.how == UNKNOWN:
            raise busy("connection lost while committing")
        if self.wrong.how == AFTER:
            self.kill(process, "commit")
            raise Death
        self.reply_lost = self.wrong.how == REPLY


class Telling:
    """Tells a story; whoever dies is started anew and asks again what he was not answered."""

    def __init__(self, world: Crashing) -> None:
        self.world = world
        world.channels = ("hook",)
        self._anew()
        self.store = world.store
        with self.banjie.store.write():
            pass
        note_days(self.banjie)

    def _anew(self) -> None:
        self.process = self.world.process("office")
        self.world.board.site = self.process
        self.banjie = self.world.engine_of(self.process)
        self.banjie.notifier = notifier(self.world)
        watched(self.world, self.banjie.store.notifications)

    def ask(self, do: Callable[[Banjie], Any]) -> Any:
        for _ in range(10):
            try:
                answer = do(self.banjie)
            except Death:
                self._anew()
                continue
            except Unavailable:
                continue
            if self.world.reply_lost:
                self.world.reply_lost = False
                self.world.kill(self.process, "reply")
                self._anew()
                continue
            return answer
        raise AssertionError("asked ten times")

    def tell(self, story: list[Step]) -> None:
        self.world.telling = True
        for step in story:
            if isinstance(step, timedelta | datetime):
                now = self._now()
                self._until(now + step if isinstance(step, timedelta) else step)
            else:
                self.ask(step)
            self._settle()
        while (due := self._waiting()) is not None:
            # Whoever died while a notification was his held it for two minutes; others wait for the morning.
            left = (due - self.world.now) // timedelta(microseconds=1)
            self.world.hub.time += max(left + 1000, 150_000_000)
            self._settle()
        self.world.telling = False

    def _waiting(self) -> datetime | None:
        with self.world.observing() as store, store.read() as connection:
            return connection.execute(NEXT_OUT).scalar()

    def _now(self) -> datetime:
        with self.world.observing() as store:
            return store.clock().now

    def _until(self, moment: datetime) -> None:
        while True:
            with self.world.observing() as store:
                due = store.next_due()
            if due is None or due > moment:
                break
            self.ask(partial(_advanced, to=due))
            self._settle()
        self.ask(partial(_advanced, to=moment))

    def _settle(self) -> None:
        """The machine does all that is due, each look a step of its own."""
        for _ in range(100):
            self.ask(follow_absences)
            self.ask(partial(sweep, limit=5))
            with self.world.observing() as store:
                waiting, quiet = store.overlooked(0, 100), store.quiet()
                now, box = self.world.now, store.notifications
                told = [*box.unhinted(20, now=now), *box.overlooked(now - PATIENCE, 20, now=now)]
            for case_id in waiting:
                self.ask(partial(advance, case_id=case_id, done_by="task"))
            for delivery in told:
                self.ask(partial(_delivered, self.world, delivery))
            if quiet and not waiting and not told:
                return
        raise AssertionError("not quiet after a hundred rounds")


def _advanced(banjie: Banjie, *, to: datetime) -> None:
    """Whoever moves time looks first whether he has done so already."""
    if banjie.store.clock().now < to:
        banjie.store.advance(to)


def _delivered(world: World, delivery: str, banjie: Banjie) -> None:
    deliver(banjie, delivery)


@contextmanager
def told(name: str, wrong: Point | None = None) -> Iterator[Telling]:
    """A story, told to its end; its database is there until the block ends."""
    world = Crashing(wrong)
    with simulated(Random(f"secrets/{name}"), world):
        try:
            world.store.create_clock("stepped", START)
            telling = Telling(world)
            telling.tell(STORIES[name]())
            yield telling
        finally:
            world.close()


def ended(telling: Telling) -> dict[str, list[str]]:
    """What the database holds in the end, row by row, without what may differ."""
    found: dict[str, list[str]] = {}
    with telling.world.observing() as store, store.read() as connection:
        for table, left_out in TABLES.items():
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings()
            found[table] = sorted(_line({k: v for k, v in row.items() if k not in left_out}) for row in rows)
        found["notifications"] = sorted(
            f"{row.case_id} {row.seq} {row.kind} {row.recipient} {row.standing}"
            for row in connection.execute(text("SELECT * FROM notifications"))
        )
    return found


def _line(row: dict[str, Any]) -> str:
    if "payload" in row:
        row = row | {"payload": _unsalted(json.loads(row["payload"]))}
    if row.get("field") == "slip.code" or str(row.get("field", "")).startswith("slip"):
        row = row | {"value": "-"}
    return json.dumps(row, sort_keys=True, default=str, ensure_ascii=False)


def _unsalted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _unsalted(v) for k, v in value.items() if k != "commitment"}
    return [_unsalted(one) for one in value] if isinstance(value, list) else value


def points_of(name: str) -> tuple[list[Point], dict[str, list[str]]]:
    """Every point of an undisturbed run with each way to disturb it, and how the run ended."""
    with told(name) as telling:
        kinds = telling.world.kinds
        end = ended(telling)
    points = [
        Point(number=number, how=how)
        for number, kind in enumerate(kinds, 1)
        for how in (COMMIT_MODES if kind == "commit" else (BEFORE,))
    ]
    return points, end


def differences(name: str, wrong: Point, end: dict[str, list[str]]) -> list[str]:
    """What a run disturbed at that point left otherwise than the undisturbed one; nothing, if all is well."""
    try:
        with told(name, wrong) as telling:
            other = ended(telling)
            with telling.world.observing() as store:
                flaws = [str(one) for one in walk(store).broken]
    except AssertionError as error:
        return [f"{error}"]
    found = flaws
    for table, rows in end.items():
        missing, more = set(rows) - set(other[table]), set(other[table]) - set(rows)
        found += [f"{table} lacks {row}" for row in sorted(missing)]
        found += [f"{table} has {row}" for row in sorted(more)]
        if len(rows) != len(other[table]):
            found.append(f"{table} has {len(other[table])} rows, not {len(rows)}")
    return found


def main(names: list[str]) -> int:
    """Tell every story, disturbed at every point."""
    total = failed = 0
    for name in names or STORIES:
        points, end = points_of(name)
        wrong = 0
        for point in points:
            if found := differences(name, point, end):
                wrong += 1
                print(f"{name}, {point}:")  # noqa: T201 - a report
                for line in found[:6]:
                    print(f"    {line[:400]}")  # noqa: T201 - a report
        print(f"{name}: {len(points)} points, {wrong} end otherwise", flush=True)  # noqa: T201 - a report
        total, failed = total + len(points), failed + wrong
    print(f"{total} points, {failed} end otherwise")  # noqa: T201 - a report
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
