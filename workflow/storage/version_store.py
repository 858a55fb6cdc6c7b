"""The part of the store that knows the versions of matters: each call is a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from workflow.storage import publications as register

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from workflow.domain.versions import Publication

Opening = Callable[[], "AbstractContextManager[Connection]"]


class VersionStore:
    """See `workflow.storage.publications`, where each of these is written out."""

    def __init__(self, reading: Opening, writing: Opening) -> None:
        self._reading = reading
        self._writing = writing

    def publications(self, code: str | None = None) -> list[Publication]:
        """The published versions of all matters, or of one, in the order in which they begin."""
        with self._reading() as connection:
            return register.publications(connection, code)

    def publish(self, **terms: Any) -> Publication:
        """Publish a version of a matter. Raises DefinitionInUse, VersionInUse."""
        with self._writing() as connection:
            return register.publish(connection, **terms)

    def stored(self, code: str, beginning: str = "") -> list[tuple[str, bytes, bytes]]:
        """The stored definitions of a matter whose hash begins so: hash, canonical bytes, texts."""
        with self._reading() as connection:
            return register.stored(connection, code, beginning)

    def running(self, code: str) -> list[str]:
        """Ids of the cases of a matter that are not archived, in their order."""
        with self._reading() as connection:
            return register.running(connection, code)
