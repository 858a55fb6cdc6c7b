"""The directories of an installation, kept in the process under the revision they are in force at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from workflow.catalog.directory_content import directory_of, with_absences

if TYPE_CHECKING:
    from workflow.domain.directory import Directory
    from workflow.storage.directory_store import DirectoryStore

KEPT: Final = 4
"""How many revisions are kept: the present one, and those that slow commands still decide by."""


@dataclass(slots=True)
class Directories:
    """What was read of the database. A revision never changes, so it is read once; the last few are kept, since a large
    installation makes a new one with each absence.
    """

    _whole: dict[int, Directory] = field(default_factory=dict)
    _by_number: dict[int, Directory] = field(default_factory=dict)

    def at(self, revision: int, shipped: Directory, store: DirectoryStore) -> Directory:
        """The directory in force at a revision, with the absences that count at it."""
        if revision == 0:
            return shipped
        known = self._whole.get(revision)
        if known is None:
            base = self._base(store.number_at(revision), shipped, store)
            known = with_absences(base, store.absences_at(revision), revision=revision)
            _keep(self._whole, revision, known)
        return known

    def _base(self, number: int, shipped: Directory, store: DirectoryStore) -> Directory:
        if number == 0:
            return shipped
        known = self._by_number.get(number)
        if known is None:
            said = store.content(number)
            if said is None:
                raise LookupError(f"directory {number} is in force and not there")
            known = directory_of(said.body)
            _keep(self._by_number, number, known)
        return known


def _keep(kept: dict[int, Directory], under: int, directory: Directory) -> None:
    kept[under] = directory
    for oldest in sorted(kept)[:-KEPT]:
        kept.pop(oldest, None)
