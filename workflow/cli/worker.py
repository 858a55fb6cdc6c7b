"""`banjie worker`: relay, pulse and Celery workers against the database and the broker that the environment names."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from workflow.cli.rendering import emit, note
from workflow.texts import t

app = typer.Typer()


@app.command(help=t("doctor.help.worker"))
def worker(
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", min=1, max=64, help=t("doctor.help.workers"))
    ] = 2,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.help.json"))] = False,
) -> None:
    from workflow.cli.opening import open_database
    from workflow.config import Settings, without_password

    settings = Settings.from_environment()
    # Said here, in one line, rather than by each process of the stack.
    with open_database(settings):
        pass
    broker = without_password(settings.broker_url)
    if as_json:
        emit({"workers": workers, "broker": broker, "pid": os.getpid()}, indent=0)
    else:
        note(t("doctor.worker.starts", workers=workers, broker=broker))
    sys.stdout.flush()
    # This process becomes the supervisor: signals and the exit code are its own, and nobody stands between.
    os.execve(  # noqa: S606 - our own program
        sys.executable,
        [sys.executable, "-m", "workers", "--workers", str(workers)],
        {**os.environ, **settings.to_environment()},
    )
