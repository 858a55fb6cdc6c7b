"""A program says that it is at work, every few seconds, so that nothing it needs is taken from the database under its feet;
and it learns that way when something was, all the same (docs/decisions/0018).
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from sqlalchemy import Connection, Engine

from workflow.errors import BanjieError, SchemaOutOfDate
from workflow.storage import programs
from workflow.storage.faults import faults_told
from workflow.storage.schema import UPGRADE_LOCK, WANTED, require_compatible

if TYPE_CHECKING:
    from workflow.storage.store import Store

BEAT_EVERY: Final = 10.0
"""Seconds between two words: a sixth of the time after which a program counts as gone."""


class Presence:
    """One process's word that it is there. `store` gives the database, and raises BanjieError as long as there is none;
    `outdated` is called, in a thread of ours, when this program may work on the database no more.
    """

    def __init__(
        self, part: str, store: Callable[[], Store], outdated: Callable[[BanjieError], object]
    ) -> None:
        self._store = store
        self._outdated = outdated
        self._program = programs.Program(
            id=uuid4().hex, part=part, revision=WANTED, host=socket.gethostname(), pid=os.getpid()
        )
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def enter(self) -> None:
        """Say so the first time, before any work. Raises SchemaOutOfDate, ProgramOutOfDate, Unavailable."""
        self._say()

    def start(self) -> None:
        """Go on saying so."""
        self._thread.start()

    def stop(self) -> None:
        """Strike this program from the register; if the database does not answer, time does it."""
        self._stopping.set()
        self._thread.join(1.0)
        with suppress(BanjieError), _writing(self._store().engine) as connection:
            programs.gone(connection, self._program.id)

    def beat(self) -> None:
        """Say so once; what goes wrong is tried again the next time, except what time does not mend."""
        try:
            self._say()
        except SchemaOutOfDate as error:
            self._outdated(error)
        except BanjieError:
            return

    def _say(self) -> None:
        engine = self._store().engine
        with _writing(engine) as connection:
            if connection.dialect.name == "postgresql":
                # An upgrade that is under way is waited for, and judged by what it leaves.
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({UPGRADE_LOCK})")
            require_compatible(connection)
            programs.seen(connection, self._program)

    def _run(self) -> None:
        while not self._stopping.wait(BEAT_EVERY):
            self.beat()


@contextmanager
def present(part: str, store: Store, outdated: Callable[[BanjieError], object]) -> Iterator[None]:
    """Be in the register as long as the block runs. Raises as `Presence.enter`."""
    presence = Presence(part, lambda: store, outdated)
    presence.enter()
    presence.start()
    try:
        yield
    finally:
        presence.stop()


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with faults_told(engine), engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.commit()
