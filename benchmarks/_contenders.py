"""Who is measured at a step: the floor, the engine, the peer. Each walks cases of its own, in an order drawn once, so that
no two ways of writing differ in what they write next to what.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any, Protocol
from uuid import uuid4

import psycopg

from benchmarks import _floor
from benchmarks._installation import Installation
from benchmarks._walk import WAYS, act
from workflow.config import Settings
from workflow.engine.advance import advance_many

Acts = Sequence[Sequence[_floor.Sealed]]
Cases = Sequence[tuple[bytes, list[Any]]]


class Contender(Protocol):
    """Files cases, makes them ready, and walks them; seconds per step are given for what is measured."""

    def file(self, count: int) -> list[float]: ...
    def ready(self) -> None: ...
    def walk(self) -> list[float]: ...


def _order(cases: Sequence[str], acts: int, seed: int) -> list[tuple[str, int]]:
    """Every act of every case, those of a case in their order, the cases mixed."""
    left = [case_id for case_id in cases for _ in range(acts)]
    Random(seed).shuffle(left)
    done = dict.fromkeys(cases, 0)
    order = []
    for case_id in left:
        order.append((case_id, done[case_id]))
        done[case_id] += 1
    return order


def _timed(work: Callable[..., object], each: Sequence[Any]) -> list[float]:
    taken = []
    for given in each:
        began = time.perf_counter()
        work(*given)
        taken.append(time.perf_counter() - began)
    return taken


@cache
def _connection(url: str) -> psycopg.Connection[Any]:
    """The one connection of this process that is not the engine's: only one contender has its turn."""
    return _floor.connected(url)


class Floor:
    """psycopg alone, on tables like ours."""

    def __init__(self, url: str, acts: Acts, cases: Cases) -> None:
        self._writer = _floor.Writer(_connection(url), acts, cases)
        self._acts = len(acts)
        self._cases: list[str] = []

    def file(self, count: int) -> list[float]:
        self._cases = [str(uuid4()) for _ in range(count)]
        self._writer.fill(self._cases)
        return []

    def ready(self) -> None:
        """They are."""

    def walk(self) -> list[float]:
        return _timed(self._writer.step, _order(self._cases, self._acts, len(self._cases)))


class Engine:
    """This engine, by `handle` as every door calls it."""

    def __init__(self, settings: Mapping[str, str], way: str) -> None:
        self._way = WAYS[way]
        self._made = Installation(Settings.from_environment(settings))
        self._cases: list[str] = []

    def file(self, count: int) -> list[float]:
        self._cases = []
        return _timed(self._file, [()] * count)

    def _file(self) -> None:
        self._cases.append(
            self._made.submit(str(uuid4()), matter=self._way.matter, form=self._way.form).case_id
        )

    def ready(self) -> None:
        for first in range(0, len(self._cases), 20):
            _, alone = advance_many(self._made.banjie, self._cases[first : first + 20], done_by="task")
            if alone:
                raise RuntimeError(f"{len(alone)} cases could not be made ready")

    def walk(self) -> list[float]:
        return _timed(self._act, _order(self._cases, len(self._way.acts), len(self._cases)))

    def _act(self, case_id: str, number: int) -> None:
        act(self._made, self._way, case_id, number)


class Peer:
    """SpiffWorkflow, and a row for each case."""

    def __init__(self, url: str, way: str) -> None:
        from benchmarks import _peer  # noqa: PLC0415 - it needs a package that only benchmarks have

        self._way = WAYS[way]
        connection = _connection(url)
        self._approval = _peer.Approval(connection, ["file", *(one.action for one in self._way.acts)])
        self._cases: list[str] = []

    def file(self, count: int) -> list[float]:
        self._cases = [str(uuid4()) for _ in range(count)]
        return _timed(self._file, [(case_id,) for case_id in self._cases])

    def _file(self, case_id: str) -> None:
        self._approval.file(case_id, self._way.form)

    def ready(self) -> None:
        """They are."""

    def walk(self) -> list[float]:
        return _timed(self._act, _order(self._cases, len(self._way.acts), len(self._cases)))

    def _act(self, case_id: str, number: int) -> None:
        self._approval.step(case_id, self._way.acts[number].fields)
