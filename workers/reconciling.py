"""The reconciler's process: a pass every fifteen seconds, a full proof once a day, and a look at the clocks in between.

It works beside everything else and is needed by nothing: its death stops no stack, and while it is away nothing is late.
What it finds stands as a row in `alarms`, and is logged when it is found (docs/operations/reconciler.md).
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from workers import process
from workers.clocks import ClockKeeper
from workers.logs import Log
from workers.reports import Reporter
from workers.stopping import Stop
from workflow.config import Settings
from workflow.engine.banjie import Banjie
from workflow.engine.reconciler import Pass, look, prove
from workflow.engine.time_watch import Looked
from workflow.engine.time_watch import look as look_at_clocks
from workflow.errors import Unavailable

log = Log("workers.reconciling")

#: Seconds between two passes, two full proofs, and two looks at the clocks.
PASS_EVERY, PROOF_EVERY, CLOCKS_EVERY = 15.0, 86_400.0, 5.0

#: Alarms of one name that a pass tells one by one; all of them stand in the database.
MOST_TOLD = 10


class Reconciling:
    """What is done and when. `prove` is given a question to be asked in between: whether to stop."""

    def __init__(
        self,
        clocks: Callable[[], Looked],
        look: Callable[[], Pass],
        prove: Callable[[Callable[[], bool]], Pass],
        proof_due: Callable[[], bool],
        *,
        stopping: Callable[[], bool],
        reporter: Reporter,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clocks = ClockKeeper(clocks)
        self._look = look
        self._prove = prove
        self._proof_due = proof_due
        self._stopping = stopping
        self._reporter = reporter
        self._clock = clock
        # A stack that has just begun has better things to do, and its work is not overdue yet.
        self._next = clock() + PASS_EVERY

    def step(self) -> float:
        """Do what is to be done now; gives the seconds to wait before the next step."""
        self._clocks.beat()
        if self._clock() >= self._next:
            self._pass()
            self._next = self._clock() + PASS_EVERY
        return min(CLOCKS_EVERY, max(0.0, self._next - self._clock()))

    def _pass(self) -> None:
        try:
            self._tell(self._look())
            if self._proof_due():
                self._tell(self._prove(self._goes_on))
            self._reporter.say(reconciled=True)
        except Unavailable as error:
            log.warning("reconciler_postponed", code=error.code, reason=error.message)
            self._reporter.say(reconciled=False)
        except BrokenPipeError:
            raise
        except Exception:
            # A fault of ours: said, and tried again; silence would have this process killed, which mends nothing.
            log.exception("reconciler_failed")
            self._reporter.say(reconciled=False)

    def _goes_on(self) -> bool:
        """Asked at each step of a proof, which may take hours: it is a sign of life, too."""
        self._reporter.say(reconciled=True)
        self._clocks.beat()
        return self._stopping()

    def _tell(self, came_of_it: Pass) -> None:
        told = Counter[str]()
        for alarm in came_of_it.raised:
            told[alarm.name] += 1
            if told[alarm.name] <= MOST_TOLD:
                log.error(
                    alarm.name, subject=alarm.subject, since=alarm.since.isoformat(), detail=alarm.detail
                )
        for name, count in told.items():
            if count > MOST_TOLD:
                log.error(name, more=count - MOST_TOLD)
        if came_of_it.rehinted:
            log.warning("hinted_anew", rows=came_of_it.rehinted)


def serve(settings: Settings, banjie: Banjie, reporter: Reporter) -> int:  # noqa: ARG001 - as every part of the stack
    """Reconcile until SIGTERM or SIGINT."""
    store = banjie.store
    stop = Stop()
    reconciling = Reconciling(
        partial(look_at_clocks, store, keep=True),
        partial(look, store),
        partial(prove, store),
        lambda: store.watch.reconciler.proof_due(PROOF_EVERY),
        stopping=lambda: stop.asked,
        reporter=reporter,
    )
    reporter.ready()
    while not stop.wait(reconciling.step()):
        pass
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    return process.run("reconciling", serve, argv)


if __name__ == "__main__":
    sys.exit(main())
