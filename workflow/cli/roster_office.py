"""What the roster commands need of the installation: the matter in force, its columns, who files; a progress bar."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from workflow.catalog.loader import Catalog, load
from workflow.cli.acting import actor, key_of_filing
from workflow.cli.opening import open_banjie, there
from workflow.cli.roster_page import Told
from workflow.config import Settings
from workflow.domain.commands import SubmitFiling
from workflow.domain.directory import Directory
from workflow.domain.reckoning import civil_date
from workflow.engine.banjie import Banjie
from workflow.errors import BadInput
from workflow.exchange.roster.checking import Progress, check
from workflow.exchange.roster.columns import MATTER, Column, Readable, columns_of
from workflow.exchange.roster.importing import commands_of, noted_before
from workflow.exchange.roster.matter import directory_today, matter_today
from workflow.exchange.roster.reading import read
from workflow.exchange.roster.rows import Filer
from workflow.texts import t


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A matter as it is in force on `on`, with the columns of its roster."""

    readable: Readable
    columns: tuple[Column, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The installation; one that has no database yet knows only its catalogue."""

    settings: Settings
    catalog: Catalog
    engine: Banjie | None = None
    _found: dict[str, Found] = field(default_factory=dict)

    @property
    def banjie(self) -> Banjie:
        """The engine on the database. Only where one was opened or made."""
        if self.engine is None:
            raise LookupError("no database was opened")
        return self.engine

    def matter(self, code: str) -> Found:
        """The matter in force today. Raises UnknownMatter, NoVersionInForce."""
        if code not in self._found:
            if self.engine is not None:
                readable, on = matter_today(self.engine, code)
            else:
                readable = self.catalog.matter(code)
                on = civil_date(datetime.now(UTC), readable.definition.zone)
            shipped = self.catalog.matters.get(code)
            order = shipped.order("form") if shipped is not None else ()
            self._found[code] = Found(readable=readable, columns=columns_of(readable, order), on=on)
        return self._found[code]

    def checked(
        self, file: Path, code: str | None, *, by: str | None, letter: str | None, progress: Progress
    ) -> Told:
        """A roster's file read and checked. Raises BadInput when it cannot be read, or is another matter's."""
        book = read(file)
        said = book.properties.get(MATTER)
        if code is None and said is None:
            raise BadInput(reason=t("roster.usage.matter_needed"))
        if code is not None and said not in (None, code):
            raise BadInput(reason=t("roster.usage.other_matter", said=said, given=code))
        found = self.matter(code or said or "")
        filer = Filer(by, found.on) if by is not None else None
        checked = check(
            book,
            found.readable,
            found.columns,
            self._directory(found.readable),
            filer=filer,
            letter=letter,
            progress=progress,
        )
        return Told(file=file, book=book, matter=found.readable, checked=checked)

    def _directory(self, matter: Readable) -> Directory:
        return directory_today(self.engine, matter) if self.engine is not None else self.catalog.directory

    def commands(self, told: Told, who: str) -> dict[int, SubmitFiling]:
        """The command of each sound row, by the row's number."""
        code = told.matter.definition.code

        def key_of(content: Mapping[str, Any]) -> str:
            return key_of_filing(self.settings.home, code, content)

        return commands_of(told.checked.rows, code, who, key_of)

    def with_filed_before(self, told: Told, by: str | None) -> Told:
        """The same, with a note on each row that this person has filed already."""
        if self.engine is None:
            return told
        who = actor(by)
        notes = list(noted_before(self.engine, told.checked, self.commands(told, who), who))
        return replace(told, checked=told.checked.with_more(notes))


@contextmanager
def office(*, create: bool = False) -> Iterator[Office]:
    """The installation as long as the block runs; with `create`, one without a database gets it."""
    settings = Settings.from_environment()
    with without_cycles():
        if create or there(settings):
            with open_banjie(settings, create=create) as banjie:
                yield Office(settings=settings, catalog=banjie.catalog, engine=banjie)
        else:
            yield Office(settings=settings, catalog=load(settings.definition_folders()))


@contextmanager
def without_cycles() -> Iterator[None]:
    """No looking for cycles of garbage while the block runs. The process ends with the command and all rows live as long
    as it does, so every look finds them alive again: a sixth of the processor time of ten thousand rows.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def bar(doing: str, *, quiet: bool, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr, where it disturbs no output; none where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(t(f"roster.page.{doing}"), total=total)
        yield lambda done: shown.update(task, completed=done)
