"""The composition root: settings in, an assembled engine out. There is no other place where parts are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.blobs.store import Blobs
from workflow.catalog.loader import load
from workflow.engine.banjie import Banjie
from workflow.storage.store import open_store

if TYPE_CHECKING:
    from workflow.config import Settings


def bootstrap(settings: Settings) -> Banjie:
    """Open the database and load the catalogue. Raises DatabaseUnavailable, SchemaOutOfDate or BadDefinition."""
    catalog = load(settings.definition_folders())
    store = open_store(settings.database_url)
    return Banjie(store=store, catalog=catalog, blobs=Blobs(settings.blobs_url))
