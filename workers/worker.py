"""A worker process: Celery's solo pool in the main thread; a pulse, a sweeper, keepers of desks and files and a
sender of notifications beside it.

One process does one task at a time, and there are as many processes as are wanted: twice the rate of a forking pool on
two cores, no fork, and a stuck or killed worker takes nothing with it (docs/decisions/0003).
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial

from celery import Celery, signals

from workers import process
from workers.broker import Backlog, BrokerWatch
from workers.celery_app import consuming_app
from workers.clocks import ClockKeeper
from workers.desks import DeskKeeper
from workers.files import FileKeeper
from workers.keeper import Keeper
from workers.looking import Looker
from workers.pulse import Pulse
from workers.reports import Reporter
from workers.sending import Sender
from workers.signs import Signs, Teller
from workers.sweeping import REST, Sweeper
from workers.tally import Tally
from workflow.config import Settings
from workflow.engine.absences import follow_absences, note_days
from workflow.engine.advance import advance_many
from workflow.engine.apart import advance_or_apart
from workflow.engine.banjie import Banjie
from workflow.engine.materials import sweep_files
from workflow.engine.notifying import deliver
from workflow.engine.shipped_calendars import note_shipped
from workflow.engine.sweep import sweep
from workflow.engine.time_watch import look as look_at_clocks

#: Seconds that the pulse may take to finish the case it is at, when the worker stops.
LAST_CASE = 2.0

#: Seconds after which a look at a case is stuck: waiting for a lock, it gives up five times within them.
LOOK_STUCK = 90.0

#: And a batch of the sweeper, a round of the desks, a message to somebody.
WORK_STUCK = 180.0

#: And the sweeper for its batch, which takes a fifth of a second.
LAST_BATCH = 0.5


def serve(settings: Settings, banjie: Banjie, reporter: Reporter) -> int:
    """Work until SIGTERM or SIGINT. Gives the exit code."""
    watch = BrokerWatch(Backlog(settings.broker_url))
    named = [
        "pulse",
        "sweeper",
        "desks",
        "files",
        "clocks",
        "tally",
        *(["sender"] if banjie.notifier else []),
    ]
    signs = Signs(named, backlog=BrokerWatch(Backlog(settings.broker_url)))
    tally = Tally(banjie.store.watch.reconciler.add_done)
    looker = Looker(
        tally.counting(signs.watched("look", LOOK_STUCK, partial(advance_or_apart, banjie))),
        tally.counting(signs.watched("look", LOOK_STUCK, partial(advance_many, banjie))),
        banjie.store,
    )
    pulse = Pulse(banjie.store, looker.look_at_all, backlog=watch, behind=looker.behind)
    note_shipped(banjie)
    note_days(banjie)
    desks = DeskKeeper(signs.watched("desks", WORK_STUCK, partial(follow_absences, banjie)))
    files = FileKeeper(partial(sweep_files, banjie))
    sweeper = Sweeper(
        signs.watched("sweeper", WORK_STUCK, partial(sweep, banjie)), rest=REST[banjie.store.dialect]
    )
    keepers: list[Keeper] = [
        desks,
        files,
        tally,
        ClockKeeper(partial(look_at_clocks, banjie.store, keep=False)),
    ]
    teller = Teller(signs, reporter)
    sender = None
    if banjie.notifier is not None:
        send = signs.watched("sender", WORK_STUCK, partial(deliver, banjie))
        sender = Sender(send, banjie.store.notifications, backlog=watch)
    by_task = signs.hearing(looker.by_task)
    app = consuming_app(settings.broker_url, by_task, signs.hearing(sender.by_task) if sender else None)
    no_broker = watch() is None
    pulse.start()
    sweeper.start()
    for keeper in keepers:
        keeper.start()
    if sender is not None:
        sender.start()
    teller.start()
    if no_broker:
        # Celery will wait for the broker; the pulse need not, so this worker is of use at once.
        reporter.ready()
    gc.freeze()
    try:
        return consume(app, reporter.ready)
    finally:
        teller.stop(LAST_BATCH)
        if sender is not None:
            sender.stop(LAST_BATCH)
        for keeper in keepers:
            keeper.stop(LAST_BATCH)
        sweeper.stop(LAST_BATCH)
        pulse.stop(LAST_CASE)


def consume(app: Celery, on_ready: Callable[[], None]) -> int:
    """Run Celery in this thread until a signal stops it, and call `on_ready` when it first waits for messages."""
    told: list[bool] = []

    def ready(**_: object) -> None:
        if not told:
            told.append(True)
            on_ready()

    signals.worker_ready.connect(ready, weak=False)
    worker = app.Worker(
        pool="solo",
        concurrency=1,
        hostname=f"banjie-{os.getpid()}@{socket.gethostname()}",
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def main(argv: Sequence[str] | None = None) -> int:
    return process.run("worker", serve, argv)


if __name__ == "__main__":
    sys.exit(main())
