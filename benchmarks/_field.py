"""Processes that are measured together: each has its own connections and does what it is told at the same time as others."""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from benchmarks._installation import processor_seconds

#: Makes what is measured in a process; by name, because a process is started anew and is told what to make.
Makers = Mapping[str, tuple[Callable[..., Any], tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Run:
    """What some processes did together: wall seconds from the first start to the last end, the seconds of each step, and
    processor seconds of the clients and of the database's server."""

    seconds: float
    steps: list[float]
    clients: float
    server: float


class Field:
    """So many processes; the first of them may be asked alone."""

    def __init__(self, pipes: Sequence[Connection]) -> None:
        self._pipes = pipes

    def together(self, count: int, name: str, method: str, *given: Any) -> Run:
        """The first `count` processes call that method of what they know by that name."""
        server = _server_seconds()
        for pipe in self._pipes[:count]:
            pipe.send((name, method, given))
        told = [pipe.recv() for pipe in self._pipes[:count]]
        for one in told:
            if isinstance(one, str):
                raise RuntimeError(one)
        return Run(
            seconds=max(one[1] for one in told) - min(one[0] for one in told),
            steps=[step for one in told for step in one[3] or ()],
            clients=sum(one[2] for one in told),
            server=_server_seconds() - server,
        )


def _server_seconds() -> float:
    return processor_seconds().get("postgres", 0.0)


@contextmanager
def field(processes: int, makers: Makers) -> Iterator[Field]:
    """Processes that have made everything and wait for a word."""
    context = multiprocessing.get_context("spawn")
    started, pipes = [], []
    try:
        for _ in range(processes):
            ours, theirs = context.Pipe()
            one = context.Process(target=_serve, args=(theirs, makers), daemon=True)
            one.start()
            theirs.close()
            started.append(one)
            pipes.append(ours)
        for pipe in pipes:
            said = pipe.recv()
            if said != "ready":
                raise RuntimeError(said)
        yield Field(pipes)
    finally:
        for pipe in pipes:
            pipe.close()
        for one in started:
            one.join(10)


def _serve(pipe: Connection, makers: Makers) -> None:
    try:
        known = {name: make(*given) for name, (make, given) in makers.items()}
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        pipe.send(f"{type(error).__name__}: {error}")
        return
    # As a worker does when it has started: what lives for ever is not looked through again.
    gc.collect()
    gc.freeze()
    pipe.send("ready")
    while True:
        try:
            name, method, given = pipe.recv()
        except EOFError:
            return
        cpu, began = time.process_time(), time.monotonic()
        try:
            result = getattr(known[name], method)(*given)
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            pipe.send(f"{name}.{method}: {type(error).__name__}: {error}")
            continue
        pipe.send((began, time.monotonic(), time.process_time() - cpu, result))
