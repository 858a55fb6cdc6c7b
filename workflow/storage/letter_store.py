"""The letters' part of the store: each call is a query of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from workflow.storage import letter_register as register

if TYPE_CHECKING:
    from sqlalchemy import Connection

Opening = Callable[[], "AbstractContextManager[Connection]"]


class LetterStore:
    """See `workflow.storage.letter_register`, where each of these is written out."""

    def __init__(self, reading: Opening) -> None:
        self._reading = reading

    def all(self, number: str | None = None, limit: int = 1000) -> list[register.KeptLetter]:
        """The letters, the newest first, or those that bear this number."""
        with self._reading() as connection:
            return register.letters(connection, number, limit)

    def members(self, organ: str, number: str) -> list[register.KeptMember]:
        """Every case that stands or stood under a letter."""
        with self._reading() as connection:
            return register.members(connection, organ, number)
