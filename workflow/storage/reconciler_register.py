"""How far the reconciler has come, and how much each hand of the machine has done of late."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Float, bindparam, case, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from workflow.storage import invariants, invariants_open
from workflow.storage.columns import RealNow, RealTimeAgo
from workflow.storage.invariants import Broken, Proof, Stretch
from workflow.storage.invariants_registers import COMMANDS_AFTER, UNPROTECTED
from workflow.storage.watch_tables import reconciler

if TYPE_CHECKING:
    from sqlalchemy import Connection

Opening = Callable[[], "AbstractContextManager[Connection]"]

TRIGGERS: Final = 2
"""What protects the events: against changes and deletions each, or against both and against emptying the table."""

_r = reconciler.c
_FIRST = {
    name: dialect.insert(reconciler)
    .values(
        id=1,
        looked_at=RealNow(),
        after_case="",
        round_since=RealNow(),
        proved_cases=0,
        rehinted=0,
        window_task=0,
        window_pulse=0,
    )
    .on_conflict_do_nothing()
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_LATE = select(_r.looked_at, (_r.looked_at <= RealTimeAgo(bindparam("seconds", type_=Float()))).label("late"))
_PROOF_DUE = select(
    _r.proved_at, (_r.proved_at <= RealTimeAgo(bindparam("seconds", type_=Float()))).label("due")
)
_PASSED = update(reconciler).values(
    looked_at=RealNow(),
    after_case=bindparam("after"),
    rehinted=_r.rehinted + bindparam("more"),
    round_since=case((bindparam("after") == "", RealNow()), else_=_r.round_since),
)
_PROVED = update(reconciler).values(proved_at=RealNow(), proved_cases=bindparam("count"))
_DONE = update(reconciler).values(
    window_task=_r.window_task + bindparam("task"),
    window_pulse=_r.window_pulse + bindparam("pulse"),
    window_since=case((_r.window_since.is_(None), RealNow()), else_=_r.window_since),
)
_NEW_WINDOW = update(reconciler).values(window_since=None, window_task=0, window_pulse=0)
_WINDOW_OVER = select(_r.window_task, _r.window_pulse).where(
    _r.window_since <= RealTimeAgo(bindparam("seconds", type_=Float()))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the reconciler is: its last pass, the round through all cases, the last full proof, rows hinted anew ever."""

    looked_at: datetime
    after_case: str
    round_since: datetime
    proved_at: datetime | None
    proved_cases: int
    rehinted: int


class ReconcilerStore:
    """The reconciler's part of the store: each call is a transaction, or a query, of its own."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def progress(self) -> Progress | None:
        """How far it is; None where none has ever looked."""
        query = select(*(_r[name] for name in Progress.__dataclass_fields__))
        with self._reading() as connection:
            row = connection.execute(query).first()
            return Progress(**row._mapping) if row is not None else None  # noqa: SLF001 - its public name

    def late(self, seconds: float) -> bool:
        """Whether the last pass was longer ago than that, or there was none."""
        with self._reading() as connection:
            row = connection.execute(_LATE, {"seconds": seconds}).first()
            return row is None or bool(row.late)

    def proof_due(self, seconds: float) -> bool:
        """Whether the last full proof was longer ago than that; where there was none, a first pass comes before it."""
        with self._reading() as connection:
            row = connection.execute(_PROOF_DUE, {"seconds": seconds}).first()
            return row is not None and (row.proved_at is None or bool(row.due))

    def passed(self, after: str, rehinted: int) -> None:
        """Note a pass that came as far as that case, and how many rows it hinted anew."""
        with self._writing() as connection:
            connection.execute(_FIRST[connection.dialect.name])
            connection.execute(_PASSED, {"after": after, "more": rehinted})

    def proved(self, cases: int) -> None:
        """Note that a full proof has come to its end."""
        with self._writing() as connection:
            connection.execute(_FIRST[connection.dialect.name])
            connection.execute(_PROVED, {"count": cases})

    # --- proofs --------------------------------------------------------------------------------------------------------

    def stretch(self, after: str, size: int) -> Stretch:
        """The next so many cases."""
        with self._reading() as connection:
            return invariants.next_stretch(connection, after, size)

    def stretch_of(self, case_id: str) -> Stretch:
        """One case."""
        with self._reading() as connection:
            return invariants.stretch_of(connection, case_id)

    def broken(self, proofs: Sequence[Proof], stretch: Stretch) -> list[Broken]:
        """Where these rules do not hold."""
        with self._reading() as connection:
            return list(invariants.broken(connection, proofs, stretch))

    def unprotected(self) -> bool:
        """Whether something that forbids to change events has been taken away."""
        with self._reading() as connection:
            return len(connection.execute(text(UNPROTECTED[connection.dialect.name])).all()) < TRIGGERS

    def lost_commands(self, size: int) -> Iterator[Broken]:
        """Remembered commands whose event is not there, or is another's; all are read, so many at a time."""
        actor = key = ""
        while True:
            with self._reading() as connection:
                given = {"actor": actor, "key": key, "most": size}
                rows = connection.execute(text(COMMANDS_AFTER), given).all()
            for row in rows:
                actor, key = row.actor, row.key
                if not row.there:
                    yield Broken(
                        invariant="I1",
                        rule="event_of_command_gone",
                        case_id=row.case_id,
                        detail=f"key {row.key}",
                    )
            if len(rows) < size:
                return

    # --- what is open --------------------------------------------------------------------------------------------------

    def open_work(self) -> dict[str, list[invariants_open.Open]]:
        """What is open and should not be, under the name of its alarm."""
        with self._reading() as connection:
            return {
                "work_overdue": invariants_open.overdue(connection),
                "work_parked": invariants_open.parked(connection),
                "outcome_withheld": invariants_open.withheld(connection),
                "notification_dead": invariants_open.dead(connection),
                "lease_stale": invariants_open.stale_leases(connection),
            }

    def failed_sweeps(self) -> dict[str, str]:
        """Notices on holidays that some cases could not be reckoned by."""
        with self._reading() as connection:
            return invariants_open.failed_sweeps(connection)

    def sweep_late(self, seconds: float) -> bool:
        """Whether a sweep of a notice has been under way for longer than that."""
        with self._reading() as connection:
            return invariants_open.sweep_late(connection, seconds)

    def rehint(self) -> int:
        """Hint anew what was hinted and forgotten; gives how many rows."""
        with self._reading() as connection:
            if not invariants_open.forgotten(connection):
                return 0
        with self._writing() as connection:
            return invariants_open.rehint(connection)

    # --- who does the work ---------------------------------------------------------------------------------------------

    def add_done(self, task: int, pulse: int) -> None:
        """Count so many rungs and jobs done by each hand into the present window."""
        with self._writing() as connection:
            connection.execute(_FIRST[connection.dialect.name])
            connection.execute(_DONE, {"task": task, "pulse": pulse})

    def window(self, seconds: float) -> tuple[int, int] | None:
        """How much tasks and pulses did in the present window, if it is that long; the next one begins then."""
        with self._reading() as connection:
            row = connection.execute(_WINDOW_OVER, {"seconds": seconds}).first()
        if row is None:
            return None
        with self._writing() as connection:
            connection.execute(_NEW_WINDOW)
        return int(row[0]), int(row[1])
