"""The store on runs over many cases and on the desks: each call is a transaction, or a query, of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from workflow.storage import desk_register as desks
from workflow.storage import run_register as register

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

Opening = Callable[[], "AbstractContextManager[Connection]"]


class RunStore:
    """See `workflow.storage.run_register`, where each of these is written out."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def begin(self, run: register.NewRun) -> register.KeptRun:
        """Note that a run begins. Raises RunDiffers."""
        with self._writing() as connection:
            return register.begin(connection, run)

    def record(self, run: str, items: Sequence[register.KeptItem]) -> None:
        """Note what became of some items."""
        with self._writing() as connection:
            register.record(connection, run, items)

    def end(self, run: str) -> register.KeptRun:
        """Note that the run has come to its end."""
        with self._writing() as connection:
            return register.end(connection, run)

    def one(self, run: str) -> register.KeptRun | None:
        """The run of that id."""
        with self._reading() as connection:
            return register.run(connection, run)

    def all(self, limit: int = 100) -> list[register.KeptRun]:
        """The last runs, the newest first."""
        with self._reading() as connection:
            return register.runs(connection, limit)

    def items(self, run: str) -> list[register.KeptItem]:
        """What became of each item of a run."""
        with self._reading() as connection:
            return register.items(connection, run)


class DeskStore:
    """See `workflow.storage.desk_register`, where each of these is written out."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def wait(self) -> bool:
        """Whether the desks wait for a sweep."""
        with self._reading() as connection:
            return desks.wait(connection)

    def swept(self, revision: int, next_at: datetime | None) -> None:
        """Note that the desks were looked at."""
        with self._writing() as connection:
            desks.swept(connection, revision, next_at)

    def begin(self, at: datetime) -> None:
        """Have the desks looked at from that instant on, unless it is known when."""
        with self._writing() as connection:
            desks.begin(connection, at)

    def standings(self) -> list[desks.Standing]:
        """Every kind of open work item there is."""
        with self._reading() as connection:
            return desks.standings(connection)

    def like(self, standing: desks.Standing) -> list[desks.OpenItem]:
        """The open work items of that kind."""
        with self._reading() as connection:
            return desks.like(connection, standing)

    def held_by(self, person: str) -> list[desks.OpenItem]:
        """The open work items that a person has."""
        with self._reading() as connection:
            return desks.held_by(connection, person)

    def asked_of(self, person: str) -> list[str]:
        """Ids of the cases that wait for a person otherwise: for work that was lent to him, or a signature."""
        with self._reading() as connection:
            return desks.asked_of(connection, person)

    def unheld_at(self, places: Sequence[tuple[str, str]]) -> list[desks.OpenItem]:
        """The open work items that nobody has at these posts."""
        with self._reading() as connection:
            return desks.unheld_at(connection, places)
