"""What every process of the stack does first: read its one option, log, open the engine, and say so if it cannot."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TypeAlias

from workers.logs import Log, configure_logs
from workers.measuring import MemoryKeeper
from workers.reports import Reporter
from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.engine.banjie import Banjie
from workflow.engine.presence import present
from workflow.errors import BanjieError
from workflow.operation.tracing import begin_tracing, watched
from workflow.storage.schema import check_schema
from workflow.texts import error_text

log = Log("workers.process")

Body: TypeAlias = Callable[[Settings, Banjie, Reporter], int]


def _end(error: BanjieError) -> None:
    """This program may work on the database no more: stop in order, as if told to. Who starts it again is told why."""
    log.error("program_out_of_date", reason=error.message)
    os.kill(os.getpid(), signal.SIGTERM)


def run(part: str, body: Body, argv: Sequence[str] | None = None) -> int:
    """Run `body` as the process `part`; gives its exit code, 1 when the engine could not be opened: no database, an old
    schema, no clock, faulty definitions."""
    parser = argparse.ArgumentParser(prog=f"python -m workers.{part}")
    parser.add_argument("--report", type=int, metavar="FD", help="where to report to the supervisor")
    reporter = Reporter(parser.parse_args(argv).report)
    configure_logs(part)
    try:
        settings = Settings.from_environment()
        banjie = bootstrap(settings)
        check_schema(banjie.store.engine)
        banjie.store.clock()
        begin_tracing(part)
        banjie.watch = watched()
        MemoryKeeper(part).start()
        with present(part, banjie.store, _end):
            return body(settings, banjie, reporter)
    except BanjieError as error:
        if reporter.heard:
            reporter.failed(error)
        else:
            sys.stderr.write(f"{error.code}: {error_text(error)}\n")
        return 1
    except BrokenPipeError:
        # The supervisor is gone; with it the reason to run.
        return 1
