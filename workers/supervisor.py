"""The embedded stack as one command: broker, relay and workers under one supervisor.

    python -m workers.supervisor [--workers N]

One line of JSON on stdout when all is ready: `{"ready": true, "pids": {…}, "broker": url}`, or else
`{"ready": false, "error": code, "reason": text}`. It stops on SIGTERM and
SIGINT, and when stdin is a pipe and that comes to its end, so that it never outlives whoever started it. What it cannot
do it says on stderr with the error's code, and exits 1.
"""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress

from workers import embedded_broker
from workers.child import Child
from workers.lock import only_one
from workers.logs import Log, configure_logs
from workers.measured import measuring
from workers.stack import Stack
from workers.watchdog import Watchdog
from workflow.config import Settings, broker_socket, without_password
from workflow.errors import BadInput, BanjieError, StackFailed
from workflow.texts import error_text

log = Log("workers.supervisor")

#: Workers unless told otherwise: one per core of a small machine, and a second when the first is stuck.
WORKERS = 2


def main(argv: Sequence[str] | None = None) -> int:
    """The command line. Gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m workers.supervisor", description=__doc__)
    parser.add_argument(
        "--workers", type=int, default=WORKERS, metavar="N", help="worker processes (default 2)"
    )
    options = parser.parse_args(argv)
    return run(options.workers, own=True)


def run(workers: int, *, own: bool) -> int:
    """Run relay and workers; with `own` as the one stack of this home, with its broker, announced on stdout and tied to
    stdin. Gives the exit code."""
    configure_logs("supervisor")
    try:
        settings = Settings.from_environment()
        with ExitStack() as held:
            if own:
                held.enter_context(only_one(settings.home))
            measured = held.enter_context(measuring(settings))
            _run(settings, _checked(workers), own=own, also=measured)
    except BanjieError as error:
        sys.stderr.write(f"{error.code}: {error_text(error)}\n")
        if own:
            reason = error.fields["reason"] if isinstance(error, StackFailed) else error_text(error)
            _say({"ready": False, "error": error.code, "reason": reason})
        return 1
    return 0


def _run(settings: Settings, count: int, *, own: bool, also: Mapping[str, str]) -> None:
    env = {**os.environ, **settings.to_environment(), **also}
    broker = [_broker(settings, env)] if own and settings.embedded_broker else []
    relay = _python("relay", "workers.relaying", env)
    workers = [_python(f"worker {number}", "workers.worker", env) for number in range(1, count + 1)]
    reconciler = _python("reconciler", "workers.reconciling", env, vital=False)
    stack = Stack([broker, [relay, *workers, reconciler]], Watchdog(relay, workers, reconciler))
    if own and _is_pipe(sys.stdin.fileno()):
        stack.stop_when_closed(sys.stdin.fileno())

    def announce() -> None:
        pids = {"supervisor": os.getpid(), "relay": relay.pid, "workers": [worker.pid for worker in workers]}
        pids["reconciler"] = reconciler.pid
        if broker:
            pids["broker"] = broker[0].pid
        log.info("stack_ready", workers=count)
        _say({"ready": True, "pids": pids, "broker": without_password(settings.broker_url)})

    try:
        stack.run(announce if own else lambda: None)
    finally:
        log.info("stack_stopped")
        if broker:
            embedded_broker.tidy(settings.home)


def _broker(settings: Settings, env: dict[str, str]) -> Child:
    embedded_broker.prepare(settings.home)
    address = broker_socket(settings.home)
    return Child(
        "broker",
        embedded_broker.server_command(settings.home),
        env=env,
        probe=lambda: embedded_broker.answers(address),
    )


def _python(name: str, module: str, env: dict[str, str], *, vital: bool = True) -> Child:
    return Child(name, [sys.executable, "-m", module], env=env, vital=vital)


def _checked(workers: int) -> int:
    if workers < 1:
        raise BadInput(reason=f"--workers {workers}: at least one worker is needed")
    return workers


def _is_pipe(fd: int) -> bool:
    mode = os.fstat(fd).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _say(line: dict[str, object]) -> None:
    with suppress(BrokenPipeError):  # whoever started us listens no more; the end of stdin will tell us
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
