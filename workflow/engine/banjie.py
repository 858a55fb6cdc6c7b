"""The assembled engine: a store and a catalogue, with the definitions that running cases are pinned to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow.catalog.canonical import definition_of
from workflow.domain.scene import Facts
from workflow.errors import NotFound, UnknownCalendar

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog, Matter
    from workflow.domain.definition import Definition
    from workflow.storage.store import Store
    from workflow.storage.transaction import Transaction


@dataclass(slots=True, kw_only=True)
class Banjie:
    """What every door holds. Definitions are immutable, so those once read are kept by their hash."""

    store: Store
    catalog: Catalog
    _definitions: dict[str, Definition] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)

    def definition(self, tx: Transaction, hash_: str) -> Definition:
        """The definition a case is pinned to, as the database stored it on first use. Raises NotFound."""
        known = self._definitions.get(hash_)
        if known is None:
            stored = tx.definition(hash_)
            if stored is None:
                raise NotFound(what="definition", name=hash_)
            known = self._definitions[hash_] = definition_of(stored[0])
        return known

    def keep(self, tx: Transaction, matter: Matter) -> None:
        """Store a matter's definition in the transaction of the first case that is pinned to it."""
        if matter.definition.hash not in self._kept:
            tx.keep_definition(
                matter.definition.hash, matter.definition.code, matter.canonical, matter.texts_json
            )
            tx.after_commit(lambda: self._kept.add(matter.definition.hash))

    def facts(self, definition: Definition) -> Facts:
        """The facts that a decision under this definition rests on. Raises UnknownCalendar."""
        calendar = self.catalog.calendars.get(definition.calendar)
        if calendar is None:
            raise UnknownCalendar(what="calendar", name=definition.calendar)
        return Facts(calendar=calendar, law=self.catalog.law, directory=self.catalog.directory)
