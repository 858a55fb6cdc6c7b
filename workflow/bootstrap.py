"""The composition root: settings in, an assembled engine out. There is no other place where parts are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.blobs.store import Blobs
from workflow.catalog.loader import load
from workflow.engine.banjie import Banjie
from workflow.storage.store import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.config import Settings
    from workflow.engine.notifier import Notifier


def bootstrap(settings: Settings) -> Banjie:
    """Open the database and load the catalogue. Raises DatabaseUnavailable, SchemaOutOfDate, BadDefinition or BadSetting."""
    catalog = load(settings.definition_folders())
    store = open_store(settings.database_url)
    return Banjie(
        store=store, catalog=catalog, blobs=Blobs(settings.blobs_url), notifier=_notifier(settings.notify)
    )


def _notifier(file: Path | None) -> Notifier | None:
    """What sends notifications. Its libraries cost a third of a second, which only those pay who have a file of channels."""
    if file is None:
        return None
    from workflow.exchange.notify.settings import open_notifier  # noqa: PLC0415

    return open_notifier(file)
