"""`banjie serve`: portal, workers and, unless one is named, the broker, on this machine, until Ctrl-C."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from workflow.cli.embedded import HASTENED_WITHIN, ended_with
from workflow.cli.rendering import emit, say
from workflow.errors import BadSetting, StackFailed
from workflow.texts import fault_text, t

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.cli.embedded import StackProcess
    from workflow.config import Settings

HOST: Final = "127.0.0.1"
"""Only this machine: whoever opens it to others puts a proxy with TLS in front."""

START_WITHIN: Final = 30.0
STOP_WITHIN: Final = 10.0
LOOK_EVERY: Final = 0.2

app = typer.Typer()


@app.command(help=t("doctor.help.serve"))
def serve(
    port: Annotated[
        int, typer.Option("--port", metavar="P", min=1, max=65535, help=t("doctor.help.port"))
    ] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, max=64, help=t("doctor.help.workers"))
    ] = 2,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.embedded import embedded_stack
    from workflow.cli.opening import open_banjie
    from workflow.config import Settings

    settings = Settings.from_environment()
    _require_free(port)
    # What would keep any part from starting is told here, once, before any of them is started.
    with open_banjie(settings, create=True):
        pass
    url = f"http://{HOST}:{port}/"
    with _stopped_by_signals(), embedded_stack(settings, workers) as stack, _portal(settings, port) as portal:
        if as_json:
            emit({"url": url, "pids": {**stack.pids, "portal": portal.pid}}, indent=0)
        else:
            say(t("doctor.serve.ready", url=url, workers=workers))
        sys.stdout.flush()
        _watch(stack, portal, settings)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Ctrl-C and SIGTERM both end the block in order; that is how a server is meant to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        return


@contextmanager
def _portal(settings: Settings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    log = settings.home / "portal.log"
    command = [sys.executable, "-m", "portal", "--host", HOST, "--port", str(port), "--tied"]
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            env={**os.environ, **settings.to_environment()},
            stdin=subprocess.PIPE,  # when we end, however we end, so does the portal
            stdout=output,
            stderr=output,
            process_group=0,  # Ctrl-C reaches us alone, and we stop each part in order
        )
    try:
        _until_it_answers(process, port, log)
        yield process
    finally:
        _stop(process)


def _until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    while not _answers(port):
        _check(process, log)
        if time.monotonic() > deadline:
            raise StackFailed(reason=t("doctor.serve.slow", seconds=round(START_WITHIN), log=log))


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection(HOST, port, timeout=START_WITHIN)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _watch(stack: StackProcess, portal: subprocess.Popen[bytes], settings: Settings) -> None:
    """Until a signal comes. Raises StackFailed when a part ends by itself."""
    while True:
        _check(portal, settings.home / "portal.log")
        stack.check()


def _check(process: subprocess.Popen[bytes], log: Path) -> None:
    """Give the portal a moment; raises StackFailed if it has ended."""
    try:
        code = process.wait(LOOK_EVERY)
    except subprocess.TimeoutExpired:
        return
    raise StackFailed(reason=t("doctor.serve.ended", code=code, log=log, last=_last_line(log)))


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1].strip() if lines else "-"


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        ended_with(process, STOP_WITHIN)
    except BaseException:
        # Told to stop a second time while we wait: no request is waited for any more.
        process.terminate()
        ended_with(process, HASTENED_WITHIN)
        raise
    finally:
        if process.stdin is not None:
            process.stdin.close()


def _require_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            raise BadSetting(name="--port", reason=f"{HOST}:{port}: {fault_text(error)}") from error
