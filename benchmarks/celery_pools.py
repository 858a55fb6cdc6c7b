"""Which Celery pool, and what redelivery costs: rate and latency of a task that does nothing, on a broker of its own.

    python -m benchmarks.celery_pools

The figures stand in docs/decisions/0003-celery-settings.md. Latency is from before the send to the start of the task.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from celery import Celery

from workers.broker import Backlog
from workers.celery_app import consuming_app, publishing_app
from workers.celery_settings import CONSUMING, TASK
from workers.embedded_broker import answers, server_program
from workflow.testing.waiting import wait_until

MESSAGES, PINGS = 5000, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    name: str
    pool: str
    processes: int
    concurrency: int = 1
    redelivery: bool = False


VARIANTS = (
    Variant(name="1 solo worker", pool="solo", processes=1),
    Variant(name="2 solo workers (chosen)", pool="solo", processes=2),
    Variant(name="prefork, 2 children", pool="prefork", processes=1, concurrency=2),
    Variant(name="1 solo worker, redelivery", pool="solo", processes=1, redelivery=True),
    Variant(name="2 solo workers, redelivery", pool="solo", processes=2, redelivery=True),
    Variant(
        name="prefork, 2 children, redelivery", pool="prefork", processes=1, concurrency=2, redelivery=True
    ),
)


def main() -> int:
    print(
        "| variant | first task after s | tasks/s | p50 ms | p99 ms | stopped after s |\n|---|---|---|---|---|---|"
    )
    for variant in VARIANTS:
        with tempfile.TemporaryDirectory(prefix="banjie-") as folder:
            print(f"| {variant.name} | {' | '.join(measured(variant, Path(folder)))} |", flush=True)
    return 0


def measured(variant: Variant, folder: Path) -> Iterator[str]:
    """The row of one variant: start, rate, p50, p99, stop."""
    marks = folder / "marks"
    with ExitStack() as running:
        url = running.enter_context(broker(folder))
        sender = Sender(publishing_app(url), Backlog(url))
        began = time.monotonic()
        workers = [start_worker(variant, url, marks) for _ in range(variant.processes)]
        sender.send(["mark"])
        wait_until(lambda: marks.exists() and marks.stat().st_size, 30)
        yield f"{time.monotonic() - began:.1f}"
        sender.drain(["nothing"] * 500)
        began = time.monotonic()
        sender.drain(["nothing"] * MESSAGES)
        yield f"{MESSAGES / (time.monotonic() - began):,.0f}"
        marks.write_text("")
        for _ in range(PINGS):
            sender.send(["mark"])
            Event().wait(0.004)
        wait_until(lambda: marks.read_text().count("\n") == PINGS, 30)
        late = sorted(json.loads(line) for line in marks.read_text().splitlines())
        yield f"{late[PINGS // 2] * 1000:.2f}"
        yield f"{late[PINGS * 99 // 100] * 1000:.2f}"
        began = time.monotonic()
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()
        yield f"{time.monotonic() - began:.1f}"


class Sender:
    def __init__(self, app: Celery, backlog: Backlog) -> None:
        self._app = app
        self._backlog = backlog
        self._producer = app.amqp.Producer(app.connection_for_write().channel())

    def send(self, words: list[str]) -> None:
        with self._producer.batch():
            for word in words:
                message = f"{word} {time.monotonic()}"
                self._app.send_task(TASK, args=(message,), producer=self._producer, retry=False)

    def drain(self, words: list[str]) -> None:
        self.send(words)
        wait_until(lambda: self._backlog() == 0, 60, every=0.002)


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    address = folder / "b"
    options = ["--port", "0", "--unixsocket", address, "--dir", folder, "--save", "", "--appendonly", "yes"]
    command = [*map(str, [server_program(), *options])]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    try:
        wait_until(lambda: answers(address), 10)
        yield f"redis+socket://{address}"
    finally:
        server.kill()
        server.wait()


def start_worker(variant: Variant, url: str, marks: Path) -> subprocess.Popen[bytes]:
    arguments = [url, marks, variant.pool, variant.concurrency, int(variant.redelivery)]
    command = [sys.executable, "-m", "benchmarks.celery_pools", *map(str, arguments)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, **quiet)  # noqa: S603 - our own command


def work(url: str, marks: str, pool: str, concurrency: str, redelivery: str) -> None:
    """A worker of a variant."""
    file = os.open(marks, os.O_APPEND | os.O_CREAT | os.O_WRONLY)

    def note(message: str) -> None:
        word, sent = message.split()
        if word == "mark":
            os.write(file, f"{time.monotonic() - float(sent)}\n".encode())

    app = consuming_app(url, note)
    if redelivery == "1":
        app.conf.task_acks_late = True
        app.conf.broker_transport_options = CONSUMING | {
            "ack_emulation": True,
            "visibility_timeout": 300,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
        }
    app.Worker(
        pool=pool,
        concurrency=int(concurrency),
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        hostname=f"bench-{os.getpid()}@localhost",
        optimization="fair",
    ).start()


if __name__ == "__main__":
    sys.exit(work(*sys.argv[1:]) if len(sys.argv) > 1 else main())
