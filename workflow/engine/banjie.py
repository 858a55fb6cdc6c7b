"""The assembled engine: a store and a catalogue, with the definitions that running cases are pinned to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workflow.catalog.canonical import whole
from workflow.domain.reckoning import civil_date
from workflow.domain.scene import Facts
from workflow.domain.values import replace
from workflow.domain.versions import in_force, not_yet_begun
from workflow.engine.directories import Directories
from workflow.engine.watching import Watch, unwatched
from workflow.errors import BlobsUnavailable, NotFound, NoVersionInForce, UnknownCalendar

if TYPE_CHECKING:
    from workflow.blobs.store import Blobs
    from workflow.catalog.loader import Catalog, Matter
    from workflow.domain.calendar import Calendar
    from workflow.domain.definition import Definition
    from workflow.domain.directory import Directory
    from workflow.domain.notices import Notice
    from workflow.engine.notifier import Notifier
    from workflow.storage.store import Store
    from workflow.storage.transaction import Transaction


@dataclass(slots=True, kw_only=True)
class Banjie:
    """What every door holds. Definitions are immutable, so those once read are kept by their hash; calendars and directories
    are kept by their revisions, which rise with every notice that is published and every directory that is confirmed.
    """

    store: Store
    catalog: Catalog
    blobs: Blobs | None = None
    notifier: Notifier | None = None
    #: Called around whatever is done, by a process that measures itself.
    watch: Watch = unwatched
    _definitions: dict[str, Definition] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)
    _calendars: dict[int, Mapping[str, Calendar]] = field(default_factory=dict)
    _directories: Directories = field(default_factory=Directories)

    def files(self) -> Blobs:
        """The store of files. Raises BlobsUnavailable where none was put in."""
        if self.blobs is None:
            raise BlobsUnavailable(reason="this installation has none")
        return self.blobs

    def definition(self, kept_in: Transaction | Store, hash_: str) -> Definition:
        """The definition a case is pinned to, as the database stored it on first use. Raises NotFound, and NeedsNewerProgram
        when it says something that this program does not know.
        """
        known = self._definitions.get(hash_)
        if known is None:
            stored = kept_in.definition(hash_)
            if stored is None:
                raise NotFound(what="definition", name=hash_)
            known = self._definitions[hash_] = whole(stored[0], hash_)
        return known

    def keep(self, tx: Transaction, matter: Matter) -> None:
        """Store a matter's definition in the transaction of the first case that is pinned to it."""
        if matter.definition.hash not in self._kept:
            tx.keep_definition(
                matter.definition.hash, matter.definition.code, matter.canonical, matter.texts_json
            )
            tx.after_commit(lambda: self._kept.add(matter.definition.hash))

    def version_on(self, tx: Transaction, code: str, received: datetime) -> Definition:
        """The version of a matter that a case received at that instant is pinned to: the published one in force on the
        day; the shipped one, stored by this transaction, where none has begun. Raises UnknownMatter, NoVersionInForce.
        """
        published = tx.published(code)
        if not published:
            return self._shipped(tx, code)
        zone = self.definition(tx, published[-1].hash).zone
        # An instant without a zone is refused later, with the act; until then it means UTC.
        day = civil_date(received if received.tzinfo else received.replace(tzinfo=UTC), zone)
        version = in_force(published, day)
        if version is not None:
            return self.definition(tx, version.hash)
        if not_yet_begun(published, day):
            return self._shipped(tx, code)
        raise NoVersionInForce(what="version", name=code, on=day.isoformat())

    def _shipped(self, tx: Transaction, code: str) -> Definition:
        matter = self.catalog.matter(code)
        self.keep(tx, matter)
        return matter.definition

    def facts(
        self,
        definition: Definition,
        calendar_revision: int | None = None,
        directory_revision: int | None = None,
    ) -> Facts:
        """The facts that a decision under this definition rests on, with the calendars and the directory of those revisions
        (the database's present ones, if none are said). Raises UnknownCalendar.
        """
        calendar = self.calendars(calendar_revision).get(definition.calendar)
        if calendar is None:
            raise UnknownCalendar(name=definition.calendar)
        directory = self.directory(directory_revision)
        return Facts(calendar=calendar, law=self.catalog.law, directory=directory)

    def directory(self, revision: int | None = None) -> Directory:
        """The directory in force at a revision (now, if none is said), with the absences that count at it; revision 0 is the
        one that came with the program. It is read once by each process.
        """
        if revision is None:
            revision = self.store.directory.revision()
        return self._directories.at(revision, self.catalog.directory, self.store.directory)

    def calendars(self, revision: int | None = None) -> Mapping[str, Calendar]:
        """The catalogue's calendars with the notices that had been published here up to a revision (all, if none is said);
        a later paper overrides an earlier one. They are kept, so a notice is read once by each process.
        """
        if revision is None:
            revision = self.store.calendar_revision()
        if revision == 0:
            return self.catalog.calendars
        known = self._calendars.get(revision)
        if known is None:
            kept = [one for one in self.store.kept_notices() if one.revision and one.revision <= revision]
            known = with_notices(self.catalog.calendars, [(one.calendar, one.notice) for one in kept])
            self._calendars[revision] = known
        return known

    def present_catalog(self) -> Catalog:
        """The catalogue with the calendars and the directory as they are now, for whoever reads and does not decide. Only
        organs that are still as they came with it are fictional.
        """
        directory, shipped = self.directory(), self.catalog.directory.organs
        samples = frozenset(
            code for code in self.catalog.samples if directory.organs.get(code) == shipped.get(code)
        )
        return replace(self.catalog, calendars=self.calendars(), directory=directory, samples=samples)


def with_notices(
    calendars: Mapping[str, Calendar], papers: Sequence[tuple[str, Notice]]
) -> Mapping[str, Calendar]:
    """The calendars with these notices, each of the calendar of that code; it serves that one with all its layers."""
    merged = dict(calendars)
    for name, calendar in calendars.items():
        own = [paper for code, paper in papers if code == calendar.code]
        if own:
            merged[name] = calendar.with_notices(own)
    return merged
