"""The engine as the portal has it: put together when it is first needed, from the settings, and never created or upgraded.

A portal may start before its database does. Until then it answers that it is not ready, and says why.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from sqlalchemy import make_url

from workflow.bootstrap import bootstrap
from workflow.config import Settings
from workflow.errors import BadInput, BanjieError, DatabaseUnavailable, Unavailable
from workflow.operation.tracing import watched
from workflow.storage.schema import check_schema

if TYPE_CHECKING:
    from workflow.catalog.loader import Catalog
    from workflow.engine.banjie import Banjie
    from workflow.storage.store import Store


def from_environment() -> Banjie:
    """The engine of the installation that the environment names. Raises what `bootstrap` and the settings raise."""
    return bootstrap(Settings.from_environment())


class Standby:
    """Waits for the settings, the catalogue and the database to be in order. Safe to share between threads."""

    def __init__(self, assemble: Callable[[], Banjie] | None = None) -> None:
        self._assemble = assemble or from_environment
        self._lock = Lock()
        self._banjie: Banjie | None = None
        self._checked = False
        self._broker_url = "" if assemble is not None else _named_broker()

    def catalog(self) -> Catalog:
        """The matters, the law and the directory; no database is needed. Raises Unavailable."""
        return self._assembled().catalog

    def present_catalog(self) -> Catalog:
        """The same with the calendars as they are now, notices published here included. Raises as `store` does."""
        self.store()
        return self._assembled().present_catalog()

    def store(self) -> Store:
        """The database, of this program's schema. Raises DatabaseUnavailable, SchemaOutOfDate, Unavailable."""
        store = self._assembled().store
        self._require_file(store)
        if not self._checked:
            check_schema(store.engine)
            self._checked = True
        return store

    def recheck(self) -> None:
        """Look at the schema again at the next request: something has been taken away that this program needs."""
        self._checked = False

    def now(self) -> datetime:
        """The installation's time; the machine's own while there is no database to ask."""
        try:
            return self.store().clock().now
        except BanjieError:
            return datetime.now(UTC)

    def shows_samples(self) -> bool:
        """Whether organs of the directory are fictional, which every page then says."""
        try:
            return bool(self.present_catalog().samples)
        except BanjieError:
            return self._shipped_samples()

    def _shipped_samples(self) -> bool:
        try:
            return bool(self.catalog().samples)
        except BanjieError:
            return False

    def check(self) -> dict[str, str | None]:
        """What is wrong with each part, None where nothing is. Looks afresh every time."""
        catalogue = _fault(self.catalog)
        if catalogue is not None:
            return {"catalogue": catalogue, "database": None, "schema": None}
        store = self._assembled().store
        database = _fault(lambda: self._require_file(store))
        schema = _fault(lambda: check_schema(store.engine)) if database is None else None
        if database is None and schema is None:
            database = _fault(store.clock)
        return {"catalogue": None, "database": database, "schema": schema}

    @property
    def broker_url(self) -> str:
        """The broker that the settings name; none where the engine was given, or where an embedded stack brings its own."""
        return self._broker_url

    def close(self) -> None:
        """Close the connections to the database, if there are any."""
        if self._banjie is not None:
            self._banjie.store.close()

    def _assembled(self) -> Banjie:
        with self._lock:
            if self._banjie is None:
                try:
                    self._banjie = self._assemble()
                    self._banjie.watch = watched()
                except BadInput as error:
                    # A wrong setting or definition is the operator's to mend, not the reader's who asked for a page.
                    raise Unavailable(what="the installation", reason=error.message) from error
            return self._banjie

    @staticmethod
    def _require_file(store: Store) -> None:
        """Opening a SQLite file that is not there would create it, and an empty database hides that the real one is gone."""
        url = make_url(str(store.engine.url))
        if store.dialect == "sqlite" and not Path(url.database or "").is_file():
            raise DatabaseUnavailable(
                reason=f"there is no file {url.database}; `banjie db upgrade` makes one"
            )


def of(request: Request) -> Standby:
    """The one that the application of this request was made with."""
    standby: Standby = request.app.state.standby
    return standby


def _named_broker() -> str:
    try:
        settings = Settings.from_environment()
    except BanjieError:
        return ""
    return "" if settings.embedded_broker else settings.broker_url


Here = Annotated[Standby, Depends(of)]
"""An endpoint's parameter: the engine as this portal has it."""


def _fault(look: Callable[[], object]) -> str | None:
    try:
        look()
    except BanjieError as error:
        return error.message
    return None
