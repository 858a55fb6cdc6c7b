"""The directory's part of the store: each call is a transaction, or a query, of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from workflow.storage import directory_register as register

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from workflow.domain.directory import Absence

Opening = Callable[[], "AbstractContextManager[Connection]"]


class DirectoryStore:
    """See `workflow.storage.directory_register`, where each of these is written out."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def revision(self) -> int:
        """How many directories and absences have come into force here."""
        with self._reading() as connection:
            return register.directory_revision(connection)

    def number_at(self, revision: int) -> int:
        """The number of the directory in force at a revision; 0: the one that came with the program."""
        with self._reading() as connection:
            return register.number_at(connection, revision)

    def kept(self) -> list[register.KeptDirectory]:
        """Every directory, proposed or confirmed, in the order in which they were proposed."""
        with self._reading() as connection:
            return register.kept_directories(connection)

    def content(self, number: int) -> register.Content | None:
        """What the directory of that number says."""
        with self._reading() as connection:
            return register.content(connection, number)

    def propose(
        self, said: register.Content, *, base: int, origin: register.Origin
    ) -> register.KeptDirectory:
        """Put a directory down to be confirmed. Raises DirectoryMoved, TryAgain."""
        with self._writing() as connection:
            return register.propose(connection, said, base=base, origin=origin)

    def confirm(self, number: int, origin: register.Origin) -> register.KeptDirectory:
        """Put a proposed directory in force. Raises UnknownDirectory, DirectoryMoved, TryAgain."""
        with self._writing() as connection:
            return register.confirm(connection, number, origin)

    def absences_at(self, revision: int) -> list[Absence]:
        """The absences that count at a revision."""
        with self._reading() as connection:
            return register.absences_at(connection, revision)

    def absences(self) -> list[register.KeptAbsence]:
        """Every absence there was, cancelled ones too."""
        with self._reading() as connection:
            return register.kept_absences(connection)

    def record(self, absence: Absence, origin: register.Origin) -> register.KeptAbsence:
        """Record an absence, which counts from now on. Raises TryAgain."""
        with self._writing() as connection:
            return register.record_absence(connection, absence, origin)

    def cancel(self, number: int, origin: register.Origin) -> register.KeptAbsence:
        """Cancel an absence, from now on. Raises UnknownAbsence, TryAgain."""
        with self._writing() as connection:
            return register.cancel_absence(connection, number, origin)

    def note(self, act: str, subject: str, origin: register.Origin, **detail: str | int | None) -> None:
        """Write an act of administration that changes nothing here itself into the log."""
        with self._writing() as connection:
            register.note(connection, act, subject, origin, **detail)

    def deeds(self, limit: int = 200) -> list[register.Deed]:
        """The last entries of the log of administration, the newest first."""
        with self._reading() as connection:
            return register.deeds(connection, limit)
